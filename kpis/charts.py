"""A card's figures as charts."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core import formats
from core.charts import Chart, Mark, Series, bars, gauge, trend, waterfall
from core.charts.bars import Step
from core.templatetags.ui import tier_names
from kpis.exports.tables import indicator_words
from kpis.models import Scorecard
from kpis.queries.pages import Neighbours
from kpis.rules.scheme import INDICATORS, LOWER_IS_BETTER, PROFITABILITY

GOOD, FAIR = 80, 60


def tone(score: Decimal | None) -> str:
    """Green from 80 points, amber from 60, red below."""
    if score is None:
        return "c1"
    return "ok" if score >= GOOD else "warn" if score >= FAIR else "bad"


def gauges(card: Scorecard, near: Neighbours) -> list[dict[str, Any]]:
    """The four indicators: gauge, line, tone, and the change to the period before and to a year ago."""
    return [_gauge(name, card, near) for name in INDICATORS]


def _gauge(name: str, card: Scorecard, near: Neighbours) -> dict[str, Any]:
    line = card.lines_by_name().get(name)
    words = indicator_words()[name]
    score = line.score if line else None
    if name == PROFITABILITY:
        chart = gauge(words, score, low=0, high=100, tone=tone(score), write=_points)
    else:
        chart = _rate_gauge(words, line)
    return {
        "name": name,
        "words": words,
        "chart": chart,
        "line": line,
        "tone": tone(score),
        "better": "lower" if name in LOWER_IS_BETTER else "higher",
        "before": _change(name, card, near.before),
        "year_before": _change(name, card, near.year_before),
        "unit": "" if name == PROFITABILITY else "%",
    }


def _rate_gauge(words: str, line: Any) -> Chart:
    floor = line.floor if line and line.floor is not None else Decimal(0)
    target = line.target if line and line.target is not None else Decimal("0.1")
    reach = target + (target - floor) / 4
    high = reach if reach > floor else max(reach, Decimal(0))  # lower is better: never below zero
    colour = tone(line.score if line else None)
    value = line.used if line else None
    return gauge(words, value, low=floor, high=high, target=target, tone=colour, write=formats.percent)


def _points(value: Any) -> str:
    return formats.number(value, 1)


def _change(name: str, card: Scorecard, other: Scorecard | None) -> Decimal | None:
    """In percentage points of the rate used, or in points of the score for profitability."""
    now, then = _value(name, card), _value(name, other)
    return None if now is None or then is None else now - then


def _value(name: str, card: Scorecard | None) -> Decimal | None:
    line = card.lines_by_name().get(name) if card else None
    if line is None:
        return None
    if name == PROFITABILITY:
        return line.score
    return None if line.used is None else line.used * 100


def totals(near: Neighbours) -> Chart:
    """Total and scores over 13 periods, of which the card's own is the last."""
    words, cards = indicator_words(), [card for _name, card in near.trend]
    series = [Series(_("Total score"), [card.total if card else None for card in cards])]
    for name in INDICATORS:
        series.append(Series(words[name], [_score(name, card) for card in cards]))
    labels = [period for period, _card in near.trend]
    marks = {period: mark for period, card in near.trend if card and (mark := _mark(card))}
    return trend(_("Scores over time"), labels, series, write=_points, marks=marks, marked=_("State"))


def _mark(card: Any) -> Mark | None:
    """Whether the period is frozen, and how; None while its card is provisional."""
    revision = {"number": card.revision}
    if card.state == Scorecard.State.FINAL and card.adopted:
        return Mark(
            "◆", _("Later revision adopted"), _("revision %(number)s adopted after signing") % revision
        )
    if card.state == Scorecard.State.FINAL:
        return Mark("■", _("Signed"), _("revision %(number)s signed") % revision)
    if card.was_signed:
        words = _("revision %(number)s, later than the signed one") % revision
        return Mark("◇", _("Revised after signing"), words)
    return None


def _score(name: str, card: Scorecard | None) -> Decimal | None:
    line = card.lines_by_name().get(name) if card else None
    return line.score if line else None


def flow_of_clients(card: Scorecard) -> Chart:
    """From B to E, step by step (the identity every card keeps)."""
    counts = card.counts
    steps = [Step(_("Held at the start"), counts["B"], total=True)]
    changes = (
        ("N", _("New"), 1),
        ("R", _("Reactivated"), 1),
        ("T_in", _("In"), 1),
        ("L", _("Lost"), -1),
        ("L_in", _("Lost after in"), -1),
        ("X", _("Excluded"), -1),
        ("T_out", _("Out"), -1),
    )
    steps += [Step(words, sign * counts[name]) for name, words, sign in changes if counts[name]]
    steps.append(Step(_("Held at the end"), counts["E"], total=True))
    return waterfall(_("From the clients at the start to those at the end"), steps, write=formats.number)


def profit_by_tier(card: Scorecard) -> Chart | None:
    """Contribution per average client of each tier."""
    tiers = [tier for tier in card.profitability["tiers"] if tier["ap"] is not None]
    if not tiers:
        return None
    names = tier_names()
    values = [Decimal(tier["ap"]) for tier in tiers]
    labels = [names.get(tier["tier"], tier["tier"]) for tier in tiers]
    return bars(_("Contribution per client by tier"), labels, [Series(_("CNY per client"), values)],
                write=formats.money_short)  # fmt: skip
