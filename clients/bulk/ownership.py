"""The bulk deed "hand over" on the client list; the page for a leaving manager uses it too."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.actions.ownership import Terms, cancel_many, hand_over_many
from clients.forms.ownership import HandOverForm, frozen_terms
from clients.models import Handover
from core.bulk import BulkDeed, BulkResult, BulkWork, LeftOut


def preview(rows: QuerySet, data: dict[str, Any], _person: Any) -> Sequence[LeftOut]:
    """Clients that are with the only new owner already."""
    owners, _day, _reason = frozen_terms(data)
    if len(owners) > 1:
        return []
    there = rows.filter(branch=owners[0].branch, manager_no=owners[0].manager_no)
    return [LeftOut(_("Are with the new owner already"), there.count())]


def apply(work: BulkWork) -> BulkResult:
    """Hands the chunk over; each chunk begins with another of several managers, so that shares stay even."""
    owners, from_date, reason = frozen_terms(work.data)
    turn = min(work.ids) % len(owners)
    hand_over_many(
        actor=work.person,
        client_ids=work.ids,
        owners=owners[turn:] + owners[:turn],
        terms=Terms(from_date, reason, work.run_id),
    )
    done = set(_in_force(work).values_list("client_id", flat=True))
    left = set(work.ids) - done
    return BulkResult(failures=dict.fromkeys(left, _("Is with the new owner already.")))


def undo(work: BulkWork) -> dict[int, str]:
    cancel_many(actor=work.person, batch=work.run_id, client_ids=work.ids)
    stayed = _in_force(work).values_list("client_id", flat=True)
    return dict.fromkeys(stayed, _("Can no longer be taken back: its month is over, or it is out of reach."))


def _in_force(work: BulkWork) -> QuerySet[Handover]:
    return Handover.objects.filter(batch=work.run_id, client_id__in=work.ids, cancelled_at=None)


HAND_OVER = BulkDeed(
    "hand_over", "Hand over", "arrow-right-left", "clients.assign", apply=apply, undo=undo,
    form=HandOverForm, preview=preview,
)  # fmt: skip
