"""What all charts share: elements, series, the finished chart and its figure.

Charts are SVG in percent coordinates, coloured by classes (c1 … c6, ok, warn, bad, t-V5 …), without inline
styles. Each says in words what it shows, carries its values as a table, and shows them on hover.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from core import formats

Number = float | int | Decimal
Format = Callable[[Any], str]


def plain(value: Any) -> str:
    """Up to two places, without trailing zeros."""
    text = formats.number(value, 2)
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True)
class Series:
    """A named row of values; None is a gap. `tone` is a colour class, by default c1, c2 … by position."""

    label: str
    values: Sequence[Number | None]
    tone: str = ""


@dataclass(frozen=True)
class Table:
    """The chart's values for those who read rather than look: heads, and rows of written values."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Chart:
    """A finished chart. `{{ chart }}` writes the figure; `{{ chart.svg }}` the bare picture."""

    title: str
    summary: str
    svg: SafeString
    table: Table | None = None
    legend: Sequence[tuple[str, str, str]] = ()  # tone, words, value
    beside: bool = False  # the legend stands at the right of a round picture
    signs: Sequence[tuple[str, str]] = ()  # what signs over points mean, beside the legend

    def __html__(self) -> str:
        return render_to_string("components/chart.html", {"chart": self})

    __str__ = __html__


def tag(name: str, *children: str, **attributes: Any) -> str:
    """An SVG element; children must be escaped already. `class_` is class, `stroke_width` stroke-width."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value), quote=True)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{''.join(children)}</{name}>" if children else f"<{name}{written}/>"


def text(words: Any, **attributes: Any) -> str:
    return tag("text", escape(str(words)), **attributes)


def hint(words: str) -> str:
    """The value shown on hover."""
    return tag("title", escape(words))


def pct(share: float) -> str:
    """A percent coordinate: pct(12.5) -> '12.5%'."""
    return f"{coordinate(share)}%"


def coordinate(value: float) -> str:
    return f"{round(value, 2) + 0:.2f}".rstrip("0").rstrip(".")


def picture(
    title: str, summary: str, *children: str, height: int, class_: str = "chart", **attributes: Any
) -> SafeString:
    """The outer svg, named for screen readers by title and summary."""
    label = f"{title}. {summary}" if title and summary else title or summary
    return mark_safe(
        tag(
            "svg",
            *children,
            class_=class_,
            role="img",
            aria_label=label,
            width="100%",
            height=height,
            **attributes,
        )
    )


def frame(*children: str, height: int, class_: str = "plot") -> str:
    """The inner area that percent coordinates refer to; charts.css gives it its margins."""
    return tag(
        "svg", *children, class_=class_, x=48, y=10, width="88%", height=height - 40, overflow="visible"
    )


def stretched(*children: str) -> str:
    """A layer of 100 by 100 stretched over the plot, for shapes that need paths."""
    return tag(
        "svg", *children, viewBox="0 0 100 100", preserveAspectRatio="none", width="100%", height="100%"
    )


def tone_of(series: Series, position: int) -> str:
    return series.tone or f"c{position % 6 + 1}"


def legend_of(series: Sequence[Series]) -> list[tuple[str, str, str]]:
    return [(tone_of(one, position), one.label, "") for position, one in enumerate(series)]


def table_of(labels: Sequence[str], series: Sequence[Series], write: Format, corner: str = "") -> Table:
    """One row a label, one column a series."""
    rows = [
        [label, *("–" if one.values[index] is None else write(one.values[index]) for one in series)]
        for index, label in enumerate(labels)
    ]
    return Table([corner, *(one.label for one in series)], rows)


def with_column(table: Table, head: str, cells: Sequence[str]) -> Table:
    """The table with one more column at its end."""
    rows = [[*row, cell] for row, cell in zip(table.rows, cells, strict=True)]
    return Table([*table.head, head], rows)
