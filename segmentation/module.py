"""What the value model adds to the house."""

from core.registry import ClientPanel, MenuEntry, Module
from segmentation.queries.history import timeline, timeline_choices


def _(text: str) -> str:
    """Marks a msgid; it is translated when shown."""
    return text


MODULE = Module(
    name="segmentation",
    menu=[MenuEntry("analysis", _("Segments"), "segmentation:overview", "layers", "segmentation.view", 200)],
    client_panels=[
        ClientPanel("left", "value-score", _("Value score"), "segmentation:client_score", "clients.view", 10),
        ClientPanel(
            "right", "trend", _("Assets and contribution"), "segmentation:client_trend", "clients.view", 35
        ),
        ClientPanel("tabs", "months", _("Months"), "segmentation:client_months", "clients.view", 20),
        ClientPanel("tabs", "tiers", _("Tiers"), "segmentation:client_tiers", "clients.view", 30),
    ],
    timeline=[timeline],
    timeline_choices=[timeline_choices],
    api_scopes={"scores:read": _("Read explained scores, tiers, migrations and breakpoints")},
)
