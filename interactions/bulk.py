"""Bulk deeds on the list of messages sent: what became of mail that perhaps went out."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.bulk import BulkDeed, BulkResult, BulkWork, LeftOut
from core.errors import Conflict
from interactions.actions.doubt import settle
from interactions.models import Delivery

UNCERTAIN = Delivery.State.UNCERTAIN


def preview(rows: QuerySet, _data: dict[str, Any], _person: Any) -> Sequence[LeftOut]:
    """Messages of which it is known what became of them."""
    return [LeftOut(_("Known by now what became of them"), rows.exclude(state=UNCERTAIN).count())]


def _saying(arrived: bool) -> Callable[[BulkWork], BulkResult]:
    def apply(work: BulkWork) -> BulkResult:
        failures: dict[int, str] = {}
        for delivery in Delivery.objects.filter(pk__in=work.ids).order_by("pk"):
            try:
                settle(actor=work.person, delivery=delivery, arrived=arrived)
            except Conflict as conflict:
                failures[delivery.pk] = conflict.message
        return BulkResult(failures=failures)

    return apply


ARRIVED = BulkDeed("arrived", "It arrived", "mail-check", "desk.assign", apply=_saying(True), preview=preview)
AGAIN = BulkDeed("again", "Send once more", "send", "desk.assign", apply=_saying(False), preview=preview)
