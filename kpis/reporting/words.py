"""What a report's sections and facts are called, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

HEADLINES: dict[str, tuple[str, ...]] = {
    "movement": ("clients", "new", "lost", "contribution", "assets", "total"),
    "segments": ("top_clients", "top_of_clients", "top_of_value", "per_client"),
    "migration": ("rose", "fell", "stayed", "into_top", "out_of_top"),
    "concentration": ("top1", "top5", "top20", "gini"),
    "at_risk": ("clients", "of_clients", "contribution", "dormant"),
    "units": ("average", "best_total", "last_total", "improved", "low"),
    "service": ("contacts", "minutes", "cost", "cases", "complaints"),
}
"""The facts of each section that stand large above it; all of them are offered to whoever writes."""


def section_titles() -> dict[str, str]:
    return {
        "movement": _("What moved"),
        "segments": _("Segments: size and value"),
        "migration": _("Migration between tiers"),
        "concentration": _("Where value concentrates"),
        "at_risk": _("Clients at risk"),
        "units": _("Regions and branches"),
        "service": _("Service of the month"),
    }


def fact_words(section: str) -> dict[str, str]:
    """What each fact of a section is."""
    found = {
        "movement": _movement, "segments": _segments, "migration": _migration,
        "concentration": _concentration, "at_risk": _at_risk, "units": _units, "service": _service,
    }  # fmt: skip
    return found[section]()


def _movement() -> dict[str, str]:
    return {
        "clients": _("Clients held"),
        "clients_change": _("Clients, against the month before"),
        "clients_year": _("Clients, against a year before"),
        "new": _("New"),
        "back": _("Reactivated"),
        "lost": _("Lost"),
        "new_rate": _("New client rate"),
        "lost_rate": _("Lost client rate"),
        "upgraded_rate": _("Upgraded client rate"),
        "contribution": _("Contribution, 12 months"),
        "contribution_change": _("Contribution, against the month before"),
        "contribution_year": _("Contribution, against a year before"),
        "assets": _("Assets"),
        "assets_change": _("Assets, against the month before"),
        "total": _("Total score of the firm"),
        "total_change": _("Total score, against the month before"),
    }


def _segments() -> dict[str, str]:
    return {
        "top_clients": _("Clients of the two top tiers"),
        "top_change": _("Top clients, against the month before"),
        "top_of_clients": _("Their share of the clients"),
        "top_of_value": _("Their share of the value"),
        "top_per_client": _("Contribution per top client"),
        "per_client": _("Contribution per client"),
        "largest": _("Largest tier"),
        "largest_of_clients": _("Share of the largest tier"),
    }


def _migration() -> dict[str, str]:
    return {
        "rose": pgettext("clients", "Rose"),
        "fell": pgettext("clients", "Fell"),
        "stayed": pgettext("clients", "Stayed"),
        "rose_share": _("Share that rose"),
        "fell_share": _("Share that fell"),
        "into_top": _("Into the two top tiers"),
        "out_of_top": _("Out of the two top tiers"),
    }


def _concentration() -> dict[str, str]:
    return {
        "top1": _("Value from the top 1 % of clients"),
        "top5": _("Value from the top 5 % of clients"),
        "top20": _("Value from the top 20 % of clients"),
        "gini": _("Concentration (Gini)"),
        "gini_change": _("Concentration, against the month before"),
    }


def _at_risk() -> dict[str, str]:
    return {
        "clients": _("Valuable clients at risk"),
        "clients_change": _("At risk, against the month before"),
        "of_clients": _("Share of the clients"),
        "contribution": _("Contribution they bring, 12 months"),
        "of_value": _("Share of the value"),
        "dormant": _("With dormant assets"),
    }


def _units() -> dict[str, str]:
    return {
        "branches": _("Branches"),
        "average": _("Average total score"),
        "best": _("Best branch"),
        "best_total": _("Best total score"),
        "last": _("Last branch"),
        "last_total": _("Lowest total score"),
        "improved": _("Branches that improved"),
        "low": _("Branches below 60 points"),
    }


def _service() -> dict[str, str]:
    return {
        "contacts": _("Contacts"),
        "contacts_change": _("Contacts, against the month before"),
        "minutes": _("Minutes spent"),
        "cost": _("Service cost"),
        "satisfaction": _("Satisfaction, of 5"),
        "cases": _("Cases opened"),
        "complaints": _("Complaints"),
        "complaints_change": _("Complaints, against the month before"),
        "resolved": _("Cases resolved"),
    }
