"""Tables of the value model: versions, scores, tiers, lifecycle events, figures."""

from segmentation.models.figures import BAND, CellFigure, CohortFigure, SegmentFigure, TierFigure
from segmentation.models.lifecycle import LifecycleEvent
from segmentation.models.model import Breakpoint, Curve, ModelVersion, Threshold
from segmentation.models.months import Contribution
from segmentation.models.overrides import OverrideState, TierOverride
from segmentation.models.scores import ClientScore, ScoreClose, ScoreFields, Window
from segmentation.models.tiers import RescoredTier, TierRetention, TierSpan

__all__ = [
    "BAND",
    "Breakpoint",
    "CellFigure",
    "ClientScore",
    "CohortFigure",
    "Contribution",
    "Curve",
    "LifecycleEvent",
    "ModelVersion",
    "OverrideState",
    "RescoredTier",
    "ScoreClose",
    "ScoreFields",
    "SegmentFigure",
    "Threshold",
    "TierFigure",
    "TierOverride",
    "TierRetention",
    "TierSpan",
    "Window",
]
