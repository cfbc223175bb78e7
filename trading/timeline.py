"""Days with trades on the client's timeline."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from core import formats
from core.registry import EVERYTHING, Place, TimelineChoices, TimelineFilter, TimelineItem
from trading.deals import TradeDay, trade_days

SHANGHAI = ZoneInfo("Asia/Shanghai")
KIND = "trade"
CLOSE = time(15, 0)  # of the Shanghai exchange: the moment a day's trades stand at


def timeline(
    client_id: int, _reader: Any, below: Place, limit: int, wanted: TimelineFilter = EVERYTHING
) -> list[TimelineItem]:
    """One item a day with trades, with how much was bought and sold."""
    if not wanted.wants(KIND):
        return []
    last = below.at.astimezone(SHANGHAI).date()
    days = trade_days([client_id], until=last, since=wanted.since or date.min, limit=limit + 1)
    items = map(_item, days)
    return [item for item in items if item.place < below][:limit]


def timeline_choices(_client_ids: Sequence[int], _reader: Any) -> TimelineChoices:
    return TimelineChoices(kinds=[(KIND, _("Trading"))])


def _item(day: TradeDay) -> TimelineItem:
    at = datetime.combine(day.on, CLOSE, SHANGHAI)
    title = _("Trades: %(count)s") % {"count": formats.number(day.trades)}
    return TimelineItem(at, KIND, "arrow-left-right", title, notes=_notes(day), who=_("Feed"), source=KIND)


def _notes(day: TradeDay) -> list[str]:
    words: list[tuple[str, Decimal]] = [
        (_("Bought %(amount)s"), day.bought),
        (_("Sold %(amount)s"), day.sold),
    ]
    return [text % {"amount": formats.money_short(amount)} for text, amount in words if amount]
