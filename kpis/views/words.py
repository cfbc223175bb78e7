"""How a client's way through a period is said."""

from django.utils.translation import gettext as _

from core.templatetags.ui import tier_names


def way_words(way: tuple[str, str, str]) -> str:
    """Kind of passage, and for a stayer the tiers of both ends; a dash where the client went no such way."""
    kind, tier_from, tier_to = way
    known = {
        "stayed": _("stayed"), "new": _("new"), "returned": _("reactivated"), "lost": _("lost"),
        "excluded": _("excluded"), "flashed": _("new and lost"),
    }  # fmt: skip
    if kind != "stayed":
        return known.get(kind, "–")
    names = tier_names()
    ends = [str(names.get(tier, tier)) if tier else _("no tier") for tier in (tier_from, tier_to)]
    return f"{known[kind]}, {ends[0]} → {ends[1]}"
