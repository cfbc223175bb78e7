"""What stands behind contribution per client: the clients of a group or tier, and each one's months (K7).

All of it is read as the last run left it, which is how a card found it while `stands` says so.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    Field,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast

from clients.models import Client, ClientRowsQuerySet, ScopedQuerySet
from kpis.models import Scorecard, TierMonth, UnitType
from kpis.queries.cards import all_revisions
from kpis.rules import Profits, TierFacts
from kpis.rules.profits import TIERS
from kpis.units import units_told_by
from segmentation.models import Contribution, ScoreClose

MONEY, PARTS = (
    DecimalField(max_digits=24, decimal_places=4),
    DecimalField(max_digits=32, decimal_places=20),
)
NOTHING = Decimal(0)

AMOUNTS = (
    "net_commission", "margin_interest", "cash_spread", "product_fee", "other_income", "service_cost",
    "contribution",
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A line of a card's profitability: a group of tiers by its name, or one tier by its code."""

    card: Scorecard
    kind: str  # "group" or "tier"
    name: str
    tiers: tuple[str, ...]

    @property
    def told(self) -> Mapping[str, Any]:
        """The line as the card shows it: profit, average_clients, ap."""
        return next(one for one in self.card.profitability[f"{self.kind}s"] if one[self.kind] == self.name)

    @cached_property
    def branch_ids(self) -> list[int]:
        """The branches of record that count in the card's branch or region, merged ones too (K5)."""
        return units_told_by(self.card.as_of).branches_of(self.card.unit_type, self.card.unit_code)

    @property
    def query(self) -> str:
        """As addresses name it."""
        return f"card={self.card.pk}&{self.kind}={self.name}"


def part_of(card: Scorecard, asked: Mapping[str, Any]) -> Part | None:
    """The line that `group` or `tier` names; None when neither is one of the card's."""
    group, tier = asked.get("group", ""), asked.get("tier", "")
    groups = {one.name: tuple(one.tiers) for one in card.scheme.groups.all()}
    if group and group in groups and not tier:
        return Part(card, "group", group, groups[group])
    return Part(card, "tier", tier, (tier,)) if tier in TIERS and not group else None


def asked_part(user: Any, asked: Mapping[str, Any]) -> Part | None:
    """The line of the card in sight that `card` and `group` or `tier` name; None where there is none."""
    number = str(asked.get("card", ""))
    if not number.isdecimal() or len(number) > 18:
        return None
    card = all_revisions(user).prefetch_related(None).filter(pk=int(number)).first()
    return part_of(card, asked) if card else None


def brought_by(part: Part, clients: ScopedQuerySet) -> ScopedQuerySet:
    """Those of `clients` that the line counts, each with its months, days, average and contribution.

    average: its part of the line's average clients, so that averages add up like contributions do.
    """
    counted = _counted(part).filter(client=OuterRef("pk"))
    found = clients.filter(pk__in=_candidates(part)).annotate(
        brought=_summed(counted, Sum("contribution"), MONEY),
        brought_months=_summed(counted, Count("month", distinct=True), IntegerField()),
        brought_days=_summed(counted, Sum("days"), IntegerField()),
        average=_summed(counted, Sum(_share_of_a_client(part)), PARTS),
    )  # fmt: skip
    return found.filter(brought__isnull=False)


def _summed(rows: QuerySet, total: Any, field: Field) -> Subquery:
    return Subquery(rows.values("client_id").annotate(x=total).values("x"), output_field=field)


def _candidates(part: Part) -> QuerySet:
    """Ids of the clients that may count: those with rows at the unit; for the firm those of the tiers."""
    if part.card.unit_type == UnitType.FIRM:
        return ScoreClose.objects.filter(as_of__in=_closes(part.card), tier__in=part.tiers).values(
            "client_id"
        )
    return _counted(part).values("client_id")


def _closes(card: Scorecard) -> list[date]:
    """The closes before the months of the card's period."""
    return [month - timedelta(days=1) for month in card.period_value.months]


def _counted(part: Part) -> ClientRowsQuerySet:
    """The months at the unit whose opening tier is one of the line's."""
    close_before = ExpressionWrapper(OuterRef("month") - timedelta(days=1), output_field=DateField())
    opening = ScoreClose.objects.filter(client=OuterRef("client_id"), as_of=close_before, tier__in=part.tiers)
    return _rows(part).filter(Exists(opening))


def _rows(part: Part) -> ClientRowsQuerySet:
    """All client-months at the card's unit in its period."""
    months: ClientRowsQuerySet = Contribution.objects.filter(month__in=part.card.period_value.months)
    return _of_unit(months, part)


def _share_of_a_client(part: Part) -> Any:
    """A row's days by those of its month and by the number of months (K7)."""
    months = part.card.period_value.months
    whole = Case(
        *(When(month=month, then=Value(Decimal(_length(month) * len(months)))) for month in months),
        output_field=MONEY,
    )
    exact = Cast(F("days"), PARTS)  # an integer's quotient would be one
    return ExpressionWrapper(exact / whole, output_field=PARTS)


def _length(month: date) -> int:
    return monthrange(month.year, month.month)[1]


@dataclass(frozen=True)
class Tie:
    """How a list adds up to its card: what the listed clients brought, and what those out of sight did."""

    profit: Decimal
    average: Decimal
    told_profit: Decimal
    told_average: Decimal

    @property
    def unseen_profit(self) -> Decimal:
        return self.told_profit - self.profit

    @property
    def holds(self) -> bool:
        """Whether the list alone makes the card's figure."""
        return self.unseen_profit == 0


def tie(part: Part, user: Any) -> Tie:
    """The list's sums beside the card's."""
    rows = (
        _counted(part)
        .visible_to(user)
        .order_by()
        .values("month")
        .annotate(profit=Sum("contribution"), client_days=Sum("days"))
    )
    facts = TierFacts()
    for row in rows:
        days = {_length(row["month"]): row["client_days"]}
        facts = _added(facts, TierFacts(row["profit"], days))
    average = facts.average(len(part.card.period_value.months))
    told = part.told
    return Tie(facts.profit, average, Decimal(told["profit"]), Decimal(told["average_clients"]))


def _added(one: TierFacts, other: TierFacts) -> TierFacts:
    lengths = one.days.keys() | other.days.keys()
    days = {length: one.days.get(length, 0) + other.days.get(length, 0) for length in lengths}
    return TierFacts(one.profit + other.profit, days)


@dataclass(frozen=True)
class MonthBehind:
    """A client's row of a month at one branch and manager; tier: its opening tier, counts: in the line."""

    row: Contribution
    tier: str
    counts: bool


def months_behind(part: Part, client: Client) -> list[MonthBehind]:
    """Every row of the client at the card's unit in its period, oldest first."""
    closes = ScoreClose.objects.filter(client=client, as_of__in=_closes(part.card))
    tiers = dict(closes.values_list("as_of", "tier"))
    found = (
        _rows(part)
        .filter(client=client)
        .select_related("branch")
        .order_by("month", "branch__code", "manager_no")
    )
    return [_month(row, tiers.get(row.month - timedelta(days=1), ""), part) for row in found]


def _month(row: Contribution, tier: str, part: Part) -> MonthBehind:
    return MonthBehind(row, tier, tier in part.tiers)


def stands(part: Part) -> bool:
    """Whether the last run left the line's profit and client-days as this revision found them."""
    kept, now = Profits.from_json(part.card.inputs["profits"]).tiers, _profits_now(part)
    return all(kept.get(tier, TierFacts()) == now.get(tier, TierFacts()) for tier in part.tiers)


def _profits_now(part: Part) -> dict[str, TierFacts]:
    """The unit's profit and days by tier as the months have them now."""
    own = TierMonth.objects.filter(month__in=part.card.period_value.months, tier__in=part.tiers)
    months = _of_unit(own, part)
    found: dict[str, TierFacts] = {}
    for row in months.values("month", "tier").annotate(profits=Sum("profit"), client_days=Sum("days")):
        fresh = TierFacts(row["profits"], {_length(row["month"]): row["client_days"]})
        found[row["tier"]] = _added(found.get(row["tier"], TierFacts()), fresh)
    return found


def _of_unit(months: Any, part: Part) -> Any:
    """Rows of the card's unit."""
    if part.card.unit_type == UnitType.FIRM:
        return months
    if part.card.unit_type == UnitType.MANAGER:
        return months.filter(manager_no=part.card.unit_code)
    return months.filter(branch_id__in=part.branch_ids)
