"""The oracle's front: everything a run as of a date should have produced, as plain sorted rows.

`Oracle` keeps the read packages, so that several as-of dates cost little more than one.  Rows are
dictionaries; money and rates are Decimals with the API's digits, missing values None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from . import cards as card_rules
from . import dates, tiers
from .config import Config, Published
from .exact import ratio, rounded_or_none
from .facts import ZERO, Facts, gather
from .feeds import Feeds
from .lifecycle import lives
from .records import Handover
from .scores import publish, raw_values, shown


@dataclass
class Expected:
    """What a run as of a date should have made; see READINGS.md for the rows' shapes."""

    as_of: date
    client_months: list[dict] = field(default_factory=list)
    events: list[dict] = field(default_factory=list)
    standings: dict[date, list[dict]] = field(default_factory=dict)
    cards: dict[str, list[dict]] = field(default_factory=dict)
    migrations: list[dict] = field(default_factory=list)
    quarantine: list[dict] = field(default_factory=list)


class Oracle:
    """Feed packages in the order of loading, interactions and settings; answers for any as-of date."""

    def __init__(
        self,
        paths: Iterable[Path],
        interactions: Iterable[Mapping] = (),
        config: Config | None = None,
        handovers: Iterable[Handover] = (),
    ) -> None:
        self.config = config or Config()
        self.handovers = list(handovers)
        self.interactions = list(interactions)
        self.feeds = Feeds(paths, self.config)
        self._facts: dict[date, Facts] = {}

    def facts(self, as_of: date) -> Facts:
        """The facts of a run as of a date, kept."""
        if as_of not in self._facts:
            self._facts[as_of] = gather(
                self.feeds.as_of(as_of), self.interactions, self.config, self.handovers
            )
        return self._facts[as_of]

    def publish(self, as_of: date, version: int) -> Published:
        """The breakpoints publish_breakpoints would take as of a date from what is loaded now."""
        facts = self.facts(as_of)
        return publish(facts, lives(facts, self.config), self.config, version)

    def ladder(self, as_of: date, config: Config | None = None) -> tiers.Ladder:
        """Events, scores and tiers of a run as of a date."""
        settings = config or self.config
        facts = self.facts(as_of)
        return tiers.climb(facts, lives(facts, settings), settings)

    def expected(
        self, as_of: date, config: Config | None = None, periods: Iterable[str] | None = None
    ) -> Expected:
        """Every table of a run as of a date; `periods` default to those a nightly run makes (K14).

        `config` may differ from the oracle's own in anything but channel costs, which stand in the facts.
        """
        ladder = self.ladder(as_of, config)
        made = Expected(as_of, client_month_rows(ladder.facts), event_rows(ladder))
        for standing in {s.day: s for s in [*ladder.closes, ladder.night]}.values():
            made.standings[standing.day] = standing_rows(ladder, standing)
        for name in dict.fromkeys(periods or dates.nightly_periods(as_of)):
            made.cards[name] = [card_row(card) for card in card_rules.cards(ladder, name)]
        if len(ladder.closes) > 1:
            made.migrations = tiers.migrations(ladder, ladder.closes[-2], ladder.closes[-1])
        made.quarantine = quarantine_rows(self.feeds, as_of)
        return made


def compute(
    paths: Iterable[Path],
    as_of: date,
    config: Config,
    interactions: Iterable[Mapping] = (),
    periods: Iterable[str] | None = None,
) -> Expected:
    """Everything a run as of a date makes of the packages, in one go."""
    return Oracle(paths, interactions, config).expected(as_of, periods=periods)


def client_month_rows(facts: Facts) -> list[dict]:
    """ClientMonth rows by client, month, branch and manager of record, contribution with them."""
    rows = []
    for (client_no, month, branch, manager), row in facts.months.items():
        last_day = min(dates.month_end(month), facts.as_of)
        average = rounded_or_none(ratio(row.assets_sum, row.trading_days), 4)
        rows.append(
            {
                "client_no": client_no,
                "month": f"{month:%Y-%m}",
                "branch": branch,
                "manager": manager,
                "days": row.days,
                "trading_days": row.trading_days,
                "trades": row.trades,
                "last_trade_on": row.last_trade_on,
                "assets_avg": average,
                "product_families": facts.product_families(client_no, last_day),
                **{
                    name: rounded_or_none(getattr(row, name), 4)
                    for name in (
                        "assets_sum",
                        "assets_end",
                        "assets_peak",
                        "turnover",
                        "net_commission",
                        "margin_interest",
                        "cash_spread",
                        "product_fee",
                        "other_income",
                        "service_cost",
                        "inflow",
                        "outflow",
                        "contribution",
                    )
                },
            }
        )
    return rows


def event_rows(ladder: tiers.Ladder) -> list[dict]:
    """Lifecycle events by client and date; `returning` marks an entry that counts as R (L10)."""
    return [
        {
            "client_no": event.client_no,
            "date": event.date,
            "event": event.event,
            "reason": event.reason,
            "branch": event.branch,
            "manager": event.manager,
            "returning": life.returning and event is life.effective,
        }
        for life in ladder.lives.values()
        for event in life.events
    ]


def standing_rows(ladder: tiers.Ladder, standing: tiers.Standing) -> list[dict]:
    """Every client with a tier on a close or night, by client."""
    kept = tiers.retention(ladder, standing.day)
    return [_standing_row(ladder, standing, client_no, kept) for client_no in sorted(standing.tiers)]


def _standing_row(ladder: tiers.Ladder, standing: tiers.Standing, client_no: str, kept: Mapping) -> dict:
    facts, config, day = ladder.facts, ladder.config, standing.day
    tier, found = standing.tiers[client_no], standing.scores.get(client_no)
    raw = found.raw if found else raw_values(facts, client_no, day, config)
    branch, manager = facts.clients[client_no].place_on(day)
    serving = config.serving(day)
    return {
        "client_no": client_no,
        "as_of": day,
        "branch": branch,
        "manager": manager,
        "tier": tier,
        "score": found.score if found else None,
        "provisional": bool(found and found.provisional),
        "model_version": serving.version if serving else None,
        "raw": raw,
        "axes": {axis: shown(value) for axis, value in found.axes.items()} if found else {},
        "indicators": {name: shown(value) for name, value in found.indicators.items()} if found else {},
        "tier_since": standing.since[client_no],
        "tier_rule": standing.rule[client_no],
        "matrix": tiers.matrix(found, config.model),
        "stage": tiers.stage(facts, ladder.lives[client_no], raw, day),
        "flags": tiers.flags(facts, client_no, tier, raw, day, config.model),
        "clv": tiers.lifetime_value(raw["contribution_12m"] or ZERO, kept.get(tier), config.model),
    }


def card_row(card: card_rules.Card) -> dict:
    """One card in the API's shape, with `members` and `holds` beside it."""
    return {
        "unit": {"type": card.unit_type, "code": card.code},
        "period": card.period.name,
        "start": card.period.start,
        "end": card.period.end,
        "counts": card.counts,
        "members": card.members,
        "holds": card.holds,
        "client_days": card.days,
        "indicators": card.worked.indicators,
        "total": card.worked.total,
        "completeness": card.worked.completeness,
        "flags": card.worked.flags,
    }


def quarantine_rows(feeds: Feeds, as_of: date) -> list[dict]:
    """Rows in quarantine once everything up to a date is loaded, by trade date, file and line."""
    return [
        {
            "trade_date": entry.row.day,
            "version": entry.row.version,
            "file": entry.row.table.file,
            "line": entry.row.line,
            "column": entry.fault.column,
            "sort": entry.fault.sort,
        }
        for entry in feeds.as_of(as_of).quarantine
    ]
