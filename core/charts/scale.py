"""Axes: round ticks, percent positions, gridlines and labels that thin out on narrow screens."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.charts.base import Format, pct, tag, text

WIDE_PLOT, NARROW_PLOT = 480, 270  # pixels that a plot has at least, for thinning labels out


@dataclass(frozen=True)
class Scale:
    """A linear axis between two round ends."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        """Where a value lies, 0 at the low end to 100 at the high end; outside values go to the ends."""
        return min(max((value - self.low) / (self.high - self.low) * 100, 0.0), 100.0)

    def height(self, value: float) -> float:
        """The same from the top, as SVG counts."""
        return 100 - self.share(value)


def step_of(span: float, wanted: int) -> float:
    """The round step (1, 2, 2.5 or 5 times a power of ten) that cuts `span` into about `wanted` parts."""
    rough = span / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * 0.999999)


def scale_for(values: Sequence[float], *, from_zero: bool = False, wanted: int = 4) -> Scale:
    """A round axis that holds all values; a single value gets room around it, no value gives 0 to 1."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low < 1e-9 * max(abs(low), abs(high), 1e-9):
        room = abs(high) * 0.1 or 1.0
        low, high = (low, high + room) if from_zero else (low - room, high + room)
    step = step_of(high - low, wanted)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple(round(position * step, 10) for position in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks)


def gridlines(scale: Scale, write: Format) -> str:
    """Horizontal lines with their values at the left."""
    return "".join(
        tag("line", class_="grid", x1="0", x2="100%", y1=pct(scale.height(tick)), y2=pct(scale.height(tick)))
        + text(write(tick), class_="tick", x="-8", y=pct(scale.height(tick)), dy="4", text_anchor="end")
        for tick in scale.ticks
    )


def bottom_labels(labels: Sequence[str], positions: Sequence[float]) -> str:
    """Words under the plot, thinned out, counted from the last, to what fits wide and narrow screens."""
    wide = _every(labels, WIDE_PLOT)
    narrow = wide * math.ceil(_every(labels, NARROW_PLOT) / wide)
    last = len(labels) - 1
    return "".join(
        text(
            label,
            class_="tick" if (last - index) % narrow == 0 else "tick sparse",
            x=pct(position),
            y="100%",
            dy="20",
            text_anchor="middle",
        )
        for index, (label, position) in enumerate(zip(labels, positions, strict=True))
        if (last - index) % wide == 0
    )


def _every(labels: Sequence[str], room: int) -> int:
    """1 when every label fits into `room` pixels, 2 when every other does, and so on."""
    longest = max((sum(12 if letter > "\u2e80" else 7 for letter in label) for label in labels), default=0)
    return max(1, math.ceil(len(labels) * (longest + 12) / room))
