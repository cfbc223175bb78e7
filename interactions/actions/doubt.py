"""Mail of which nobody knows whether it went out: a person looks, and says what is to be done."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict
from core.wake import wake
from interactions.actions.sending import write_down
from interactions.models import Delivery

State = Delivery.State


@transaction.atomic
def settle(*, actor: audit.Actor, delivery: Delivery, arrived: bool) -> Delivery:
    """It arrived, and counts as sent; or it did not, and goes out once more. Raises Conflict."""
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("client__branch", "line__unit")
    held = rows.get(pk=delivery.pk)
    if held.state != State.UNCERTAIN:
        raise Conflict(_("It is known by now what became of it."))
    if arrived:
        _sent(held)
    else:
        _once_more(held)
    held.fault = ""
    held.save(update_fields=["state", "sent_at", "due_at", "handed_at", "gateway_ref", "fault"])
    place = held.client.branch if held.client else held.line.unit
    audit.record(
        actor=actor, deed="delivery.settled", subject_type="delivery", subject_id=held.pk,
        unit_code=place.code, client_id=held.client_id, detail={"arrived": arrived},
    )  # fmt: skip
    return held


def _sent(held: Delivery) -> None:
    held.state, held.sent_at = State.SENT, held.handed_at
    if held.message_id is None:
        write_down(held)


def _once_more(held: Delivery) -> None:
    held.state, held.due_at = State.WAITING, timezone.now()
    held.handed_at, held.gateway_ref = None, ""
    wake("interactions.tasks.send_deliveries")
