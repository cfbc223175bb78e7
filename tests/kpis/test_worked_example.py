"""The worked example of the scorecard, to the digit (K6, K8): two branches, each by itself and as one."""

from decimal import Decimal

import pytest

from kpis.rules import CardInputs, Limits, Profits, Scheme, Targets, TierFacts, Worked, half_up, work_out
from kpis.rules.passages import COUNTS, identity_holds

TARGETS = Targets(
    {
        "new": Limits(Decimal("0.02"), Decimal("0.08")),
        "lost": Limits(Decimal("0.08"), Decimal("0.03")),
        "upgraded": Limits(Decimal("0.02"), Decimal("0.10")),
    },
    {
        "H": Limits(Decimal(2000), Decimal(6000)),
        "M": Limits(Decimal(200), Decimal(800)),
        "L": Limits(Decimal(0), Decimal(60)),
    },
)


def counts(**given: int) -> dict[str, int]:
    return dict.fromkeys(COUNTS, 0) | given


def profits(high: tuple[str, str], middle: tuple[str, str], low: tuple[str, str]) -> Profits:
    """(profit, average clients) of H, M and L, each standing in one tier of its group."""
    parts = zip(("V5", "V3", "V1"), (high, middle, low), strict=True)
    return Profits(
        3, {tier: TierFacts(Decimal(profit), {}, Decimal(average)) for tier, (profit, average) in parts}
    )


A = counts(B=1000, N=60, R=5, L=40, T_in=10, T_out=15, E=1020, S=945, S_top=45, U=63, D=27)
B = counts(B=120, N=12, R=1, L=3, T_in=15, T_out=10, E=135, S=107, S_top=7, U=11, D=4)
MERGED = counts(B=1120, N=72, R=6, L=43, E=1155, S=1077, S_top=52, U=74, D=31)
PROFITS_A = profits(("270000", "50"), ("104000", "200"), ("38000", "760"))
PROFITS_B = profits(("30000", "6"), ("21000", "30"), ("-1830", "91.5"))
PROFITS_MERGED = profits(("300000", "56"), ("125000", "230"), ("36170", "851.5"))

# a firm with exactly the example's rates .05, .05, .06 and AP 4500, 500, 40
FIRM = CardInputs(
    counts(B=10000, N=500, L=500, S=10000, U=600),
    profits(("4500", "1"), ("500", "1"), ("40", "1")),
)


def card(
    kept: dict[str, int], of: Profits, targets: Targets = TARGETS, firm: CardInputs | None = FIRM
) -> Worked:
    return work_out(CardInputs(kept, of, firm=firm), targets, Scheme())


def shown(value: Decimal | None, places: int = 4) -> str:
    return str(half_up(value, places))


def test_every_count_keeps_the_identity() -> None:
    assert all(identity_holds(kept) for kept in (A, B, MERGED))


def test_branch_a() -> None:
    worked = card(A, PROFITS_A)
    assert [str(worked.rates[name].used) for name in ("new", "lost")] == ["0.06", "0.04"]
    assert shown(worked.rates["upgraded"].used, 6) == "0.070000"
    assert [shown(group.used) for group in worked.groups] == ["5400.0000", "520.0000", "50.0000"]
    assert [shown(group.score) for group in worked.groups] == ["85.0000", "53.3333", "83.3333"]
    assert [shown(worked.rates[name].score) for name in worked.rates] == ["66.6667", "80.0000", "62.5000"]
    assert shown(worked.profitability) == "75.1667"
    assert (shown(worked.total, 2), shown(worked.total)) == ("71.12", "71.1167")
    assert (worked.completeness, worked.flags) == ("full", ())


def test_k6_branch_b_is_mixed_with_the_firm() -> None:
    worked = card(B, PROFITS_B)
    expected = [Decimal(17) / 220, Decimal(8) / 220, Decimal(17) / 200]
    assert [shown(rate.used, 12) for rate in worked.rates.values()] == [
        shown(value, 12) for value in expected
    ]
    assert [shown(rate.raw, 6) for rate in worked.rates.values()] == ["0.100000", "0.025000", "0.110000"]
    assert [shown(group.used) for group in worked.groups] == [
        shown(Decimal(165000) / 36),
        "700.0000",
        "-20.0000",
    ]
    assert [shown(group.score) for group in worked.groups] == ["64.5833", "83.3333", "0.0000"]
    assert [shown(worked.rates[name].score) for name in worked.rates] == ["95.4545", "87.2727", "81.2500"]
    assert shown(worked.profitability) == "57.2917"
    assert shown(worked.total, 2) == "81.11"
    assert worked.flags == ("LOW_BASE",)


def test_branch_b_without_shrinking() -> None:
    worked = card(B, PROFITS_B, firm=None)
    assert (shown(worked.total, 2), worked.flags) == ("92.50", ())


def test_k8_branch_b_with_profitability_missing() -> None:
    worked = card(B, PROFITS_B, Targets(TARGETS.rates))
    assert (shown(worked.total, 2), worked.completeness) == ("87.06", "partial")
    assert worked.profitability is None


def test_both_as_one_unit() -> None:
    worked = card(MERGED, PROFITS_MERGED)
    assert (shown(worked.total, 2), worked.flags) == ("73.96", ())


@pytest.mark.parametrize("firm", [FIRM, None])
def test_a_card_kept_as_json_gives_the_same_total(firm: CardInputs | None) -> None:
    again = Profits.from_json(PROFITS_B.to_json())
    targets = Targets.from_json(TARGETS.to_json())
    assert card(B, again, targets, firm) == card(B, PROFITS_B, TARGETS, firm)
