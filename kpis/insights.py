"""What a card asks its unit to do: each line has a number, a reason and a list of clients behind it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.models import ClientStanding
from core import formats
from core.keyset import capped_counts
from kpis.exports.tables import indicator_words
from kpis.models import Scorecard, UnitType
from kpis.queries.attention import AT_RISK_TOP, DROPPING, LOST, lists_of
from kpis.units import UnitMap

LOW = 60  # points
COUNTED = 1000  # clients at most; more are told as 1,000+
AT_RISK = "at_risk"  # the flag of a client
LOOKS = {AT_RISK_TOP: ("gem", "bad"), DROPPING: ("arrow-down", "warn"), LOST: ("user-minus", "warn")}


@dataclass(frozen=True)
class Insight:
    title: str
    text: str
    icon: str
    tone: str
    url: str
    action: str


def insights(card: Scorecard, user: Any, units: UnitMap, night: date | None) -> list[Insight]:
    """At most six, the most urgent first; those of clients as of the last night."""
    found = [*_weak(card), *(_of_clients(card, user, units, night) if night else []), *_flags(card)]
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


def _of_clients(card: Scorecard, user: Any, units: UnitMap, night: date) -> list[Insight]:
    """Clients of the unit that somebody should see to, each with the list of just those."""
    lists, risky = lists_of(card, user, units, night), _at_risk(card, user)
    counted = capped_counts({**lists, **({AT_RISK: risky[0]} if risky else {})}, COUNTED)
    told = {kind: _told(*counted[kind]) for kind in counted if counted[kind][0]}
    words = attention_words()
    found = [_needing(card, kind, many, *words[kind]) for kind, many in told.items() if kind in words]
    if risky and AT_RISK in told:
        found.append(_valuable(counted[AT_RISK][0], told[AT_RISK], risky[1]))
    return found


def _told(found: int, more: bool) -> str:
    """How many there are, as it is written."""
    return f"{formats.number(found)}{'+' if more else ''}"


def _needing(card: Scorecard, kind: str, many: str, title: str, text: str) -> Insight:
    icon, tone = LOOKS[kind]
    url = f"{reverse('kpis:attention', args=[card.pk])}?kind={kind}"
    return Insight(f"{title}: {many}", text, icon, tone, url, _("See the clients"))


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


def _at_risk(card: Scorecard, user: Any) -> tuple[QuerySet, dict[str, str]] | None:
    """Clients of the unit in the reader's sight whose assets or contribution fall, and how the list of
    clients is narrowed to them.

    Not of a region: the list of clients has no filter by region to lead to.
    """
    if card.unit_type == UnitType.REGION:
        return None
    standings, query = ClientStanding.objects.visible_to(user), {"flag": AT_RISK}
    if card.unit_type == UnitType.BRANCH:
        standings, query["branch"] = standings.filter(branch__code=card.unit_code), card.unit_code
    elif card.unit_type == UnitType.MANAGER:
        standings, query["manager"] = standings.filter(manager_no=card.unit_code), card.unit_code
    return standings.filter(flags__contains=[AT_RISK]), query


def _valuable(clients: int, many: str, query: dict[str, str]) -> Insight:
    title = ngettext("%(count)s valuable client at risk", "%(count)s valuable clients at risk", clients)
    url = f"{reverse('clients:list')}?{urlencode(query)}"
    text = _("Their assets or contribution halved.")
    return Insight(title % {"count": many}, text, "shield-alert", "warn", url, _("See the clients"))


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
