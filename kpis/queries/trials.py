"""Reads of the cards that a draft of the value model would have made."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from kpis.models import TrialCards, UnitType
from segmentation.models import ModelTrial

ZERO = Decimal(0)


@dataclass(frozen=True)
class TrialRow:
    """A unit's card as made and under the draft; totals and scores 0 to 100, rates as fractions."""

    type: str
    name: str
    live: dict[str, Any]
    draft: dict[str, Any]
    change: Decimal | None


def cards_of_trial(user: Any, trial_id: int) -> TrialCards | None:
    """The kept cards of a trial that somebody may see; None where there are none yet."""
    visible = ModelTrial.objects.visible_to(user).filter(pk=trial_id)
    return TrialCards.objects.filter(trial__in=visible).select_related("trial").first()


def trial_rows(cards: TrialCards) -> list[TrialRow]:
    """Firm, regions, branches; the branches by how much their total changes, largest change first."""
    found = [_row(row) for row in cards.rows]
    above = [row for row in found if row.type != UnitType.BRANCH]
    branches = [row for row in found if row.type == UnitType.BRANCH]
    return [*above, *sorted(branches, key=lambda row: -abs(row.change or ZERO))]


def _row(row: dict[str, Any]) -> TrialRow:
    name = gettext("The whole firm") if row["type"] == UnitType.FIRM else row["name"]
    live, draft = (_numbers(row[side]) for side in ("live", "draft"))
    both = live["total"] is not None and draft["total"] is not None
    return TrialRow(row["type"], name, live, draft, draft["total"] - live["total"] if both else None)


def _numbers(side: dict[str, Any]) -> dict[str, Any]:
    return {key: Decimal(value) if isinstance(value, str) else value for key, value in side.items()}
