"""Migration: how many went from which group to which, as bands and as a matrix."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import formats
from core.charts.base import Chart, Table, coordinate, hint, pct, picture, stretched, tag, text

GAP = 2.4  # percent of the height between two groups
Moves = Mapping[tuple[str, str], int]
Urls = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Group:
    """A group of the flow: its key in the moves, its words and its colour class."""

    key: str
    label: str
    tone: str


@dataclass(frozen=True)
class Node:
    group: Group
    total: int
    top: float
    size: float


def flow(
    title: str, groups: Sequence[Group], moves: Moves, *, height: int = 340, urls: Urls | None = None
) -> Chart:
    """Bands from the groups before (left) to the groups after (right), as wide as the clients are many.

    urls: where the numbers of its table lead; a picture has no places for the keyboard.
    """
    left = _nodes(groups, {key: sum(n for (a, _b), n in moves.items() if a == key) for key in _keys(groups)})
    right = _nodes(groups, {key: sum(n for (_a, b), n in moves.items() if b == key) for key in _keys(groups)})
    bands = _bands(left, right, moves)
    sides = [
        *(_side(node, left=True) for node in left.values()),
        *(_side(node, left=False) for node in right.values()),
    ]
    inside = tag("svg", stretched(*bands), *sides, class_="plot", x="26%", y=4, width="48%",
                 height=height - 8, overflow="visible")  # fmt: skip
    summary = _summary(groups, moves)
    svg = picture(title, summary, inside, height=height, class_="chart flow")
    return Chart(title, summary, svg, _table(groups, moves, urls or {}))


def _keys(groups: Sequence[Group]) -> list[str]:
    return [group.key for group in groups]


def _nodes(groups: Sequence[Group], totals: Mapping[str, int]) -> dict[str, Node]:
    filled = [group for group in groups if totals[group.key] > 0]
    whole = sum(totals.values()) or 1
    room = 100 - GAP * max(len(filled) - 1, 0)
    nodes, top = {}, 0.0
    for group in filled:
        size = totals[group.key] / whole * room
        nodes[group.key] = Node(group, totals[group.key], top, size)
        top += size + GAP
    return nodes


def _bands(left: Mapping[str, Node], right: Mapping[str, Node], moves: Moves) -> list[str]:
    out = {key: node.top for key, node in left.items()}
    into = {key: node.top for key, node in right.items()}
    bands = []
    for a, start in left.items():
        for b, end in right.items():
            count = moves.get((a, b), 0)
            if count:
                size, size_in = start.size * count / start.total, end.size * count / end.total
                words = f"{start.group.label} → {end.group.label}: {formats.number(count)}"
                stay = " stay" if a == b else ""
                bands.append(_band(out[a], size, into[b], size_in, f"band {start.group.tone}{stay}", words))
                out[a] += size
                into[b] += size_in
    return bands


def _band(y0: float, h0: float, y1: float, h1: float, classes: str, words: str) -> str:
    a, b, c, d = (coordinate(value) for value in (y0, y1, y1 + h1, y0 + h0))
    path = f"M2 {a}C50 {a} 50 {b} 98 {b}L98 {c}C50 {c} 50 {d} 2 {d}Z"
    return tag("path", hint(words), class_=classes, d=path)


def _side(node: Node, *, left: bool) -> str:
    """A group's block with its words and number outside the bands."""
    words = f"{node.group.label} {formats.number(node.total)}"
    block = tag(
        "rect", hint(words), class_=f"fill {node.group.tone}", x="0" if left else "98%", width="2%",
        y=pct(node.top), height=pct(max(node.size, 0.4)),
    )  # fmt: skip
    middle = pct(node.top + node.size / 2)
    place = {"x": "-8", "text_anchor": "end"} if left else {"x": "100%", "dx": "8", "text_anchor": "start"}
    return block + text(words, class_="tick strong", y=middle, dy="4", **place)


def _summary(groups: Sequence[Group], moves: Moves) -> str:
    rank = {key: position for position, key in enumerate(_keys(groups))}
    counts = {"stayed": 0, "rose": 0, "fell": 0}
    for (a, b), count in moves.items():
        counts["stayed" if a == b else "rose" if rank[b] < rank[a] else "fell"] += count
    words = {name: formats.number(count) for name, count in counts.items()}
    return _("%(stayed)s stayed, %(rose)s rose, %(fell)s fell") % words


def _table(groups: Sequence[Group], moves: Moves, urls: Urls) -> Table:
    head = [_("From, to"), *(group.label for group in groups)]
    rows = [[a.label, *(_number(a, b, moves, urls) for b in groups)] for a in groups]
    return Table(head, rows)


def _number(a: Group, b: Group, moves: Moves, urls: Urls) -> str:
    count, url = moves.get((a.key, b.key), 0), urls.get((a.key, b.key), "")
    words = formats.number(count)
    return format_html('<a href="{}">{}</a>', url, words) if count and url else words


@dataclass(frozen=True)
class Cell:
    """A cell of the heat matrix: its words, its shade 0 to 9 and where it leads ('' nowhere)."""

    words: str
    shade: int
    hint: str
    url: str


@dataclass(frozen=True)
class Matrix:
    """A table shaded by share of its row; `{{ matrix }}` writes it."""

    title: str
    corner: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]

    def __html__(self) -> SafeString:
        from django.template.loader import render_to_string

        return render_to_string("components/matrix.html", {"matrix": self})

    __str__ = __html__


def heat_matrix(title: str, groups: Sequence[Group], moves: Moves, *, urls: Urls | None = None) -> Matrix:
    """Counts from group (rows) to group (columns); a cell is darker the larger its share of the row."""
    rows = []
    for a in groups:
        total = sum(moves.get((a.key, b.key), 0) for b in groups)
        rows.append((a.label, [_cell(a, b, moves.get((a.key, b.key), 0), total, urls or {}) for b in groups]))
    return Matrix(title, _("From, to"), [group.label for group in groups], rows)


def _cell(a: Group, b: Group, count: int, total: int, urls: Urls) -> Cell:
    share = count / total if total else 0.0
    words = f"{a.label} → {b.label}: {formats.number(count)} ({formats.percent(share)})"
    shade = 0 if not count else min(9, 1 + int(share * 9))
    return Cell(
        formats.number(count) if count else "", shade, words, urls.get((a.key, b.key), "") if count else ""
    )
