"""The nightly steps of the value model: events, scores, tiers, where every client stands, segments."""

from segmentation.recompute.lifecycle import lifecycle_events
from segmentation.recompute.scores import scores
from segmentation.recompute.segments import segments
from segmentation.recompute.standing import standing
from segmentation.recompute.tiers import tiers
from segmentation.recompute.worklists import worklists

__all__ = ["lifecycle_events", "scores", "segments", "standing", "tiers", "worklists"]
