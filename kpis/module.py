"""What scorecards add to the house."""

from core.page_panels import PagePanel
from core.registry import MenuEntry, Module

MODULE = Module(
    name="kpis",
    menu=[
        MenuEntry("analysis", "Scorecards", "kpis:scorecard", "gauge", "kpis.view", 110),
        MenuEntry("analysis", "League table", "kpis:league", "trophy", "kpis.view", 120),
        MenuEntry("analysis", "Targets", "kpis:targets", "target", "kpis.targets", 130),
    ],
    page_panels=[
        PagePanel("segmentation.overrides", "overridden-cards", "kpis:overridden", "kpis.view", 10),
    ],
    api_scopes={
        "scorecards:read": "Read scorecards and the clients behind them",
        "targets:write": "Set floors and targets",
    },
)
