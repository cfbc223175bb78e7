"""A draft of the value model and what was tried, for the access matrix."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from kpis.models import TrialCards
from segmentation.models import ModelDraft, ModelTrial, ModelVersion


def model_places(cast: SimpleNamespace) -> dict[str, Any]:
    """The value analyst's draft, and a what-if of it that found nobody."""
    at = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
    base = ModelVersion.objects.first_version()
    draft = ModelDraft.objects.create(
        name="matrix", definition=base.definition, base=base, author=cast.value_analyst, written_at=at
    )
    nothing: dict[str, Any] = {
        "live_version": 1, "clients": 0, "by_hand": 0, "moves": [], "settled": [], "movers": [],
        "tiers": {"live": {}, "draft": {}, "settled": {}}, "curves": {"live": [], "draft": []},
    }  # fmt: skip
    trial = ModelTrial.objects.create(
        draft=draft, kind="what_if", draft_version=1, as_of=date(2026, 1, 5), asked_by="x", asked_at=at,
        result=nothing, seconds=0.1,
    )  # fmt: skip
    TrialCards.objects.create(trial=trial, note="no_cards")
    return {"model_draft": draft.pk, "model_trial": trial.pk}
