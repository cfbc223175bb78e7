"""Floors and targets of the demo scorecards, chosen so that branches spread between poor and excellent.

The first figures are for a month; rates grow with the length of the period (a quarter three months), and the
average profitability of a tier is CNY a client over the period.
"""

from decimal import Decimal

MONTHS = {"month": 1, "quarter": 3, "year": 12}
RATES = {  # floor, target of one month
    "new": ("0.0020", "0.0120"),
    "lost": ("0.0160", "0.0020"),
    "upgraded": ("0.0050", "0.0400"),
}
PROFITS = {  # CNY a client and month
    "H": ("200", "2500"),
    "M": ("15", "120"),
    "L": ("-5", "15"),
}


def demo_targets() -> list[dict[str, object]]:
    """One entry per period type for the firm; the branches use them too. The form of the kpi-targets API."""
    return [
        {"period_type": period, "unit": "firm", "floors": _side(months, 0), "targets": _side(months, 1)}
        for period, months in MONTHS.items()
    ]


def _side(months: int, side: int) -> dict[str, object]:
    rates: dict[str, object] = {name: str(Decimal(pair[side]) * months) for name, pair in RATES.items()}
    rates["profitability"] = {group: str(Decimal(pair[side]) * months) for group, pair in PROFITS.items()}
    return rates
