"""The demo's draft of the value model: what more weight on loyalty and a later gold tier would do."""

from decimal import Decimal

from django.db import transaction

from segmentation.actions.drafts import DraftTold, begin_draft, change_draft
from segmentation.actions.trials import ask_trial
from segmentation.leaves import with_values
from segmentation.models import ModelDraft, ModelTrial
from segmentation.queries.backtesting import closes_with_outcome
from segmentation.queries.drafts import live_version
from staff.cast import CAST
from staff.models import Person

NAME = "提高忠诚度权重"
NOTE = "2027 年一季度模型复核：忠诚度由 20% 提高到 30%，金级分界值由 50 提高到 52。"
VALUES = {
    "axis__current": Decimal("0.45"),
    "axis__potential": Decimal("0.25"),
    "axis__loyalty": Decimal("0.3"),
    "weight__turnover_12m": Decimal(0),
    "weight__product_families": Decimal("0.35"),
    "cut__V3": Decimal(52),
}


@transaction.atomic
def make_draft() -> None:
    """One draft with its what-if and backtest, by the value analyst; none without a version that scores."""
    live = live_version()
    if live is None or ModelDraft.objects.exists():
        return
    analyst = Person.objects.get(username=next(one.username for one in CAST if one.role == "value_analyst"))
    draft = begin_draft(actor=analyst, name=NAME, version=live)
    told = DraftTold(name=NAME, note=NOTE, definition=with_values(live.definition, VALUES))
    draft = change_draft(actor=analyst, draft=draft, version=draft.version, told=told)
    kinds = [ModelTrial.Kind.WHAT_IF, *([ModelTrial.Kind.BACKTEST] if closes_with_outcome() else [])]
    for kind in kinds:
        ask_trial(actor=analyst, draft=draft, kind=kind)
