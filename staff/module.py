"""What staff adds: people and units in the menu, and their API scopes."""

from core.registry import MenuEntry, Module


def _(text: str) -> str:
    """Marks a msgid; it is translated when shown."""
    return text


MODULE = Module(
    name="staff",
    menu=[
        MenuEntry("work", _("Home"), "home", "house", "", 0),
        MenuEntry("system", _("People"), "staff:people", "users", "people.view", 800),
        MenuEntry("system", _("Units"), "staff:units", "network", "people.view", 810),
        MenuEntry("system", _("API clients"), "staff:api_clients", "plug", "api_clients.manage", 820),
        MenuEntry("system", _("Audit trail"), "staff:audit", "scroll-text", "audit.view", 830),
    ],
    api_scopes={
        "units:read": _("Read the organisation's units"),
        "people:read": _("Read people and their roles"),
        "events:read": _("Read what happened, as events"),
    },
)
