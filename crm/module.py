"""The nightly run's menu entry and API scopes."""

from core.registry import MenuEntry, Module

MODULE = Module(
    name="crm",
    menu=[MenuEntry("system", "Nightly runs", "runs:list", "moon-star", "runs.view", 220)],
    api_scopes={"runs:read": "Read nightly runs", "runs:write": "Start nightly runs"},
)
