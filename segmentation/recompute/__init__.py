"""The nightly steps of the value model: lifecycle events, scores, tiers, and where every client stands."""

from segmentation.recompute.lifecycle import lifecycle_events
from segmentation.recompute.scores import scores
from segmentation.recompute.standing import standing
from segmentation.recompute.tiers import tiers
from segmentation.recompute.worklists import worklists

__all__ = ["lifecycle_events", "scores", "standing", "tiers", "worklists"]
