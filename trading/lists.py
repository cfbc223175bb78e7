"""The lists of packages and of quarantined rows."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.lists import Column, ListPage
from trading.filters import PackageFilters, QuarantineFilters
from trading.models import FeedPackage, QuarantinedRow

PACKAGE_TONES = {
    FeedPackage.State.LOADED: "ok",
    FeedPackage.State.REFUSED: "bad",
    FeedPackage.State.WAITING: "info",
}
ROW_TONES = {
    QuarantinedRow.State.HELD: "bad",
    QuarantinedRow.State.WAITING: "warn",
    QuarantinedRow.State.RELEASED: "ok",
    QuarantinedRow.State.CORRECTED: "ok",
}


def package_badge(package: FeedPackage) -> SafeString:
    tone = PACKAGE_TONES.get(FeedPackage.State(package.state), "")
    return format_html('<span class="badge {}">{}</span>', tone, package.get_state_display())


def row_badge(row: QuarantinedRow) -> SafeString:
    tone = ROW_TONES[QuarantinedRow.State(row.state)]
    return format_html('<span class="badge {}">{}</span>', tone, row.get_state_display())


def _reason(row: QuarantinedRow) -> SafeString:
    return format_html('<span class="clip">{}</span>', row.reason)


class PackageList(ListPage):
    name = "packages"
    caption = _("Feed packages")
    filterset = PackageFilters
    default_sort = "-id"
    tie = ("pk",)
    empty_words = _("No feed package yet")
    empty_advice = _("Packages are loaded with feed_load, by the API, or uploaded here.")
    empty_icon = "package"
    columns = (
        Column(
            "id",
            _("Delivery"),
            sort="pk",
            descends=True,
            fixed=True,
            link=lambda package: reverse("trading:package", args=[package.pk]),
        ),
        Column("trade_date", _("Trade date"), kind="day", sort="trade_date", descends=True, fixed=True),
        Column("version", _("Version"), kind="number"),
        Column("state", _("State"), value=package_badge, kind="html"),
        Column("rows", _("Rows"), kind="number", small=False),
        Column("loaded", _("Rows loaded"), kind="number"),
        Column("quarantined", _("In quarantine"), kind="number"),
        Column("reason", _("Reason"), small=False),
        Column("name", _("Package"), small=False, shown=False),
        Column("sent_by", _("Sent by"), small=False),
        Column("received_at", _("Received"), kind="moment", small=False),
        Column("finished_at", _("Finished"), kind="moment", small=False, shown=False),
    )


class QuarantineList(ListPage):
    name = "quarantine"
    caption = _("Quarantined rows")
    filterset = QuarantineFilters
    default_sort = "-id"
    tie = ("pk",)
    empty_words = _("Nothing in quarantine")
    empty_advice = _("Rows that can't be taken in are kept here with the reason.")
    empty_icon = "shield-check"
    tools = "trading/quarantine_tools.html"
    columns = (
        Column(
            "id",
            _("Row"),
            sort="pk",
            descends=True,
            fixed=True,
            link=lambda row: reverse("trading:quarantined_row", args=[row.pk]),
        ),
        Column("trade_date", _("Trade date"), value="package__trade_date", kind="day"),
        Column("file", _("File"), fixed=True),
        Column("line", _("Line"), kind="number", small=False),
        Column("key", _("Key"), small=False),
        Column("column", _("Column"), small=False),
        Column("reason", _("Reason"), value=_reason, kind="html"),
        Column("state", _("State"), value=row_badge, kind="html"),
        Column("settled_by", _("Settled by"), small=False, shown=False),
        Column("settled_at", _("Settled"), kind="moment", small=False, shown=False),
    )
