"""Sparkline and line trend."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.charts.base import (
    Chart,
    Format,
    Number,
    Series,
    coordinate,
    frame,
    hint,
    legend_of,
    pct,
    picture,
    plain,
    stretched,
    table_of,
    tag,
    text,
    tone_of,
    with_column,
)
from core.charts.scale import Scale, bottom_labels, gridlines, scale_for


@dataclass(frozen=True)
class Mark:
    """A sign over a point of the first line, such as ■, and what it says of the point's label.

    kind: what the sign means in general, for the legend; words: what it means here, for table and hover.
    """

    sign: str
    kind: str
    words: str


def trend(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    target: Number | None = None,
    write: Format = plain,
    height: int = 260,
    corner: str = "",
    area: bool = True,
    marks: Mapping[str, Mark] | None = None,
    marked: str = "",
) -> Chart:
    """Lines over time. `target` draws a dashed line; the first series is shaded when `area`.

    marks: by label; they stand in a column of the table that is headed `marked`.
    """
    shown = [float(value) for one in series for value in one.values if value is not None]
    scale = scale_for([*shown, float(target)] if target is not None else shown)
    places = [index / max(len(labels) - 1, 1) * 100 for index in range(len(labels))]
    paths = [_line(one, places, scale, tone_of(one, index)) for index, one in enumerate(series)]
    shade = [_area(series[0], places, scale, tone_of(series[0], 0))] if area and series else []
    dots = [_last_dot(one, places, scale, tone_of(one, index)) for index, one in enumerate(series)]
    known = marks or {}
    told = [f"{label} · {known[label].words}" if label in known else label for label in labels]
    inside = [
        gridlines(scale, write), stretched(*shade, *paths) if paths else "", _target(target, scale, write),
        *dots, *_signs(series, labels, known, places, scale), bottom_labels(labels, places),
        _columns(told, series, places, write),
    ]  # fmt: skip
    summary = describe(labels, series, write)
    svg = picture(title, summary, frame(*inside, height=height), height=height)
    table = table_of(labels, series, write, corner)
    if marked:
        table = with_column(table, marked, [known[label].words if label in known else "" for label in labels])
    signs = tuple(dict.fromkeys((known[label].sign, known[label].kind) for label in labels if label in known))
    return Chart(title, summary, svg, table, legend_of(series), signs=signs)


def _signs(
    series: Sequence[Series],
    labels: Sequence[str],
    marks: Mapping[str, Mark],
    places: Sequence[float],
    scale: Scale,
) -> list[str]:
    """The signs over the first line; at the bottom where it has no value."""
    values = series[0].values if series else []
    found = []
    for label, place, value in zip(labels, places, values, strict=False):
        if label in marks:
            height = scale.height(float(value)) if value is not None else 100.0
            found.append(
                text(
                    marks[label].sign,
                    class_="strong halo",
                    x=pct(place),
                    y=pct(height),
                    dy="-8",
                    text_anchor="middle",
                )
            )
    return found


def sparkline(
    title: str, values: Sequence[Number | None], *, tone: str = "c1", write: Format = plain, height: int = 32
) -> Chart:
    """A line without axes, for a card or a table cell; its words give first, last and extremes."""
    series = Series(title, values, tone)
    scale = scale_for([float(value) for value in values if value is not None])
    places = [index / max(len(values) - 1, 1) * 100 for index in range(len(values))]
    shapes = stretched(_area(series, places, scale, tone), _line(series, places, scale, tone))
    inside = tag(
        "svg", shapes, _last_dot(series, places, scale, tone),
        class_="spark-plot", x="3", y="4", width="94%", height=height - 8, overflow="visible",
    )  # fmt: skip
    summary = describe([""] * len(values), [series], write)
    return Chart(title, summary, picture(title, summary, inside, height=height, class_="chart spark"))


def describe(labels: Sequence[str], series: Sequence[Series], write: Format) -> str:
    """'New clients: from 4.1 to 6.2, lowest 3.9, highest 6.2' for each series."""
    parts = []
    for one in series:
        filled: list[Any] = [value for value in one.values if value is not None]
        if not filled:
            parts.append(_("%(name)s: no values") % {"name": one.label})
            continue
        figures = {"name": one.label, "first": write(filled[0]), "last": write(filled[-1])}
        figures |= {"low": write(min(filled)), "high": write(max(filled))}
        parts.append(_("%(name)s: from %(first)s to %(last)s, lowest %(low)s, highest %(high)s") % figures)
    return "; ".join(parts)


def _line(series: Series, places: Sequence[float], scale: Scale, tone: str) -> str:
    """The line as a path; a missing value breaks it."""
    steps, pen_down = [], False
    for place, value in zip(places, series.values, strict=True):
        if value is not None:
            point = f"{coordinate(place)} {coordinate(scale.height(float(value)))}"
            steps.append(f"{'L' if pen_down else 'M'}{point}")
        pen_down = value is not None
    return tag(
        "path", class_=f"line {tone}", d="".join(steps), fill="none", vector_effect="non-scaling-stroke"
    )


def _area(series: Series, places: Sequence[float], scale: Scale, tone: str) -> str:
    points = [
        (place, scale.height(float(value)))
        for place, value in zip(places, series.values, strict=True)
        if value is not None
    ]
    if len(points) < 2:
        return ""
    top = "L".join(f"{coordinate(x)} {coordinate(y)}" for x, y in points)
    path = f"M{coordinate(points[0][0])} 100L{top}L{coordinate(points[-1][0])} 100Z"
    return tag("path", class_=f"area {tone}", d=path)


def _last_dot(series: Series, places: Sequence[float], scale: Scale, tone: str) -> str:
    for place, value in zip(reversed(places), reversed(series.values), strict=True):
        if value is not None:
            return tag(
                "circle", class_=f"dot {tone}", cx=pct(place), cy=pct(scale.height(float(value))), r="4"
            )
    return ""


def _target(target: Number | None, scale: Scale, write: Format) -> str:
    if target is None:
        return ""
    at = pct(scale.height(float(target)))
    words = _("Target %(value)s") % {"value": write(target)}
    line = tag("line", class_="target", x1="0", x2="100%", y1=at, y2=at)
    return line + text(words, class_="tick strong halo", x="6", y=at, dy="-6")


def _columns(labels: Sequence[str], series: Sequence[Series], places: Sequence[float], write: Format) -> str:
    """Unseen columns over the plot that show all values of their place on hover."""
    width = 100 / max(len(labels), 1)
    columns = []
    for index, (label, place) in enumerate(zip(labels, places, strict=True)):
        values = ((one.label, one.values[index]) for one in series)
        words = "\n".join(
            [label, *(f"{name}: {'–' if value is None else write(value)}" for name, value in values)]
        )
        columns.append(
            tag(
                "rect",
                hint(words),
                class_="hit",
                x=pct(place - width / 2),
                y="0",
                width=pct(width),
                height="100%",
            )
        )
    return "".join(columns)
