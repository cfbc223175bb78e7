"""The kept rows of scores: which dates there are, a client's row, lists of a date."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Max, Min, QuerySet

from clients.models import Client
from core.errors import Refusal
from core.runs import last_finished
from segmentation.dates import is_month_end, month_end, months_between
from segmentation.definition import Definition
from segmentation.models import ClientScore, ModelVersion, ScoreClose, TierRetention

Row = ClientScore | ScoreClose


class NoScore(Refusal):
    """Nothing is kept for this date (S12)."""

    status = 404

    def __init__(self, message: str = "No score is kept for this client and date.") -> None:
        super().__init__(message, code="no_score")


@dataclass(frozen=True)
class KeptDates:
    """The month closes that are kept, oldest first, and the last night (itself a close or not)."""

    closes: tuple[date, ...]
    night: date | None

    def __contains__(self, day: date) -> bool:
        return day == self.night or day in self.closes

    @property
    def newest_first(self) -> list[date]:
        return sorted({*self.closes, *([self.night] if self.night else [])}, reverse=True)


def kept_dates() -> KeptDates:
    """The dates for which figures are kept: month closes, and the night of the last finished run."""
    found = ScoreClose.objects.aggregate(first=Min("as_of"), last=Max("as_of"))
    closes = (
        tuple(month_end(month) for month in months_between(found["first"], found["last"]))
        if found["first"]
        else ()
    )
    run = last_finished()
    return KeptDates(closes, run.as_of if run else None)


def source(as_of: date) -> type[ClientScore] | type[ScoreClose]:
    """The table that keeps a date's rows."""
    return ScoreClose if is_month_end(as_of) else ClientScore


def row_of(client: Client, as_of: date | None) -> Row:
    """The client's row of a date, without one the current row. Raises NoScore."""
    table = ClientScore if as_of is None else source(as_of)
    rows = (
        table.objects.filter(client=client)
        if as_of is None
        else table.objects.filter(client=client, as_of=as_of)
    )
    row = rows.select_related("client", "branch", "model_version").first()
    if row is None:
        raise NoScore
    return row


def scores_on(user: Any, as_of: date) -> QuerySet:
    """All clients with a tier on a date that somebody may see (S12). Raises NoScore when nothing is kept."""
    if as_of not in kept_dates():
        raise NoScore(f"No figures of {as_of} are kept.")
    rows = source(as_of).objects.visible_to(user).filter(as_of=as_of).exclude(tier="")
    return rows.select_related("client", "branch")


def versions() -> dict[int | None, ModelVersion]:
    """All versions by key; under None the one whose rules hold for rows without a version."""
    found: dict[int | None, ModelVersion] = {version.pk: version for version in ModelVersion.objects.all()}
    return {None: ModelVersion.objects.first_version(), **found}


def retention_on(as_of: date) -> dict[str, Fraction]:
    """By tier: the share of its clients of a year before that are still held (S11)."""
    found = TierRetention.objects.filter(as_of=as_of)
    return {kept.tier: Fraction(kept.held, kept.clients) for kept in found}


def lifetime_value(yearly: Decimal | None, retention: Fraction | None, rules: Definition) -> Decimal | None:
    """Client lifetime value (S11): the sum over years t of m r^t / (1 + d)^t, to 2 places."""
    if yearly is None or yearly <= 0:
        return Decimal("0.00")
    if retention is None:
        return None
    step = retention / (1 + Fraction(rules.discount))
    total = sum((Fraction(yearly) * step**year for year in range(1, rules.clv_years + 1)), Fraction(0))
    return half_up(total, 2)


def half_up(value: Fraction, places: int) -> Decimal:
    """Rounded with halves away from zero, as everywhere."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)
