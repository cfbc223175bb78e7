"""Who is connected with whom: one in the middle, neighbours around it, theirs in a second ring."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.charts.base import Chart, Table, coordinate, hint, picture, tag, text

SIZE = 300
MIDDLE = SIZE / 2
NEAR, FAR = 78.0, 126.0  # radius of each ring
RADII = {0: 18, 1: 12, 2: 8}
LONGEST = 6  # letters of a label in the picture; the whole words are shown on hover and in the table


@dataclass(frozen=True)
class Node:
    """Somebody: a key that is unique in the picture, words, and a colour class."""

    key: str
    label: str
    tone: str = "c1"


@dataclass(frozen=True)
class Edge:
    """A connection, with what `end` is to `start`."""

    start: str
    end: str
    words: str


Places = Mapping[str, tuple[float, float, int]]


def network(
    title: str, centre: Node, near: Sequence[Node], far: Sequence[Node], edges: Sequence[Edge]
) -> Chart:
    """Nodes in the order given, clockwise from the top; the same nodes give the same picture."""
    places = layout(centre, near, far, edges)
    nodes = {node.key: node for node in (centre, *near, *far)}
    drawn = [edge for edge in edges if edge.start in places and edge.end in places]
    lines = [_line(places, edge) for edge in drawn]
    marks = [_mark(node, *places[node.key]) for node in nodes.values()]
    words = {"near": len(near), "far": len(far)}
    summary = _("%(near)s directly connected, %(far)s through them") % words
    rows = [[nodes[edge.start].label, edge.words, nodes[edge.end].label] for edge in drawn]
    svg = picture(
        title, summary, *lines, *marks, height=SIZE, class_="chart network", viewBox=f"0 0 {SIZE} {SIZE}"
    )
    return Chart(title, summary, svg, Table([_("Of"), _("Connection"), _("Is")], rows))


def layout(centre: Node, near: Sequence[Node], far: Sequence[Node], edges: Sequence[Edge]) -> Places:
    """x, y and ring of every node: a neighbour's slice is as wide as those behind it are many."""
    behind = _behind(near, far, edges)
    slices = [max(1, len(behind[node.key])) for node in near]
    places: dict[str, tuple[float, float, int]] = {centre.key: (MIDDLE, MIDDLE, 0)}
    begun = 0
    for node, width in zip(near, slices, strict=True):
        places[node.key] = (*_at((begun + width / 2) / sum(slices), NEAR), 1)
        for number, one in enumerate(behind[node.key]):
            share = (begun + (number + 0.5) * width / len(behind[node.key])) / sum(slices)
            places[one.key] = (*_at(share, FAR), 2)
        begun += width
    return places


def _behind(near: Sequence[Node], far: Sequence[Node], edges: Sequence[Edge]) -> dict[str, list[Node]]:
    """Each far node behind the first neighbour that it is connected with."""
    behind: dict[str, list[Node]] = {node.key: [] for node in near}
    for node in far:
        joined = ({edge.start, edge.end} - {node.key} for edge in edges if node.key in (edge.start, edge.end))
        parent = next((key for keys in joined for key in keys if key in behind), None)
        if parent is not None:
            behind[parent].append(node)
    return behind


def _at(share: float, radius: float) -> tuple[float, float]:
    angle = 2 * math.pi * share - math.pi / 2
    return MIDDLE + radius * math.cos(angle), MIDDLE + radius * math.sin(angle)


def _line(places: Places, edge: Edge) -> str:
    (x1, y1, _ring), (x2, y2, _other) = places[edge.start], places[edge.end]
    ends = {"x1": coordinate(x1), "y1": coordinate(y1), "x2": coordinate(x2), "y2": coordinate(y2)}
    return tag("line", hint(edge.words), class_="link", **ends)


def _mark(node: Node, x: float, y: float, ring: int) -> str:
    radius = RADII[ring]
    circle = tag(
        "circle", hint(node.label), class_=f"fill {node.tone}", cx=coordinate(x), cy=coordinate(y), r=radius
    )
    short = node.label if len(node.label) <= LONGEST else node.label[: LONGEST - 1] + "…"
    below = coordinate(y + radius + 12)
    return circle + text(
        short,
        class_="halo strong" if ring < 2 else "halo tick",
        x=coordinate(x),
        y=below,
        text_anchor="middle",
    )
