"""What the client record adds to the house."""

from clients.timeline import record_changes
from core.registry import MenuEntry, Module

MODULE = Module(
    name="clients",
    menu=[MenuEntry("work", "Clients", "clients:list", "users", "clients.view", 20)],
    timeline=[record_changes],
    api_scopes={"clients:read": "Read client records, scores, months and events"},
)
