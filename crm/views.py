"""Pages of the nightly runs: what they stand on, how far one is, and asking for one."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from core.lists import Column, ListPage
from core.models import Run
from crm import nightly
from staff.access import PersonRequest, needs

STATE_WORDS = {
    "waiting": gettext_lazy("waiting"),
    "running": gettext_lazy("running"),
    "done": gettext_lazy("done"),
    "failed": gettext_lazy("failed"),
}
STEP_WORDS = {
    "facts": gettext_lazy("Facts of client-months"),
    "service": gettext_lazy("Cost of service"),
    "lifecycle": gettext_lazy("Lifecycle events"),
    "scores": gettext_lazy("Scores"),
    "tiers": gettext_lazy("Tiers"),
    "standing": gettext_lazy("Standing of clients"),
    "scorecards": gettext_lazy("Scorecards"),
}


class RunForm(forms.Form):
    as_of = forms.DateField(label=gettext_lazy("As of"), widget=forms.DateInput(attrs={"type": "date"}))


class RunList(ListPage):
    name = "runs"
    caption = gettext_lazy("Nightly runs")
    default_sort = "-id"
    empty_words = gettext_lazy("No run yet")
    empty_advice = gettext_lazy("A run starts every night at 01:00, or by the form above.")
    empty_icon = "moon-star"
    columns = (
        Column(
            "id",
            gettext_lazy("Run"),
            sort="pk",
            descends=True,
            fixed=True,
            link=lambda run: reverse("runs:detail", args=[run.pk]),
        ),
        Column("as_of", gettext_lazy("As of"), kind="day", fixed=True),
        Column("state", gettext_lazy("State"), value=lambda run: str(STATE_WORDS[run.state])),
        Column("requested_by", gettext_lazy("Asked for by"), small=False),
        Column("started_at", gettext_lazy("Started"), kind="moment", small=False),
        Column("finished_at", gettext_lazy("Finished"), kind="moment"),
    )


@require_http_methods(["GET", "POST"])
@needs("runs.view")
def run_list(request: PersonRequest) -> HttpResponse:
    """The ledger; POST asks for a run (needs runs.start)."""
    form = RunForm(request.POST or None)
    if request.method == "POST":
        run = _start(request, form)
        if run is not None:
            return redirect("runs:detail", run.pk)
    context = {"form": form, "can_start": request.user.may("runs.start")}
    return RunList(request, Run.objects.all()).render("runs/list.html", context)


@require_GET
@needs("runs.view")
def run_detail(request: PersonRequest, pk: int) -> HttpResponse:
    """One run; its steps renew themselves by htmx until it ends."""
    run = Run.objects.filter(pk=pk).first()
    if run is None:
        raise Http404
    template = "runs/steps.html" if request.headers.get("HX-Target") == "run-steps" else "runs/detail.html"
    return render(
        request, template, {"run": run, "steps": _steps(run), "live": run.state in ("waiting", "running")}
    )


def _start(request: PersonRequest, form: RunForm) -> Run | None:
    if not request.user.may("runs.start"):
        raise PermissionDenied
    if not form.is_valid():
        return None
    return _ask(request, form.cleaned_data["as_of"], form)


def _ask(request: PersonRequest, as_of: date, form: RunForm) -> Run | None:
    try:
        return nightly.request_run(as_of=as_of, actor=request.user)
    except nightly.NotPossible as error:
        form.add_error("as_of", str(error))
        return None


def _steps(run: Run) -> list[dict[str, Any]]:
    return [
        {
            "words": STEP_WORDS.get(step.name, step.name),
            "state": step.state,
            "state_words": STATE_WORDS[step.state],
            "percent": nightly.progress(step),
            "rows": step.rows,
            "seconds": step.seconds,
            "wal_megabytes": step.wal_bytes / 1_000_000,
            "sessions": step.sessions,
        }
        for step in nightly.told_steps().filter(run=run)
    ]
