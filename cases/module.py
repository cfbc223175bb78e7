"""What cases add to the house."""

from functools import partial
from typing import Any

from cases.bulk import DEEDS
from cases.lists.cases import CaseList, ComplaintList
from cases.models import Case
from cases.palette import find_cases
from cases.queries.listed import at_risk, cases_of, complaints_of, overdue
from cases.timeline import case_choices, opened_cases
from core.files.stored import context_of
from core.keyset import capped_count
from core.lists import ListSource
from core.registry import (
    ClientPanel,
    ClientPart,
    Command,
    ConversationPanel,
    MenuEntry,
    Module,
    PaletteSource,
    SealedTable,
    Worklist,
)


def _counted(user: Any, narrow: Any) -> tuple[int, bool]:
    return capped_count(narrow(Case.objects.visible_to(user).unfinished()), 1000)


def _mine(user: Any) -> tuple[int, bool]:
    return capped_count(Case.objects.visible_to(user).unfinished().filter(owner_id=user.pk), 1000)


MODULE = Module(
    name="cases",
    menu=[
        MenuEntry("work", "Cases", "cases:list", "briefcase", "cases.view", 33),
        MenuEntry("work", "Complaints", "cases:complaints", "shield-alert", "complaints.view", 34),
        MenuEntry("work", "Incidents", "cases:incidents", "siren", "cases.view", 35),
        MenuEntry("work", "Types of cases", "cases:settings", "shapes", "cases.settings", 91),
    ],
    commands=[Command("New case", "cases:new", "plus", "cases.work")],
    palette=[PaletteSource("Cases", "cases.view", find_cases)],
    client_panels=[ClientPanel("tabs", "cases", "Cases", "cases:of_client", "cases.view", 10)],
    conversation_panels=[ConversationPanel("cases", "Cases", "cases:of_conversation", "cases.view", 20)],
    client_parts=[ClientPart("Cases", lambda ids: Case.objects.filter(client_id__in=ids).count())],
    timeline=[opened_cases],
    timeline_choices=[case_choices],
    lists=[
        ListSource("cases.view", "cases:list", CaseList, cases_of, subject="client_id"),
        ListSource("complaints.view", "cases:complaints", ComplaintList, complaints_of),
    ],
    bulk_deeds={"cases": DEEDS},
    worklists=[
        Worklist(
            "My cases", "cases:list", "whose=mine&state=unfinished", "briefcase", "cases.work", 5, _mine
        ),
        Worklist(
            "Cases nearly due", "cases:list", "clock=risk&state=unfinished", "hourglass", "cases.view", 6,
            partial(_counted, narrow=at_risk),
        ),
        Worklist(
            "Overdue cases", "cases:list", "clock=over&state=unfinished", "alarm-clock-off", "cases.view", 7,
            partial(_counted, narrow=overdue),
        ),
    ],
    sealed=[
        SealedTable(
            "cases.Case", ["text", "answers", "result"], ["key"],
            lambda row, column: f"case:{row['key']}:{column}",
        ),
        SealedTable("cases.CaseNote", ["body"], ["key"], lambda row, _column: f"casenote:{row['key']}:body"),
        SealedTable("cases.CaseFile", ["secret"], ["key"], lambda row, _column: context_of(row["key"])),
    ],
    event_types=[
        "case.opened", "case.state_changed", "case.escalated", "complaint.decided", "incident.closed",
    ],
    api_scopes={
        "cases:read": "Read requests and complaints with their clocks",
        "cases:write": "Open cases and work on them",
        "complaints:register": "Read the register of complaints",
    },
)  # fmt: skip
