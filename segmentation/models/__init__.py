"""Tables of the value model: versions, scores, tiers, lifecycle events, figures, saved segments."""

from segmentation.models.drafts import DraftCurve, ModelDraft, ModelTrial
from segmentation.models.figures import BAND, CellFigure, CohortFigure, SegmentFigure, TierFigure
from segmentation.models.lifecycle import LifecycleEvent
from segmentation.models.model import Breakpoint, Curve, ModelVersion, Threshold
from segmentation.models.months import Contribution, MonthPart
from segmentation.models.overrides import OverrideState, TierOverride
from segmentation.models.scores import ClientScore, ScoreClose, ScoreFields, Window
from segmentation.models.segments import (
    Segment,
    SegmentBlock,
    SegmentCause,
    SegmentMember,
    SegmentRule,
    SegmentTrend,
)
from segmentation.models.tiers import RescoredTier, TierRetention, TierSpan

__all__ = [
    "BAND",
    "Breakpoint",
    "CellFigure",
    "ClientScore",
    "CohortFigure",
    "Contribution",
    "Curve",
    "DraftCurve",
    "LifecycleEvent",
    "ModelDraft",
    "ModelTrial",
    "ModelVersion",
    "MonthPart",
    "OverrideState",
    "RescoredTier",
    "ScoreClose",
    "ScoreFields",
    "Segment",
    "SegmentBlock",
    "SegmentCause",
    "SegmentFigure",
    "SegmentMember",
    "SegmentRule",
    "SegmentTrend",
    "Threshold",
    "TierFigure",
    "TierOverride",
    "TierRetention",
    "TierSpan",
    "Window",
]
