"""How many cards wait for a reader's deed, for the start page."""

from functools import partial
from typing import Any

from core.keyset import capped_count
from kpis.models import Scorecard, Stage
from kpis.queries import readiness, stages

COUNTED_TO = 1000


def count_at(user: Any, *, stage: str, right: str) -> tuple[int, bool]:
    """Current cards at a stage where the reader holds the right, and whether there are more."""
    if not user.may(right):
        return 0, False
    cards: Any = Scorecard.objects.filter(current=True)
    rows = stages.staged(cards.in_scope(user.scope_for(right)), readiness.all_periods())
    return capped_count(rows.filter(stage=stage), COUNTED_TO)


to_confirm = partial(count_at, stage=str(Stage.WAITING), right="kpis.confirm")
to_sign = partial(count_at, stage=str(Stage.CONFIRMED), right="kpis.sign")
to_adopt = partial(count_at, stage=str(Stage.ADOPTING), right="kpis.adopt")
