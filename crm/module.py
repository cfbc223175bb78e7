"""The nightly run's menu entry and API scopes."""

from core.registry import MenuEntry, Module

MODULE = Module(
    name="crm",
    menu=[MenuEntry("system", "Nightly runs", "runs:list", "moon-star", "runs.view", 220)],
    shared_jobs={"demo_data": "Demo data is being filled"},
    api_scopes={"runs:read": "Read nightly runs", "runs:write": "Start nightly runs"},
)
