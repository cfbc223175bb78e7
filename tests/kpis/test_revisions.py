"""What a run makes anew and what it leaves: revisions, running periods, kills (K13, K14, F5)."""

from typing import Any

import pytest
from django.db.models import Q

from core.models import Run
from kpis.models import Passage, PassageGroup, PeriodBuild, Scorecard, ScorecardLine, TierMonth
from kpis.queries.reproduce import deviations
from kpis.recompute import period as period_room
from kpis.recompute import recompute_period
from kpis.rules import parse_period
from staff.models import Unit
from tests.kpis.world import World, day

Q3 = "2026-Q3"


def revisions(period: str, unit_code: str = "1001") -> list[tuple[int, bool, str]]:
    """(revision, current, as_of) of a branch's card."""
    cards = Scorecard.objects.filter(period=period, unit_code=unit_code).order_by("revision")
    return [(card.revision, card.current, card.as_of.isoformat()) for card in cards]


def periods_of(run: Run) -> list[str]:
    """The periods a run made, in order."""
    works = run.steps.get().chunks.order_by("position").values_list("work", flat=True)
    return [name for work in works for name in work.get("periods", [])]


def table() -> list[dict[str, Any]]:
    """Everything the step writes, without keys and clock."""
    cards = Scorecard.objects.order_by("period", "unit_type", "unit_code", "revision")
    rows = list(cards.values(*[f.name for f in Scorecard._meta.fields if f.name not in ("id", "made_at")]))
    lines = ScorecardLine.objects.order_by("card__period", "card__unit_code", "card__unit_type", "indicator")
    rows += lines.values("card__period", "card__unit_type", "card__unit_code", "indicator", "raw", "score")
    rows += Passage.objects.order_by("period", "client_id", "from_build").values(
        "period", "client_id", "kind"
    )
    rows += TierMonth.objects.order_by("month", "branch_id", "manager_no", "tier").values()
    return rows


def busy(world: World) -> World:
    """A few clients with tiers and facts."""
    world.targets()
    world.targets("month")
    for number in range(1, 7):
        no = f"C{number}"
        world.held(no, "1001" if number % 2 else "1005", f"M{number % 3}")
        world.tier(no, "2026-06-30", "V3")
        world.month(no, "2026-07", 100 * number, 31)
    world.event("C3", "2026-08-10", "LOST", "CLOSED")
    return world


def test_k14_running_and_last_closed_and_stale_periods_are_made(world: World) -> None:
    world.held("C1")
    world.run("2026-09-30")
    made = set(PeriodBuild.objects.values_list("period", flat=True))
    assert made == {"2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-Q2", Q3, "2026"}
    run = world.run("2026-10-01", since="2026-09")  # the first night of a month redoes the month before
    assert periods_of(run) == ["2026-09", Q3, "2026-10", "2026-Q4", "2026"]
    run = world.run("2026-10-02", since="2026-10")
    assert periods_of(run) == ["2026-10", "2026-Q4", "2026"]


def test_a_dirty_month_makes_its_periods_and_all_later_ones(world: World) -> None:
    world.held("C1")
    world.run("2026-09-30")
    run = world.run("2026-10-01", since="2026-10", dirty={"C1": "2026-07"})
    works = periods_of(run)
    assert works == ["2026-07", "2026-08", "2026-09", Q3, "2026-10", "2026-Q4", "2026"]


def test_a_running_period_is_updated_in_place(world: World) -> None:
    world.held("C1")
    world.run("2026-09-10")
    card = world.card(Q3)
    world.event("C1", "2026-09-12", "LOST", "CLOSED")
    world.run("2026-09-15", since="2026-09")
    assert world.card(Q3).pk == card.pk
    assert revisions(Q3) == [(1, True, "2026-09-15")]
    assert world.counts(Q3) == "B=1 L=1"
    assert world.passages(Q3) == [("C1", "lost", "1001", "1001")]
    world.run("2026-09-30", since="2026-09")
    assert revisions(Q3) == [(1, True, "2026-09-30")]


def test_a_closed_period_gets_a_revision_when_its_numbers_change(world: World) -> None:
    world.held("C1")
    world.held("C2", "1005")
    world.run("2026-09-30")
    world.run("2026-10-08", since="2026-10")
    assert revisions(Q3) == [(1, True, "2026-09-30")]
    world.event("C1", "2026-09-12", "LOST", "CLOSED")
    world.run("2026-10-09", since="2026-10", dirty={"C1": "2026-09"})
    assert revisions(Q3) == [(1, False, "2026-09-30"), (2, True, "2026-10-09")]
    assert revisions(Q3, "1005")[-1][0] == 2  # its small base is mixed with the firm's rate
    assert revisions(Q3, "1002") == [(1, True, "2026-09-30")]
    old, new = world.card(Q3, revision=1), world.card(Q3)
    assert (old.counts["L"], new.counts["L"]) == (0, 1)
    assert ScorecardLine.objects.filter(card__in=[old, new]).count() == 8

    def kinds(card: Scorecard) -> list[str]:
        at = Q(from_build__lte=card.build) & (Q(to_build=None) | Q(to_build__gt=card.build))
        rows = Passage.objects.filter(at, period=Q3, opening_branch="1001")
        return list(rows.values_list("kind", flat=True))

    assert (kinds(old), kinds(new)) == (["stayed"], ["lost"])


def test_k5_a_closed_card_whose_numbers_stand_follows_a_merger_and_the_firm(world: World) -> None:
    world.client("C1", "1005", "M1")
    world.event("C1", "2026-08-31", "EFFECTIVE")
    world.held("C2")
    world.run("2026-09-30")
    world.clients["C1"].record_spans.update(branch=world.units["1001"])
    world.event("C2", "2026-09-12", "LOST", "CLOSED")
    world.run("2026-10-09", since="2026-09")
    card = world.card(Q3, "manager:M1")
    assert (card.revision, card.unit) == (1, world.units["1001"])
    assert card.inputs["firm"] == world.card(Q3).inputs["firm"]
    assert deviations(card) == {}


def test_other_clients_behind_the_same_numbers_make_a_revision_too(world: World) -> None:
    world.held("C1")
    world.held("C2")
    world.event("C1", "2026-09-12", "LOST", "CLOSED")
    world.run("2026-09-30")
    world.clients["C1"].events.filter(event="LOST").delete()
    world.event("C2", "2026-09-12", "LOST", "CLOSED")
    world.run("2026-10-09", since="2026-09")
    assert [card.counts["L"] for card in Scorecard.objects.filter(period=Q3, unit_code="1001")] == [1, 1]
    assert revisions(Q3) == [(1, False, "2026-09-30"), (2, True, "2026-10-09")]


def test_a_manager_without_numbers_any_more_has_no_current_card(world: World) -> None:
    world.held("C1", manager="M1")
    world.run("2026-09-30")
    world.clients["C1"].record_spans.update(manager_no="M2")
    world.run("2026-10-09", since="2026-07")
    assert revisions(Q3, "M1") == [(1, False, "2026-09-30")]
    assert revisions(Q3, "M2") == [(1, True, "2026-10-09")]
    assert revisions("2026", "M1") == []
    world.clients["C1"].record_spans.update(manager_no="M1")
    world.run("2026-10-10", since="2026-07")
    assert revisions(Q3, "M1") == [(1, False, "2026-09-30"), (2, True, "2026-10-10")]


def test_new_targets_make_the_cards_stale(world: World) -> None:
    world.held("C1")
    world.run("2026-09-30")
    world.targets("month", from_start=day("2026-06-01"))
    run = world.run("2026-10-01", since="2026-10")
    works = periods_of(run)
    assert works == ["2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-Q4", "2026"]
    assert [revisions(name)[-1][0] for name in ("2026-05", "2026-06", "2026-09")] == [1, 2, 2]
    assert world.card("2026-06").lines_by_name()["new"].score == 0


def test_f5_an_earlier_date_gives_what_it_would_have_given(world: World) -> None:
    busy(world)
    world.run("2026-08-05")
    expected = table()
    world.run("2026-10-05", since="2026-08")
    assert table() != expected
    world.run("2026-08-05")
    assert [row for row in table() if row not in expected] == []
    assert len(table()) == len(expected)


def test_a_quarter_and_its_first_month_share_a_pass_and_come_out_as_if_made_apart(world: World) -> None:
    busy(world)
    world.event("C1", "2026-07-10", "LOST", "CLOSED")
    run = world.run("2026-07-20")
    works = run.steps.get().chunks.order_by("position").values_list("work", flat=True)
    assert works.filter(work__periods__contains=["2026-07"]).get() == {"periods": ["2026-07", Q3]}
    assert {"periods": ["2026"]} in works
    together = table()
    for name in ("2026-07", Q3):
        period_room.forget(name)
        recompute_period(parse_period(name), day("2026-07-20"))
    assert table() == together
    assert world.counts("2026-07") == world.counts(Q3) == "B=3 L=1 E=2 S=2"


def test_twice_gives_the_same_rows_and_writes_none(world: World) -> None:
    busy(world)
    world.run("2026-09-10")
    before, keys = table(), set(PassageGroup.objects.values_list("pk", flat=True))
    run = world.run("2026-09-10")
    assert table() == before
    assert set(PassageGroup.objects.values_list("pk", flat=True)) == keys
    assert run.steps.get().rows == 0


def test_killed_anywhere_and_started_again_gives_the_same_rows(
    units: dict[str, Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = busy(World(units))
    world.run("2026-09-30")
    expected = table()
    for model in (ScorecardLine, Scorecard, PassageGroup, PeriodBuild, TierMonth):
        model.objects.all().delete()
    real, calls = period_room.sql.run, iter(range(10_000))

    def fails_now_and_then(app: str, name: str, params: Any) -> int:
        if next(calls) % 15 == 14:
            raise KeyboardInterrupt
        return real(app, name, params)

    monkeypatch.setattr(period_room.sql, "run", fails_now_and_then)
    from core.models import RunStep
    from core.runs import RunContext
    from kpis.recompute import scorecards

    run = Run.objects.create(as_of=day("2026-09-30"), requested_by="test")
    step = RunStep.objects.create(run=run, position=0, name="scorecards")
    context = RunContext(run, run.as_of, world.first, world.first, ((1, 10**12),))
    while step.chunks.filter(done=False).exists() or not step.chunks.exists():
        try:
            scorecards(context, step)
        except KeyboardInterrupt:
            continue
    assert table() == expected


def test_one_period_by_itself(world: World) -> None:
    busy(world)
    world.run("2026-09-30")
    expected = table()
    ScorecardLine.objects.filter(card__period=Q3).delete()
    Scorecard.objects.filter(period=Q3).delete()
    world.first = day("2026-04")
    period_room.forget(Q3)
    recompute_period(parse_period(Q3), day("2026-09-30"))
    assert [row for row in table() if row not in expected] == []
    assert len(table()) == len(expected)
