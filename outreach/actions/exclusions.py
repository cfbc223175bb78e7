"""Deeds on the firm's exclusion list: put clients on it, take them off."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client
from core import audit, sql
from outreach.models import Exclusion
from staff.models import Unit


@transaction.atomic
def put_on(
    *, actor: audit.Actor, client_ids: Iterable[int], reason: str, from_on: date, until: date | None = None
) -> list[int]:
    """Those (client ids) who did not stand on the list yet; an entry whose time is over makes room."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    if until is not None and until < from_on:
        raise ValidationError({"until": _("It ends before it starts.")})
    ids, today = sorted(set(client_ids)), timezone.localdate()
    over = Exclusion.objects.filter(client_id__in=ids, ended_at__isnull=True, until__lt=today)
    over.update(ended_at=timezone.now(), ended_by=actor.actor_name)
    told = {
        "client_ids": ids, "reason": reason.strip(), "from_on": from_on, "until": until,
        "by_name": actor.actor_name,
    }  # fmt: skip
    added = sorted(row["client_id"] for row in sql.rows("outreach", "exclusion_add", told))
    _note(actor, "exclusion.added", added)
    return added


@transaction.atomic
def take_off(*, actor: audit.Actor, ids: Iterable[int]) -> list[int]:
    """Ends these entries (ids); those that were not over yet."""
    open_rows = Exclusion.objects.select_for_update().filter(pk__in=list(ids), ended_at__isnull=True)
    found = dict(open_rows.order_by("pk").values_list("pk", "client_id"))
    Exclusion.objects.filter(pk__in=found).update(ended_at=timezone.now(), ended_by=actor.actor_name)
    _note(actor, "exclusion.ended", sorted(found.values()))
    return sorted(found)


def _note(actor: audit.Actor, deed: str, client_ids: list[int]) -> None:
    """One entry for all; of a single client under the client."""
    if not client_ids:
        return
    one = client_ids[0] if len(client_ids) == 1 else None
    unit = Unit.objects.filter(pk__in=Client.objects.filter(pk=one).values("branch")).first() if one else None
    audit.record(
        actor=actor, deed=deed, subject_type="exclusion", subject_id=one or "many", client_id=one,
        unit_code=unit.code if unit else "", detail={"clients": len(client_ids)},
    )  # fmt: skip
