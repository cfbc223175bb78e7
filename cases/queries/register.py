"""The complaints register: who keeps it, and its rows."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Prefetch

from cases.models import CaseClock, ClockKind, Complaint


def may_register(user: Any) -> bool:
    """The register is the firm's: only whoever holds the right for all of it."""
    return user.may("complaints.register") and bool(user.scope_for("complaints.register").firm)


def register_rows(user: Any, first: date, last: date) -> Any:
    """Complaints received on these days, both inside, with their clocks and the last decision."""
    rows = Complaint.objects.visible_to(user).with_decision().filter(received_on__range=(first, last))
    related = rows.select_related(
        "case", "case__client", "case__unit", "case__owner", "case__received_by", "case__type_version"
    )
    clocks = Prefetch("case__clocks", queryset=CaseClock.objects.order_by("round"), to_attr="all_clocks")
    return related.prefetch_related(clocks)


def in_order(rows: Any) -> Iterator[Complaint]:
    """The register as a whole, oldest first, a few rows in memory at a time."""
    return rows.order_by("received_on", "case_id").iterator(chunk_size=500)


def clock_ends(complaint: Complaint) -> dict[str, CaseClock]:
    """The last clock of each kind."""
    return {clock.kind: clock for clock in complaint.case.all_clocks}  # type: ignore[attr-defined]


def in_time(complaint: Complaint) -> bool:
    """No clock of it ran out, so far."""
    return all(clock.state != CaseClock.State.BREACHED for clock in clock_ends(complaint).values())


KINDS = (ClockKind.ACKNOWLEDGE, ClockKind.CONTACT, ClockKind.RESOLUTION)
