"""Who keeps the types of cases, and the times of a version as a grid."""

from dataclasses import dataclass
from typing import Any

from cases.models import ClockTime, TypeVersion
from cases.queries.explain import amount_words


@dataclass(frozen=True)
class TimeLine:
    """A line of the grid: one clock on one channel and band."""

    time: ClockTime
    words: str


def may_keep(user: Any) -> bool:
    """Types are the firm's: only whoever holds cases.settings for all of it."""
    return user.may("cases.settings") and bool(user.scope_for("cases.settings").firm)


def times_of(version: TypeVersion) -> list[TimeLine]:
    rows = version.times.order_by("kind", "channel", "band")
    return [TimeLine(row, amount_words(row.seconds, row.hours)) for row in rows]
