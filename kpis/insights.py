"""What a card asks its unit to do: each line has a number, a reason and a list of clients behind it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.models import ClientStanding
from kpis.exports.tables import indicator_words
from kpis.models import Scorecard, UnitType

LOW = 60  # points


@dataclass(frozen=True)
class Insight:
    title: str
    text: str
    icon: str
    tone: str
    url: str
    action: str


def insights(card: Scorecard, user: Any) -> list[Insight]:
    """At most four, the most urgent first."""
    found = [*_weak(card), *_at_risk(card, user), *_flags(card)]
    return found[:4]


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
        title = _("%(name)s: %(score)s points") % {"name": words[name], "score": f"{line.score:.1f}"}
        found.append((line.score, Insight(title, text, "trending-down", "bad", url, _("See the clients"))))
    return [insight for _score, insight in sorted(found, key=lambda pair: pair[0])]


def _at_risk(card: Scorecard, user: Any) -> list[Insight]:
    """Clients of the unit in the reader's sight whose assets or contribution fall, as of the last night."""
    standings = ClientStanding.objects.visible_to(user).filter(flags__contains=["at_risk"])
    query = {"flag": "at_risk"}
    if card.unit_type == UnitType.BRANCH:
        standings, query["branch"] = standings.filter(branch__code=card.unit_code), card.unit_code
    elif card.unit_type == UnitType.MANAGER:
        standings, query["manager"] = standings.filter(manager_no=card.unit_code), card.unit_code
    clients = standings[:1000].count()
    if not clients:
        return []
    title = ngettext("%(count)s valuable client at risk", "%(count)s valuable clients at risk", clients)
    url = f"{reverse('clients:list')}?{urlencode(query)}"
    text = _("Their assets or contribution halved.")
    return [Insight(title % {"count": clients}, text, "shield-alert", "warn", url, _("See the clients"))]


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
