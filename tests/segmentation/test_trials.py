"""Trying a draft out: equal to the slow reckoning client by client, at closes and on the night."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from core import jobs, sql
from core.errors import Conflict
from core.models import Job
from segmentation.actions import trials
from segmentation.actions.drafts import DraftTold, change_draft
from segmentation.models import ClientScore, ModelDraft, ModelTrial, ScoreClose
from segmentation.queries import backtesting, trying
from segmentation.tasks import try_model
from tests.cast import make_cast
from tests.segmentation.slow_trials import SlowTrial, outcomes, slow_backtest, spearman
from tests.segmentation.trial_world import CLOSE, NIGHT, begun, crowd, newest, other_weights
from tests.segmentation.world import World, day

D = Decimal
pytestmark = pytest.mark.usefixtures("firm")


@pytest.fixture
def firm(world: World, cast: SimpleNamespace) -> World:
    return crowd(world, cast)


@pytest.fixture
def cast(world: World) -> SimpleNamespace:
    return make_cast(world.units)


def changed(cast: SimpleNamespace, **more: Any) -> ModelDraft:
    draft = begun(cast.value_analyst)
    told = {"name": draft.name, "definition": other_weights(draft.definition)} | more
    return change_draft(actor=cast.value_analyst, draft=draft, version=draft.version, told=DraftTold(**told))


def tried(draft: ModelDraft, as_of: str, kind: str = "what_if", who: Any = None) -> ModelTrial:
    return trials.ask_trial(actor=who or draft.author, draft=draft, kind=kind, as_of=day(as_of))


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: str(list(row.values())[:5]))


def test_every_client_goes_where_the_slow_reckoning_says(cast: SimpleNamespace) -> None:
    draft = changed(cast)
    downs = by_hand = 0
    for as_of, night in ((NIGHT, True), (CLOSE, False), ("2024-09-30", False)):
        slow = SlowTrial(draft, day(as_of), night=night)
        expected = slow.ways()
        assert in_order(trying.ways(draft, day(as_of))) == in_order(expected)
        assert sum(way["clients"] for way in expected if way["tier"] != way["live_tier"]) >= 2
        downs += sum(way["clients"] for way in expected if way["tier"] < way["live_tier"])
        by_hand += sum(way["by_hand"] for way in expected)
    assert downs > 0  # hysteresis let some fall at the closes
    assert by_hand == 5


def test_the_live_model_as_a_draft_moves_nobody(cast: SimpleNamespace) -> None:
    draft = begun(cast.value_analyst)
    for as_of, table in ((NIGHT, ClientScore), (CLOSE, ScoreClose)):
        found = tried(draft, as_of).result
        assert found is not None
        assert all(before == after for before, after, _count in found["moves"])
        assert found["clients"] == table.objects.filter(as_of=day(as_of)).count()  # type: ignore[attr-defined]
        assert found["movers"] == []
        assert found["tiers"]["live"] == found["tiers"]["draft"]


def test_movers_tell_the_parts_that_make_up_the_difference(cast: SimpleNamespace) -> None:
    draft = changed(cast)
    found = tried(draft, CLOSE).result
    assert found is not None
    slow = SlowTrial(draft, day(CLOSE), night=False)
    rows = {row.client.client_no: row for row in slow.rows}
    assert found["movers"]
    for mover in found["movers"]:
        row = rows[mover["client_no"]]
        assert D(mover["score"]) == slow.score(row)
        assert mover["to"] == slow.tier(row, D(mover["score"]))
        assert mover["from"] == row.tier != mover["to"]
        strongest = [abs(D(points)) for _code, points in mover["parts"]]
        assert strongest == sorted(strongest, reverse=True)
        assert len(mover["parts"]) <= 3
    assert {tier for mover in found["movers"] for tier, *_cuts in mover["cuts"]} <= {"V2", "V4"}
    ranks = {"V1": 1, "V2": 2, "V3": 3, "V4": 4, "V5": 5}
    steps = [abs(ranks[mover["to"]] - ranks[mover["from"]]) for mover in found["movers"]]
    assert steps == sorted(steps, reverse=True)


def test_sizes_and_curves_add_up(cast: SimpleNamespace) -> None:
    found = tried(changed(cast), NIGHT).result
    assert found is not None
    for side in ("live", "draft", "settled"):
        sizes = found["tiers"][side].values()
        assert sum(row["clients"] for row in sizes) == found["clients"]
        whole = sum((row.contribution_12m or D(0) for row in ClientScore.objects.all()), D(0))
        assert sum(D(row["contribution"]) for row in sizes) == whole
    for side in ("live", "draft"):
        points = found["curves"][side]
        assert (points[0], points[-1]) == ([0.0, 0.0], [1.0, 1.0])


def test_breakpoints_of_a_day_are_taken_for_some_kinds_by_the_first_trial(cast: SimpleNamespace) -> None:
    base = newest()
    draft = changed(cast, renew_on=day(CLOSE), renew_kinds=["individual"], short_history=True)
    assert not draft.curves_taken
    assert not draft.curves.exists()
    tried(draft, CLOSE)
    draft.refresh_from_db()
    assert draft.curves_taken
    held = ScoreClose.objects.filter(as_of=day(CLOSE), mature=True, kind="individual")
    values = sorted(row.turnover_12m for row in held if row.turnover_12m is not None)
    curve = draft.curves.get(kind="individual", indicator="turnover_12m")
    assert curve.quantiles == [values[max(0, -(-p * len(values) // 100) - 1)] for p in range(101)]
    kept = base.breakpoints.filter(kind="institution", indicator="turnover_12m").order_by("p")
    curve = draft.curves.get(kind="institution", indicator="turnover_12m")
    assert curve.quantiles == list(kept.values_list("value", flat=True))
    slow = SlowTrial(draft, day(CLOSE), night=False)
    assert in_order(trying.ways(draft, day(CLOSE))) == in_order(slow.ways())


def test_a_backtest_looks_at_the_quarter_after_a_close(cast: SimpleNamespace) -> None:
    draft = changed(cast)
    closes = backtesting.closes_with_outcome()
    assert closes[0] == date(2024, 7, 31)
    trial = tried(draft, "2024-07-31", kind="backtest")
    found = trial.result
    assert found is not None
    until = date.fromisoformat(found["until"])
    assert until == date(2024, 10, 31)
    slow = SlowTrial(draft, day("2024-07-31"), night=False)
    ladder = newest().rules.tier_params()
    expected = slow_backtest(slow, ladder["cuts"], ladder["codes"], until)
    assert _flat(found) == expected
    assert expected["draft", ""][2] == 1  # C03 transferred away in September
    rows = outcomes(slow, until)
    for model, pairs in (
        ("live", [(row.score, brought) for row, _score, brought, _lost in rows]),
        ("draft", [(score, brought) for _row, score, brought, _lost in rows]),
    ):
        assert found[model]["correlation"] == pytest.approx(spearman(pairs), abs=1e-12)
    top = found["draft"]["tiers"]["V5"]
    per_client = D(top["contribution"]) / top["clients"] / (D(found["draft"]["contribution"]) / len(rows))
    assert backtesting.lift(top, found["draft"], "contribution") == per_client


def _flat(found: dict[str, Any]) -> dict[tuple[str, str], tuple[int, Decimal, int]]:
    made = {}
    for model in ("live", "draft"):
        for tier, part in [*found[model]["tiers"].items(), ("", found[model])]:
            made[model, tier] = (part["clients"], D(part["contribution"]), part["lost"])
    return made


def test_a_large_firm_waits_for_a_job(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = changed(cast)
    monkeypatch.setattr(trials, "AT_ONCE", 0)
    trial = tried(draft, NIGHT)
    assert trial.result is None
    job = Job.objects.get(kind=trials.TASK)
    assert (trial.job, job.owner_id) == (job, cast.value_analyst.pk)
    for _time in range(2):  # the message may come twice
        try_model(job.pk)
        trial.refresh_from_db()
        job.refresh_from_db()
        assert trial.result is not None
        assert (job.state, job.percent) == (Job.State.DONE, 100)
    assert jobs.due_jobs().count() == 0


def test_a_draft_changed_in_the_meantime_is_not_reckoned(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = changed(cast)
    monkeypatch.setattr(trials, "AT_ONCE", 0)
    trial = tried(draft, NIGHT)
    told = DraftTold(name="Other", definition=draft.definition)
    change_draft(actor=cast.value_analyst, draft=draft, version=draft.version, told=told)
    try_model(trial.job.pk)  # type: ignore[union-attr]
    trial.refresh_from_db()
    assert (trial.result, bool(trial.error)) == (None, True)


def test_days_without_figures_are_refused(cast: SimpleNamespace) -> None:
    draft = begun(cast.value_analyst)
    for kind, as_of in (("what_if", "2024-11-11"), ("backtest", CLOSE), ("backtest", "2023-12-31")):
        with pytest.raises(Conflict) as refused:
            tried(draft, as_of, kind=kind)
        assert refused.value.code == "no_figures"


def test_nothing_in_the_pass_keeps_workers_from_helping(cast: SimpleNamespace) -> None:
    """A million clients in seconds needs every core; one subquery at the wrong place would keep it to one.

    The planner is asked to put what it holds fit for workers as a whole under one of them.
    """
    draft = changed(cast)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL debug_parallel_query = on")
        for as_of in (NIGHT, CLOSE):
            params = trying.tried_params(draft, day(as_of))
            cursor.execute(f"EXPLAIN {sql.statement('segmentation', 'what_if')}", params)
            assert cursor.fetchall()[0][0].startswith("Gather")
