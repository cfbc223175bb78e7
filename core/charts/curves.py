"""Concentration: which share of the clients brings which share of the value."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from core import formats
from core.charts.base import Chart, Table, coordinate, frame, hint, pct, picture, stretched, tag, text
from core.charts.scale import bottom_labels, gridlines, scale_for

Points = Sequence[tuple[float, float]]

HARDLY_OVER = 1.05


def concentration(
    title: str,
    curves: Sequence[tuple[str, Points]],
    *,
    marks: Sequence[float] = (0.01, 0.05, 0.2, 0.5),
    height: int = 300,
) -> Chart:
    """Pareto or Lorenz curves: points (share of clients, share of value), both 0 to 1, ascending in clients.

    Ordered from the most valuable client it is a Pareto curve (above the diagonal, over 100 % where some cost
    more than they bring), from the least valuable a Lorenz curve. `marks` are the shares told in words.
    """
    curves = [(name, [(float(x), float(y)) for x, y in points]) for name, points in curves]
    # a curve that just passes 100 % needs no axis up to 150 %
    scale = scale_for(
        [0.0, 1.0, *(y for _name, points in curves for _x, y in points if not 1.0 < y <= HARDLY_OVER)]
    )
    lines = [_path(points, scale.height, f"c{index + 1}") for index, (_name, points) in enumerate(curves)]
    even = tag("path", class_="even", d=f"M0 {coordinate(scale.height(0))}L100 {coordinate(scale.height(1))}",
               fill="none", vector_effect="non-scaling-stroke")  # fmt: skip
    main = curves[0][1] if curves else []
    told = [(mark, value_at(main, mark)) for mark in marks] if main else []
    dots = [_dot(mark, value, scale.height(value)) for mark, value in told]
    tops = [0, 20, 40, 60, 80, 100]
    inside = frame(
        gridlines(scale, _share), stretched(even, *lines), *dots,
        bottom_labels([f"{top}%" for top in tops], [float(top) for top in tops]), height=height,
    )  # fmt: skip
    summary = "; ".join(_words(mark, value) for mark, value in told)
    legend = [(f"c{index + 1}", name, "") for index, (name, _points) in enumerate(curves)]
    return Chart(
        title, summary, picture(title, summary, inside, height=height), _table(curves, marks), legend
    )


def value_at(points: Points, x: float) -> float:
    """The curve's height at x, straight between its points."""
    before = points[0]
    for point in points:
        if point[0] >= x:
            span = point[0] - before[0]
            return point[1] if span <= 0 else before[1] + (point[1] - before[1]) * (x - before[0]) / span
        before = point
    return before[1]


def _path(points: Points, height: Callable[[float], float], tone: str) -> str:
    steps = "L".join(f"{coordinate(x * 100)} {coordinate(height(y))}" for x, y in points)
    return tag("path", class_=f"line {tone}", d=f"M{steps}", fill="none", vector_effect="non-scaling-stroke")


def _dot(mark: float, value: float, height: float) -> str:
    dot = tag("circle", hint(_words(mark, value)), class_="dot c1", cx=pct(mark * 100), cy=pct(height), r="5")
    return dot + text(_share(value), class_="value halo", x=pct(mark * 100), y=pct(height), dx="9", dy="16")


def _share(value: float) -> str:
    return formats.percent(value, 0)


def _words(mark: float, value: float) -> str:
    return _("%(clients)s of clients: %(value)s of the value") % {
        "clients": _share(mark),
        "value": formats.percent(value),
    }


def _table(curves: Sequence[tuple[str, Points]], marks: Sequence[float]) -> Table:
    shares = sorted({*marks, 0.1, 0.3, 0.8, 1.0})
    rows = [
        [_share(share), *(formats.percent(value_at(points, share)) for _n, points in curves if points)]
        for share in shares
    ]
    return Table([_("Share of clients"), *(name for name, _points in curves)], rows)
