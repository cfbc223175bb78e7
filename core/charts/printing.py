"""Charts on paper: the same picture as on the page, standing alone, in the light colours, of a fixed width.

On a page the style sheets colour a chart by its classes. What prints knows no style sheet, so what they would
say is written onto each element. A class of a tone is looked up in charts.css, its colour in tokens.css.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from django.conf import settings

from core.charts.base import Chart

SVG = "http://www.w3.org/2000/svg"
TONE = "tone"  # stands for the colour of the element's tone
FONT = "Noto Sans CJK SC"
MARGIN = 14
"""Pixels at the left for values on the axis that reach beyond the picture."""
THIN = "0.6"
"""Width of a line inside a layer that is stretched: there a unit is some three pixels wide."""
LOOKS: dict[str, dict[str, str]] = {
    "grid": {"stroke": "grid", "stroke-width": "1"},
    "target": {"stroke": "ink-3", "stroke-dasharray": "4 3"},
    "line": {"fill": "none", "stroke": TONE, "stroke-width": THIN, "stroke-linejoin": "round"},
    "even": {"fill": "none", "stroke": "line-strong", "stroke-width": THIN, "stroke-dasharray": "2 1.5"},
    "area": {"fill": TONE, "fill-opacity": ".09"},
    "dot": {"fill": TONE, "stroke": "surface", "stroke-width": "2"},
    "fill": {"fill": TONE},
    "band": {"fill": TONE, "fill-opacity": ".42"},
    "stay": {"fill-opacity": ".2"},
    "hit": {"fill": "none"},
}
WRITTEN = {"tick": "ink-3", "strong": "ink-2", "value": "ink"}


def standalone(chart: Chart, width: int = 520) -> str:
    """The chart's SVG with all colours in it; `width` in pixels, which percents of it refer to."""
    ElementTree.register_namespace("", SVG)
    root = ElementTree.fromstring(_with_namespace(str(chart.svg)))
    root.attrib.update({"x": str(MARGIN), "width": str(width - MARGIN), "overflow": "visible"})
    for element in root.iter():
        _dress(element)
    page = ElementTree.Element(f"{{{SVG}}}svg", {"width": str(width), "height": root.get("height", "260")})
    page.append(root)
    return ElementTree.tostring(page, encoding="unicode")


def swatches(chart: Chart) -> list[dict[str, str]]:
    """The legend as colours and words; empty where one series needs none."""
    legend = [(tone, words) for tone, words, _value in chart.legend]
    return (
        [{"colour": colour(tones()[tone]), "words": words} for tone, words in legend]
        if len(legend) > 1
        else []
    )


def _with_namespace(svg: str) -> str:
    return svg.replace("<svg ", f'<svg xmlns="{SVG}" ', 1)


def _dress(element: ElementTree.Element) -> None:
    """Writes what the style sheets say of the element's classes onto it."""
    classes = element.get("class", "").split()
    tone = next((tones()[name] for name in classes if name in tones()), "c1")
    for name in classes:
        for attribute, value in LOOKS.get(name, {}).items():
            element.set(attribute, _colour_or(value, tone))
    if element.tag == f"{{{SVG}}}text":
        element.set("font-family", FONT)
        element.set("font-size", "12")
        element.set("fill", colour(next((WRITTEN[name] for name in classes if name in WRITTEN), "ink-2")))


def _colour_or(value: str, tone: str) -> str:
    return colour(tone) if value == TONE else colours().get(value, value)


def colour(name: str) -> str:
    return colours()[name]


@cache
def colours() -> Mapping[str, str]:
    """Light value of every colour, by its name without the dashes."""
    light = _sheet("tokens").split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})", light))


@cache
def tones() -> Mapping[str, str]:
    """Class of a tone -> name of its colour."""
    found = re.findall(r"\.([\w-]+)(?:,[^{}\n]*)? \{ --tone: var\(--([\w-]+)\); \}", _sheet("charts"))
    return dict(found)


def _sheet(name: str) -> str:
    return (Path(settings.BASE_DIR) / "static" / "css" / f"{name}.css").read_text(encoding="utf-8")
