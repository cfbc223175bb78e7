"""What the feeds add to the house."""

from core.lists import ListSource
from core.registry import ClientPanel, MenuEntry, Module, SealedTable
from trading.feed.columns import FILES
from trading.lists import PackageList, QuarantineList
from trading.models.packages import seal_context
from trading.queries import packages_listed, quarantine_listed
from trading.timeline import timeline, timeline_choices

MODULE = Module(
    name="trading",
    menu=[
        MenuEntry("system", "Feed packages", "trading:packages", "package", "feeds.view", 20),
        MenuEntry("system", "Quarantine", "trading:quarantine", "shield-alert", "feeds.view", 21),
    ],
    client_panels=[
        ClientPanel("right", "holdings", "Holdings", "trading_client:holdings", "clients.view", 30),
        ClientPanel("right", "suitability", "Suitability", "trading_client:suitability", "clients.view", 60),
        ClientPanel("tabs", "trades", "Trading", "trading_client:trades", "clients.view", 15),
    ],
    timeline=[timeline],
    timeline_choices=[timeline_choices],
    lists=[
        ListSource("feeds.view", "trading:packages", PackageList, packages_listed),
        ListSource("feeds.view", "trading:quarantine", QuarantineList, quarantine_listed),
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
