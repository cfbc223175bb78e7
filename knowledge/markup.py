"""The little markup of articles: headings, lists, quotes, bold, code, links. Everything else is plain text.

Whatever is written is escaped first, so no HTML comes through; links lead to http(s) or within the house.
"""

import re
from collections.abc import Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

HEADING = re.compile(r"(#{2,3})\s+(.+)")
BULLET = re.compile(r"[-*]\s+(.+)")
NUMBERED = re.compile(r"\d{1,3}[.)、]\s*(.+)")
QUOTE = re.compile(r">\s?(.*)")
BOLD = re.compile(r"\*\*(.+?)\*\*")
CODE = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\[([^\[\]]+)\]\(((?:https?://|/(?!/))[^\s()]+)\)")
BLOCKS = (("h", HEADING), ("ul", BULLET), ("ol", NUMBERED), ("blockquote", QUOTE))


def rendered(text: str) -> SafeString:
    """The text as HTML; headings begin at h3, below the page's own."""
    return mark_safe("\n".join(_block(kind, lines) for kind, lines in _blocks(text)))


def plain(text: str) -> str:
    """The text without its marks, as it is put into an answer; a link keeps its address when it leads out."""
    return "\n".join(_plain_line(line) for line in text.strip().splitlines())


def _blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """Neighbouring lines of one kind together; an empty line ends a block."""
    kind, lines = "", list[str]()
    for line in [*text.splitlines(), ""]:
        found, words = _kind(line.strip())
        if lines and (found != kind or found.startswith("h")):
            yield kind, lines
            lines = []
        kind = found
        if words:
            lines.append(words)


def _kind(line: str) -> tuple[str, str]:
    for kind, pattern in BLOCKS:
        if found := pattern.fullmatch(line):
            return (f"h{len(found[1]) + 1}", found[2]) if kind == "h" else (kind, found[1])
    return ("p", line) if line else ("", "")


def _block(kind: str, lines: list[str]) -> str:
    words = [_inline(line) for line in lines]
    if kind in ("ul", "ol"):
        return f"<{kind}>{''.join(f'<li>{line}</li>' for line in words)}</{kind}>"
    if kind == "blockquote":
        return f"<blockquote><p>{'<br>'.join(words)}</p></blockquote>"
    return f"<{kind}>{'<br>'.join(words)}</{kind}>"


def _inline(line: str) -> str:
    """Marks inside a line; what stands in them is escaped already."""
    safe = str(escape(line))
    safe = CODE.sub(r"<code>\1</code>", safe)
    safe = LINK.sub(r'<a href="\2" rel="noopener noreferrer">\1</a>', safe)
    return BOLD.sub(r"<strong>\1</strong>", safe)


def _plain_line(line: str) -> str:
    found = HEADING.fullmatch(line.strip()) or QUOTE.fullmatch(line.strip())
    words = found[found.lastindex or 0] if found else line.rstrip()
    words = LINK.sub(lambda link: link[1] if link[2].startswith("/") else f"{link[1]} {link[2]}", words)
    return BOLD.sub(r"\1", CODE.sub(r"\1", words))
