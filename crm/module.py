"""The nightly run's menu entry and API scopes."""

from core.lists import ListSource
from core.models import Run
from core.registry import MenuEntry, Module
from crm.views import RunList

MODULE = Module(
    name="crm",
    menu=[MenuEntry("system", "Nightly runs", "runs:list", "moon-star", "runs.view", 220)],
    lists=[ListSource("runs.view", "runs:list", RunList, lambda _reader: Run.objects.all())],
    shared_jobs={"demo_data": "Demo data is being filled"},
    api_scopes={"runs:read": "Read nightly runs", "runs:write": "Start nightly runs"},
)
