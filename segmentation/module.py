"""What the value model adds to the house."""

from functools import partial

from core.lists import ListSource
from core.registry import ClientPanel, Command, ListFilter, MenuEntry, Module, Worklist
from segmentation.lists.cells import cell_filters
from segmentation.lists.overrides import OverrideList
from segmentation.lists.segments import SavedSegmentList, segment_filter
from segmentation.models import OverrideState
from segmentation.queries import overrides
from segmentation.queries.history import timeline, timeline_choices
from segmentation.queries.segments import listed


def _(text: str) -> str:
    """Marks a msgid; it is translated when shown."""
    return text


MODULE = Module(
    name="segmentation",
    menu=[
        MenuEntry("analysis", _("Segments"), "segmentation:overview", "layers", "segmentation.view", 200),
        MenuEntry("analysis", _("Tiers by hand"), "segmentation:overrides", "hand", "segmentation.view", 206),
        MenuEntry(
            "analysis", _("Value model"), "segmentation:models", "sliders-horizontal", "models.view", 230
        ),
        MenuEntry("work", _("Saved segments"), "segmentation:saved", "funnel", "segments.view", 21),
    ],
    commands=[Command(_("New segment"), "segmentation:saved_new", "funnel", "segments.make")],
    list_filters={"clients": [ListFilter("segment", segment_filter), *cell_filters()]},
    event_types=[
        "segment.made",
        "segment.changed",
        "segment.shared",
        "segment.archived",
        "segment.restored",
        "segment.entered",
        "segment.left",
        "tier_override.approved",
        "tier_override.withdrawn",
    ],
    client_panels=[
        ClientPanel("left", "value-score", _("Value score"), "segmentation:client_score", "clients.view", 10),
        ClientPanel(
            "left", "tier-override", _("Tier by hand"), "segmentation:client_override", "clients.view", 12
        ),
        ClientPanel(
            "right", "trend", _("Assets and contribution"), "segmentation:client_trend", "clients.view", 35
        ),
        ClientPanel("tabs", "months", _("Months"), "segmentation:client_months", "clients.view", 20),
        ClientPanel("tabs", "tiers", _("Tiers"), "segmentation:client_tiers", "clients.view", 30),
    ],
    worklists=[
        Worklist(
            _("Tiers by hand that wait for approval"),
            "segmentation:overrides",
            "state=proposed",
            "hand",
            "tiers.approve",
            60,
            partial(overrides.count_standing, state=OverrideState.PROPOSED),
        ),
        Worklist(
            _("Tiers by hand that end within 30 days"),
            "segmentation:overrides",
            "state=ending",
            "calendar-clock",
            "tiers.override",
            61,
            partial(overrides.count_standing, state=OverrideState.ENDING),
        ),
    ],
    lists=[
        ListSource(
            "segmentation.view", "segmentation:overrides", OverrideList, overrides.listed, subject="client_id"
        ),
        ListSource("segments.view", "segmentation:saved", SavedSegmentList, listed),
    ],
    notice_kinds={
        "tier_override": _("Others decided on a tier I proposed, or it ends soon"),
        "model": _("A draft of the value model was approved or sent back"),
    },
    timeline=[timeline],
    timeline_choices=[timeline_choices],
    api_scopes={
        "scores:read": _("Read explained scores, tiers, migrations and breakpoints"),
        "segments:read": _("Read saved segments, their members and who came and left"),
        "segments:write": _("Write, change and put away saved segments of the firm or a unit"),
        "models:read": _("Read versions and drafts of the value model, and what was tried"),
    },
)
