"""The last closed month's cards under a draft of the value model, beside those that were made.

Both ends of the month are scored by the draft, each close with the tiers and scores before it as they were:
what the cards would say had the draft been published for that month. Counts that no tier decides stay as
they are.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db import transaction

from core import sql
from core.runs import last_finished
from kpis.models import Scorecard, TrialCards, UnitType
from kpis.queries.reproduce import adjustments_of
from kpis.recompute.cards import APP, FIRM, UnitFacts, UnitKey, gathered, inputs_of
from kpis.recompute.rows import text
from kpis.recompute.setup import Setup
from kpis.rules import CardInputs, Period, Worked, work_out
from kpis.rules.periods import MONTH, period_of
from kpis.rules.scheme import PROFITABILITY
from segmentation.models import ModelTrial
from segmentation.queries.rows import kept_dates
from segmentation.queries.trying import let_workers_help, tried_params
from trading.queries import first_month

UNITS = (UnitType.FIRM, UnitType.REGION, UnitType.BRANCH)
MOST = {UnitType.FIRM: 0, UnitType.REGION: 1, UnitType.BRANCH: 2}


@transaction.atomic
def try_cards(trial_id: int) -> None:
    """Keeps the trial's cards; asked again it replaces them."""
    trial = ModelTrial.objects.select_related("draft", "draft__base").get(pk=trial_id)
    period = last_month(trial)
    cards = list(_cards(period)) if period else []
    kept: dict[str, Any] = {
        "period": period.name if period else "",
        "rows": [],
        "note": "" if cards else "no_cards",
    }
    if period and cards:
        kept["rows"] = _rows(trial, period, cards)
    TrialCards.objects.update_or_create(trial=trial, defaults=kept)


def last_month(trial: ModelTrial) -> Period | None:
    """The newest month that closed by the trial's date and whose close before it is kept."""
    closes = [close for close in kept_dates().closes if close <= trial.as_of]
    return period_of(closes[-1], MONTH) if len(closes) > 1 else None


def _cards(period: Period) -> Iterable[Scorecard]:
    made = Scorecard.objects.filter(period=period.name, current=True, unit_type__in=UNITS)
    return sorted(
        made.prefetch_related("lines"), key=lambda card: (MOST[UnitType(card.unit_type)], card.unit_code)
    )


def _rows(trial: ModelTrial, period: Period, cards: list[Scorecard]) -> list[dict[str, Any]]:
    run = last_finished()
    as_of = run.as_of if run else trial.as_of
    setup = Setup.load(as_of, first_month(as_of))
    facts = _facts(trial, setup, period)
    firm = inputs_of(setup, period, facts[FIRM], None)
    return [_row(setup, period, card, facts, firm) for card in cards]


def _facts(trial: ModelTrial, setup: Setup, period: Period) -> dict[UnitKey, UnitFacts]:
    opening, closing = (tried_params(trial.draft, day) for day in (period.opening_day, period.end))
    params = {
        **opening, **setup.units.params, "period": period.name, "start": period.start,
        **_end("opening", opening), **_end("closing", closing),
    }  # fmt: skip
    sql.allow_nested_loops(False)
    let_workers_help()
    passages = sql.rows(APP, "trial_passages", params)
    with sql.as_rows_lie():
        return gathered(passages, sql.rows(APP, "trial_profits", params))


def _end(name: str, params: dict[str, Any]) -> dict[str, Any]:
    """One end's date and what hysteresis looks at there; all else is the draft's and the same at both."""
    told = {part: params[part] for part in ("is_night", "is_close", "closes")} | {"day": params["as_of"]}
    return {f"{name}_{part}": value for part, value in told.items()}


def _row(
    setup: Setup, period: Period, card: Scorecard, facts: dict[UnitKey, UnitFacts], firm: CardInputs
) -> dict[str, Any]:
    key = FIRM if card.unit_type == UnitType.FIRM else (card.unit_type, card.unit_code)
    inputs = firm if key == FIRM else inputs_of(setup, period, facts.get(key, UnitFacts()), firm)
    inputs = replace(inputs, adjustments=adjustments_of(card))
    targets = setup.targets_of(period, card.unit_type, card.unit_code)
    worked = work_out(inputs, targets, setup.rules(period))
    return {
        "type": card.unit_type, "code": card.unit_code, "name": card.unit_name, "live": _live(card),
        "draft": _draft(worked, inputs),
    }  # fmt: skip


def _live(card: Scorecard) -> dict[str, Any]:
    lines = card.lines_by_name()
    upgraded, profitability = lines.get("upgraded"), lines.get(PROFITABILITY)
    return {
        "total": text(card.total),
        "upgraded": text(upgraded.score) if upgraded else None,
        "rate": text(upgraded.raw) if upgraded else None,
        "profitability": text(profitability.score) if profitability else None,
        **{name: card.counts[name] for name in ("U", "D")},
    }


def _draft(worked: Worked, inputs: CardInputs) -> dict[str, Any]:
    rate = worked.rates["upgraded"]
    return {
        "total": text(worked.total),
        "upgraded": text(rate.score),
        "rate": text(rate.raw),
        "profitability": text(worked.profitability),
        **{name: inputs.counts[name] for name in ("U", "D")},
    }
