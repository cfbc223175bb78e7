"""The last month's cards under a draft: those it really makes when it is published for that month."""

from collections import defaultdict
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from core.models import Run, RunStep
from kpis import recompute
from kpis.models import Scorecard, Target, TargetGroup, TrialCards
from kpis.queries.trials import trial_rows
from segmentation.actions.drafts import DraftTold, _published, change_draft
from segmentation.actions.trials import ask_trial
from segmentation.models import Contribution, ModelTrial
from tests.cast import Speak, make_cast
from tests.segmentation.slow_trials import SlowTrial
from tests.segmentation.trial_world import CLOSE, begun, crowd, other_weights
from tests.segmentation.world import World as SegmentWorld
from tests.segmentation.world import day

D = Decimal
pytestmark = pytest.mark.usefixtures("firm")
LIMITS = (("H", 200, 4000), ("M", 20, 2500), ("L", 0, 1500))
PERIOD, OPENING = "2024-10", "2024-09-30"


@pytest.fixture
def firm(units: dict[str, Any], cast: SimpleNamespace) -> SegmentWorld:
    world = crowd(SegmentWorld(units), cast)
    target = Target.objects.create(
        period_type="month", unit_type="firm", unit_code="", from_start=day("2000-01-01"), state="approved",
        proposed_by="test", new_floor="0.02", new_target="0.08", lost_floor="0.08", lost_target="0.03",
        upgraded_floor="0.02", upgraded_target="0.10",
    )  # fmt: skip
    for name, floor, limit in LIMITS:
        TargetGroup.objects.create(owner=target, name=name, floor=floor, target=limit)
    make_cards(world)
    return world


def make_cards(world: SegmentWorld) -> None:
    """The step `scorecards` after the world's last run."""
    run = world.context.run
    step = RunStep.objects.create(run=run, position=9, name="scorecards")
    recompute.scorecards(world.context, step)
    Run.objects.filter(pk=run.pk).update(state=Run.State.DONE)


@pytest.fixture
def cast(units: dict[str, Any]) -> SimpleNamespace:
    return make_cast(units)


def tried(cast: SimpleNamespace) -> ModelTrial:
    draft = begun(cast.value_analyst)
    told = DraftTold(name=draft.name, definition=other_weights(draft.definition))
    draft = change_draft(actor=draft.author, draft=draft, version=draft.version, told=told)
    return ask_trial(actor=draft.author, draft=draft, kind="what_if", as_of=day(CLOSE))


def test_the_upgraded_rate_is_that_of_the_draft_in_force(firm: SegmentWorld, cast: SimpleNamespace) -> None:
    trial = tried(cast)
    before = {(row["type"], row["code"]): row for row in trial.trial_cards.rows}
    assert trial.trial_cards.period == PERIOD
    assert set(before) == {
        ("firm", ""), *(("region", code) for code in ("R1", "R2")),
        *(("branch", code) for code in ("1001", "1002", "1005")),
    }  # fmt: skip
    for card in Scorecard.objects.filter(period=PERIOD, current=True).exclude(unit_type="manager"):
        live = before[card.unit_type, card.unit_code]["live"]
        assert (live["U"], live["D"]) == (card.counts["U"], card.counts["D"])
        assert D(live["total"]) == card.total if card.total is not None else live["total"] is None
    draft = trial.draft
    draft.serves_from = day(CLOSE)
    _published(draft, cast.compliance)
    firm.run("2024-11-12", since="2024-10")
    make_cards(firm)
    changed = 0
    for card in Scorecard.objects.filter(period=PERIOD, current=True).exclude(unit_type="manager"):
        row = before[card.unit_type, card.unit_code]
        lines = card.lines_by_name()
        assert (row["draft"]["U"], row["draft"]["D"]) == (card.counts["U"], card.counts["D"])
        assert _decimal(row["draft"]["rate"]) == lines["upgraded"].raw
        changed += row["draft"]["U"] != row["live"]["U"] or row["draft"]["D"] != row["live"]["D"]
    assert changed


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else D(text)


def test_profitability_goes_by_the_drafts_tier_at_the_close_before(
    firm: SegmentWorld, cast: SimpleNamespace
) -> None:
    trial = tried(cast)
    slow = SlowTrial(trial.draft, day(OPENING), night=False)
    tiers = {row.client_id: slow.tier(row, slow.score(row)) for row in slow.rows}
    profit: dict[str, Decimal] = defaultdict(Decimal)
    days: dict[str, int] = defaultdict(int)
    group = {"V5": "H", "V4": "H", "V3": "M", "V2": "M", "V1": "L", "NEW": "L"}
    for month in Contribution.objects.filter(month=day("2024-10-01")):
        if tier := tiers.get(month.client_id):
            profit[group[tier]] += month.contribution
            days[group[tier]] += month.days
    weights = {"H": D("0.5"), "M": D("0.3"), "L": D("0.2")}
    scores = {}
    for name, (floor, limit) in {name: pair for name, *pair in LIMITS}.items():
        if days[name]:
            per_client = profit[name] / (D(days[name]) / 31)
            scores[name] = min(max(100 * (per_client - floor) / (limit - floor), D(0)), D(100))
    expected = sum(weights[name] * score for name, score in scores.items()) / sum(
        weights[name] for name in scores
    )
    (row,) = [row for row in trial.trial_cards.rows if row["type"] == "firm"]
    assert abs(D(row["draft"]["profitability"]) - expected) < D("0.0000001")
    assert row["draft"]["profitability"] != row["live"]["profitability"]


def test_the_panel_and_rest_show_units_by_change(cast: SimpleNamespace, as_person: Speak) -> None:
    trial = tried(cast)
    browser = as_person(cast.value_analyst)
    page = browser.get(f"/scorecards/trials/{trial.pk}/").content.decode()
    for words in ("全公司", "2024-10", "草稿总分"):
        assert words in page
    answer = browser.get(f"/api/v1/model-trials/{trial.pk}/scorecards/").json()
    assert (answer["period"], answer["results"]) == (PERIOD, trial.trial_cards.rows)
    changes = [abs(row.change or 0) for row in trial_rows(trial.trial_cards) if row.type == "branch"]
    assert changes == sorted(changes, reverse=True)
    assert as_person(cast.branch_manager_1001).get(f"/scorecards/trials/{trial.pk}/").status_code == 403


def test_without_cards_it_says_so(firm: SegmentWorld, cast: SimpleNamespace) -> None:
    Scorecard.objects.all().delete()
    trial = tried(cast)
    assert TrialCards.objects.get(trial=trial).note == "no_cards"
