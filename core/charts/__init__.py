"""Charts: pure functions from numbers to Chart objects; see docs/ui.md for how a page shows them."""

from core.charts.bars import Step, bars, meter, waterfall
from core.charts.base import Chart, Series, Table
from core.charts.curves import concentration
from core.charts.flow import Group, Matrix, flow, heat_matrix
from core.charts.lines import Mark, sparkline, trend
from core.charts.network import Edge, Node, network
from core.charts.round import Part, donut, gauge, ring

__all__ = [
    "Chart", "Edge", "Group", "Mark", "Matrix", "Node", "Part", "Series", "Step", "Table", "bars",
    "concentration", "donut", "flow", "gauge", "heat_matrix", "meter", "network", "ring", "sparkline",
    "trend", "waterfall",
]  # fmt: skip
