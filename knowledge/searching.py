"""Words typed, the index of grams that finds them, and where they stand in what was found."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, F, Func, TextField, Value
from django.db.models.functions import Cast
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from knowledge.markup import plain

if TYPE_CHECKING:
    from knowledge.models import ArticleVersion

LONGEST, MOST_WORDS = 80, 6
BEFORE, AFTER = 24, 96  # characters of a snippet around the first word found


def words_in(typed: str) -> list[str]:
    """The words of what was typed, small, each once; at most six."""
    text = typed.replace("\0", "")[:LONGEST].lower()
    return list(dict.fromkeys(text.split()))[:MOST_WORDS]


def grams_of(word: str) -> list[str]:
    """What the index has to hold for the word: the character itself, or all its pairs."""
    return [word[place : place + 2] for place in range(len(word) - 1)] or [word]


class HasGrams(Func):
    """`knowledge_grams(search_title || ' ' || search_text) @> ARRAY[…]`, served by article_grams."""

    output_field = BooleanField()

    def __init__(self, word: str) -> None:
        texts = ArrayField(TextField())
        super().__init__(F("search_title"), F("search_text"), Cast(Value(grams_of(word), texts), texts))

    def as_sql(
        self, compiler: Any, connection: Any, *_args: Any, **_extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        title, text, grams = (compiler.compile(part) for part in self.source_expressions)
        written = f"knowledge_grams({title[0]} || ' ' || {text[0]})"
        return f"{written} @> {grams[0]}", (*title[1], *text[1], *grams[1])


def marked(text: str, words: Sequence[str]) -> SafeString:
    """The text as HTML with every word in <mark>."""
    if not words:
        return escape(text)
    longest_first = sorted(words, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)
    pieces, end = list[str](), 0
    for hit in pattern.finditer(text):
        pieces += [str(escape(text[end : hit.start()])), f"<mark>{escape(hit[0])}</mark>"]
        end = hit.end()
    return mark_safe("".join(pieces) + str(escape(text[end:])))


def snippet(version: "ArticleVersion", words: Sequence[str]) -> SafeString:
    """The piece of the text around the first word that stands in it; its beginning when none does."""
    text = " ".join(plain(version.body).split())
    lower = text.lower()
    places = [place for word in words if (place := lower.find(word)) >= 0]
    start = max(min(places, default=0) - BEFORE, 0)
    piece = text[start : start + BEFORE + AFTER]
    more = ("…" if start else "") + str(marked(piece, words))
    return mark_safe(more + ("…" if start + len(piece) < len(text) else ""))
