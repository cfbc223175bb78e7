"""A firm of a dozen clients whose September 2026 can be reported on."""

from decimal import Decimal
from typing import Any

from core import sql
from kpis.models import Report
from segmentation.models import ModelVersion, ScoreClose
from tests.kpis.world import World, day

AUGUST, SEPTEMBER = "2026-08-31", "2026-09-30"
LADDER = ("V1", "V2", "V3", "V4", "V5")
# client -> branch, tier at both closes ('' for not held there), contribution in September, flags there
PEOPLE: dict[str, tuple[str, str, str, int, tuple[str, ...]]] = {
    "C1": ("1001", "V5", "V4", 9000, ("at_risk",)),
    "C2": ("1001", "V4", "V4", 7000, ()),
    "C3": ("1001", "V3", "V4", 6000, ()),
    "C4": ("1001", "V3", "V3", 3000, ("at_risk",)),
    "C5": ("1001", "V2", "", 0, ()),
    "C6": ("1001", "V1", "V1", 10, ("dormant_asset",)),
    "C7": ("1002", "V3", "V3", 2500, ("at_risk", "dormant_asset")),
    "C8": ("1002", "V2", "V3", 2000, ()),
    "C9": ("1002", "V1", "V1", -50, ()),
    "C10": ("1002", "", "NEW", 20, ()),
}


def reported(world: World) -> World:
    """Cards of September, closes of August and September with their figures."""
    world.targets("month")
    for no, (branch, before, after, worth, flags) in PEOPLE.items():
        world.held(no, branch)
        for on, tier in ((AUGUST, before), (SEPTEMBER, after)):
            if tier:
                world.tier(no, on, tier)
                kept = {"contribution_12m": worth if on == SEPTEMBER else worth * 2, "assets_end": 10_000}
                rows = ScoreClose.objects.filter(client=world.clients[no], as_of=day(on))
                rows.update(**kept, flags=list(flags) if on == SEPTEMBER else [])
        world.month(no, "2026-09", "100", 30, branch=branch)
    world.event("C5", "2026-09-12", "LOST", "CLOSED")
    keep_figures(AUGUST, SEPTEMBER)
    world.run(SEPTEMBER)
    return world


def keep_figures(*closes: str) -> None:
    """What the standing step keeps of these closes."""
    rules = ModelVersion.objects.first_version().rules
    for close in closes:
        params: dict[str, Any] = {"as_of": day(close), "is_close": True, **rules.class_params()}
        for name in ("tier_figure", "segment_figure"):
            sql.run("segmentation", name, params)


def rows(on: str) -> list[dict[str, Any]]:
    """The clients of a close, read one by one."""
    names = ("client__client_no", "tier", "contribution_12m", "flags", "branch__code")
    return list(ScoreClose.objects.filter(as_of=day(on)).values(*names))


def worth(found: list[dict[str, Any]]) -> Decimal:
    return sum((row["contribution_12m"] for row in found), Decimal(0))


def facts_of(report: Report, section: str) -> dict[str, Any]:
    """name -> exact value of a section's facts."""
    told = report.sections.get(key=section).figures["facts"]
    return {name: value for name, (_kind, value) in told.items()}
