"""The demo's articles, from articles.md beside this file.

An article begins with `# title | English title | category | keywords`; its Chinese text goes to a line of
dashes, its English one to the next article.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from knowledge.actions.articles import Told

HEAD = re.compile(r"^# (.+)$", re.MULTILINE)


def _read() -> Iterator[Told]:
    _before, *pieces = HEAD.split(Path(__file__).with_suffix(".md").read_text(encoding="utf-8"))
    for head, text in zip(pieces[::2], pieces[1::2], strict=True):
        title_zh, title_en, category, keywords = (part.strip() for part in head.split("|"))
        chinese, english = re.split(r"^--- ?$", text, maxsplit=1, flags=re.MULTILINE)
        yield Told(
            title_zh=title_zh, title_en=title_en, category=category, keywords=keywords,
            body_zh=chinese.strip(), body_en=english.strip(),
        )  # fmt: skip


ARTICLES = tuple(_read())
