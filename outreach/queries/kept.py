"""How the service plan was kept: contacts made by their day of those that fell due, as of the last night."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum

from outreach.models import PlanKept
from outreach.models.service import TIERS
from staff.models import Person

MONTHS_SHOWN = 12


@dataclass(frozen=True)
class Share:
    """Of `due` contacts, `kept` were made by their day."""

    due: int = 0
    kept: int = 0

    @property
    def rate(self) -> float | None:
        """0 to 1; None when nothing fell due."""
        return self.kept / self.due if self.due else None

    def __add__(self, other: "Share") -> "Share":
        return Share(self.due + other.due, self.kept + other.kept)


@dataclass(frozen=True)
class Line:
    """A branch's or a manager's month: the whole, and each tier in the order of TIERS."""

    code: str
    name: str
    tiers: Sequence[tuple[str, Share]]

    @property
    def whole(self) -> Share:
        return sum((share for _tier, share in self.tiers), Share())


def figures(user: Any, branch: str = "") -> QuerySet[PlanKept]:
    """The figures in somebody's sight; of one branch, by its code."""
    rows = PlanKept.objects.visible_to(user)
    return rows.filter(branch__code=branch) if branch else rows


def months(user: Any) -> list[date]:
    """The months there are figures of, newest first."""
    return list(figures(user).order_by("-month").values_list("month", flat=True).distinct())


def by_month(rows: QuerySet[PlanKept], until: date) -> list[tuple[date, Share]]:
    """The last twelve months up to one, oldest first."""
    found = rows.filter(month__lte=until).values("month").annotate(due=Sum("due"), kept=Sum("kept"))
    newest = list(found.order_by("-month")[:MONTHS_SHOWN])
    return [(row["month"], Share(row["due"], row["kept"])) for row in reversed(newest)]


def by_branch(rows: QuerySet[PlanKept], month: date) -> list[Line]:
    return _lines(rows.filter(month=month), "branch__code", "branch__name")


def by_manager(rows: QuerySet[PlanKept], month: date) -> list[Line]:
    """Of the managers of record; the line without a code is of clients who have none."""
    found = _lines(rows.filter(month=month), "manager_no", "manager_no")
    numbers = [line.code for line in found if line.code]
    known = dict(Person.objects.filter(employee_no__in=numbers).values_list("employee_no", "name"))
    return [Line(line.code, known.get(line.code, line.code), line.tiers) for line in found]


def whole(lines: Sequence[Line]) -> Line:
    """All lines in one."""
    sums = [(tier, sum((dict(line.tiers)[tier] for line in lines), Share())) for tier in TIERS]
    return Line("", "", sums)


def by_unit_and_tier(user: Any, month: date) -> list[dict[str, Any]]:
    """Rows of unit, tier, due, kept and rate, as other systems get them."""
    return [
        {"unit": line.code, "tier": tier, "due": share.due, "kept": share.kept, "rate": share.rate}
        for line in by_branch(figures(user), month)
        for tier, share in line.tiers
        if share.due
    ]


def _lines(rows: QuerySet[PlanKept], code: str, name: str) -> list[Line]:
    found = rows.order_by(code).values_list(code, name, "tier").annotate(due=Sum("due"), kept=Sum("kept"))
    shares: dict[tuple[str, str], dict[str, Share]] = {}
    for key, words, tier, due, kept in found:
        shares.setdefault((key, words), {})[tier] = Share(due, kept)
    return [
        Line(key, words, [(tier, of_tier.get(tier, Share())) for tier in TIERS])
        for (key, words), of_tier in shares.items()
    ]
