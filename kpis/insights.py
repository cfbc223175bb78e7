"""What a card asks its unit to do: each line has a number, a reason and a list of clients behind it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.models import ClientStanding
from core import formats
from core.keyset import capped_count
from kpis.exports.tables import indicator_words
from kpis.models import Scorecard, UnitType
from kpis.queries.attention import AT_RISK_TOP, DROPPING, LOST, lists_of
from kpis.units import UnitMap

LOW = 60  # points
COUNTED = 1000  # clients at most; more are told as 1,000+
LOOKS = {AT_RISK_TOP: ("gem", "bad"), DROPPING: ("arrow-down", "warn"), LOST: ("user-minus", "warn")}


@dataclass(frozen=True)
class Insight:
    title: str
    text: str
    icon: str
    tone: str
    url: str
    action: str


def insights(card: Scorecard, user: Any, units: UnitMap) -> list[Insight]:
    """At most six, the most urgent first."""
    found = [*_weak(card), *_needing(card, user, units), *_at_risk(card, user), *_flags(card)]
    return found[:6]


def _weak(card: Scorecard) -> list[Insight]:
    """Indicators below 60 points, with the clients that made them so."""
    behind = {"new": "N", "lost": "L", "upgraded": "D"}
    words, found = indicator_words(), []
    for name, line in card.lines_by_name().items():
        if line.score is None or line.score >= LOW or name not in behind:
            continue
        number = behind[name]
        clients = card.counts[number]
        text = ngettext("%(count)s client behind it", "%(count)s clients behind it", clients) % {
            "count": clients
        }
        url = f"{reverse('kpis:members', args=[card.pk])}?number={number}"
        if line.score == 0:
            text = _("Not above the floor; %(clients)s") % {"clients": text}
        title = _("%(name)s: %(score)s points") % {"name": words[name], "score": f"{line.score:.1f}"}
        found.append((line.score, Insight(title, text, "trending-down", "bad", url, _("See the clients"))))
    return [insight for _score, insight in sorted(found, key=lambda pair: pair[0])]


def _counted(rows: QuerySet) -> tuple[int, str]:
    """How many there are, and how that is written."""
    found, more = capped_count(rows, COUNTED)
    return found, f"{formats.number(found)}{'+' if more else ''}"


def _needing(card: Scorecard, user: Any, units: UnitMap) -> list[Insight]:
    """Clients of the unit that somebody should see to, with the list of just those."""
    words, found = attention_words(), []
    for kind, rows in lists_of(card, user, units).items():
        icon, tone = LOOKS[kind]
        clients, many = _counted(rows)
        if clients:
            url = f"{reverse('kpis:attention', args=[card.pk])}?kind={kind}"
            found.append(
                Insight(f"{words[kind][0]}: {many}", words[kind][1], icon, tone, url, _("See the clients"))
            )
    return found


def attention_words() -> dict[str, tuple[str, str]]:
    """Kind -> title, and what it means."""
    return {
        AT_RISK_TOP: (_("Top-tier clients at risk"), _("Their assets or contribution halved.")),
        DROPPING: (
            _("Clients about to drop a tier"),
            _("Their score stands below the line of their tier; coming closes decide."),
        ),
        LOST: (
            _("Clients lost within 30 days"),
            _("Closed, transferred or gone quiet while on your record."),
        ),
    }


def _at_risk(card: Scorecard, user: Any) -> list[Insight]:
    """Clients of the unit in the reader's sight whose assets or contribution fall, as of the last night.

    Not of a region: the list of clients has no filter by region to lead to.
    """
    if card.unit_type == UnitType.REGION:
        return []
    standings = ClientStanding.objects.visible_to(user).filter(flags__contains=["at_risk"])
    query = {"flag": "at_risk"}
    if card.unit_type == UnitType.BRANCH:
        standings, query["branch"] = standings.filter(branch__code=card.unit_code), card.unit_code
    elif card.unit_type == UnitType.MANAGER:
        standings, query["manager"] = standings.filter(manager_no=card.unit_code), card.unit_code
    clients, many = _counted(standings)
    if not clients:
        return []
    title = ngettext("%(count)s valuable client at risk", "%(count)s valuable clients at risk", clients)
    url = f"{reverse('clients:list')}?{urlencode(query)}"
    text = _("Their assets or contribution halved.")
    return [Insight(title % {"count": many}, text, "shield-alert", "warn", url, _("See the clients"))]


def _flags(card: Scorecard) -> list[Insight]:
    """What the reader should know before judging the numbers."""
    members = f"{reverse('kpis:members', args=[card.pk])}?number=B"
    known = {
        "LOW_BASE": (_("Few clients"), _("Rates are drawn towards the firm's.")),
        "SHORT_HISTORY": (
            _("Short history"),
            _("Less than twelve months behind the start: no upgraded rate yet."),
        ),
    }
    return [
        Insight(*known[flag], "info", "info", members, _("See the clients"))
        for flag in card.flags
        if flag in known
    ]
