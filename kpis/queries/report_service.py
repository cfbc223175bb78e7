"""What the service did in a month, for the client analysis report: contacts, what they cost, cases."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Sum

from cases.models import Case
from interactions.models import Interaction, ServiceMonth
from kpis.rules import Period

SHANGHAI = ZoneInfo("Asia/Shanghai")


def service(period: Period) -> dict[str, Any]:
    """Contacts by channel, minutes, cost (CNY), satisfaction, and the cases opened and resolved."""
    rows, before = _channels(period), _channels(period.shifted(-1))
    contacts, contacts_before = _sum(rows), _sum(before)
    marks, rated = (sum(row[name] or 0 for row in rows) for name in ("marks", "rated"))
    cost = ServiceMonth.objects.filter(month=period.start).aggregate(cost=Sum("cost"))["cost"]
    cases, cases_before = _cases(period), _cases(period.shifted(-1))
    resolved = Case.objects.filter(resolved_at__range=_span(period)).count()
    told: dict[str, tuple[str, Any]] = {
        "contacts": ("number", contacts),
        "contacts_change": ("signed_percent", _growth(contacts, contacts_before)),
        "minutes": ("number", sum((row["minutes"] or 0 for row in rows), 0)),
        "cost": ("money", cost),
        "satisfaction": ("points", marks / rated if rated else None),
        "cases": ("number", cases["all"]),
        "complaints": ("number", cases["complaints"]),
        "complaints_change": ("signed", cases["complaints"] - cases_before["complaints"]),
        "resolved": ("number", resolved),
    }
    facts = {name: [kind, None if value is None else str(value)] for name, (kind, value) in told.items()}
    past = {row["channel"]: row["contacts"] for row in before}
    channels = [
        {"channel": row["channel"], "contacts": row["contacts"], "before": past.get(row["channel"], 0)}
        for row in rows
    ]
    return {"facts": facts, "channels": channels}


def _span(period: Period) -> tuple[datetime, datetime]:
    """The first and the last moment of the period in Shanghai."""
    first = datetime.combine(period.start, time.min, SHANGHAI)
    return first, datetime.combine(period.end + timedelta(days=1), time.min, SHANGHAI) - timedelta(
        microseconds=1
    )


def _contacts(period: Period) -> Any:
    """Entries of the log as they stand: corrected ones in place of those they supersede."""
    return Interaction.objects.filter(started_at__range=_span(period)).in_force().order_by()


def _channels(period: Period) -> list[dict[str, Any]]:
    """The most used channel first: contacts, minutes, and the marks that clients gave."""
    rows: Any = (
        _contacts(period)
        .values("channel")
        .annotate(
            contacts=Count("pk"),
            minutes=Sum("minutes"),
            marks=Sum("satisfaction"),
            rated=Count("satisfaction"),
        )
    )
    return sorted(rows, key=lambda row: (-row["contacts"], row["channel"]))


def _sum(rows: list[dict[str, Any]]) -> int:
    return sum(row["contacts"] for row in rows)


def _growth(now: int, before: int) -> float | None:
    return (now - before) / before if before else None


def _cases(period: Period) -> dict[str, int]:
    opened = Case.objects.filter(opened_at__range=_span(period), merged_into=None)
    return {"all": opened.count(), "complaints": opened.filter(is_complaint=True).count()}
