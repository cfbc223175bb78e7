"""Files of articles."""

from typing import Any
from uuid import UUID

from knowledge.models import ArticleFile, ArticleVersion


def files_of(version: ArticleVersion) -> list[ArticleFile]:
    """Those of the version, in the order they came."""
    return list(ArticleFile.objects.filter(ArticleFile.of(version)))


def readable(user: Any, pk: int, key: UUID) -> ArticleFile | None:
    """A file that passed the scan, of a version that the reader may see."""
    file = ArticleFile.objects.filter(article_id=pk, key=key, state=ArticleFile.State.CLEAN).first()
    if file is None:
        return None
    seen = ArticleVersion.objects.visible_to(user).filter(article_id=pk, number__gte=file.since)
    seen = seen.filter(number__lte=file.until) if file.until is not None else seen
    return file if seen.exists() else None
