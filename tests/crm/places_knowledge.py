"""Things of the knowledge base for the access matrix."""

from types import SimpleNamespace
from typing import Any

from knowledge.actions import using
from staff.models import Unit
from tests.knowledge.articles import published


def known(cast: SimpleNamespace, units: dict[str, Unit]) -> dict[str, Any]:
    """An article for everybody, which somebody found out of date, and one for 1002."""
    version = published(cast)
    told = using.report(actor=cast.agent_hq, version=version, text="旧")
    other = published(cast, title_zh="1002", units=[units["1002"].pk])
    return {"article": version.article_id, "article_next": other.article_id, "feedback": told.pk}
