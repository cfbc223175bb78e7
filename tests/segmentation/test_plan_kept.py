"""How the service plan was kept, against a slow reading in plain Python; the entries behind."""

import random
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest

from core.models import Run
from core.months import month_end
from interactions.models import Category
from outreach.models import DueContact, PlanKept
from outreach.queries import kept
from outreach.queries.due import counted
from segmentation.recompute import worklists
from tests.segmentation.test_worklists import AS_OF, RHYTHM, category, speak, stands
from tests.segmentation.world import World

__all__ = ["category"]
module = sys.modules["segmentation.recompute.worklists"]  # the package gives the step that name
pytestmark = pytest.mark.django_db
MONTHS = (date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1))


@pytest.fixture
def world(units: Any) -> World:
    return World(units, steps=(worklists,))


def due_days(rhythm: int, since: date, spoken: Iterable[date]) -> list[tuple[date, bool]]:
    """Each day a client's contact was due, and whether it was made by then, read off docs/worklists.md."""
    days = sorted(spoken)
    waits = zip([since, *days], [*days, None], strict=True)
    return [
        (began + timedelta(days=rhythm), ended is not None and ended <= began + timedelta(days=rhythm))
        for began, ended in waits
    ]


@pytest.mark.parametrize("seed", range(3))
def test_figures_are_what_plain_reading_counts(
    world: World, cast: Any, category: Category, seed: int
) -> None:
    dice = random.Random(seed)
    nights = [AS_OF - timedelta(days=days) for days in range(70, -1, -7)]
    wanted: Counter[tuple[str, date, str]] = Counter()
    clients = []
    for number in range(24):
        tier = dice.choice(["V5", "V4", "NEW"])
        manager = dice.choice(["", "M1001A"])
        since = date(2026, 7, 20) + timedelta(days=dice.randrange(20))
        client = stands(world, f"C{number}", tier, tier_since=since, manager_no=manager)
        spoken = sorted({since + timedelta(days=dice.randrange(1, 95)) for _ in range(dice.randrange(5))})
        clients.append((client, [on for on in spoken if on <= AS_OF]))
        for due_on, made in due_days(RHYTHM[tier], since, [on for on in spoken if on <= AS_OF]):
            if due_on <= AS_OF:
                month = due_on.replace(day=1)
                wanted[(manager, month, f"{tier} due")] += 1
                wanted[(manager, month, f"{tier} kept")] += made
    for night in nights:
        for client, spoken in clients:
            for on in spoken:
                if night - timedelta(days=7) < on <= night or (night == nights[0] and on <= night):
                    speak(client, on, cast.agent_1001, category)
        world.run(night.isoformat())
    found: Counter[tuple[str, date, str]] = Counter()
    for row in PlanKept.objects.all():
        found[(row.manager_no, row.month, f"{row.tier} due")] += row.due
        found[(row.manager_no, row.month, f"{row.tier} kept")] += row.kept
    assert +found == +wanted
    assert sum(count for (_manager, _month, what), count in found.items() if what.endswith("due")) > 20


def test_waits_that_no_night_saw_are_added_once(
    world: World, cast: Any, category: Category, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = stands(world, "C1", "V4")
    for on in (date(2026, 8, 1), date(2026, 8, 20), date(2026, 10, 2), date(2026, 10, 25)):
        speak(client, on, cast.agent_1001, category)

    def rows() -> list[Any]:
        found = DueContact.objects.order_by("since").values_list("since", "due_on", "contacted_on", "state")
        return [(since, due_on, made, state) for since, due_on, made, state in found]

    known = {"last": date(2026, 10, 29)}
    monkeypatch.setattr(module, "_last_night", lambda _ctx, _step: known["last"])
    begun = (date(2026, 10, 25), date(2026, 11, 24), None, "open")
    world.run("2026-10-30")
    assert rows() == [begun]
    known["last"] = date(2026, 8, 19)
    seen = [
        (date(2026, 8, 20), date(2026, 9, 19), date(2026, 10, 2), "done"),
        (date(2026, 10, 2), date(2026, 11, 1), date(2026, 10, 25), "done"),
    ]
    for _again in range(2):
        world.run("2026-10-30")
        assert rows() == [*seen, begun]


def test_what_counts_and_what_does_not(world: World, cast: Any, category: Category, as_person: Any) -> None:
    """V4 is due every 30 days: made in time, made late, not made, gone before its day, not due yet."""
    spoken = {"TIME": date(2026, 9, 20), "LATE": date(2026, 9, 20), "NOT": date(2026, 9, 25)}
    spoken |= {"GONE": date(2026, 9, 28), "YET": date(2026, 10, 15)}
    clients = {name: stands(world, name, "V4") for name in spoken}
    for name, on in spoken.items():
        speak(clients[name], on, cast.agent_1001, category)
    world.run("2026-10-16")
    speak(clients["TIME"], date(2026, 10, 20), cast.agent_1001, category)
    speak(clients["LATE"], date(2026, 10, 21), cast.agent_1001, category)
    clients["GONE"].standing.tier = "V1"
    clients["GONE"].standing.save()
    world.run("2026-10-20")
    Run.objects.update(finished_at="2026-10-31T00:00Z")
    world.run("2026-10-30")
    Run.objects.filter(as_of=AS_OF).update(finished_at="2026-10-31T01:00Z")
    october = date(2026, 10, 1)
    (line,) = kept.by_branch(kept.figures(cast.team_lead_1001), october)
    assert (line.code, line.whole, dict(line.tiers)["V4"]) == ("1001", kept.Share(3, 1), kept.Share(3, 1))
    rows = DueContact.objects.filter(due_on__range=(october, month_end(october)))
    made = set(counted(rows, True, AS_OF).values_list("client__client_no", flat=True))
    missed = set(counted(rows, False, AS_OF).values_list("client__client_no", flat=True))
    assert (made, missed) == ({"TIME"}, {"LATE", "NOT"})
    page = as_person(cast.team_lead_1001).get("/worklists/?list=plan&month=2026-10&kept=no&unit=1001&tier=V4")
    assert all(f"/clients/{no}/" in page.content.decode() for no in missed)
    assert "/clients/TIME/" not in page.content.decode()


def test_a_contact_told_late_changes_the_month_before(world: World, cast: Any, category: Category) -> None:
    client = stands(world, "C1", "V4", tier_since=date(2026, 8, 25))
    world.run("2026-09-30")
    assert PlanKept.objects.get().kept == 0
    speak(client, date(2026, 9, 24), cast.agent_1001, category)
    world.run("2026-10-01")
    assert (PlanKept.objects.get().due, PlanKept.objects.get().kept) == (1, 1)
    assert world.run("2026-10-01").steps.get().rows == 0
    DueContact.objects.filter(occasion="2026-08-25").update(closed_how="gone", contacted_on=None)
    world.run("2026-10-02")
    assert not PlanKept.objects.exists()


def test_everybody_sees_own_figures_only(cast: Any, units: Any, as_person: Any) -> None:
    for code, manager, due, made in (
        ("1001", "M1001A", 4, 3), ("1001", "M1001B", 2, 0), ("1002", "M1002A", 10, 5), ("1005", "", 1, 1),
    ):  # fmt: skip
        for month in MONTHS:
            PlanKept.objects.create(
                month=month, branch=units[code], manager_no=manager, tier="V4", due=due, kept=made
            )
    sums = {
        name: kept.whole(kept.by_branch(kept.figures(getattr(cast, name)), MONTHS[-1])).whole
        for name in ("manager_1001a", "branch_manager_1001", "region_manager_r1", "value_analyst", "agent_hq")
    }
    assert sums == {
        "manager_1001a": kept.Share(4, 3), "branch_manager_1001": kept.Share(6, 3),
        "region_manager_r1": kept.Share(16, 8), "value_analyst": kept.Share(17, 9),
        "agent_hq": kept.Share(17, 9),
    }  # fmt: skip
    leader = as_person(cast.branch_manager_1001)
    page = leader.get("/worklists/plan/kept/?month=2026-10").content.decode()
    assert "50.0%" in page and "figure-chart" in page and "unit=1002" not in page
    inside = leader.get("/worklists/plan/kept/?month=2026-10&unit=1001").content.decode()
    assert cast.manager_1001a.name in inside and "manager=M1001B" in inside
    assert leader.get("/worklists/plan/kept/?unit=1002").status_code == 404
    told = leader.get("/api/v1/service-plans/kept/?month=2026-10").json()
    assert told == [{"unit": "1001", "tier": "V4", "due": 6, "kept": 3, "rate": 0.5}]
    assert leader.get("/api/v1/service-plans/kept/?month=x").status_code == 400
    analyst = as_person(cast.value_analyst).get("/worklists/plan/kept/").content.decode()
    assert "kept=no" not in analyst and "52.9%" in analyst
    file = leader.get("/worklists/plan/kept/xlsx/?month=2026-10&unit=1001")
    assert file.content[:2] == b"PK" and "service-plan-2026-10.xlsx" in file["Content-Disposition"]
