"""Results of trials as pages show them: sizes, moves, movers with reasons, the backtest's lift."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from clients.models import Client
from core import formats
from core.charts import Chart, Matrix, Series, bars, concentration
from segmentation import charts
from segmentation.definition import Definition
from segmentation.leaf_words import label
from segmentation.models import ModelTrial
from segmentation.queries.backtesting import MODELS, lift
from segmentation.queries.drafts import CurveLine
from segmentation.queries.trying import Shift, shift
from segmentation.tables import tier_codes, tier_name
from segmentation.words import indicator_words, raw_words

ZERO = Decimal(0)
SIDES = ("live", "draft", "settled")


@dataclass(frozen=True)
class SizeRow:
    """A tier now, under the draft, and where clients would settle: clients and share of the contribution."""

    code: str
    name: str
    live: int
    draft: int
    settled: int
    live_share: Decimal | None
    draft_share: Decimal | None

    @property
    def change(self) -> int:
        return self.draft - self.live


@dataclass(frozen=True)
class MoverRow:
    """One client that stands for all who move alike."""

    client_no: str
    before: str
    after: str
    live_score: Decimal | None
    score: Decimal | None
    contribution: Decimal
    alike: int
    reasons: list[str]


@dataclass(frozen=True)
class TrialView:
    """A finished what-if."""

    trial: ModelTrial
    clients: int
    by_hand: int  # keep the tier that was given by hand
    sizes: list[SizeRow]
    now: Shift
    later: Shift
    flow: Chart | None
    matrix: Matrix | None
    settled: Matrix | None
    pareto: Chart | None
    movers: list[MoverRow]
    is_old: bool  # the draft says something else by now

    @property
    def moved(self) -> int:
        return self.now.rose + self.now.fell


def trial_view(trial: ModelTrial, rules: Definition) -> TrialView:
    assert trial.result is not None
    found = trial.result
    moves, settled = ({(a, b): count for a, b, count in found[name]} for name in ("moves", "settled"))
    return TrialView(
        trial=trial,
        clients=found["clients"],
        by_hand=found["by_hand"],
        sizes=size_rows(found["tiers"], rules),
        now=shift(found["moves"], rules),
        later=shift(found["settled"], rules),
        flow=charts.migration_flow(moves, rules),
        matrix=charts.migration_matrix(moves, rules),
        settled=charts.migration_matrix(settled, rules),
        pareto=_curves(found["curves"]),
        movers=[_mover(row) for row in found["movers"]],
        is_old=trial.asked_at < trial.draft.written_at,
    )


def size_rows(tiers: Mapping[str, Any], rules: Definition) -> list[SizeRow]:
    """Highest first; those without a tier last, if there are any."""
    codes = [*tier_codes(rules), *([""] if any("" in side for side in tiers.values()) else [])]
    shares = {side: _shares(tiers[side]) for side in ("live", "draft")}
    counts = [[tiers[side].get(code, {}).get("clients", 0) for side in SIDES] for code in codes]
    return [
        SizeRow(
            code, tier_name(rules, code), live, draft, settled, shares["live"].get(code),
            shares["draft"].get(code),
        )
        for code, (live, draft, settled) in zip(codes, counts, strict=True)
    ]  # fmt: skip


def _shares(side: Mapping[str, Any]) -> dict[str, Decimal]:
    """Of the whole contribution, by tier; none when that is not positive."""
    sums = {code: Decimal(row["contribution"]) for code, row in side.items()}
    whole = sum(sums.values(), ZERO)
    return {code: value / whole for code, value in sums.items()} if whole > 0 else {}


def _curves(curves: Mapping[str, Sequence[Sequence[float]]]) -> Chart | None:
    named = [(_("Live version"), curves["live"]), (_("Draft"), curves["draft"])]
    drawn = [(name, charts.thinned([(x, y) for x, y in points])) for name, points in named if points]
    return concentration(_("Value by score"), drawn) if drawn else None


def _mover(row: Mapping[str, Any]) -> MoverRow:
    return MoverRow(
        row["client_no"], row["from"], row["to"], _decimal(row["live_score"]), _decimal(row["score"]),
        Decimal(row["contribution"]), row["alike"], list(_reasons(row)),
    )  # fmt: skip


def _reasons(row: Mapping[str, Any]) -> Iterable[str]:
    words = indicator_words()
    for code, points in row["parts"]:
        yield f"{words.get(code, code)} {formats.signed(points, 2)}"
    for tier, before, after in row["cuts"]:
        yield f"{label(f'cut__{tier}')} {formats.number(before, 0)} → {formats.number(after, 0)}"


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@dataclass(frozen=True)
class LiftRow:
    """A tier's clients of a model, what the average one brought in the quarter, how many were lost."""

    code: str
    name: str
    clients: int
    per_client: Decimal | None
    lost_share: Decimal | None
    contribution_lift: Decimal | None
    loss_lift: Decimal | None


@dataclass(frozen=True)
class BacktestView:
    """A finished backtest: both models by tier, their rank correlations, and pictures of the lift."""

    trial: ModelTrial
    until: date
    clients: int
    correlation: dict[str, float | None]
    rows: list[tuple[LiftRow, LiftRow]]
    contribution: Chart | None
    losses: Chart | None
    is_old: bool

    @property
    def gain(self) -> float | None:
        live, draft = (self.correlation[model] for model in MODELS)
        return None if live is None or draft is None else draft - live


def backtest_view(trial: ModelTrial, rules: Definition) -> BacktestView:
    assert trial.result is not None
    found = trial.result
    codes = [tier.code for tier in reversed(rules.tiers)]
    rows = [(_lift_row(code, found["live"], rules), _lift_row(code, found["draft"], rules)) for code in codes]
    return BacktestView(
        trial=trial,
        until=date.fromisoformat(found["until"]),
        clients=found["draft"]["clients"],
        correlation={model: found[model]["correlation"] for model in MODELS},
        rows=rows,
        contribution=_lift_bars(_("Lift of contribution by tier"), rows, "contribution_lift"),
        losses=_lift_bars(_("Lift of losses by tier"), rows, "loss_lift"),
        is_old=trial.asked_at < trial.draft.written_at,
    )


def _lift_row(code: str, whole: dict[str, Any], rules: Definition) -> LiftRow:
    part = whole["tiers"].get(code, {"clients": 0, "contribution": "0", "lost": 0})
    count = part["clients"]
    return LiftRow(
        code, tier_name(rules, code), count,
        Decimal(part["contribution"]) / count if count else None,
        Decimal(part["lost"]) / count if count else None,
        lift(part, whole, "contribution"), lift(part, whole, "lost"),
    )  # fmt: skip


def _lift_bars(title: str, rows: Sequence[tuple[LiftRow, LiftRow]], name: str) -> Chart | None:
    series = [
        Series(words, [getattr(pair[place], name) for pair in rows], f"c{place + 1}")
        for place, words in enumerate((_("Live version"), _("Draft")))
    ]
    if all(value is None for one in series for value in one.values):
        return None
    return bars(title, [pair[0].code for pair in rows], series, write=_times, corner=_("Tier"))


def _times(value: Any) -> str:
    return f"{formats.number(value, 2)}×"


def curve_table(
    lines: Iterable[CurveLine], rules: Definition
) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Breakpoints by kind of client: indicator, then the least, the quarters and the largest, in words."""
    kinds, words = dict(Client.Kind.choices), indicator_words()
    places = {one.code: one.places for one in rules.indicators}
    found: dict[str, list[tuple[str, list[str]]]] = {}
    for line in lines:
        marks = [raw_words(line.indicator, _rounded(mark, places[line.indicator])) for mark in line.marks]
        rows = found.setdefault(str(kinds.get(line.kind, line.kind)), [])
        rows.append((words.get(line.indicator, line.indicator), marks))
    return list(found.items())


def _rounded(mark: Decimal, places: int) -> Any:
    """Whole numbers as such, so that they are not written as money."""
    return int(mark) if places == 0 else mark
