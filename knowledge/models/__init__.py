"""What the firm knows (scripts, articles) and how well it serves (inspections)."""

from knowledge.models.articles import Article, ArticleFeedback, ArticleUse, ArticleVersion, ArticleVote
from knowledge.models.scripts import TIERS, Script, ScriptVersion

__all__ = [
    "TIERS", "Article", "ArticleFeedback", "ArticleUse", "ArticleVersion", "ArticleVote", "Script",
    "ScriptVersion",
]  # fmt: skip
