"""Charts: right places and lengths, words for those who can't see them, nothing the policy forbids."""

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.utils import translation

from core.charts import (
    Chart,
    Group,
    Part,
    Series,
    Step,
    bars,
    concentration,
    donut,
    flow,
    gauge,
    heat_matrix,
    meter,
    ring,
    sparkline,
    trend,
    waterfall,
)
from core.charts.curves import value_at
from core.charts.scale import scale_for
from core.formats import percent

GROUPS = [Group("V5", "Diamond", "t-V5"), Group("V4", "Platinum", "t-V4"), Group("V3", "Gold", "t-V3")]
MOVES = {
    ("V5", "V5"): 10,
    ("V5", "V4"): 2,
    ("V4", "V5"): 4,
    ("V4", "V4"): 20,
    ("V3", "V4"): 4,
    ("V3", "V3"): 60,
}
EVIL = "<script>\"&'</script>"


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


def elements(chart: Chart, name: str, class_: str = "") -> list[ElementTree.Element]:
    found = ElementTree.fromstring(chart.svg).iter(name)
    return [one for one in found if class_ in one.get("class", "").split() or not class_]


def places(chart: Chart, name: str, class_: str, attribute: str) -> list[float]:
    return [float(one.get(attribute, "").rstrip("%")) for one in elements(chart, name, class_)]


CHARTS = [
    trend(EVIL, ["a", EVIL, "c"], [Series(EVIL, [1, None, 3]), Series("y", [2, 2, 2])], target=2),
    trend("empty", [], []),
    trend("gap only", ["a", "b"], [Series("x", [None, None])]),
    sparkline(EVIL, [3, 1, 2]),
    sparkline("one", [3]),
    bars(EVIL, ["a", EVIL], [Series("x", [1, -2]), Series("y", [None, 2])]),
    bars("stacked", ["a", "b"], [Series("x", [1, 2]), Series("y", [3, 0])], stacked=True),
    bars("empty", [], []),
    waterfall(
        EVIL, [Step("B", 1000, total=True), Step(EVIL, 60), Step("L", -40), Step("E", 1020, total=True)]
    ),
    waterfall("empty", []),
    gauge(EVIL, 0.9, low=0.7, high=1, target=0.95, write=percent, unit="%"),
    gauge("nothing", None, low=0, high=0),
    ring(EVIL, Decimal("87.4"), caption=EVIL, tone="t-V5"),
    ring("nothing", None),
    donut(EVIL, [Part(EVIL, 3), Part("b", 1), Part("loss", -1)], total="4", unit="万"),
    donut("empty", []),
    concentration(EVIL, [("now", [(0, 0), (0.2, 0.8), (0.6, 1.1), (1, 1)])]),
    concentration("empty", []),
    flow(EVIL, GROUPS, MOVES),
    flow("empty", GROUPS, {}),
]


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.title[:12])
def test_every_chart_is_well_formed_named_and_free_of_inline_code(chart: Chart) -> None:
    root = ElementTree.fromstring(chart.svg)
    assert root.get("role") == "img"
    assert root.get("aria-label", "").startswith(chart.title)
    html = str(chart)
    assert "<script" not in html
    assert not re.search(r'\s(style|on\w+)="', html)
    assert "nan" not in chart.svg.lower()


def test_figure_shows_legend_and_table() -> None:
    html = str(CHARTS[0])
    assert "<details" in html
    assert html.count("swatch") == 2
    assert "<details" not in str(sparkline("s", [1, 2]))


# --- axes


@pytest.mark.parametrize(
    ("values", "from_zero", "ends"),
    [
        ([61, 99], False, (60, 100)),
        ([0, 11.7], True, (0, 15)),
        ([-3, 5], True, (-4, 6)),
        ([5, 5], False, (4.5, 5.5)),
        ([0, 0], True, (0, 1)),
        ([], False, (0, 1)),
    ],
)
def test_axis_has_round_ends_around_all_values(
    values: list[float], from_zero: bool, ends: tuple[float, float]
) -> None:
    scale = scale_for(values, from_zero=from_zero)
    assert (scale.low, scale.high) == pytest.approx(ends)
    steps = {round(b - a, 6) for a, b in zip(scale.ticks, scale.ticks[1:], strict=False)}
    assert len(steps) == 1


def test_share_and_height_are_percent() -> None:
    scale = scale_for([0, 100])
    assert (scale.share(25), scale.height(25)) == (25, 75)
    assert scale.share(1000) == 100


# --- lines


def test_trend_breaks_at_missing_values_and_marks_the_last() -> None:
    chart = trend("t", ["a", "b", "c", "d"], [Series("x", [0, None, 50, 100])], area=False)
    assert elements(chart, "path", "line")[0].get("d") == "M0 100M66.67 50L100 0"
    assert places(chart, "circle", "dot", "cx") == [100]


def test_trend_tells_words_hover_and_table() -> None:
    chart = trend(
        "Rates", ["Jan", "Feb"], [Series("New", [1, 2.5]), Series("Lost", [3, None])], corner="Month"
    )
    assert (
        chart.summary == "New: from 1 to 2.5, lowest 1, highest 2.5; Lost: from 3 to 3, lowest 3, highest 3"
    )
    assert [one.text for one in elements(chart, "title")] == [
        "Jan\nNew: 1\nLost: 3",
        "Feb\nNew: 2.5\nLost: –",
    ]
    assert chart.table is not None
    assert chart.table.head == ["Month", "New", "Lost"]
    assert chart.table.rows == [["Jan", "1", "3"], ["Feb", "2.5", "–"]]


def test_target_widens_the_axis() -> None:
    chart = trend("t", ["a", "b"], [Series("x", [1, 2])], target=10)
    at = places(chart, "line", "target", "y1")[0]
    assert 0 <= at < 50
    assert any(one.text == "Target 10" for one in elements(chart, "text"))


def test_labels_thin_out_from_the_last() -> None:
    labels = [f"2026-{month:02}" for month in range(1, 13)]
    chart = trend("t", labels, [Series("x", list(range(12)))])
    under = [one for one in elements(chart, "text", "tick") if one.get("text-anchor") == "middle"]
    shown = [one.text for one in under]
    kept = [one.text for one in under if one.get("class") == "tick"]
    assert shown == labels[1::2]
    assert kept == ["2026-04", "2026-08", "2026-12"]


# --- bars


def test_meter_is_clamped_and_marks_its_target() -> None:
    svg = meter(150, 100, target=50)
    assert 'width="100%" height="8" rx="4"' in svg
    assert 'x1="50%"' in svg
    assert "fill" not in meter(0)
    assert "fill" not in meter(None)


def test_stacked_bars_pile_up() -> None:
    chart = bars("b", ["a"], [Series("x", [30]), Series("y", [70])], stacked=True)
    assert places(chart, "rect", "bar", "y") == [70, 0]
    assert places(chart, "rect", "bar", "height") == [30, 70]


def test_negative_bars_hang_below_zero() -> None:
    chart = bars("b", ["a", "b"], [Series("x", [50, -50])])
    tops, heights = places(chart, "rect", "bar", "y"), places(chart, "rect", "bar", "height")
    assert tops[0] + heights[0] == pytest.approx(tops[1])


def test_waterfall_hangs_changes_on_levels() -> None:
    chart = waterfall(
        "w", [Step("B", 100, total=True), Step("N", 100), Step("L", -150), Step("E", 50, total=True)]
    )
    tops, heights = places(chart, "rect", "bar", "y"), places(chart, "rect", "bar", "height")
    assert tops == [50, 0, 0, 75]
    assert heights == [50, 50, 75, 25]
    classes = [one.get("class", "").split()[-1] for one in elements(chart, "rect", "bar")]
    assert classes == ["total", "gain", "loss", "total"]
    assert chart.summary == "B 100; N +100; L −150; E 50"


def test_waterfall_of_small_changes_says_that_its_axis_is_cut() -> None:
    chart = waterfall(
        "w", [Step("B", 1000, total=True), Step("N", 60), Step("L", -40), Step("E", 1020, total=True)]
    )
    assert chart.summary.endswith("The axis does not start at zero")
    assert places(chart, "rect", "gain", "height")[0] > 20


# --- round


def test_gauge_share_may_run_downwards() -> None:
    chart = gauge(
        "Lost", Decimal("0.055"), low=Decimal("0.08"), high=Decimal("0.03"), target=Decimal("0.04"), tone="ok"
    )
    assert elements(chart, "path", "ok")[0].get("stroke-dasharray") == "50 200"
    assert len(elements(chart, "line", "needle")) == 1
    assert chart.summary == "0.06 on a scale from 0.08 to 0.03, target 0.04"


def test_gauge_without_value_has_no_arc() -> None:
    chart = gauge("g", None, low=0, high=1)
    assert len(elements(chart, "path")) == 1
    assert "–" in chart.svg


def test_ring_closes_by_share() -> None:
    assert elements(ring("r", 87.4, tone="t-V5"), "circle", "t-V5")[0].get("stroke-dasharray") == "87.4 100"


def test_donut_shares_and_table() -> None:
    chart = donut("d", [Part("a", 3), Part("b", 1), Part("debt", -2)])
    assert [one.get("stroke-dashoffset") for one in elements(chart, "circle", "flat")[1:]] == ["0", "-75"]
    assert chart.table is not None
    assert [row[2] for row in chart.table.rows] == ["75.0%", "25.0%", "0.0%"]
    assert chart.beside


# --- concentration and migration


def test_value_between_points_is_straight() -> None:
    points = [(0.0, 0.0), (0.2, 0.8), (1.0, 1.0)]
    assert value_at(points, 0.1) == pytest.approx(0.4)
    assert value_at(points, 0.6) == pytest.approx(0.9)
    assert value_at(points, 1.0) == 1.0
    assert value_at(points[:2], 0.5) == 0.8
    assert value_at([(0.0, 0.0), (0.0, 0.5), (1.0, 1.0)], 0.0) == 0.0


def test_concentration_tells_the_marks() -> None:
    chart = concentration("c", [("now", [(0, 0), (0.2, 0.8), (1, 1)])], marks=[0.2])
    assert chart.summary == "20% of clients: 80.0% of the value"
    assert places(chart, "circle", "dot", "cx") == [20]
    assert chart.table is not None
    assert chart.table.rows[0] == ["10%", "40.0%"]


def test_flow_bands_fill_their_groups() -> None:
    chart = flow("f", GROUPS, MOVES)
    assert chart.summary == "90 stayed, 8 rose, 2 fell"
    assert len(elements(chart, "path", "band")) == 6
    assert sum(places(chart, "rect", "fill", "height")) == pytest.approx(2 * (100 - 2 * 2.4), abs=0.2)
    assert chart.table is not None
    assert chart.table.rows[0] == ["Diamond", "10", "2", "0"]


def test_flow_leaves_out_empty_groups() -> None:
    chart = flow("f", GROUPS, {("V5", "V4"): 3})
    assert len(elements(chart, "rect", "fill")) == 2


def test_matrix_shades_by_share_of_the_row() -> None:
    matrix = heat_matrix("m", GROUPS, MOVES, urls={("V5", "V4"): "/x/"})
    cells = matrix.rows[0][1]
    assert [(cell.words, cell.shade, cell.url) for cell in cells] == [
        ("10", 8, ""),
        ("2", 2, "/x/"),
        ("", 0, ""),
    ]
    assert cells[1].hint == "Diamond → Platinum: 2 (16.7%)"
    html = str(matrix)
    assert 'href="/x/"' in html
    assert "style=" not in html
