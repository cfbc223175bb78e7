"""What the access matrix needs of schemes: a draft and a proposed pool of the first value analyst."""

from types import SimpleNamespace
from typing import Any

from kpis import actions
from kpis.models import RewardRun, SchemeVersion


def scheme_places(cast: SimpleNamespace) -> dict[str, Any]:
    pool = RewardRun.objects.create(
        period="2025-12", unit_type="branch", pool=100, reason="x", lines=[],
        scheme=SchemeVersion.objects.get(),
        proposed_by=cast.value_analyst, proposed_at="2026-01-05T03:00:00Z",
    )  # fmt: skip
    return {"draft": actions.begin_draft(actor=cast.value_analyst).pk, "pool": pool.pk}
