"""What the client record adds to the house."""

from clients.timeline import record_changes
from core.registry import MenuEntry, Module, Worklist

MODULE = Module(
    name="clients",
    menu=[MenuEntry("work", "Clients", "clients:list", "users", "clients.view", 20)],
    timeline=[record_changes],
    worklists=[
        Worklist(
            "Clients at risk", "clients:list", "flag=at_risk&sort=-score", "heart-crack", "clients.view", 10
        ),
        Worklist(
            "Dormant assets", "clients:list", "flag=dormant_asset&sort=-assets", "moon", "clients.view", 20
        ),
        Worklist("Diamond clients", "clients:list", "tier=V5&sort=-score", "gem", "clients.view", 30),
    ],
    api_scopes={
        "clients:read": "Read client records with their present tier and score, months and lifecycle events"
    },
)
