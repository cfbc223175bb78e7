"""What the interaction log adds to the house."""

from core.lists import ListSource
from core.registry import (
    ClientPanel,
    ConversationPanel,
    MenuEntry,
    Module,
    SealedTable,
    Worklist,
)
from core.samples import SampleSource
from interactions.bulk import AGAIN, ARRIVED
from interactions.lists.deliveries import DeliveryList
from interactions.lists.desk import ConversationList
from interactions.lists.log import InteractionList
from interactions.lists.surveys import SurveyList
from interactions.models.channels import raw_context
from interactions.queries.desk import conversations_of, deliveries_of
from interactions.queries.log import category_choices, channel_choices, log_of, timeline, timeline_choices
from interactions.queries.samples import KIND, contacts_for
from interactions.queries.surveys import surveys_of

MODULE = Module(
    name="interactions",
    menu=[
        MenuEntry("work", "Contacts", "interactions:list", "messages-square", "interactions.view", 30),
        MenuEntry("work", "Desk", "desk:list", "headset", "desk.work", 28),
        MenuEntry("work", "Messages sent", "desk:deliveries", "send", "desk.work", 31),
        MenuEntry("work", "Surveys", "surveys:list", "star", "interactions.view", 33),
        MenuEntry("work", "My day", "levels:day", "calendar-check", "desk.work", 32),
        MenuEntry("analysis", "Wallboard", "levels:wall", "monitor", "levels.view", 60),
        MenuEntry("analysis", "Service levels", "levels:history", "chart-line", "levels.view", 61),
        MenuEntry("work", "Desk settings", "desk_settings:home", "settings-2", "desk.work", 90),
        MenuEntry("system", "Lines", "desk_settings:lines", "cable", "channels.manage", 45),
        MenuEntry("work", "Call recordings", "levels:recordings", "audio-lines", "recordings.import", 80),
    ],
    client_panels=[
        ClientPanel("header", "quick-log", "Log a contact", "interactions:log", "interactions.log", 10)
    ],
    conversation_panels=[
        ConversationPanel("recordings", "Recordings", "levels:recordings_of", "interactions.view", 50),
        ConversationPanel(
            "survey", "How the client liked it", "surveys:of_conversation", "interactions.view", 45
        ),
    ],
    bulk_deeds={"deliveries": [ARRIVED, AGAIN]},
    timeline=[timeline],
    timeline_choices=[timeline_choices],
    samples=[SampleSource(KIND, contacts_for, "interactions:inspected")],
    choices={"contact-category": category_choices, "contact-channel": channel_choices},
    lists=[
        ListSource("interactions.view", "interactions:list", InteractionList, log_of, subject="client_id"),
        ListSource("desk.work", "desk:list", ConversationList, conversations_of, subject="client_id"),
        ListSource("desk.work", "desk:deliveries", DeliveryList, deliveries_of, subject="client_id"),
        ListSource("interactions.view", "surveys:list", SurveyList, surveys_of, subject="client_id"),
    ],
    worklists=[
        Worklist(
            "Contacts to follow up",
            "interactions:list",
            "outcome=follow_up",
            "calendar-clock",
            "interactions.view",
            40,
        ),
        Worklist(
            "Mail that perhaps went out",
            "desk:deliveries",
            "state=uncertain",
            "mail-question-mark",
            "desk.assign",
            45,
        ),
    ],
    sealed=[
        SealedTable(
            "interactions.Line", ["secrets"], ["code"], lambda row, _column: f"line:{row['code']}:secrets"
        ),
        SealedTable(
            "interactions.LineToken",
            ["token"],
            ["line_id"],
            lambda row, _column: f"line_token:{row['line_id']}",
        ),
        SealedTable(
            "interactions.ChannelEvent",
            ["raw"],
            ["line__code", "event_id"],
            lambda row, _column: raw_context(row["line__code"], row["event_id"]),
        ),
        SealedTable(
            "interactions.Contact", ["address"], ["key"], lambda row, _column: f"contact:{row['key']}:address"
        ),
        SealedTable(
            "interactions.Message", ["body"], ["key"], lambda row, _column: f"message:{row['key']}:body"
        ),
        SealedTable(
            "interactions.Delivery",
            ["recipient", "subject", "body"],
            ["key"],
            lambda row, column: f"delivery:{row['key']}:{column}",
        ),
        SealedTable(
            "interactions.Attachment", ["secret"], ["key"], lambda row, _column: f"attachment:{row['key']}"
        ),
        SealedTable(
            "interactions.Survey", ["comment"], ["key"], lambda row, _column: f"survey:{row['key']}:comment"
        ),
        SealedTable("interactions.Draft", ["body"], ["key"], lambda row, _column: f"draft:{row['key']}:body"),
        SealedTable(
            "interactions.Recording",
            ["number"],
            ["key"],
            lambda row, _column: f"recording:{row['key']}:number",
        ),
    ],
    event_types=["interaction.logged", "interaction.corrected", "delivery.ordered"],
    api_scopes={
        "interactions:read": "Read contacts with clients",
        "interactions:write": "Log contacts with clients",
        "levels:read": "Read service levels",
        "levels:write": "Set targets of service levels",
    },
)
