"""The scorecard's arithmetic in its corners: missing values, small bases, rounding, periods (K6-K12, S15)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.rules import CardInputs, Limits, Passage, Profits, Scheme, Targets, TierFacts, half_up, work_out
from kpis.rules.card import mixed, points, total_of, weighted
from kpis.rules.numbers import ratio
from kpis.rules.passages import (
    CLOSING,
    COUNTS,
    EXCLUDED,
    FELL,
    FLASHED,
    LOST,
    MEANINGS,
    NEW,
    OPENING,
    RETURNED,
    ROSE,
    SAME,
    STAYED,
    TOP,
    TOP_FELL,
    UNRANKED,
    counted,
    identity_holds,
    numbers_of,
)  # fmt: skip
from kpis.rules.periods import (
    Period,
    add_months,
    loaded_months_behind,
    parse_period,
    period_of,
    periods_between,
)  # fmt: skip
from tests.kpis.test_worked_example import FIRM, TARGETS, counts

NO_PROFITS = Profits()


def text(value: Decimal | None, places: int) -> str | None:
    rounded = half_up(value, places)
    return None if rounded is None else str(rounded)


# rounding


@pytest.mark.parametrize(
    ("over", "under", "places", "expected"),
    [
        (1, 8, 2, "0.13"), (-1, 8, 2, "-0.13"), (0, 5, 2, "0.00"), (1, 3, 4, "0.3333"), (2, 3, 4, "0.6667"),
        (711145, 10000, 2, "71.11"), (711150, 10000, 2, "71.12"),
    ],
)  # fmt: skip
def test_k11_rounding_is_half_up_and_done_once(over: int, under: int, places: int, expected: str) -> None:
    assert text(ratio(over, under), places) == expected


def test_a_half_reached_by_quotients_that_never_end_is_a_half() -> None:
    nearly = Decimal("0.124" + "9" * 55)
    assert text(nearly, 2) == "0.13"


def test_nothing_divided_by_nothing_is_missing() -> None:
    assert ratio(0, 0) is None
    assert half_up(None, 2) is None


# points


@pytest.mark.parametrize(
    ("value", "floor", "target", "expected"),
    [
        ("0.02", "0.02", "0.08", 0), ("0.01", "0.02", "0.08", 0), ("0.08", "0.02", "0.08", 100),
        ("0.20", "0.02", "0.08", 100), ("0.05", "0.02", "0.08", 50),
        ("0.08", "0.08", "0.03", 0), ("0.03", "0.08", "0.03", 100), ("0.10", "0.08", "0.03", 0),
    ],
)  # fmt: skip
def test_points_run_from_floor_to_target(value: str, floor: str, target: str, expected: int) -> None:
    assert points(Decimal(value), Limits(Decimal(floor), Decimal(target)), Decimal(100)) == expected


def test_the_cap_may_lie_above_100() -> None:
    limits = Limits(Decimal(0), Decimal(10))
    assert points(Decimal(11), limits, Decimal(120)) == 110
    assert points(Decimal(13), limits, Decimal(120)) == 120


def test_k8_without_value_or_limits_there_are_no_points() -> None:
    assert points(None, Limits(Decimal(0), Decimal(1)), Decimal(100)) is None
    assert points(Decimal(1), None, Decimal(100)) is None


@pytest.mark.parametrize(
    ("floor", "target", "lower", "right"), [(1, 2, False, True), (2, 1, False, False), (2, 1, True, True),
                                            (1, 2, True, False), (1, 1, True, False), (1, 1, False, False)],
)  # fmt: skip
def test_floor_and_target_have_a_direction(floor: int, target: int, lower: bool, right: bool) -> None:
    assert Limits(Decimal(floor), Decimal(target)).is_right_way(lower_is_better=lower) is right


# small bases


@pytest.mark.parametrize(("base", "shrunk"), [(0, False), (1, True), (199, True), (200, False)])
def test_k6_rates_on_fewer_than_200_are_mixed(base: int, shrunk: bool) -> None:
    rate = work_out(CardInputs(counts(B=base, N=base), NO_PROFITS, firm=FIRM), TARGETS, Scheme()).rates["new"]
    assert rate.shrunk is shrunk
    assert rate.used == (mixed(base, base, 100, Decimal("0.05")) if shrunk else rate.raw)


@pytest.mark.parametrize(("average", "shrunk"), [("0", False), ("29.99", True), ("30", False)])
def test_k6_groups_of_fewer_than_30_are_mixed(average: str, shrunk: bool) -> None:
    held = Profits(1, {"V5": TierFacts(Decimal(900), {}, Decimal(average))})
    group = work_out(CardInputs(counts(), held, firm=FIRM), TARGETS, Scheme()).groups[0]
    assert group.shrunk is shrunk
    assert (group.used is None) == (average == "0")


def test_k6_at_the_firm_nothing_is_shrunk() -> None:
    worked = work_out(CardInputs(counts(B=10, N=1), NO_PROFITS), TARGETS, Scheme())
    assert (worked.rates["new"].used, worked.flags) == (Decimal("0.1"), ())


def test_k6_low_base_also_without_a_target_and_against_a_firm_without_clients() -> None:
    empty = CardInputs(counts(), NO_PROFITS)
    held = Profits(1, {"V5": TierFacts(Decimal(60), {}, Decimal(15))})
    worked = work_out(CardInputs(counts(B=100, N=20), held, firm=empty), Targets(), Scheme())
    assert (worked.rates["new"].used, worked.groups[0].used) == (Decimal("0.1"), ratio(60, 45))
    assert worked.flags == ("LOW_BASE",)


# missing


def test_k8_a_group_without_clients_gives_its_weight_away() -> None:
    held = Profits(1, {"V3": TierFacts(Decimal(50000), {}, Decimal(100))})
    worked = work_out(CardInputs(counts(B=1), held), TARGETS, Scheme())
    assert [group.score for group in worked.groups] == [None, 50, None]
    assert worked.profitability == 50


def test_weights_of_nothing() -> None:
    assert weighted([]) is None
    assert weighted([(Decimal(1), None)]) is None


@pytest.mark.parametrize(
    ("missing", "expected"),
    [((), "full"), (("new",), "partial"), (("lost",), "partial"), (("new", "lost"), "none"),
     (("new", "profitability"), "none"), (("new", "lost", "upgraded", "profitability"), "none")],
)  # fmt: skip
def test_k12_seventy_percent_of_the_weight_is_enough(missing: tuple[str, ...], expected: str) -> None:
    scores = {name: None if name in missing else Decimal(50) for name in Scheme().weights}
    total, completeness = total_of(scores, Scheme())
    assert completeness == expected
    assert total == (None if expected == "none" else 50)


def test_a_zero_score_is_not_missing() -> None:
    scores = {name: Decimal(0) for name in Scheme().weights}
    assert total_of(scores, Scheme()) == (0, "full")


def test_s15_short_history_leaves_the_upgraded_rate_out() -> None:
    kept = counts(B=1000, E=1000, S=1000, U=100)
    worked = work_out(CardInputs(kept, NO_PROFITS, short_history=True, firm=FIRM), TARGETS, Scheme())
    upgraded = worked.rates["upgraded"]
    assert (upgraded.raw, upgraded.used, upgraded.score) == (Decimal("0.1"), None, None)
    assert worked.flags == ("SHORT_HISTORY",)
    assert worked.score("upgraded") is None
    assert worked.score("profitability") is None


# profits


def test_k7_average_clients_are_days_over_all_months_of_the_period() -> None:
    facts = TierFacts(Decimal(10), {31: 62, 30: 15})
    assert text(facts.average(3), 6) == text(Decimal("2.5") / 3, 6)
    assert Profits(3, {"V1": facts}).client_days == 77


# passages


@pytest.mark.parametrize(
    ("passage", "expected"),
    [
        (Passage(STAYED, "a", "a", SAME), "B@a E@a S@a"),
        (Passage(STAYED, "a", "a", UNRANKED), "B@a E@a S@a S_new@a"),
        (Passage(STAYED, "a", "a", TOP), "B@a E@a S@a S_top@a"),
        (Passage(STAYED, "a", "a", TOP_FELL), "B@a E@a S@a S_top@a D@a"),
        (Passage(STAYED, "a", "a", ROSE), "B@a E@a S@a U@a"),
        (Passage(STAYED, "a", "a", FELL), "B@a E@a S@a D@a"),
        (Passage(STAYED, "a", "b", ROSE), "B@a T_in@b T_out@a E@b"),
        (Passage(NEW, "a", "a"), "N@a E@a"),
        (Passage(NEW, "a", "b"), "N@a T_in@b T_out@a E@b"),
        (Passage(RETURNED, "a", "b"), "R@a T_in@b T_out@a E@b"),
        (Passage(LOST, "a", "a"), "B@a L@a"),
        (Passage(LOST, "a", "b"), "B@a L_in@b T_in@b T_out@a"),
        (Passage(EXCLUDED, "a", "a"), "B@a X@a"),
        (Passage(FLASHED, "a", "a"), "flash@a"),
        (Passage(STAYED, None, "b", SAME), "T_in@b E@b"),
        (Passage(LOST, "a", None), "B@a T_out@a"),
        (Passage(STAYED, None, None, SAME), ""),
    ],
)
def test_k1_k2_k4_what_a_passage_counts_as(passage: Passage, expected: str) -> None:
    assert " ".join(f"{number}@{unit}" for number, unit in numbers_of(passage)) == expected


def test_every_count_has_a_meaning_and_an_end() -> None:
    assert tuple(MEANINGS) == COUNTS
    assert {meaning.end for meaning in MEANINGS.values()} == {OPENING, CLOSING}


UNITS = st.sampled_from(["a", "b", "c", None])
STAYS = st.builds(Passage, st.just(STAYED), UNITS, UNITS,
                  st.sampled_from([UNRANKED, TOP, TOP_FELL, ROSE, FELL, SAME]))  # fmt: skip
ENTRIES = st.builds(Passage, st.sampled_from([NEW, RETURNED, LOST]), UNITS, UNITS)
ENDS = st.builds(lambda kind, unit: Passage(kind, unit, unit), st.sampled_from([EXCLUDED, FLASHED]), UNITS)


@given(st.lists(st.tuples(STAYS | ENTRIES | ENDS, st.integers(1, 5)), max_size=30))
def test_k1_the_identity_holds_whatever_ways_clients_go(passages: list[tuple[Passage, int]]) -> None:
    assert all(identity_holds(kept) for kept in counted(passages).values())


@given(st.lists(st.tuples(STAYS | ENTRIES | ENDS, st.integers(1, 5)), max_size=30))
def test_k4_a_unit_of_all_units_has_no_transfers_and_sums_the_entries(
    passages: list[tuple[Passage, int]],
) -> None:
    inside = [(passage, clients) for passage, clients in passages if passage.opening and passage.closing]
    whole = [(Passage(one.kind, "firm", "firm", one.movement), clients) for one, clients in inside]
    parts, firm = counted(inside), counted(whole).get("firm", dict.fromkeys(COUNTS, 0))
    for number in ("B", "N", "R", "X", "E", "flash"):
        assert firm[number] == sum(unit[number] for unit in parts.values())
    assert firm["T_in"] == firm["T_out"] == firm["L_in"] == 0
    assert firm["L"] == sum(unit["L"] + unit["L_in"] for unit in parts.values())


@pytest.mark.parametrize("off", ["E", "B", "U", "S"])
def test_the_identity_notices(off: str) -> None:
    kept = counts(B=2, E=2, S=2)
    assert identity_holds(kept)
    assert not identity_holds(kept | {off: kept[off] + 3})


# periods


@pytest.mark.parametrize(
    ("name", "start", "end", "months"),
    [("2026-10", date(2026, 10, 1), date(2026, 10, 31), 1),
     ("2024-02", date(2024, 2, 1), date(2024, 2, 29), 1),
     ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30), 3), ("2026", date(2026, 1, 1), date(2026, 12, 31), 12)],
)  # fmt: skip
def test_periods_have_names_and_dates(name: str, start: date, end: date, months: int) -> None:
    period = parse_period(name)
    assert (period.name, period.start, period.end, len(period.months)) == (name, start, end, months)


@pytest.mark.parametrize("name", ["", "2026-13", "2026-00", "2026-Q0", "2026-Q5", "26", "2026-1", "0999"])
def test_other_names_are_no_periods(name: str) -> None:
    with pytest.raises(ValueError, match="no period"):
        parse_period(name)


def test_periods_beside_a_period() -> None:
    quarter = parse_period("2026-Q1")
    assert quarter.shifted(-1).name == "2025-Q4"
    assert quarter.year_before().name == "2025-Q1"
    assert quarter.opening_day == date(2025, 12, 31)
    assert quarter.reckoned_to(date(2026, 2, 3)) == date(2026, 2, 3)
    assert quarter.reckoned_to(date(2026, 4, 3)) == date(2026, 3, 31)
    assert add_months(date(2026, 11, 1), 2) == date(2027, 1, 1)


def test_all_periods_since_the_first_month() -> None:
    names = [period.name for period in periods_between(date(2025, 11, 1), date(2026, 1, 5))]
    assert names == ["2025-11", "2025-12", "2025-Q4", "2025", "2026-01", "2026-Q1", "2026"]
    assert period_of(date(2026, 5, 5), "quarter") == Period(date(2026, 4, 1), "quarter")


@pytest.mark.parametrize(
    ("first", "opening", "months"),
    [(date(2025, 10, 1), date(2026, 9, 30), 12), (date(2025, 10, 1), date(2025, 10, 31), 1),
     (date(2025, 10, 1), date(2025, 9, 30), 0), (date(2025, 10, 1), date(2024, 12, 31), 0)],
)  # fmt: skip
def test_s15_months_behind_a_close(first: date, opening: date, months: int) -> None:
    assert loaded_months_behind(first, opening) == months
