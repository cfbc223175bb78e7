"""What the value model's codes are called, in the reader's language."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import formats


def axis_words() -> dict[str, str]:
    return {"current": _("Current value"), "potential": _("Potential"), "loyalty": _("Loyalty")}


def indicator_words() -> dict[str, str]:
    return {
        "contribution_12m": _("Contribution, 12 months"),
        "contribution_3m_x4": _("Contribution, last 3 months × 4"),
        "assets_avg_3m": _("Average assets, 3 months"),
        "net_inflow_ratio": _("Net inflow over average assets"),
        "declared_outside_assets": _("Declared assets elsewhere"),
        "recency_days": _("Days since the last trade"),
        "active_months_12m": _("Months with trades, of 12"),
        "turnover_12m": _("Turnover, 12 months"),
        "product_families": _("Product families held"),
        "tenure_years": _("Years with the firm"),
        "complaints_12m": _("Substantiated complaints"),
    }


def event_words() -> dict[str, str]:
    return {
        "EFFECTIVE": _("Became an effective client"),
        "LOST": _("Lost as a client"),
        "REACTIVATED": _("Reactivated"),
        "EXCLUDED": _("Excluded from the counts"),
    }


def reason_words() -> dict[str, str]:
    return {
        "OPENING": _("Held when records began"),
        "CLOSED": _("Accounts closed"),
        "TRANSFERRED": _("Securities transferred away"),
        "SOFT": _("Assets withdrawn, no trades for three months"),
        "DECEASED": _("Deceased or closed by order"),
    }


def rule_words() -> dict[str, str]:
    return {
        "new": _("Effective for less than three months: not scored yet."),
        "first": _("First score: the tier follows the plain cut-offs."),
        "up": _("The score passed the cut-off of a higher tier by the margin."),
        "down": _("The score stood below the tier's line at every close that counts."),
        "stay": _("The tier of the last month close is kept."),
        "override": _("Two persons set this tier by hand; it wins over the rules while it lasts."),
    }


def service_words() -> dict[str, str]:
    """What each step of segmentation.queries.steps asks somebody to do."""
    return {
        "one_more_family": _("Offer one more kind of product"),
        "stay_active": _("Win the client for a trade this month"),
        "ask_outside": _("Ask what the client holds elsewhere and write it down"),
        "bring_assets": _("Win money for the account: a tenth of the assets, at least 10,000"),
        "trade_more": _("Trading services: a tenth more traded and earned"),
    }


def matrix_words() -> dict[str, str]:
    return {
        "core": pgettext("matrix", "Core"),
        "grow": pgettext("matrix", "Grow"),
        "maintain": pgettext("matrix", "Maintain"),
        "watch": pgettext("matrix", "Watch"),
    }


def moved_words() -> dict[str, str]:
    """How clients moved on the ladder."""
    return {
        "rose": pgettext("clients", "Rose"),
        "fell": pgettext("clients", "Fell"),
        "stayed": pgettext("clients", "Stayed"),
    }


def class_words() -> dict[str, str]:
    return {
        "large": pgettext("assets", "Large"),
        "medium": pgettext("assets", "Medium"),
        "retail": pgettext("assets", "Retail"),
    }


def raw_words(code: str, value: Any) -> str:
    """A raw value as a reader expects it: money, a share, days or years."""
    if value is None:
        return formats.DASH
    if code == "net_inflow_ratio":
        return formats.percent(value)
    if code == "tenure_years":
        return formats.number(value, 1)
    if isinstance(value, Decimal):
        return formats.money_short(value)
    return formats.number(value)
