"""What the client record adds to the house."""

from functools import partial

from clients.bulk.ownership import HAND_OVER
from clients.bulk.tags import TAG
from clients.lists.clients import ClientList
from clients.lists.prospects import ProspectList
from clients.palette import find_clients
from clients.parts import PARTS, SEALED
from clients.queries import prospects
from clients.queries.record import listed
from clients.queries.worklists import count
from clients.timeline import record_changes, record_choices
from core.lists import ListSource
from core.registry import ClientPanel, Command, MenuEntry, Module, PaletteSource, Worklist

GAP_LISTS = [
    Worklist(title, "clients:list", f"gap={gap}", icon, "clients.view", position, partial(count, gap=gap))
    for gap, title, icon, position in (
        ("id_expired", "Identity document expired", "id-card", 50),
        ("id_expiring", "Identity document expires within 30 days", "calendar-clock", 51),
        ("assessment_expired", "Risk assessment expired or missing", "shield-alert", 52),
        ("assessment_expiring", "Risk assessment ends within 30 days", "shield-half", 53),
        ("unreachable", "No mobile that could be right", "phone-off", 54),
        ("not_reached", "Not reached, three times in a row or more", "phone-missed", 55),
    )
]
MODULE = Module(
    name="clients",
    palette=[PaletteSource("Clients", "clients.view", find_clients)],
    commands=[
        Command("Enter a prospect", "prospects:new", "user-plus", "clients.prospects"),
        Command("Import a table", "clients:imports", "upload", "clients.import"),
        Command("Hand over a manager's clients", "clients:leaving", "arrow-right-left", "clients.assign"),
    ],
    menu=[
        MenuEntry("work", "Clients", "clients:list", "users", "clients.view", 20),
        MenuEntry("work", "Possible duplicates", "clients:duplicates", "copy", "clients.merge", 24),
        MenuEntry("work", "Imports", "clients:imports", "upload", "clients.import", 24),
        MenuEntry("work", "Prospects", "prospects:list", "user-plus", "clients.prospects", 22),
    ],
    client_panels=[
        ClientPanel("left", "prospect", "Prospect", "clients:prospect", "clients.view", 5),
        ClientPanel("left", "contacts", "Further contact points", "clients:contacts", "clients.view", 80),
        ClientPanel("right", "people", "People around the client", "clients:relations", "clients.view", 40),
        ClientPanel("right", "accounts", "Accounts", "clients:accounts", "clients.view", 50),
        ClientPanel("left", "consents", "Consents", "clients:consents", "clients.view", 90),
        ClientPanel("tabs", "ownership", "Ownership", "clients:ownership", "clients.view", 70),
        ClientPanel("tabs", "records", "Record history", "clients:history", "clients.view", 80),
        ClientPanel("tabs", "looks", "Who looked", "clients:looks", "clients.looks", 90),
    ],
    client_parts=PARTS,
    sealed=SEALED,
    timeline=[record_changes],
    timeline_choices=[record_choices],
    lists=[
        ListSource("clients.view", "clients:list", ClientList, listed, subject="pk", key="client_no"),
        ListSource(
            "clients.prospects",
            "prospects:list",
            ProspectList,
            prospects.listed,
            subject="pk",
            key="client__client_no",
        ),
    ],
    bulk_deeds={"clients": [TAG, HAND_OVER]},
    worklists=[
        Worklist(
            "Clients at risk", "clients:list", "flag=at_risk&sort=-score", "heart-crack", "clients.view", 10
        ),
        Worklist(
            "Dormant assets", "clients:list", "flag=dormant_asset&sort=-assets", "moon", "clients.view", 20
        ),
        Worklist(
            "Joins to approve", "clients:merges", "state=proposed", "combine", "clients.merge_approve", 95
        ),
        *GAP_LISTS,
        Worklist("Diamond clients", "clients:list", "tier=V5&sort=-score", "gem", "clients.view", 30),
        Worklist(
            "Prospects with a next step due",
            "prospects:list",
            "due=due&sort=next_step_on",
            "calendar-check",
            "clients.prospects",
            40,
        ),
    ],
    event_types=[
        "consent.recorded",
        "client.do_not_contact",
        "client.contact_allowed",
        "client.handed_over",
        "client.handover_cancelled",
        "clients.handed_over",
        "prospect.entered",
        "prospect.converted",
    ],
    api_scopes={
        "clients:read": "Read client records with their present tier and score, months and lifecycle events",
        "clients:write": "Change hand-kept fields, enter prospects, import tables, hand clients over",
    },
)
