"""What outreach adds to the house."""

from functools import partial

from core.lists import ListSource
from core.registry import (
    ClientPanel,
    Command,
    HomePanel,
    MenuEntry,
    Module,
    PaletteSource,
    SealedTable,
    Worklist,
)
from outreach import bulk, bulk_campaigns, bulk_due, bulk_exclusions
from outreach.lists.callbacks import CallbackList
from outreach.lists.campaigns import CampaignList
from outreach.lists.due import DueContactList
from outreach.lists.exclusions import ExclusionList
from outreach.lists.tasks import TaskList
from outreach.models import DueList
from outreach.queries import callbacks, campaigns, due, exclusions
from outreach.queries.tasks import (
    count_overdue,
    count_waiting,
    find_tasks,
    listed,
    timeline,
    timeline_choices,
)

DUE = {
    DueList.PLAN: ("Contact by service plan", "handshake"),
    DueList.AT_RISK: ("At risk", "triangle-alert"),
    DueList.ALMOST: ("Almost upgraded", "trending-up"),
    DueList.DORMANT: ("Dormant assets", "moon"),
    DueList.FIRST_90: ("First 90 days", "sprout"),
    DueList.BIRTHDAY: ("Birthdays", "cake"),
    DueList.EXPIRING: ("Expiring documents", "file-clock"),
}

MODULE = Module(
    name="outreach",
    menu=[
        MenuEntry("work", "Worklists", "worklists:list", "list-todo", "tasks.view", 25),
        MenuEntry("work", "Tasks", "tasks:list", "list-checks", "tasks.view", 26),
        MenuEntry("work", "Campaigns", "campaigns:list", "megaphone", "campaigns.view", 28),
        MenuEntry("work", "Calendar", "tasks:calendar", "calendar-days", "tasks.view", 27),
        MenuEntry("work", "Callbacks", "callbacks:overview", "phone-outgoing", "callbacks.view", 29),
        MenuEntry("analysis", "Service plan", "worklists:plan", "handshake", "plans.view", 210),
        MenuEntry("analysis", "How the plan was kept", "worklists:kept", "calendar-check", "plans.view", 211),
        MenuEntry("work", "Task plans", "tasks:plans", "list-tree", "tasks.view", 85),
    ],
    client_panels=[
        ClientPanel("right", "tasks", "Next steps", "tasks:client_panel", "tasks.view", 10),
        ClientPanel("right", "due", "Due contacts", "worklists:client_panel", "tasks.view", 11),
    ],
    home_panels=[HomePanel("tasks", "tasks:home", "tasks.view", 10)],
    worklists=[
        Worklist(
            "My overdue tasks",
            "tasks:list",
            "whose=mine&when=overdue",
            "alarm-clock",
            "tasks.work",
            10,
            count_overdue,
        ),
        Worklist(
            "Tasks waiting in a queue",
            "tasks:list",
            "whose=queue&state=open",
            "inbox",
            "tasks.work",
            11,
            count_waiting,
        ),
        Worklist(
            "Callbacks I could make now",
            "callbacks:list",
            "when=now",
            "phone-outgoing",
            "callbacks.work",
            12,
            callbacks.count_free,
        ),
        *(
            Worklist(
                title,
                "worklists:list",
                f"list={name}&when=week",
                icon,
                "tasks.work",
                20 + place,
                partial(due.count_of, name=name),
            )
            for place, (name, (title, icon)) in enumerate(DUE.items())
        ),
    ],
    sealed=[
        SealedTable(
            "outreach.Callback", ["answers"], ["key"], lambda row, _column: f"callback:{row['key']}:answers"
        )
    ],
    timeline=[timeline],
    timeline_choices=[timeline_choices],
    palette=[PaletteSource("Tasks", "tasks.view", find_tasks)],
    commands=[Command("New task", "tasks:new", "list-plus", "tasks.work")],
    lists=[
        ListSource("tasks.view", "tasks:list", TaskList, listed, subject="client_id"),
        ListSource("campaigns.view", "campaigns:list", CampaignList, campaigns.listed),
        ListSource(
            "campaigns.view", "campaigns:exclusions", ExclusionList, exclusions.listed, subject="client_id"
        ),
        ListSource("callbacks.view", "callbacks:list", CallbackList, callbacks.listed, subject="client_id"),
        ListSource("tasks.view", "worklists:list", DueContactList, due.listed, subject="client_id"),
    ],
    bulk_deeds={
        "due": [*bulk_due.DEEDS, bulk_campaigns.CHOOSE_OF_ENTRIES],
        "tasks": [bulk.DONE, bulk.ASSIGN, bulk.MOVE],
        "clients": [bulk.GIVE, bulk.START, bulk_campaigns.CHOOSE, bulk_exclusions.PUT_ON],
        "exclusions": [bulk_exclusions.TAKE_OFF],
    },
    notice_kinds={
        "task.given": "A task was given to me",
        "task.due": "A reminder of a task",
        "task.overdue": "A task is overdue",
        "task.comment": "Somebody commented on a task",
        "campaign": "Others decided on my campaign",
        "campaign.waits": "A campaign waits for my approval",
    },
    event_types=[
        "task.given",
        "task.done",
        "task.reopened",
        "tasks.given",
        "campaign.proposed",
        "campaign.approved",
        "campaign.started",
        "campaign.called",
        "campaign.ended",
        "campaign.evaluated",
        "exclusion.added",
        "exclusion.ended",
        "callback.passed",
        "callback.exception",
        "callback.refused",
        "callback.unreachable",
        "callbacks.drawn",
    ],
    api_scopes={
        "tasks:read": "Read tasks and task plans",
        "tasks:write": "Give, change and end tasks",
        "campaigns:read": "Read campaigns, their audience and result",
        "campaigns:write": "Record what came of campaign calls",
        "campaigns:manage": "Write campaigns, choose their audience, propose, start, end and evaluate them",
        "callbacks:read": "Read callbacks and how far units are with them",
    },
)
