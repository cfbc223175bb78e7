"""A card as other systems get it (K11): rates with 6 places, scores, totals and money with 4, all as text."""

from decimal import Decimal
from typing import Any

from kpis.models import Scorecard, ScorecardLine
from kpis.rules import half_up
from kpis.rules.scheme import PROFITABILITY, RATES

RATE_PLACES, MONEY_PLACES = 6, 4


def card_body(card: Scorecard) -> dict[str, Any]:
    """The whole card; its lines should be prefetched."""
    return {
        "id": card.pk,
        "unit": {"type": card.unit_type, "code": card.unit_code or None, "name": card.unit_name},
        "period": card.period,
        "start": card.start.isoformat(),
        "end": card.end.isoformat(),
        "revision": card.revision,
        "state": card.state,
        "completeness": card.completeness,
        "flags": card.flags,
        "notes": card.notes,
        "as_of": card.as_of.isoformat(),
        "scheme_version": card.scheme.number,
        "model_version": card.model_version,
        "counts": card.counts,
        "indicators": indicators(card),
        "total": rounded(card.total, MONEY_PLACES),
    }


def indicators(card: Scorecard) -> dict[str, Any]:
    """The three rates and profitability; a withheld card has no lines, so everything in them is null."""
    lines = card.lines_by_name()
    profitability = lines.get(PROFITABILITY)
    return {name: _rate(lines.get(name)) for name in RATES} | {
        PROFITABILITY: {
            "score": rounded(profitability.score, MONEY_PLACES) if profitability else None,
            "weight": plain(profitability.weight) if profitability else None,
            "tiers": [_tier(tier) for tier in card.profitability["tiers"]],
            "groups": [
                _group(group, scored=profitability is not None) for group in card.profitability["groups"]
            ],
        }
    }


def _rate(line: ScorecardLine | None) -> dict[str, str | None]:
    if line is None:
        return dict.fromkeys(("raw", "used", "floor", "target", "score", "weight"))
    return {
        "raw": rounded(line.raw, RATE_PLACES),
        "used": rounded(line.used, RATE_PLACES),
        "floor": plain(line.floor),
        "target": plain(line.target),
        "score": rounded(line.score, MONEY_PLACES),
        "weight": plain(line.weight),
    }


def _tier(tier: dict[str, Any]) -> dict[str, str | None]:
    amounts = ("profit", "average_clients", "ap")
    return {"tier": tier["tier"]} | {name: money(tier[name]) for name in amounts}


def _group(group: dict[str, Any], *, scored: bool) -> dict[str, str | None]:
    amounts = {name: money(group[name]) for name in ("profit", "average_clients", "ap", "used")}
    limits = {name: plain(number(group[name])) for name in ("floor", "target")}
    score = money(group["score"]) if scored else None
    return {
        "group": group["group"],
        "weight": plain(number(group["weight"])),
        **amounts,
        **limits,
        "score": score,
    }


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def money(text: str | None) -> str | None:
    """A kept number with four places."""
    return rounded(number(text), MONEY_PLACES)


def rounded(value: Decimal | None, places: int) -> str | None:
    """Half up to so many places, as text."""
    exact = half_up(value, places)
    return None if exact is None else f"{exact:f}"


def plain(value: Decimal | None) -> str | None:
    """As it was given: 0.020000 is 0.02, 2000.0000 is 2000."""
    return None if value is None else f"{value.normalize():f}"
