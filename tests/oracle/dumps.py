"""Whole tables as sorted rows, without what depends on when and in which order they were made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models

from clients.models import Account, Client, ClientRecord, ClientStanding
from interactions.models import ServiceMonth
from kpis.models import PassageGroup, Scorecard, ScorecardLine, TierMonth
from segmentation.models import (
    Breakpoint,
    CellFigure,
    ClientScore,
    CohortFigure,
    Curve,
    LifecycleEvent,
    ModelVersion,
    RescoredTier,
    ScoreClose,
    SegmentFigure,
    TierFigure,
    TierRetention,
    TierSpan,
)
from staff.models import Unit, UnitRecord
from trading.models import (
    Balance,
    CashFlow,
    ClientMonth,
    CustodyEvent,
    Holding,
    Income,
    Product,
    ProductRecord,
    QuarantinedRow,
    RecordSpan,
    StaleMark,
    Trade,
    UnitSpan,
)

Dump = dict[str, list[str]]
# Rows that stand change only when their figures do, so these tell which run wrote them, not what it found.
STAMPS = {
    "id", "made_at", "published_at", "settled_at", "revision", "build", "from_build", "to_build",
    "fingerprint", "digest", "raw", "corrected",
}  # fmt: skip
TOLD: tuple[type[models.Model], ...] = (
    Client, ClientRecord, Account, UnitRecord, Product, ProductRecord, Balance, Holding, Trade, CashFlow,
    Income, CustodyEvent, StaleMark,
)  # fmt: skip
# sealed with a nonce of its own each time, or a moment
UNSTABLE = ("id_number", "mobile", "email", "address", "created_at", "updated_at")
WHOLE: tuple[type[models.Model], ...] = (
    ClientMonth, ServiceMonth, RecordSpan, UnitSpan, LifecycleEvent, ScoreClose, ClientScore, TierSpan,
    RescoredTier, TierRetention, SegmentFigure, TierFigure, CellFigure, CohortFigure, Breakpoint, Curve,
    TierMonth,
)  # fmt: skip


def dump() -> Dump:
    """The rows of every table that runs write, as sorted texts; references by the names people use."""
    names = _names()
    rows: dict[str, Iterable[dict[str, Any]]] = {
        model.__name__: map(_values, model.objects.all()) for model in WHOLE
    }
    rows["ClientStanding"] = (_values(row, "as_of") for row in ClientStanding.objects.all())
    cards = _cards()
    rows["Scorecard"] = (_values(card, "as_of") for card in cards)
    rows["ScorecardLine"] = map(_line, ScorecardLine.objects.filter(card__in=cards).select_related("card"))
    rows["PassageGroup"] = map(_passage(names["client_id"]), PassageGroup.objects.filter(to_build=None))
    return {table: sorted(_text(row, names) for row in found) for table, found in rows.items()}


def facts() -> Dump:
    """The same of what feeds and people told, and of what of it waits."""
    names = _names()
    told: Dump = {
        model.__name__: sorted(_text(_values(row, *UNSTABLE), names) for row in model.objects.all())
        for model in TOLD
    }
    still = QuarantinedRow.objects.filter(state__in=["waiting", "held"]).select_related("package")
    return told | {"Quarantine": sorted(_text(_quarantined(row), names) for row in still)}


def unlike(one: Dump, other: Dump, most: int = 12) -> list[str]:
    """What only one of two dumps holds, at most so many rows of a table."""
    found = []
    for table in one:
        here, there = set(one[table]) - set(other[table]), set(other[table]) - set(one[table])
        found += [f"{table} - {row}" for row in sorted(here)[:most]]
        found += [f"{table} + {row}" for row in sorted(there)[:most]]
        if not here and not there and len(one[table]) != len(other[table]):
            found.append(f"{table}: {len(one[table])} rows and {len(other[table])}")
    return found


Names = dict[str, dict[int, Any]]


def _names() -> Names:
    units = dict(Unit.objects.values_list("pk", "code"))
    return {
        "client_id": dict(Client.objects.values_list("pk", "client_no")),
        "account_id": dict(Account.objects.values_list("pk", "account_no")),
        "product_id": dict(Product.objects.values_list("pk", "code")),
        "model_version_id": dict(ModelVersion.objects.values_list("pk", "number")),
        **dict.fromkeys(("branch_id", "unit_id", "parent_id", "successor_id"), units),
    }


def _values(row: models.Model, *without: str) -> dict[str, Any]:
    """The row's columns."""
    names = (field.attname for field in row._meta.concrete_fields if field.column)
    return {name: getattr(row, name) for name in names if name not in STAMPS and name not in without}


def _text(row: dict[str, Any], names: Names) -> str:
    parts = (
        f"{name}={names[name].get(value, value) if name in names else _plain(value)}"
        for name, value in sorted(row.items())
    )
    return " ".join(parts)


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes | memoryview) else value


def _quarantined(row: QuarantinedRow) -> dict[str, Any]:
    package = {"trade_date": row.package.trade_date, "package_version": row.package.version}
    return _values(row, "package_id") | package


def _cards() -> models.QuerySet[Scorecard]:
    """Cards in force; those a merged branch keeps tell which runs there were before the merger (K5)."""
    merged = UnitSpan.objects.exclude(branch=models.F("unit")).values("unit__code")
    return Scorecard.objects.filter(current=True).exclude(unit_type="branch", unit_code__in=merged)


def _line(line: ScorecardLine) -> dict[str, Any]:
    return _values(line, "card_id") | {"period": line.card.period, "unit": line.card.unit_label}


def _passage(numbers: dict[int, str]) -> Callable[[PassageGroup], dict[str, Any]]:
    def told(group: PassageGroup) -> dict[str, Any]:
        return _values(group) | {"clients": sorted(numbers[client] for client in group.clients)}

    return told
