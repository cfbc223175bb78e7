"""What staff adds: people and units in the menu, and their API scopes."""

from core.lists import ListSource
from core.registry import MenuEntry, Module, SealedTable
from staff.lists import AuditList, PeopleList
from staff.models.sign_in import app_context
from staff.queries import audit_entries, people_listed


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
    lists=[
        ListSource("people.view", "staff:people", PeopleList, people_listed),
        ListSource("audit.view", "staff:audit", AuditList, audit_entries),
    ],
    sealed=[
        SealedTable(
            "staff.AuthenticatorApp",
            ["secret"],
            ["person_id"],
            lambda row, _column: app_context(row["person_id"]),
        ),
    ],
    api_scopes={
        "units:read": _("Read the organisation's units"),
        "people:read": _("Read people and their roles"),
        "events:read": _("Read what happened, as events"),
    },
)
