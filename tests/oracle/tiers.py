"""Tiers with hysteresis at every close and on the night, and what hangs on them (S1, S3, S8-S12)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from . import dates
from .config import NEW, TIERS, ByHand, Config, Model
from .exact import rounded
from .facts import Facts
from .lifecycle import LOST, Life
from .scores import Raw, Score, is_new, scores_on


@dataclass
class Standing:
    """Tiers and scores of one day; a client without a tier is absent from `tiers`.

    since and rule: the day from which the client has had this tier, and what set it there: new,
    first (plain cut-offs), up, down, stay or override.
    """

    day: date
    scores: dict[str, Score]
    tiers: dict[str, str] = field(default_factory=dict)
    since: dict[str, date] = field(default_factory=dict)
    rule: dict[str, str] = field(default_factory=dict)

    def score_of(self, client_no: str) -> Decimal | None:
        """The client's score, None when it has none."""
        found = self.scores.get(client_no)
        return None if found is None else found.score


@dataclass
class Ladder:
    """Standings of every close up to the run's date, oldest first, and of the night itself."""

    facts: Facts
    lives: Mapping[str, Life]
    config: Config
    closes: list[Standing]
    night: Standing

    def on(self, day: date) -> Standing | None:
        """The standing kept for a day: a close or the night; None for any other (S12)."""
        for standing in [*self.closes, self.night]:
            if standing.day == day:
                return standing
        return None


def climb(facts: Facts, lives: Mapping[str, Life], config: Config) -> Ladder:
    """All standings of a run as of a date."""
    closes: list[Standing] = []
    for month in facts.closed_months():
        closes.append(_standing(facts, lives, config, dates.month_end(month), closes))
    if closes and closes[-1].day == facts.as_of:
        night = closes[-1]
    else:
        night = _standing(facts, lives, config, facts.as_of, closes)
    return Ladder(facts, lives, config, closes, night)


def _standing(
    facts: Facts, lives: Mapping[str, Life], config: Config, day: date, closes: list[Standing]
) -> Standing:
    standing = Standing(day, scores_on(facts, lives, day, config))
    for client_no, life in lives.items():
        if life.held_on(day):
            young = is_new(life, day, config.model)
            _place(standing, client_no, young, closes, config.model, config.given_by_hand(client_no, day))
    return standing


def _place(
    standing: Standing,
    client_no: str,
    young: bool,
    closes: list[Standing],
    model: Model,
    by_hand: ByHand | None,
) -> None:
    """Give a held client its tier of the day, and since when it has it; one given by hand wins."""
    before = closes[-1].tiers.get(client_no) if closes else None
    tier: str | None = NEW
    rule = "new"
    if by_hand is not None:
        tier, rule = by_hand.tier, "override"
    elif not young:
        history = [close.score_of(client_no) for close in closes]
        at_close = standing.day == dates.month_end(standing.day)
        tier, rule = next_tier(before, standing.score_of(client_no), history, at_close, model)
    if tier is None:
        return
    standing.tiers[client_no] = tier
    kept = tier == before
    standing.since[client_no] = closes[-1].since[client_no] if kept else _begun(standing.day, by_hand)
    standing.rule[client_no] = rule


def _begun(day: date, by_hand: ByHand | None) -> date:
    """The first day of a tier that the close before did not have: an override of this month tells its own."""
    if by_hand is not None and by_hand.first >= day.replace(day=1):
        return by_hand.first
    return day


def next_tier(
    before: str | None, score: Decimal | None, history: list[Decimal | None], at_close: bool, model: Model
) -> tuple[str | None, str]:
    """The tier after hysteresis and the rule that set it (S3).

    `before` is the tier at the previous close, `history` the scores at the closes before this day,
    oldest first.  Without a score the tier stays (S8).
    """
    if score is None:
        return before, "stay"
    if before is None or before == NEW:
        return plain_tier(score, model), "first"
    higher = [
        tier for tier in TIERS[TIERS.index(before) + 1 :] if score >= model.cuts[tier] + model.up_margin
    ]
    if higher:
        return higher[-1], "up"
    if at_close and before != TIERS[0] and _stood_below(before, score, history, model):
        return TIERS[TIERS.index(before) - 1], "down"
    return before, "stay"


def plain_tier(score: Decimal, model: Model) -> str:
    """The highest tier whose cut-off the score reaches."""
    return [tier for tier in TIERS if tier == TIERS[0] or score >= model.cuts[tier]][-1]


def _stood_below(tier: str, score: Decimal, history: list[Decimal | None], model: Model) -> bool:
    """Whether this and the previous closes' scores all exist and lie below the tier's own cut - 3."""
    needed = model.closes_before_down[tier]
    recent = history[-needed:]
    if len(recent) < needed:
        return False
    line = model.cuts[tier] - model.down_margin
    return all(past is not None and past < line for past in [*recent, score])


def opening_tiers(ladder: Ladder, opening: Standing, closing: Standing) -> dict[str, str]:
    """Tiers at the opening close under the version of the closing one (kpis.md "Stayers").

    Where the version changed in between, the step of that close is taken again with the score the
    newer version gives; everything before it stays as it was.
    """
    config = ladder.config
    served, newer = config.serving(opening.day), config.serving(closing.day)
    if served is newer:
        return opening.tiers
    place = ladder.closes.index(opening)
    again = Standing(opening.day, scores_on(ladder.facts, ladder.lives, opening.day, config, newer))
    for client_no in opening.tiers:
        young = opening.tiers[client_no] == NEW and client_no not in again.scores
        by_hand = config.given_by_hand(client_no, opening.day)
        _place(again, client_no, young, ladder.closes[:place], config.model, by_hand)
    return again.tiers


def matrix(found: Score | None, model: Model) -> str | None:
    """The field of the value matrix (S10); None with a null axis or no score."""
    if found is None or found.axes["current"] is None or found.axes["potential"] is None:
        return None
    valued = found.axes["current"] >= model.matrix_cut
    promising = found.axes["potential"] >= model.matrix_cut
    if valued:
        return "core" if promising else "maintain"
    return "grow" if promising else "watch"


def flags(facts: Facts, client_no: str, tier: str | None, raw: Raw, day: date, model: Model) -> list[str]:
    """dormant_asset and at_risk as of a day, sorted (S10, S13)."""
    found = []
    if tier in TIERS[2:] and _is_at_risk(facts, client_no, raw, day, model):
        found.append("at_risk")
    assets = _assets_end(facts, client_no, day)
    if not raw["active_months_12m"] and assets is not None and assets >= model.dormant_assets:
        found.append("dormant_asset")
    return found


def _is_at_risk(facts: Facts, client_no: str, raw: Raw, day: date, model: Model) -> bool:
    """Assets of the month to date against the peak month, or the last quarter's pace against the year."""
    averages = [facts.total(client_no, month).assets_avg for month in dates.window(day, 12)]
    share = Fraction(model.at_risk_share)
    if averages[-1] is not None and averages[-1] < share * max(a for a in averages if a is not None):
        return True
    year, pace = raw["contribution_12m"], raw["contribution_3m_x4"]
    return bool(year and pace is not None and year > 0 and Fraction(pace) < share * Fraction(year))


def _assets_end(facts: Facts, client_no: str, day: date) -> Decimal | None:
    """The client's assets on its last counted trading day on or before the day."""
    last, assets = date.min, None
    for month, row in facts.rows_of.get(client_no, ()):
        if month <= day and row.last_counted_on is not None and row.last_counted_on > last:
            last, assets = row.last_counted_on, row.assets_end
    return assets


def stage(facts: Facts, life: Life, raw: Raw, day: date) -> str:
    """The highest rung of the ladder whose condition holds (S11), as far as feeds tell: without advocates."""
    if any(event.date <= day for event in life.events) and not life.held_on(day):
        last = [event for event in life.events if event.date <= day][-1]
        if last.event == LOST:
            return "lapsed"
    active, families = raw["active_months_12m"] or 0, raw["product_families"] or 0
    if active >= 6 or (families >= 2 and (raw["tenure_years"] or 0) >= 1):
        return "client"
    if active >= 2 or families >= 2:
        return "repeat"
    traded = any(trade.day <= day for trade in facts.trades.get(life.client.client_no, ()))
    return "first" if traded else "prospect"


def retention(ladder: Ladder, day: date) -> dict[str, Fraction]:
    """By tier: the share of its clients a year earlier still held on the day (S11); absent without such."""
    year_ago = dates.add_months(day, -12)
    earlier = [close for close in ladder.closes if close.day <= year_ago] or ladder.closes[:1]
    if not earlier:
        return {}
    cohort = earlier[-1].tiers
    counts = Counter(cohort.values())
    kept = Counter(tier for client_no, tier in cohort.items() if ladder.lives[client_no].held_on(day))
    return {tier: Fraction(kept[tier], count) for tier, count in counts.items()}


def lifetime_value(yearly: Decimal, kept: Fraction | None, model: Model) -> Decimal | None:
    """CLV: the yearly contribution over five years, thinned by retention and discounted; 2 places."""
    if yearly <= 0:
        return Decimal("0.00")
    if kept is None:
        return None
    step = kept / (1 + Fraction(model.clv_discount))
    return rounded(sum(Fraction(yearly) * step**year for year in range(1, model.clv_years + 1)), 2)


def migrations(
    ladder: Ladder, start: Standing, end: Standing, branches: set[str] | None = None
) -> list[dict]:
    """Clients per pair of tiers at two closes (S9); `branches` keeps a unit's clients only."""
    pairs: Counter = Counter()
    for client_no in sorted(set(start.tiers) | set(end.tiers)):
        day = end.day if client_no in end.tiers else start.day
        branch, _ = ladder.facts.clients[client_no].place_on(day)
        if branches is None or branch in branches:
            pairs[start.tiers.get(client_no), end.tiers.get(client_no)] += 1
    return [
        {"from": old, "to": new, "clients": count}
        for (old, new), count in sorted(pairs.items(), key=lambda pair: str(pair[0]))
    ]
