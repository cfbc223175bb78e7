"""Which scores told the next quarter better, the live ones or a draft's (rank correlation, lift by tier).

Tiers are those of the plain cut-offs on both sides: hysteresis keeps clients where earlier scores put them,
and would judge the past instead of the model.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from core import sql
from segmentation.dates import add_months, month_end, month_of
from segmentation.definition import Definition
from segmentation.models import ModelDraft
from segmentation.queries.rows import kept_dates
from segmentation.queries.trying import tried_params

MONTHS = 3
MODELS = ("live", "draft")


def end_of_outcome(close: date) -> date:
    """The last day of the quarter after a close."""
    return month_end(add_months(month_of(close), MONTHS))


def closes_with_outcome() -> list[date]:
    """The closes after which a whole quarter is known, newest first."""
    kept = kept_dates()
    last = kept.closes[-1] if kept.closes else date.min
    return [close for close in reversed(kept.closes) if end_of_outcome(close) <= last]


def backtest(draft: ModelDraft, close: date, live: Definition) -> dict[str, Any]:
    """For each model: clients, rank correlation, and by tier contribution and losses of the next quarter."""
    ladder = live.tier_params()
    params = tried_params(draft, close) | {
        "until": end_of_outcome(close), "live_codes": ladder["codes"], "live_cuts": ladder["cuts"],
    }  # fmt: skip
    made: dict[str, Any] = {"until": end_of_outcome(close).isoformat()}
    for model in MODELS:
        made[model] = {"clients": 0, "contribution": "0", "lost": 0, "correlation": None, "tiers": {}}
    for row in sql.rows("segmentation", "backtest", params):
        sums = {"clients": row["clients"], "contribution": str(row["contribution"]), "lost": int(row["lost"])}
        if row["tier"]:
            made[row["model"]]["tiers"][row["tier"]] = sums
        else:
            made[row["model"]] |= sums | {"correlation": row["correlation"]}
    return made


def lift(part: dict[str, Any], whole: dict[str, Any], name: str) -> Decimal | None:
    """How many times the average of all clients a tier's clients have: contribution or losses."""
    if not part["clients"] or not whole["clients"] or Decimal(whole[name]) == 0:
        return None
    return Decimal(part[name]) / part["clients"] / (Decimal(whole[name]) / whole["clients"])
