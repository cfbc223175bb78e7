"""What the runs left in the tables, as rows of the oracle's shapes (READINGS.md "Shapes")."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from clients.models import Client
from kpis.models import PassageGroup, Scorecard
from kpis.queries.shape import card_body
from kpis.rules import Passage
from kpis.rules.passages import numbers_of
from segmentation.models import ClientScore, Contribution, LifecycleEvent, ModelVersion, ScoreClose
from segmentation.queries.overview import migrations
from segmentation.queries.rows import kept_dates, lifetime_value, retention_on
from segmentation.queries.units import UnitChoice
from trading.models import QuarantinedRow

from .exact import rounded
from .passages import NUMBERS

FACTS = (
    "days", "trading_days", "trades", "last_trade_on", "product_families", "assets_sum", "assets_end",
    "assets_peak", "turnover", "net_commission", "margin_interest", "cash_spread", "product_fee",
    "other_income", "service_cost", "inflow", "outflow", "contribution",
)  # fmt: skip
RAW = (
    "contribution_12m", "contribution_3m_x4", "assets_avg_3m", "net_inflow_ratio", "declared_outside_assets",
    "recency_days", "active_months_12m", "turnover_12m", "product_families", "tenure_years", "complaints_12m",
)  # fmt: skip
AXES = ("current", "potential", "loyalty")
AS_THEY_ARE = ("as_of", "tier", "score", "provisional", "tier_since", "stage", "flags")
SCORED = (
    *AS_THEY_ARE, "client__client_no", "branch__code", "manager_no", "model_version_id", "mature",
    "tier_reason", "matrix",
)  # fmt: skip
ON_CARDS = ("period", "start", "end", "counts", "indicators", "total", "completeness")
UNIT_TYPES = ("branch", "manager", "region", "firm")
SORTS = {
    "rule": ("choice", "negative", "checksum_id", "closed", "not_branch", "other_client"),
    "duplicate": ("repeated", "already_there"),
    "parent": ("unknown_branch", "unknown_client", "unknown_account", "unknown_product"),
}
SORT_OF = {code: sort for sort, codes in SORTS.items() for code in codes}


def client_months() -> list[dict[str, Any]]:
    """ClientMonth with the cost of service."""
    rows = Contribution.objects.values("client__client_no", "month", "branch__code", "manager_no", *FACTS)
    return [
        {
            "client_no": row["client__client_no"],
            "month": f"{row['month']:%Y-%m}",
            "branch": row["branch__code"],
            "manager": row["manager_no"],
            "assets_avg": _average(row["assets_sum"], row["trading_days"]),
            **{name: row[name] for name in FACTS},
        }
        for row in rows
    ]


def _average(total: Decimal, days: int) -> Decimal | None:
    return rounded(Fraction(total) / days, 4) if days else None


def events() -> list[dict[str, Any]]:
    """Lifecycle events; whether an entry counts as R stands in the cards."""
    return [
        {
            "client_no": event.client.client_no,
            "date": event.on_date,
            "event": event.event,
            "reason": event.reason,
            "branch": event.branch.code,
            "manager": event.manager_no,
        }
        for event in LifecycleEvent.objects.select_related("client", "branch")
    ]


def quarantine() -> list[dict[str, Any]]:
    """Rows that are not taken in."""
    still = [QuarantinedRow.State.WAITING, QuarantinedRow.State.HELD]
    return [
        {
            "trade_date": row.package.trade_date,
            "version": row.package.version,
            "file": row.file,
            "line": row.line,
            "column": row.column,
            "sort": SORT_OF.get(row.code, "malformed"),
        }
        for row in QuarantinedRow.objects.filter(state__in=still).select_related("package")
    ]


def standings(day: date, night: date) -> list[dict[str, Any]]:
    """All clients with a tier on a close, or on the night of the last run."""
    source = ClientScore if day == night else ScoreClose
    kept, first = retention_on(day), ModelVersion.objects.first_version()
    versions = {version.pk: version for version in ModelVersion.objects.all()}
    rows = source.objects.filter(as_of=day).exclude(tier="").values(*SCORED, *RAW, *AXES)
    return [_standing(row, versions.get(row["model_version_id"]), first, kept) for row in rows]


def _standing(
    row: dict[str, Any], version: ModelVersion | None, first: ModelVersion, kept: dict[str, Fraction]
) -> dict[str, Any]:
    scored = version is not None and row["mature"]
    rules = (version or first).rules
    return {name: row[name] for name in AS_THEY_ARE} | {
        "client_no": row["client__client_no"],
        "branch": row["branch__code"],
        "manager": row["manager_no"],
        "model_version": version.number if version else None,
        "raw": {name: row[name] for name in RAW},
        "axes": {axis: _axis(row[axis]) for axis in AXES} if scored else {},
        "tier_rule": row["tier_reason"],
        "matrix": row["matrix"] or None,
        "clv": lifetime_value(row["contribution_12m"], kept.get(row["tier"]), rules),
    }


def _axis(value: float | None) -> Decimal | None:
    """As it is shown: through 9 places, then half up."""
    return None if value is None else rounded(Fraction(round(Decimal(value), 9)), 2)


def kept_closes() -> tuple[date, ...]:
    """The month closes for which figures are kept, oldest first."""
    return kept_dates().closes


def tier_migrations(start: date, end: date) -> list[dict[str, Any]]:
    """Clients of the firm by tier at both dates."""
    moves = migrations(start, end, UnitChoice(firm=True))
    return [
        {"from": before or None, "to": after or None, "clients": count}
        for (before, after), count in moves.items()
    ]


def cards(period: str) -> list[dict[str, Any]]:
    """The current cards of a period, with the clients behind every count."""
    behind = _members(period)
    rows = Scorecard.objects.filter(period=period, current=True).prefetch_related("lines")
    return [_card(card, behind[card.unit_type, card.unit_code]) for card in rows]


def _card(card: Scorecard, behind: dict[str, list[str]]) -> dict[str, Any]:
    """As other systems get it, with what the oracle tells beside it."""
    tiers = card.inputs["profits"]["tiers"].values()
    body = card_body(card)
    return {name: body[name] for name in ON_CARDS} | {
        "unit": {"type": card.unit_type, "code": card.unit_code or None},
        "flags": sorted(card.flags),
        "members": {number: sorted(behind.get(number, [])) for number in NUMBERS},
        "holds": card.state != Scorecard.State.WITHHELD,
        "client_days": sum(days for tier in tiers for days in tier["days"].values()),
    }


def _members(period: str) -> dict[tuple[str, str], dict[str, list[str]]]:
    """(unit type, code) -> number -> client numbers."""
    numbers = dict(Client.objects.values_list("pk", "client_no"))
    found: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for group in PassageGroup.objects.filter(period=period, to_build=None):
        clients = [numbers[client_id] for client_id in group.clients]
        for unit_type in UNIT_TYPES:
            for number, code in numbers_of(_way(group, unit_type)):
                found[unit_type, code][number] += clients
    return found


def _way(group: PassageGroup, unit_type: str) -> Passage:
    """The group's way through the period between units of one type."""
    if unit_type == "firm":
        return Passage(group.kind, "", "", group.movement)
    opening, closing = getattr(group, f"opening_{unit_type}"), getattr(group, f"closing_{unit_type}")
    return Passage(group.kind, opening or None, closing or None, group.movement)
