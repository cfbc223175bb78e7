"""A card as the row that is staged: worked out, its identity asserted, with everything to reproduce it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kpis.models import Scorecard
from kpis.recompute.setup import Setup
from kpis.rules import CardInputs, Group, Period, Rate, TierPart, Worked, half_up, identity_holds, work_out
from kpis.rules.card import NONE
from kpis.rules.scheme import PROFITABILITY
from staff.models import Unit

PLACES = 12  # more than is ever shown, so that rounding happens once
# what the firm's rates need of its counts
FIRM_COUNTS = ("B", "N", "L", "S", "S_top", "S_new", "U")
IDENTITY_NOTE = {"rule": "K1", "text": "identity"}


@dataclass(frozen=True)
class CardFacts:
    """One unit's part of a period; code is "firm" for the firm."""

    unit_type: str
    code: str
    inputs: CardInputs
    digests: Mapping[str, Decimal]
    notes: list[dict[str, Any]]
    home: str  # branch of a manager

    @property
    def unit_code(self) -> str:
        return "" if self.unit_type == "firm" else self.code


def card_row(setup: Setup, period: Period, card: CardFacts) -> dict[str, Any]:
    """The columns of kpis_freshcard; a card whose counts break the identity is withheld, without scores."""
    targets = setup.targets_of(period, card.unit_type, card.unit_code)
    worked = work_out(card.inputs, targets, setup.rules(period))
    holds = identity_holds(card.inputs.counts)
    numbers = {
        "counts": card.inputs.counts,
        "state": Scorecard.State.PROVISIONAL if holds else Scorecard.State.WITHHELD,
        "completeness": worked.completeness if holds else NONE,
        "total": text(worked.total) if holds else None,
        "flags": list(worked.flags),
        "notes": card.notes if holds else [IDENTITY_NOTE, *card.notes],
        "profitability": _profitability(worked),
        "lines": _lines(worked) if holds else [],
        "members": {number: str(digest) for number, digest in card.digests.items()},
    }
    inputs = _kept_inputs(card, setup, period, targets.to_json())
    return _columns(setup, period, card) | _stored(numbers) | {"inputs": _json(inputs)}


def _columns(setup: Setup, period: Period, card: CardFacts) -> dict[str, Any]:
    end = period.reckoned_to(setup.as_of)
    unit = setup.units.by_code(card.home if card.unit_type == "manager" else card.unit_code)
    return {
        "period": period.name,
        "period_type": period.type,
        "unit_type": card.unit_type,
        "unit_code": card.unit_code,
        "unit_name": _name(setup, card),
        "unit_id": unit.id if unit else None,
        "start": period.start,
        "end": period.end,
        "reckoned_to": end,
        "as_of": setup.as_of,
        "revision": 1,
        "build": 1,
        "scheme_id": setup.scheme(period).key,
        "model_version": setup.model(end).number,
    }


def _name(setup: Setup, card: CardFacts) -> str:
    """As told; a manager's number when no person carries it; for the firm its head office's."""
    if card.unit_type == "firm":
        return next((unit.name for unit in setup.units.units.values() if unit.kind == Unit.Kind.HQ), "")
    if card.unit_type == "manager":
        return setup.managers.get(card.code, card.code)
    unit = setup.units.by_code(card.unit_code)
    return unit.name if unit else card.unit_code


def _stored(numbers: dict[str, Any]) -> dict[str, Any]:
    """The numbers as columns, and the fingerprint that tells whether one, or who is behind it, changed."""
    fingerprint = hashlib.sha256(_json(numbers).encode()).hexdigest()
    columns = {name: numbers[name] for name in ("state", "completeness", "total", "flags")}
    as_json = {name: _json(numbers[name]) for name in ("counts", "notes", "profitability", "lines")}
    return columns | as_json | {"fingerprint": fingerprint}


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def text(value: Decimal | None) -> str | None:
    """The exact number as kept; None stays None."""
    rounded = half_up(value, PLACES)
    return None if rounded is None else str(rounded)


def _lines(worked: Worked) -> list[dict[str, Any]]:
    lines = [_rate_line(rate) for rate in worked.rates.values()]
    return [
        *lines,
        {
            "indicator": PROFITABILITY,
            "weight": str(worked.profitability_weight),
            "score": text(worked.profitability),
        },
    ]


def _rate_line(rate: Rate) -> dict[str, Any]:
    return {
        "indicator": rate.name,
        "weight": str(rate.weight),
        "raw": text(rate.raw),
        "used": text(rate.used),
        "score": text(rate.score),
        **_limits(rate),
    }


def _limits(part: Rate | Group) -> dict[str, str | None]:
    if part.limits is None:
        return {"floor": None, "target": None}
    return {"floor": str(part.limits.floor), "target": str(part.limits.target)}


def _profitability(worked: Worked) -> dict[str, Any]:
    return {
        "tiers": [_tier(tier) for tier in worked.tiers],
        "groups": [_group(group) for group in worked.groups],
    }


def _tier(tier: TierPart) -> dict[str, Any]:
    return {
        "tier": tier.tier,
        "profit": str(tier.profit),
        "average_clients": text(tier.average_clients),
        "ap": text(tier.ap),
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "group": group.name,
        "weight": str(group.weight),
        "profit": str(group.profit),
        "average_clients": text(group.average_clients),
        "ap": text(group.ap),
        "used": text(group.used),
        "score": text(group.score),
        **_limits(group),
    }


def _kept_inputs(card: CardFacts, setup: Setup, period: Period, targets: dict[str, Any]) -> dict[str, Any]:
    """What the card is worked out from beside its counts; kpis.queries.worked_again does so."""
    firm, adjusted = card.inputs.firm, card.inputs.adjustments
    added = {subject: f"{amount:f}" for subject, amount in sorted(adjusted.items())}
    return ({"adjustments": added} if added else {}) | {
        "scheme": setup.scheme(period).number,
        "targets": targets,
        "profits": card.inputs.profits.to_json(),
        "short_history": card.inputs.short_history,
        "firm": None
        if firm is None
        else {
            "counts": {number: firm.counts[number] for number in FIRM_COUNTS},
            "profits": firm.profits.to_json(),
        },
    }
