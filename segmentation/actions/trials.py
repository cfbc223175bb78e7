"""Trying a draft out: what it would do to all clients, and whether it would have told the future better.

A small firm's trial is reckoned at once; a large one's is a job with its percent. Other apps add their own
part of a what-if by registering it (core.registry.TrialPart); it is reckoned with the rest.
"""

import time
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, jobs, sql
from core.errors import Conflict, Refusal
from core.models import Job
from core.registry import trial_parts
from segmentation.actions.curves import take_curves
from segmentation.actions.drafts import demand
from segmentation.models import ModelDraft, ModelTrial, ModelVersion, SegmentFigure
from segmentation.queries import backtesting, trying
from segmentation.queries.drafts import may_publish, may_write
from segmentation.queries.rows import kept_dates
from staff.models import Person

Kind = ModelTrial.Kind
AT_ONCE = 20_000  # clients that are tried while the page waits
KEPT_TRIALS = 12  # of a draft and kind; older ones go
TASK = "segmentation.tasks.try_model"
Progress = Callable[[int], None]


@transaction.atomic
def ask_trial(*, actor: Person, draft: ModelDraft, kind: str, as_of: date | None = None) -> ModelTrial:
    """Tries a draft on the clients of a date, by default the newest that can be had. Raises Conflict."""
    demand(may_write(actor) or may_publish(actor))
    day = _day(kind, as_of)
    trial = ModelTrial.objects.create(
        draft=draft, kind=kind, draft_version=draft.version, as_of=day, asked_by=actor.actor_name,
        asked_at=timezone.now(),
    )  # fmt: skip
    audit.record(
        actor=actor, deed="model_draft.tried", subject_type="model_draft", subject_id=draft.pk,
        detail={"kind": kind, "as_of": day},
    )  # fmt: skip
    _forget_old(draft, kind)
    if _clients(day) <= AT_ONCE:
        reckon(trial, lambda _percent: None)
    else:
        title = _("What-if of %(name)s") if kind == Kind.WHAT_IF else _("Backtest of %(name)s")
        url = f"/segments/models/drafts/{draft.pk}/"
        trial.job = jobs.start(
            kind=TASK, title=title % {"name": draft.name}, owner=actor, arguments={"trial": trial.pk}, url=url
        )
        trial.save(update_fields=["job"])
    return trial


def work(job: Job) -> None:
    """Reckons the trial a job asks for; asked twice it does no harm. A trial that is gone needs nothing."""
    trial = ModelTrial.objects.filter(pk=job.arguments["trial"], result__isnull=True, error="").first()
    if trial is not None:
        reckon(trial, lambda percent: jobs.progress(job, percent))


def reckon(trial: ModelTrial, progress: Progress) -> None:
    """Fills in the trial's result, or why there is none."""
    try:
        with transaction.atomic():
            draft = _held(trial)
            progress(30)
            started = time.perf_counter()
            found = _found(trial, draft)
            trial.seconds = time.perf_counter() - started
            trial.result = found
            trial.save(update_fields=["result", "seconds"])
        progress(60)
        if trial.kind == Kind.WHAT_IF:
            for part in trial_parts():
                part.reckon(trial.pk)
    except Refusal as refusal:
        trial.result, trial.error = None, refusal.message[:300]
        trial.save(update_fields=["result", "error"])


def _held(trial: ModelTrial) -> ModelDraft:
    """The draft as it was asked for, with its curves. Raises Conflict when it was changed since."""
    draft = ModelDraft.objects.select_for_update(of=("self",)).select_related("base").get(pk=trial.draft_id)
    if draft.version != trial.draft_version and draft.is_open:
        raise Conflict(_("The draft was changed in the meantime; try it again."))
    if not draft.curves_taken:
        take_curves(draft)
        draft.curves_taken = True
        draft.save(update_fields=["curves_taken"])
    return draft


def _found(trial: ModelTrial, draft: ModelDraft) -> dict[str, Any]:
    live = ModelVersion.objects.serving(trial.as_of)
    if live is None:
        raise Conflict(_("No version scored anybody on %(day)s.") % {"day": trial.as_of})
    sql.allow_nested_loops(False)
    trying.let_workers_help()
    told = {"live_version": live.number}
    if trial.kind == Kind.BACKTEST:
        return told | backtesting.backtest(draft, trial.as_of, live.rules)
    return told | trying.what_if(draft, trial.as_of, live.rules, trying.ways(draft, trial.as_of))


def _day(kind: str, as_of: date | None) -> date:
    days = kept_dates().newest_first if kind == Kind.WHAT_IF else backtesting.closes_with_outcome()
    if not days:
        if kind == Kind.WHAT_IF:
            raise Conflict(
                _("There are no figures yet; they come with the first nightly run."), code="no_figures"
            )
        raise Conflict(_("No close lies a whole quarter back yet."), code="no_figures")
    if as_of is not None and as_of not in days:
        raise Conflict(_("This cannot be tried on %(day)s.") % {"day": as_of}, code="no_figures")
    return as_of or days[0]


def _clients(day: date) -> int:
    return SegmentFigure.objects.filter(as_of=day).aggregate(all=Sum("clients"))["all"] or 0


def _forget_old(draft: ModelDraft, kind: str) -> None:
    kept = draft.trials.filter(kind=kind).order_by("-pk")[:KEPT_TRIALS]
    draft.trials.filter(kind=kind).exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
