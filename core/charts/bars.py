"""Bars: the thin meter of table cells, bars over categories (stacked or side by side), the waterfall."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import formats
from core.charts.base import (
    Chart,
    Format,
    Number,
    Series,
    Table,
    frame,
    hint,
    legend_of,
    pct,
    picture,
    plain,
    table_of,
    tag,
    text,
    tone_of,
)
from core.charts.scale import Scale, bottom_labels, gridlines, scale_for


def meter(value: Any, maximum: Any = 100, *, target: Any = None, tone: str = "") -> SafeString:
    """A thin bar without words (its number must stand beside it), with a mark at `target`."""
    exact, whole = formats.decimal(value), float(formats.decimal(maximum) or 100)
    share = min(max(float(exact or 0) / whole * 100, 0), 100)
    parts = [tag("rect", class_="track", width="100%", height="8", rx="4")]
    if share > 0:
        parts.append(tag("rect", class_=f"fill {tone or 'c1'}", width=pct(share), height="8", rx="4"))
    mark = formats.decimal(target)
    if mark is not None:
        at = pct(min(max(float(mark) / whole * 100, 0), 100))
        parts.append(tag("line", class_="mark", x1=at, x2=at, y1="0", y2="8"))
    return mark_safe(tag("svg", *parts, class_="meter", width="100%", height="8", aria_hidden="true"))


def bars(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    stacked: bool = False,
    write: Format = plain,
    height: int = 260,
    corner: str = "",
) -> Chart:
    """Upright bars over categories. Stacked bars pile positive values; others stand side by side."""
    sums = [sum(float(one.values[index] or 0) for one in series) for index in range(len(labels))]
    single = [float(value) for one in series for value in one.values if value is not None]
    scale = scale_for(sums if stacked else single, from_zero=True)
    slot = 100 / max(len(labels), 1)
    draw = _stack if stacked else _side_by_side
    shapes = [
        draw(series, index, index * slot, slot, scale, label, write) for index, label in enumerate(labels)
    ]
    centres = [(index + 0.5) * slot for index in range(len(labels))]
    inside = frame(gridlines(scale, write), *shapes, bottom_labels(labels, centres), height=height)
    summary = _summary(labels, sums if stacked or len(series) == 1 else None, write)
    svg = picture(title, summary, inside, height=height)
    return Chart(title, summary, svg, table_of(labels, series, write, corner), legend_of(series))


def _summary(labels: Sequence[str], sums: Sequence[float] | None, write: Format) -> str:
    if not sums:
        return ""
    low, high = sums.index(min(sums)), sums.index(max(sums))
    figures = {"high": labels[high], "most": write(sums[high]), "low": labels[low], "least": write(sums[low])}
    return _("Highest: %(high)s with %(most)s; lowest: %(low)s with %(least)s") % figures


def _stack(
    series: Sequence[Series], index: int, left: float, slot: float, scale: Scale, label: str, write: Format
) -> str:
    shapes, reached = [], 0.0
    for position, one in enumerate(series):
        value = float(one.values[index] or 0)
        if value > 0:
            words = f"{label} · {one.label}: {write(one.values[index])}"
            shapes.append(
                _bar(
                    left + slot * 0.22,
                    slot * 0.56,
                    reached,
                    reached + value,
                    scale,
                    tone_of(one, position),
                    words,
                )
            )
            reached += value
    return "".join(shapes)


def _side_by_side(
    series: Sequence[Series], index: int, left: float, slot: float, scale: Scale, label: str, write: Format
) -> str:
    width = slot * 0.7 / len(series)
    shapes = []
    for position, one in enumerate(series):
        value = one.values[index]
        if value is not None:
            words = f"{label} · {one.label}: {write(value)}"
            start = left + slot * 0.15 + position * width
            shapes.append(_bar(start, width * 0.94, 0.0, float(value), scale, tone_of(one, position), words))
    return "".join(shapes)


def _bar(left: float, width: float, low: float, high: float, scale: Scale, tone: str, words: str) -> str:
    top, bottom = sorted((scale.height(low), scale.height(high)))
    return tag(
        "rect", hint(words), class_=f"fill bar {tone}",
        x=pct(left), width=pct(width), y=pct(top), height=pct(bottom - top), rx="2",
    )  # fmt: skip


@dataclass(frozen=True)
class Step:
    """A step of a waterfall: a total stands on the axis, a change hangs on the level before it."""

    label: str
    value: Number
    total: bool = False


def waterfall(title: str, steps: Sequence[Step], *, write: Format = plain, height: int = 280) -> Chart:
    """From an opening total over changes to a closing one. The axis starts above zero, and says so, where
    changes would otherwise be too small to see."""
    spans = _spans(steps)
    ends = [end for span in spans for end in span if end != 0]
    cut = bool(ends) and min(ends) > 0.5 * max(ends)
    scale = _cut_scale(ends) if cut else scale_for(ends, from_zero=True)
    slot = 100 / max(len(steps), 1)
    shapes = [
        _step(step, span, index * slot, slot, scale, write)
        for index, (step, span) in enumerate(zip(steps, spans, strict=True))
    ]
    links = [_link(one[1], index, slot, scale) for index, (one, _next) in enumerate(pairwise(spans))]
    centres = [(index + 0.5) * slot for index in range(len(steps))]
    labels = [step.label for step in steps]
    summary = "; ".join(f"{step.label} {_written(step, write)}" for step in steps)
    if cut:
        summary += ". " + _("The axis does not start at zero")
    inside = frame(gridlines(scale, write), *links, *shapes, _all_labels(labels, centres), height=height)
    rows = [[step.label, _written(step, write)] for step in steps]
    table = Table([_("Step"), pgettext("chart", "Value")], rows)
    return Chart(title, summary, picture(title, summary, inside, height=height), table)


def _cut_scale(ends: Sequence[float]) -> Scale:
    span = max(ends) - min(ends) or max(ends) * 0.1
    return scale_for([max(min(ends) - span * 0.6, 0), max(ends) + span * 0.1])


def _spans(steps: Sequence[Step]) -> list[tuple[float, float]]:
    """For each step the level before and after it; a total runs from zero."""
    spans, level = [], 0.0
    for step in steps:
        start = 0.0 if step.total else level
        level = start + float(step.value)
        spans.append((start, level))
    return spans


def _written(step: Step, write: Format) -> str:
    return write(step.value) if step.total or step.value <= 0 else f"+{write(step.value)}"


def _step(
    step: Step, span: tuple[float, float], left: float, slot: float, scale: Scale, write: Format
) -> str:
    tone = "total" if step.total else "gain" if step.value >= 0 else "loss"
    words = f"{step.label}: {_written(step, write)}"
    bar = _bar(left + slot * 0.16, slot * 0.68, span[0], span[1], scale, tone, words)
    top = min(scale.height(span[0]), scale.height(span[1]))
    return bar + text(
        _written(step, write),
        class_="value halo",
        x=pct(left + slot / 2),
        y=pct(top),
        dy="-6",
        text_anchor="middle",
    )


def _link(level: float, index: int, slot: float, scale: Scale) -> str:
    """The thin line that carries a level to the next step."""
    at = pct(scale.height(level))
    return tag(
        "line",
        class_="grid strong",
        x1=pct((index + 0.84) * slot),
        x2=pct((index + 1.16) * slot),
        y1=at,
        y2=at,
    )


def _all_labels(labels: Sequence[str], positions: Sequence[float]) -> str:
    """Every step keeps its name on narrow screens too; every other one stands a line lower there."""
    return "".join(
        text(
            label,
            class_="tick low" if index % 2 else "tick",
            x=pct(position),
            y="100%",
            dy="18",
            text_anchor="middle",
        )
        for index, (label, position) in enumerate(zip(labels, positions, strict=True))
    )
