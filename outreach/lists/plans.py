"""Where a plan runs, with its progress."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core import formats
from core.lists import Column, ListPage
from core.templatetags.ui import bar
from outreach.models import PlanRun


def _client(run: PlanRun) -> str:
    return f"{run.client.name} {run.client.client_no}"


def _progress(run: PlanRun) -> SafeString:
    done, tasks = run.done_count, run.task_count  # type: ignore[attr-defined]
    return format_html('<span class="bar-cell">{} {}/{}</span>', bar(done, tasks or 1), done, tasks)


def _state(run: PlanRun) -> str:
    if run.over_at is None:
        return _now("Running")
    return _now("Cancelled by %(who)s") % {"who": run.cancelled_by} if run.cancelled_by else _now("Finished")


def _stop(run: PlanRun) -> SafeString:
    """A button while it runs; whoever may not press it is refused."""
    if run.over_at is not None:
        return SafeString(formats.DASH)
    return format_html(
        '<button class="button small quiet" type="button" hx-post="{}" hx-swap="none" hx-confirm="{}"'
        ' aria-label="{}">{}</button>',
        reverse("tasks:run_cancel", args=[run.pk]), _now("Cancel the plan with all its open tasks?"),
        _now("Cancel for %(client)s") % {"client": run.client.client_no}, _now("Cancel"),
    )  # fmt: skip


class PlanRunList(ListPage):
    name = "plan_runs"
    caption = _("Where the plan runs")
    default_sort = "-started_at"
    empty_words = _("The plan runs for nobody yet")
    empty_advice = _("Start it for one client on the page of plans, or for many on the client list.")
    empty_icon = "list-tree"
    columns = (
        Column(
            "client",
            _("Client"),
            value=_client,
            fixed=True,
            link=lambda run: reverse("clients:detail", args=[run.client.client_no]),
        ),
        Column("started_at", _("Started"), kind="moment", sort="id", descends=True, fixed=True),
        Column("progress", _("Progress"), kind="html", value=_progress),
        Column("state", _("State"), value=_state),
        Column("stop", _("Cancel"), kind="html", value=_stop),
        Column("started_by", _("Started by"), value="started_by", small=False),
    )
