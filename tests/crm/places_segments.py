"""Saved segments for the access matrix: the firm's, somebody's own, another branch's, and one put away."""

from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from segmentation.models import Segment
from staff.models import Unit

RULE = {"all": [{"field": "score", "op": "gte", "value": "70"}]}


def segment_places(cast: SimpleNamespace, units: dict[str, Unit]) -> dict[str, Any]:
    analyst = {"owner": cast.value_analyst, "owner_name": "x", "rule": RULE}
    agent = {"owner": cast.agent_1001, "owner_name": "x", "rule": RULE}
    made = {
        "segment_firm": Segment(name="Firm", sharing="firm", **analyst),
        "segment_own": Segment(name="Own", **agent),
        "segment_next": Segment(name="Next", sharing="unit", unit=units["1002"], **analyst),
        "segment_away": Segment(name="Away", archived_at=timezone.now(), **agent),
    }
    Segment.objects.bulk_create(made.values())
    return {name: segment.pk for name, segment in made.items()}
