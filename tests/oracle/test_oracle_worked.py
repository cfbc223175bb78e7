"""The worked examples of the definition, to the digit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from . import dates, identifiers
from .config import INDICATORS, Model, Scheme, Targets
from .exact import rounded
from .scorecard import Base, Profits, Worked, worked
from .scores import indicator_score, quantiles, rank
from .tiers import lifetime_value, next_tier, plain_tier

MODEL = Model()
TARGETS = Targets(
    new=(Decimal("0.02"), Decimal("0.08")),
    lost=(Decimal("0.08"), Decimal("0.03")),
    upgraded=(Decimal("0.02"), Decimal("0.10")),
    profitability={
        "H": (Decimal(2000), Decimal(6000)),
        "M": (Decimal(200), Decimal(800)),
        "L": (Decimal(0), Decimal(60)),
    },
)


def counts(
    held: int,
    new: int,
    returned: int,
    lost: int,
    came: int,
    went: int,
    end: int,
    stayed: int,
    top: int,
    upgraded: int,
    downgraded: int,
) -> dict[str, int]:
    return {
        "B": held,
        "N": new,
        "R": returned,
        "L": lost,
        "L_in": 0,
        "X": 0,
        "T_in": came,
        "T_out": went,
        "E": end,
        "S": stayed,
        "S_top": top,
        "S_new": 0,
        "U": upgraded,
        "D": downgraded,
        "flash": 0,
    }


def profits(high: tuple, middle: tuple, low: tuple) -> Profits:
    """(profit, average clients) of the groups, put into one tier each."""
    groups = {"V5": high, "V3": middle, "V1": low}
    return Profits(
        {tier: Decimal(str(group[0])) for tier, group in groups.items()},
        {tier: Fraction(str(group[1])) for tier, group in groups.items()},
    )


FIRM = Base(counts(1000, 50, 0, 50, 0, 0, 1000, 1000, 0, 60, 0), profits((4500, 1), (500, 1), (40, 1)))
A = Base(
    counts(1000, 60, 5, 40, 10, 15, 1020, 945, 45, 63, 27),
    profits((270000, 50), (104000, 200), (38000, 760)),
    firm=FIRM,
)
B = Base(
    counts(120, 12, 1, 3, 15, 10, 135, 107, 7, 11, 4),
    profits((30000, 6), (21000, 30), (-1830, "91.5")),
    firm=FIRM,
)
MERGED = Base(
    counts(1120, 72, 6, 43, 0, 0, 1155, 1077, 52, 74, 31),
    profits((300000, 56), (125000, 230), (36170, "851.5")),
    firm=FIRM,
)


def card(base: Base, targets: Targets = TARGETS) -> Worked:
    return worked(base, targets, Scheme())


def shown(done: Worked) -> str:
    assert done.total is not None
    return str(rounded(done.total, 2))


def test_branch_a() -> None:
    done = card(A)
    assert (shown(done), done.completeness, done.flags) == ("71.12", "full", [])
    assert str(done.total) == "71.1167"
    assert [done.indicators[name]["score"] for name in done.indicators] == [
        Decimal(text) for text in ("66.6667", "80.0000", "62.5000", "75.1667")
    ]
    assert [group["score"] for group in done.indicators["profitability"]["groups"]] == [
        Decimal(text) for text in ("85.0000", "53.3333", "83.3333")
    ]


def test_branch_b_with_a_small_base() -> None:
    done = card(B)
    assert (shown(done), done.flags) == ("81.11", ["LOW_BASE"])
    assert [done.indicators[name]["score"] for name in done.indicators] == [
        Decimal(text) for text in ("95.4545", "87.2727", "81.2500", "57.2917")
    ]
    groups = done.indicators["profitability"]["groups"]
    assert [group["used"] for group in groups] == [
        Decimal(text) for text in ("4583.3333", "700.0000", "-20.0000")
    ]


def test_branch_b_without_shrinking() -> None:
    done = card(replace(B, firm=None))
    assert (shown(done), done.flags) == ("92.50", [])


def test_branch_b_without_profitability() -> None:
    done = card(B, replace(TARGETS, profitability={}))
    assert (shown(done), done.completeness) == ("87.06", "partial")


def test_both_branches_merged() -> None:
    assert shown(card(MERGED)) == "73.96"


def test_total_needs_seventy_per_cent_of_the_weight() -> None:
    kept = card(A, replace(TARGETS, lost=None))
    assert (kept.completeness, kept.total is not None) == ("partial", True)
    gone = card(A, replace(TARGETS, lost=None, new=None))
    assert (gone.completeness, gone.total) == ("none", None)


def test_short_history_has_no_upgraded_rate() -> None:
    done = card(replace(A, short_history=True))
    upgraded = done.indicators["upgraded"]
    assert (upgraded["raw"], upgraded["used"], upgraded["score"]) == (Decimal("0.070000"), None, None)
    assert (done.flags, done.completeness) == (["SHORT_HISTORY"], "partial")


def test_group_without_clients_gives_its_weight_away() -> None:
    done = card(replace(A, profits=profits((0, 0), (104000, 200), (38000, 760))))
    assert done.indicators["profitability"]["score"] == Decimal("65.3333")
    assert done.indicators["profitability"]["groups"][0]["ap"] is None


def test_lifetime_value() -> None:
    assert lifetime_value(Decimal(1000), Fraction(8, 10), MODEL) == Decimal("2124.10")
    assert lifetime_value(Decimal(-1), Fraction(8, 10), MODEL) == Decimal("0.00")
    assert lifetime_value(Decimal(1000), None, MODEL) is None


def test_net_commission_example() -> None:
    assert Decimal("25.00") - Decimal("3.41") - Decimal("2.00") == Decimal("19.59")


@pytest.mark.parametrize(
    ("number", "good"),
    [
        ("11010519491231002X", True),
        ("11010519491231002x", True),
        ("110105194912310021", False),
        ("11010519491331002X", False),
        ("1101051949123100", False),
        ("440524188001010014", True),
    ],
)
def test_resident_ids(number: str, good: bool) -> None:
    assert identifiers.is_resident_id(number) is good


@pytest.mark.parametrize(
    ("number", "good"),
    [
        ("91330100799655058B", True),
        ("9144030071526726XG", True),
        ("91330100799655058C", False),
        ("9144030071526726IG", False),
    ],
)
def test_credit_codes(number: str, good: bool) -> None:
    assert identifiers.is_credit_code(number) is good


def test_rounding_is_half_up_on_both_sides() -> None:
    assert [str(rounded(Decimal(text), 2)) for text in ("0.005", "-0.005", "2.675", "1.004999")] == [
        "0.01",
        "-0.01",
        "2.68",
        "1.00",
    ]


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2026, 7, 31), 3, date(2026, 10, 31)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2028, 2, 29), -12, date(2027, 2, 28)),
        (date(2026, 1, 31), -1, date(2025, 12, 31)),
    ],
)
def test_adding_months(day: date, months: int, result: date) -> None:
    assert dates.add_months(day, months) == result


def test_periods_of_a_night() -> None:
    assert dates.nightly_periods(date(2026, 1, 21)) == [
        "2025-12",
        "2026-01",
        "2025-Q4",
        "2026-Q1",
        "2025",
        "2026",
    ]
    quarter = dates.period("2026-Q3")
    assert (quarter.start, quarter.end) == (date(2026, 7, 1), date(2026, 9, 30))


def test_quantiles_by_nearest_rank() -> None:
    plain = next(known for known in INDICATORS if known.name == "turnover_12m")
    points = quantiles(plain, [Decimal(value) for value in (40, 10, 30, 20)] + [None])
    assert (points[0], points[25], points[26], points[50], points[51], points[100]) == (
        10,
        10,
        20,
        20,
        30,
        40,
    )
    assert [rank(points, Decimal(value)) for value in (9, 41)] == [0, 100]
    assert rank(points, Decimal(10)) == Fraction(25, 2)
    assert rank(points, Decimal(15)) == (Fraction(25, 2) + 38) / 2


def test_positive_values_only() -> None:
    money = next(known for known in INDICATORS if known.name == "contribution_12m")
    points = quantiles(money, [Decimal(value) for value in (-5, 0, 10, 20)])
    assert points[0] == 10
    scores = [indicator_score(money, Decimal(value), points) for value in (-1, 0, 5, 21)]
    assert scores == [0, 0, 10, 100]
    assert quantiles(money, [Decimal(0), None]) == ()
    assert indicator_score(money, Decimal(5), ()) is None


@pytest.mark.parametrize(
    ("before", "score", "history", "at_close", "tier"),
    [
        ("V3", "71.99", [], True, "V3"),
        ("V3", "72.00", [], True, "V4"),
        ("V2", "87.00", [], False, "V5"),
        ("V3", "46.99", ["46.99", "46.99"], True, "V2"),
        ("V3", "46.99", ["46.99", "46.99"], False, "V3"),
        ("V3", "46.99", ["47.00", "46.99"], True, "V3"),
        ("V3", "46.99", ["46.99"], True, "V3"),
        ("V4", "10.00", ["10"] * 4, True, "V4"),
        ("V4", "10.00", ["10"] * 5, True, "V3"),
        ("V5", "10.00", [None, *["10"] * 4], True, "V5"),
        ("V1", "1.00", ["1"] * 6, True, "V1"),
        (None, "85.00", [], True, "V5"),
        ("NEW", "49.99", [], False, "V2"),
        ("V4", None, [], True, "V4"),
    ],
)
def test_hysteresis(before: str | None, score: str | None, history: list, at_close: bool, tier: str) -> None:
    past = [None if value is None else Decimal(value) for value in history]
    now = None if score is None else Decimal(score)
    assert next_tier(before, now, past, at_close, MODEL)[0] == tier


def test_plain_cuts() -> None:
    assert [plain_tier(Decimal(text), MODEL) for text in ("0", "29.99", "30", "50", "70", "85")] == [
        "V1",
        "V1",
        "V2",
        "V3",
        "V4",
        "V5",
    ]
