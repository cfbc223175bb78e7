"""What the feeds add to the house."""

from core.registry import MenuEntry, Module, SealedTable
from trading.feed.columns import FILES
from trading.models.packages import seal_context

MODULE = Module(
    name="trading",
    menu=[
        MenuEntry("system", "Feed packages", "trading:packages", "package", "feeds.view", 20),
        MenuEntry("system", "Quarantine", "trading:quarantine", "shield-alert", "feeds.view", 21),
    ],
    api_scopes={
        "feeds:read": "Read feed packages and the quarantine",
        "feeds:write": "Upload feed packages, release and correct quarantined rows",
    },
    event_types=["feed.loaded", "feed.refused"],
    feed_files=list(FILES),
    sealed=[
        SealedTable(
            "trading.QuarantinedRow",
            ["raw", "corrected"],
            ["package_id", "file", "line"],
            lambda row, _column: seal_context(row["package_id"], row["file"], row["line"]),
        )
    ],
)
