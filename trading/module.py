"""What the feeds add to the house."""

from core.registry import MenuEntry, Module
from trading.feed.columns import FILES

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
)
