"""Floors and targets of the demo scorecards, chosen so that branches spread between poor and excellent."""

from decimal import Decimal

RATES = {  # floor and target by period type
    "new": {"month": ("0.003", "0.022"), "quarter": ("0.012", "0.050"), "year": ("0.040", "0.160")},
    "lost": {"month": ("0.018", "0.002"), "quarter": ("0.045", "0.010"), "year": ("0.150", "0.040")},
    "upgraded": {"month": ("0.005", "0.045"), "quarter": ("0.025", "0.120"), "year": ("0.120", "0.360")},
}
PROFITS = {"H": ("300", "1800"), "M": ("30", "240"), "L": ("5", "80")}
"""Floor and target of the average profitability by group of tiers, CNY a client and month."""
MONTHS = {"month": 1, "quarter": 3, "year": 12}
Pair = tuple[str, str]


def demo_targets() -> dict[str, dict[str, Pair | dict[str, Pair]]]:
    """By period type the firm's (floor, target) pairs, by rate and for profitability by group of tiers."""
    return {
        period: {**_rates(period), "profitability": _profits(months)} for period, months in MONTHS.items()
    }


def _rates(period: str) -> dict[str, Pair]:
    return {name: pairs[period] for name, pairs in RATES.items()}


def _profits(months: int) -> dict[str, Pair]:
    return {
        group: (str(Decimal(low) * months), str(Decimal(high) * months))
        for group, (low, high) in PROFITS.items()
    }
