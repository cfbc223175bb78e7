"""Tables of the value model: versions, scores, tiers, lifecycle events, figures."""

from segmentation.models.figures import SegmentFigure
from segmentation.models.lifecycle import LifecycleEvent
from segmentation.models.model import Breakpoint, Curve, ModelVersion, Threshold
from segmentation.models.months import Contribution
from segmentation.models.scores import ClientScore, ScoreClose, ScoreFields, Window
from segmentation.models.tiers import RescoredTier, TierRetention, TierSpan

__all__ = [
    "Breakpoint",
    "ClientScore",
    "Contribution",
    "Curve",
    "LifecycleEvent",
    "ModelVersion",
    "RescoredTier",
    "ScoreClose",
    "ScoreFields",
    "SegmentFigure",
    "Threshold",
    "TierRetention",
    "TierSpan",
    "Window",
]
