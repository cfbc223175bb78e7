"""What-if: other weights, constants and limits over all units' stored inputs; places; nothing is stored."""

from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from kpis import actions
from kpis.models import SchemeDraft, SchemeVersion, Scorecard
from kpis.queries.whatif import Outcome, Trial, try_out
from kpis.rules import Limits, Scheme, Targets, parse_period
from tests.cast import Speak
from tests.kpis.world import World, day

MONTH = parse_period("2026-08")
ONLY_LOST = {"new": Decimal(0), "lost": Decimal(100), "upgraded": Decimal(0), "profitability": Decimal(0)}
PLAIN = {"small_base": 0, "small_group": 0}  # nothing is drawn towards the firm's figures
PAGE = "/scorecards/what-if/"


@pytest.fixture
def made(world: World) -> World:
    """Of ten clients each, 1001 loses one and wins three, 1002 loses none, 1005 loses two."""
    world.targets("month")
    world.targets("month", unit="branch:1005", lost=("0.5", "0.1"))
    for branch, lost, new in (("1001", 1, 3), ("1002", 0, 0), ("1005", 2, 0)):
        for number in range(10):
            world.held(f"{branch}-{number}", branch)
        for number in range(lost):
            world.event(f"{branch}-{number}", "2026-08-10", "LOST", "CLOSED")
        for number in range(new):
            world.client(f"{branch}-new{number}", branch)
            world.event(f"{branch}-new{number}", "2026-08-31", "EFFECTIVE")
    world.run("2026-08-31")
    return world


def totals(outcome: Outcome) -> dict[str, str]:
    return {row.card.unit_code: f"{row.total_after:.2f}" for row in outcome.rows}


def test_the_standing_scheme_gives_every_card_again(made: World, cast: SimpleNamespace) -> None:
    for unit_type in ("firm", "region", "branch", "manager"):
        outcome = try_out(cast.value_analyst, MONTH, unit_type, Trial(Scheme()))
        for row in outcome.rows:
            assert row.total_after == row.card.total
            assert all(now == tried for _name, now, tried in row.by_indicator)
        assert (outcome.gained, outcome.lost, outcome.moved, outcome.recounts) == (0, 0, 0, False)


def test_other_weights_and_targets_reckoned_by_hand(made: World, cast: SimpleNamespace) -> None:
    """Loss alone: rates .1, 0, .2 against .08 to .03 (1005: own .5 to .1), then .3 to 0 for all."""
    lost_only = replace(Scheme(), weights=ONLY_LOST, **PLAIN)
    outcome = try_out(cast.value_analyst, MONTH, "branch", Trial(lost_only))
    assert totals(outcome) == {"1002": "100.00", "1005": "75.00", "1001": "0.00"}
    assert [(row.card.unit_code, row.place_after) for row in outcome.rows] == [
        ("1002", 1),
        ("1005", 2),
        ("1001", 3),
    ]
    for_all = Targets({"lost": Limits(Decimal("0.3"), Decimal(0))})
    outcome = try_out(cast.value_analyst, MONTH, "branch", Trial(lost_only, for_all))
    assert totals(outcome) == {"1002": "100.00", "1001": "66.67", "1005": "33.33"}
    capped = replace(lost_only, cap=Decimal(120))
    beyond = Targets({"lost": Limits(Decimal("0.3"), Decimal("0.1"))})
    assert totals(try_out(cast.value_analyst, MONTH, "branch", Trial(capped, beyond)))["1002"] == "120.00"


def test_places_count_units_out_of_sight(made: World, cast: SimpleNamespace) -> None:
    trial = Trial(replace(Scheme(), weights=ONLY_LOST, **PLAIN))
    (row,) = try_out(cast.branch_manager_1001, MONTH, "branch", trial).rows
    assert (row.card.unit_code, row.place_after) == ("1001", 3)


def test_equal_totals_share_a_place(made: World, cast: SimpleNamespace) -> None:
    for_all = Targets({"lost": Limits(Decimal(1), Decimal("0.5"))})
    rows = try_out(
        cast.value_analyst, MONTH, "branch", Trial(replace(Scheme(), weights=ONLY_LOST), for_all)
    ).rows
    assert [row.place_after for row in rows] == [1, 1, 1]


def test_what_counts_otherwise_is_said(made: World, cast: SimpleNamespace) -> None:
    outcome = try_out(cast.value_analyst, MONTH, "branch", Trial(replace(Scheme(), undo_days=10)))
    assert (outcome.recounts, outcome.moved) == (True, 0)


def test_as_many_queries_for_many_units_and_nothing_stored(
    made: World, cast: SimpleNamespace, as_person: Speak
) -> None:
    browser = as_person(cast.value_analyst)
    path = f"{PAGE}?period=2026-08&weight_new=50&weight_lost=0&lost_floor=0.3&lost_target=0"
    before = list(Scorecard.objects.order_by("pk").values())
    counted = []
    for unit_type in ("firm", "branch"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get(f"{path}&type={unit_type}").status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert list(Scorecard.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("weight_new=50", "130"),
        ("cap=130", "100 至 120"),
        ("lost_floor=0.1", "底线"),
        ("lost_floor=0.1&lost_target=0.2", "另一侧"),
        ("small_base=x", "数字"),
    ],
)
def test_what_cannot_be_tried_is_told(
    made: World, cast: SimpleNamespace, as_person: Speak, query: str, words: str
) -> None:
    answer = as_person(cast.value_analyst).get(f"{PAGE}?period=2026-08&{query}")
    assert (answer.status_code, words in answer.content.decode()) == (422, True)


def test_a_trial_becomes_a_draft_and_a_draft_is_tried(
    made: World, cast: SimpleNamespace, as_person: Speak
) -> None:
    browser = as_person(cast.value_analyst)
    made_of = browser.post("/scorecards/schemes/new/?period=2026-08&weight_new=10&weight_lost=40&cap=110")
    draft = SchemeDraft.objects.get()
    assert (made_of.status_code, draft.as_rules().weights["lost"], draft.as_rules().cap) == (302, 40, 110)
    page = browser.get(f"{PAGE}?period=2026-08&base=draft:{draft.pk}")
    assert 'placeholder="40"' in page.content.decode()
    hidden = as_person(cast.branch_manager_1001).get(f"{PAGE}?period=2026-08&base=draft:{draft.pk}")
    assert hidden.status_code == 404
    for wrong in ("base=version:9", "base=nonsense", "type=house"):
        assert browser.get(f"{PAGE}?period=2026-08&{wrong}").status_code == 404
    draft = actions.change_draft(
        actor=cast.value_analyst, draft=draft, version=1, scheme=draft.as_rules(),
        serves_from=day("2026-10-01"), reason="x",
    )  # fmt: skip
    draft = actions.propose_scheme(actor=cast.value_analyst, draft=draft, version=draft.version)
    actions.publish_scheme(actor=cast.compliance, draft=draft, version=draft.version)
    trial = Trial(SchemeVersion.objects.get(number=2).as_rules())
    outcome = try_out(cast.value_analyst, MONTH, "branch", trial)
    assert [row.change for row in outcome.rows] != [0, 0, 0]


def test_sheet_and_rest(made: World, cast: SimpleNamespace, as_person: Speak, as_system: Speak) -> None:
    query = (
        "period=2026-08&weight_new=0&weight_lost=100&weight_upgraded=0&weight_profitability=0&small_base=0"
    )
    browser: Any = as_person(cast.value_analyst)
    book = load_workbook(BytesIO(browser.get(f"{PAGE}xlsx/?{query}").content))
    rows = list(book.active.iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[3], row[5]) for row in rows] == [("1002", 1, 100), ("1005", 2, 75), ("1001", 3, 0)]
    api = "/api/v1/scorecards/what-if/"
    told = as_system("scorecards:read").get(f"{api}?{query}").json()
    assert [(one["unit"]["code"], one["place"]["tried"], one["total"]["tried"]) for one in told] == [
        ("1002", 1, "100.0000"), ("1005", 2, "75.0000"), ("1001", 3, "0.0000"),
    ]  # fmt: skip
    for wrong in (
        "period=x",
        "period=2026-08&base=draft:1",
        "period=2026-08&unit_type=x",
        "period=2026-08&cap=99",
    ):
        assert browser.get(f"{api}?{wrong}").status_code == 400
