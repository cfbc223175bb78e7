"""Articles for tests: words enough, and the short way to being published."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from core.files.content import File
from knowledge.actions import articles as actions
from knowledge.actions.articles import Told
from knowledge.models import Article, ArticleVersion


def told(**more: Any) -> Told:
    """What can be kept."""
    return Told(**{"title_zh": "开户流程", "body_zh": "携带身份证件到营业部办理。", **more})


def published(cast: SimpleNamespace, *, files: Sequence[File] = (), **more: Any) -> ArticleVersion:
    """An article, written by one person and reviewed by another."""
    article = actions.draft_article(actor=cast.team_lead_hq, told=told(**more)).article
    if files:
        actions.add_files(actor=cast.team_lead_hq, article=article, version=now(article), uploads=files)
    return renewed(cast, article)


def renewed(cast: SimpleNamespace, article: Article) -> ArticleVersion:
    """Publishes the draft of the article."""
    actions.propose(actor=cast.team_lead_hq, article=article, version=now(article))
    return actions.publish(actor=cast.compliance, article=article, version=now(article))


def now(article: Article) -> int:
    """The article's version as it stands."""
    article.refresh_from_db()
    return article.version
