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


def demo_targets() -> list[dict[str, object]]:
    """One entry per period type for the firm; the branches use them too. The form of the kpi-targets API."""
    return [
        {"period_type": period, "unit": "firm", "floors": _side(period, 0), "targets": _side(period, 1)}
        for period in MONTHS
    ]


def _side(period: str, side: int) -> dict[str, object]:
    rates: dict[str, object] = {name: pairs[period][side] for name, pairs in RATES.items()}
    profits = {group: str(Decimal(pair[side]) * MONTHS[period]) for group, pair in PROFITS.items()}
    return rates | {"profitability": profits}
