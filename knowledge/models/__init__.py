"""What the firm knows (scripts, articles) and how well it serves (inspections)."""

from knowledge.models.articles import Article, ArticleFeedback, ArticleUse, ArticleVersion, ArticleVote
from knowledge.models.files import ArticleFile
from knowledge.models.quality import (
    Appeal,
    Calibration,
    Inspection,
    InspectionAnswer,
    SamplingDraw,
    SamplingPlan,
    ScoringForm,
)
from knowledge.models.scripts import TIERS, Script, ScriptVersion

__all__ = [
    "TIERS", "Appeal", "Article", "ArticleFeedback", "ArticleFile", "ArticleUse", "ArticleVersion",
    "ArticleVote", "Calibration", "Inspection", "InspectionAnswer", "SamplingDraw", "SamplingPlan",
    "ScoringForm", "Script", "ScriptVersion",
]  # fmt: skip
