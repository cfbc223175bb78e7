"""Showing a personal value unmasked: for a purpose, on record, a limited number of times an hour."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions import trail
from clients.models import Client, Reveal
from clients.queries.reveal import HOUR, reveals_within_the_hour, sealed_value
from core import formats
from core.errors import Conflict, Refusal
from staff.models import Person


class TooManyReveals(Refusal):
    """The hour's number of reveals is used up (429); `again_at` says when the next one is possible."""

    status = 429

    def __init__(self, again_at: datetime) -> None:
        words = _("You have revealed %(count)s values within an hour. The next is possible at %(moment)s.")
        told = {"count": settings.REVEALS_PER_HOUR, "moment": formats.moment(again_at)}
        super().__init__(words % told, code="too_many_reveals")
        self.again_at = again_at


@transaction.atomic
def reveal(*, actor: Person, client: Client, field: str, purpose: str, note: str = "") -> str:
    """The plain value. Who looked at which field and what for is on record; the value is not.

    field as in clients.queries.reveal. Raises TooManyReveals, and Conflict where there is no such value.
    The person's row is held meanwhile, so requests side by side are counted one after the other.
    """
    Person.objects.select_for_update(no_key=True).get(pk=actor.pk)
    found = sealed_value(client, field)
    if found is None:
        raise Conflict(_("There is no such value."), code="no_value")
    _check_limit(actor)
    Reveal.objects.create(client=client, person=actor, field=field, purpose=purpose, note=note)
    trail.note(
        actor=actor,
        deed="client.revealed",
        client=client,
        detail={"field": field, "purpose": purpose, "note": note},
    )
    return found.plain


def _check_limit(person: Person) -> None:
    made = list(reveals_within_the_hour(person.pk).values_list("at", flat=True))
    if len(made) >= settings.REVEALS_PER_HOUR:
        raise TooManyReveals(made[len(made) - settings.REVEALS_PER_HOUR] + HOUR)
