"""The tables of a card, in the reader's language; exact numbers stay numbers, each with its places."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core import formats
from core.templatetags.ui import tier_names
from kpis.models import Scorecard
from kpis.queries.shape import number
from kpis.rules import COUNTS, half_up
from kpis.rules.scheme import INDICATORS, PROFITABILITY

RATE_PLACES, SCORE_PLACES = 6, 4


@dataclass(frozen=True)
class Table:
    """A titled table; every cell is a text or a number. rates: columns of fractions, printed as percents."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Any]]
    rates: Sequence[int] = ()


def indicator_words() -> dict[str, str]:
    return {
        "new": _("New client rate"),
        "lost": _("Lost client rate"),
        "upgraded": _("Upgraded client rate"),
        PROFITABILITY: _("Average profitability by tier"),
    }


def size_words() -> dict[int, str]:
    """The classes of size of a league: quarters by clients at the start."""
    return {
        1: _("Smallest quarter"),
        2: _("Second quarter"),
        3: _("Third quarter"),
        4: _("Largest quarter"),
    }


def caveat_words(card: Scorecard) -> list[str]:
    """What limits the card's meaning: its flags, and a total that lacks indicators (K12)."""
    words = {"LOW_BASE": _("Few clients"), "SHORT_HISTORY": _("Short history")}
    lacking = {"partial": _("Indicators missing"), "none": _("No total")}
    found = [words.get(flag, flag) for flag in card.flags]
    return [*found, lacking[card.completeness]] if card.completeness in lacking else found


def count_words() -> dict[str, str]:
    """What each count of a card is."""
    return {
        "B": _("Held at the start"),
        "N": _("New"),
        "R": _("Reactivated"),
        "L": _("Lost"),
        "L_in": _("Lost after a transfer in"),
        "X": _("Excluded"),
        "T_in": _("Transferred in"),
        "T_out": _("Transferred out"),
        "E": _("Held at the end"),
        "S": _("Stayers"),
        "S_top": _("Stayers of the top tier"),
        "S_new": _("Stayers without a tier at the start"),
        "U": _("Upgraded"),
        "D": _("Downgraded"),
        "flash": _("New and lost within the period"),
    }


def card_tables(card: Scorecard) -> list[Table]:
    """Indicators, counts, groups and tiers of a card; its lines should be prefetched."""
    return [_indicators(card), _counts(card), _groups(card), _tiers(card)]


def card_facts(card: Scorecard) -> list[tuple[str, str]]:
    """What the card is of, and how sure it is."""
    return [
        (_("Unit"), f"{card.unit_title} {card.unit_code}".strip()),
        (_("Period"), f"{card.period} ({formats.day(card.start)} – {formats.day(card.end)})"),
        (_("As of"), formats.day(card.as_of)),
        (_("Revision"), str(card.revision)),
        (_("State"), card.get_state_display()),
        (_("Flags"), ", ".join(card.flags) or formats.DASH),
        (_("Scheme version"), str(card.scheme.number)),
        (_("Model version"), str(card.model_version or formats.DASH)),
    ]


def _indicators(card: Scorecard) -> Table:
    lines, words = card.lines_by_name(), indicator_words()
    head = [_("Indicator"), _("Raw"), _("Used"), _("Floor"), _("Target"), _("Score"), _("Weight")]
    rows: list[list[Any]] = []
    for name in INDICATORS:
        line = lines.get(name)
        if line is None:
            rows.append([words[name], *[None] * 6])
            continue
        rates = [half_up(value, RATE_PLACES) for value in (line.raw, line.used, line.floor, line.target)]
        rows.append([words[name], *rates, half_up(line.score, SCORE_PLACES), line.weight])
    rows.append([_("Total"), None, None, None, None, half_up(card.total, SCORE_PLACES), None])
    return Table(_("Indicators"), head, rows, rates=(1, 2, 3, 4))


def _counts(card: Scorecard) -> Table:
    words = count_words()
    rows = [[name, words[name], card.counts[name]] for name in COUNTS]
    return Table(_("Counts"), [_("Number"), _("Meaning"), _("Clients")], rows)


def _groups(card: Scorecard) -> Table:
    head = [_("Group"), _("Weight"), _("Contribution"), _("Average clients"), _("Per client"), _("Used"),
            _("Floor"), _("Target"), _("Score")]  # fmt: skip
    names = ("weight", "profit", "average_clients", "ap", "used", "floor", "target", "score")
    rows = [
        [group["group"], *(_money(group[name]) for name in names)] for group in card.profitability["groups"]
    ]
    return Table(_("Profitability by group"), head, rows)


def _tiers(card: Scorecard) -> Table:
    head = [_("Tier"), _("Contribution"), _("Average clients"), _("Per client")]
    words = tier_names()
    rows = [
        [
            words.get(tier["tier"], tier["tier"]),
            *(_money(tier[name]) for name in ("profit", "average_clients", "ap")),
        ]
        for tier in card.profitability["tiers"]
    ]
    return Table(_("Profitability by tier"), head, rows)


def _money(text: str | None) -> Decimal | None:
    return half_up(number(text), SCORE_PLACES)
