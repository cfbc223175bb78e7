"""What-if and backtest reckoned client by client in plain Python, with the oracle's scores and tiers."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor, sqrt
from typing import Any

from segmentation.dates import is_month_end
from segmentation.models import (
    ClientScore,
    Contribution,
    DraftCurve,
    LifecycleEvent,
    ModelDraft,
    ScoreClose,
    TierOverride,
)
from tests.oracle import config, scores, tiers

Row = ClientScore | ScoreClose


def model_of(definition: Mapping[str, Any]) -> config.Model:
    """The oracle's model with a definition's weights and cut-offs."""
    weights = {row["code"]: Decimal(row["weight"]) for row in definition["indicators"]}
    ladder = {row["code"]: row for row in definition["tiers"]}
    return config.Model(
        axes={axis["code"]: Decimal(axis["weight"]) for axis in definition["axes"]},
        indicators=tuple(
            config.Indicator(
                one.name, one.axis, weights[one.name], one.digits, one.positive_only, one.inverted, one.fixed
            )
            for one in config.INDICATORS
        ),
        cuts={code: Decimal(row["cut"] or 0) for code, row in ladder.items()},
        closes_before_down={code: row["closes_before_down"] for code, row in ladder.items() if row["cut"]},
        up_margin=Decimal(definition["hysteresis"]["up"]),
        down_margin=Decimal(definition["hysteresis"]["down"]),
    )


class SlowTrial:
    """Every client of a date under a draft."""

    def __init__(self, draft: ModelDraft, as_of: date, *, night: bool) -> None:
        self.model, self.as_of = model_of(draft.definition), as_of
        points = {
            (one.kind, one.indicator): tuple(one.quantiles) for one in DraftCurve.objects.filter(draft=draft)
        }
        self.published = config.Published(0, as_of, points)
        table: Any = ClientScore if night else ScoreClose
        self.rows: list[Row] = list(table.objects.filter(as_of=as_of))
        self.past: dict[int, list[ScoreClose]] = defaultdict(list)
        for close in ScoreClose.objects.filter(as_of__lt=as_of).order_by("as_of"):
            self.past[close.client_id].append(close)
        given = TierOverride.objects.filter(in_force__contains=as_of)
        self.by_hand: dict[int, str] = dict(given.values_list("client_id", "tier"))
        self.closes = sorted({close.as_of for closes in self.past.values() for close in closes})

    def score(self, row: Row) -> Decimal | None:
        if not row.mature:
            return None
        raw = {one.name: _decimal(getattr(row, one.name)) for one in self.model.indicators}
        return scores.score(raw, row.kind, self.published, self.model).score

    def tier(self, row: Row, score: Decimal | None) -> str:
        if row.client_id in self.by_hand:
            return self.by_hand[row.client_id]
        if not row.mature:
            return "NEW"
        kept = {close.as_of: close for close in self.past[row.client_id]}
        last = kept.get(self.closes[-1]) if self.closes else None
        before = (last.tier or None) if last else None
        history = [kept[day].score if day in kept else None for day in self.closes]
        found, _rule = tiers.next_tier(before, score, history, is_month_end(self.as_of), self.model)
        return found or ""

    def settled(self, row: Row, score: Decimal | None) -> str:
        return self.tier(row, score) if row.client_id in self.by_hand else self.plain(row, score)

    def plain(self, row: Row, score: Decimal | None) -> str:
        if score is None:
            return self.tier(row, score)
        return tiers.plain_tier(score, self.model)

    def ways(self) -> list[dict[str, Any]]:
        """The rows of sql/what_if.sql."""
        groups: dict[tuple[Any, ...], list[tuple[Row, Decimal | None]]] = defaultdict(list)
        for row in self.rows:
            score = self.score(row)
            key = (
                row.tier,
                self.tier(row, score),
                self.settled(row, score),
                _points(row.score),
                _points(score),
            )
            groups[key].append((row, score))
        return [
            _way(key, members) | {"by_hand": sum(row.client_id in self.by_hand for row, _score in members)}
            for key, members in groups.items()
        ]


def _way(key: tuple[Any, ...], members: list[tuple[Row, Decimal | None]]) -> dict[str, Any]:
    live = [row.score for row, _score in members if row.score is not None]
    scored = [score for _row, score in members if score is not None]
    brings = [row.contribution_12m or Decimal(0) for row, _score in members]
    foremost = max([value, row.client_id] for value, (row, _score) in zip(brings, members, strict=True))
    return {
        "live_tier": key[0], "tier": key[1], "plain": key[2], "live_points": key[3], "points": key[4],
        "clients": len(members), "contribution": sum(brings, Decimal(0)),
        "assets": sum((row.assets_end or Decimal(0) for row, _score in members), Decimal(0)),
        "live_scored": len(live), "live_sum": sum(live, Decimal(0)),
        "scored": len(scored), "score_sum": sum(scored, Decimal(0)),
        "foremost": foremost if key[0] != key[1] else None,
    }  # fmt: skip


def _points(score: Decimal | None) -> int | None:
    return None if score is None else floor(score)


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def slow_backtest(
    trial: SlowTrial, live_cuts: list[Decimal], codes: list[str], until: date
) -> dict[tuple[str, str], tuple[int, Decimal, int]]:
    """(model, tier; '' for all) -> clients, contribution and losses of the months after the close."""
    found: dict[tuple[str, str], list[Any]] = defaultdict(lambda: [0, Decimal(0), 0])
    for row, score, brought, lost in outcomes(trial, until):
        sides = {"live": codes[bisect_right(live_cuts, row.score)], "draft": trial.plain(row, score)}
        for model, tier in [*sides.items(), ("live", ""), ("draft", "")]:
            held = found[model, tier]
            held[0], held[1], held[2] = held[0] + 1, held[1] + brought, held[2] + lost
    return {key: (held[0], held[1], held[2]) for key, held in found.items()}


def outcomes(trial: SlowTrial, until: date) -> list[tuple[Row, Decimal, Decimal, int]]:
    """Clients with both scores: what each brought after the close and whether it was lost."""
    months = Contribution.objects.filter(month__gt=trial.as_of, month__lte=until)
    brought: dict[int, Decimal] = defaultdict(Decimal)
    for month in months:
        brought[month.client_id] += month.contribution
    events = LifecycleEvent.objects.filter(event="LOST", on_date__gt=trial.as_of, on_date__lte=until)
    lost = set(events.values_list("client_id", flat=True))
    made = []
    for row in trial.rows:
        score = trial.score(row)
        if score is not None and row.score is not None:
            made.append((row, score, brought[row.client_id], int(row.client_id in lost)))
    return made


def spearman(pairs: Iterable[tuple[Decimal, Decimal]]) -> float:
    """Pearson's correlation of the ranks, equals sharing the middle of their places."""
    one, two = (ranks(list(values)) for values in zip(*pairs, strict=True))
    mean = Fraction(len(one) + 1, 2)
    over = sum((a - mean) * (b - mean) for a, b in zip(one, two, strict=True))
    under = sum((a - mean) ** 2 for a in one) * sum((b - mean) ** 2 for b in two)
    return float(over) / sqrt(under)


def ranks(values: list[Decimal]) -> list[Fraction]:
    ordered = sorted(values)
    first = {value: place for place, value in reversed(list(enumerate(ordered, start=1)))}
    return [first[value] + Fraction(ordered.count(value) - 1, 2) for value in values]
