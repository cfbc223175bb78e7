"""Round pictures: the half-circle gauge, the score ring, the donut."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import formats
from core.charts.base import Chart, Format, Number, Table, coordinate, hint, picture, plain, tag, text

HALF_CIRCLE = "M20 96A80 80 0 0 1 180 96"


def gauge(
    title: str,
    value: Number | None,
    *,
    low: Number,
    high: Number,
    target: Number | None = None,
    tone: str = "c1",
    unit: str = "",
    write: Format = plain,
) -> Chart:
    """A half circle from `low` to `high` (low > high where less is better). `tone`: ok, warn, bad or c1."""
    share = _share(value, low, high)
    parts = [tag("path", class_="arc track", d=HALF_CIRCLE, pathLength="100")]
    if share > 0:
        arc = f"{coordinate(max(share, 0.5))} 200"
        parts.append(tag("path", class_=f"arc {tone}", d=HALF_CIRCLE, pathLength="100", stroke_dasharray=arc))
    if target is not None:
        parts.append(_needle(_share(target, low, high)))
    shown = formats.DASH if value is None else write(value)
    words = tag("tspan", shown) + (
        tag("tspan", unit, class_="gauge-unit", dx="2") if unit and value is not None else ""
    )
    parts.append(tag("text", words, class_="gauge-value", x="100", y="92", text_anchor="middle"))
    parts.append(text(write(low), class_="tick", x="20", y="122", text_anchor="middle"))
    parts.append(text(write(high), class_="tick", x="180", y="122", text_anchor="middle"))
    summary = _gauge_words(shown + unit, write(low), write(high), None if target is None else write(target))
    return Chart(
        title,
        summary,
        picture(title, summary, *parts, height=140, class_="chart gauge", viewBox="0 0 200 128"),
    )


def _share(value: Number | None, low: Number, high: Number) -> float:
    if value is None or high == low:
        return 0.0
    return min(max((float(value) - float(low)) / (float(high) - float(low)) * 100, 0.0), 100.0)


def _needle(share: float) -> str:
    """The short line across the arc at the target."""
    angle = math.pi * (1 - share / 100)
    inner, outer = ((100 + r * math.cos(angle), 96 - r * math.sin(angle)) for r in (68, 92))
    x1, y1, x2, y2 = (coordinate(value) for value in (*inner, *outer))
    return tag("line", class_="needle", x1=x1, y1=y1, x2=x2, y2=y2)


def _gauge_words(value: str, low: str, high: str, target: str | None) -> str:
    words = _("%(value)s on a scale from %(low)s to %(high)s") % {"value": value, "low": low, "high": high}
    return words if target is None else words + ", " + _("target %(value)s") % {"value": target}


def ring(
    title: str,
    value: Number | None,
    *,
    maximum: Number = 100,
    tone: str = "c1",
    caption: str = "",
    write: Format = plain,
) -> Chart:
    """A score as a closed ring with its number in the middle. `tone` may be a tier: t-V5 … t-NEW."""
    share = _share(value, 0, maximum)
    parts = [tag("circle", class_="arc track", cx="60", cy="60", r="50")]
    if share > 0:
        parts.append(_arc(50, tone, 0, share))
    shown = formats.DASH if value is None else write(value)
    parts.append(text(shown, class_="ring-value", x="60", y="62" if caption else "68", text_anchor="middle"))
    if caption:
        parts.append(text(caption, class_="tick", x="60", y="80", text_anchor="middle"))
    summary = _("%(value)s of %(maximum)s") % {"value": shown, "maximum": write(maximum)}
    return Chart(
        title,
        summary,
        picture(title, summary, *parts, height=120, class_="chart ring", viewBox="0 0 120 120"),
    )


def _arc(radius: int, tone: str, start: float, share: float, words: str = "", *, flat: bool = False) -> str:
    """A piece of a circle, `start` and `share` in percent, clockwise from the top."""
    inside = [hint(words)] if words else []
    return tag(
        "circle", *inside, class_=f"arc {tone}{' flat' if flat else ''}", cx="60", cy="60", r=radius,
        pathLength="100", stroke_dasharray=f"{coordinate(share)} 100", stroke_dashoffset=coordinate(-start),
        transform="rotate(-90 60 60)",
    )  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A part of a whole."""

    label: str
    value: Number
    tone: str = ""


def donut(
    title: str, parts: Sequence[Part], *, total: str = "", unit: str = "", write: Format = plain
) -> Chart:
    """Shares of a whole; parts of no or negative value are only in the table."""
    whole = sum(float(part.value) for part in parts if part.value > 0)
    pieces, start, rows = [], 0.0, []
    for index, part in enumerate(parts):
        share = float(part.value) / whole * 100 if whole and part.value > 0 else 0.0
        shown = formats.percent(share / 100)
        rows.append([part.label, write(part.value), shown])
        if share > 0:
            tone = part.tone or f"c{index % 6 + 1}"
            pieces.append(
                _arc(
                    50,
                    tone,
                    start,
                    max(share - 0.8, 0.3),
                    f"{part.label}: {write(part.value)} ({shown})",
                    flat=True,
                )
            )
        start += share
    middle = (
        text(total, class_="donut-value", x="60", y="62" if unit else "66", text_anchor="middle")
        if total
        else ""
    )
    below = text(unit, class_="tick", x="60", y="78", text_anchor="middle") if unit else ""
    summary = "; ".join(f"{label} {share}" for label, _value, share in rows)
    track = tag("circle", class_="arc track flat", cx="60", cy="60", r="50")
    svg = picture(
        title, summary, track, *pieces, middle, below, height=120, class_="chart ring", viewBox="0 0 120 120"
    )
    legend = [
        (part.tone or f"c{index % 6 + 1}", part.label, rows[index][2]) for index, part in enumerate(parts)
    ]
    table = Table([_("Part"), pgettext("chart", "Value"), _("Share")], rows)
    return Chart(title, summary, svg, table, legend, beside=True)
