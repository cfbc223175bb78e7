"""What the search box finds of articles."""

from typing import Any

from core.registry import Found
from knowledge.queries.articles import found
from knowledge.queries.scripts import names

MOST = 5


def find_articles(reader: Any, typed: str) -> list[Found]:
    """The best matches among published articles; nothing when nothing is typed."""
    hits = found(reader, typed, most=MOST)
    words = names() if hits else {}
    return [
        Found(
            url=hit.version.article.get_absolute_url(), icon="book-open", name=hit.version.title,
            hint=words.get(hit.version.category, ""),
        )
        for hit in hits
    ]  # fmt: skip
