"""Pages of inspections: the queue, one to be scored or scored, the appeal against it, and figures."""

import csv
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import formats
from core.charts import Chart, Series, bars
from core.errors import Refusal
from core.exports.cells import harmless
from knowledge.actions import inspecting
from knowledge.forms.quality import AppealAnswerForm, AppealForm, PeriodForm, ScoreForm
from knowledge.lists.quality import InspectionList
from knowledge.models import Appeal, Inspection
from knowledge.queries import quality as queries
from knowledge.queries.scripts import names
from staff.access import PersonRequest, needs

CHARTED = 30


def visible(request: PersonRequest, pk: int) -> Inspection:
    """The inspection, or 404 when the reader may not see it."""
    rows = Inspection.objects.visible_to(request.user)
    related = rows.select_related(
        "form", "agent", "unit", "inspector", "draw__plan", "calibration", "supersedes"
    )
    return get_object_or_404(related, pk=pk)


@require_GET
@needs("quality.view")
def inspection_list(request: PersonRequest) -> HttpResponse:
    return InspectionList(request, queries.listed(request.user)).render("knowledge/quality/list.html")


@require_GET
@needs("quality.view")
def inspection(request: PersonRequest, pk: int) -> HttpResponse:
    return _shown(request, visible(request, pk))


def _shown(request: PersonRequest, held: Inspection, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The page; forms that were refused come by their names, others are new."""
    reader, lines = request.user, queries.lines_of(held)
    given = getattr(held, "appeal", None)
    words = names()
    waits = held.state == Inspection.State.WAITING
    another = reader.pk not in (held.agent_id, held.not_by_id)
    context = {
        "inspection": held, "lines": lines, "appeal": given,
        "channel": words.get(held.channel, held.channel), "category": words.get(held.category, held.category),
        "newer": getattr(held, "superseded_by", None),
        "subject_url": reverse(queries.subject_url_name(held), args=[held.subject]),
        "may_score": waits and another and reader.may("quality.inspect")
        and held.inspector_id in (None, reader.pk),
        "may_appeal": reader.may("quality.appeal") and held.agent_id == reader.pk and given is None
        and held.appeal_until is not None and timezone.now() <= held.appeal_until,
        "may_answer": given is not None and given.state == Appeal.State.OPEN and reader.may("quality.inspect")
        and reader.pk not in (given.inspector_id, given.agent_id),
        "score_form": ScoreForm(lines=lines), "appeal_form": AppealForm(), "answer_form": AppealAnswerForm(),
        **forms,
    }  # fmt: skip
    return render(request, "knowledge/quality/inspection.html", context, status=status)


@require_POST
@needs("quality.inspect")
def take(request: PersonRequest, pk: int) -> HttpResponse:
    held = visible(request, pk)
    try:
        inspecting.take(actor=request.user, inspection=held)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect(held)


@require_POST
@needs("quality.inspect")
def score(request: PersonRequest, pk: int) -> HttpResponse:
    """Writes the result; what was chosen stays when it cannot be written."""
    held = visible(request, pk)
    form = ScoreForm(request.POST, lines=queries.lines_of(held))
    if not form.is_valid():
        return _shown(request, held, status=422, score_form=form)
    told = {name: form.cleaned_data[name] for name in ("comment", "coaching")}
    try:
        inspecting.score(actor=request.user, inspection=held, answers=form.answers(), **told)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _shown(request, held, status=422, score_form=form)
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _shown(request, held, status=refusal.status, score_form=form)
    messages.success(request, _("The result is on record."))
    return redirect(held)


@require_POST
@needs("quality.appeal")
def appeal(request: PersonRequest, pk: int) -> HttpResponse:
    held, form = visible(request, pk), AppealForm(request.POST)
    if not form.is_valid():
        return _shown(request, held, status=422, appeal_form=form)
    try:
        inspecting.appeal(actor=request.user, inspection=held, reason=form.cleaned_data["reason"])
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _shown(request, held, status=refusal.status, appeal_form=form)
    messages.success(request, _("Your appeal is on record; somebody other than the inspector answers it."))
    return redirect(held)


@require_POST
@needs("quality.inspect")
def answer_appeal(request: PersonRequest, pk: int) -> HttpResponse:
    held, form = visible(request, pk), AppealAnswerForm(request.POST)
    given = Appeal.objects.filter(inspection=held).first()
    if given is None:
        raise Http404
    if not form.is_valid():
        return _shown(request, held, status=422, answer_form=form)
    accepted, words = form.cleaned_data["accepted"] == "1", form.cleaned_data["answer"]
    try:
        anew = inspecting.answer_appeal(actor=request.user, appeal=given, accepted=accepted, answer=words)
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _shown(request, held, status=refusal.status, answer_form=form)
    messages.success(request, _("The appeal is answered."))
    return redirect(anew or held)


@require_GET
@needs("quality.figures")
def figures(request: PersonRequest) -> HttpResponse:
    """Results of a period by agent, unit, month or channel, and by item; `format=csv` gives the rows."""
    form = PeriodForm(request.GET)
    if not form.is_valid():
        return render(request, "knowledge/quality/figures.html", {"form": form}, status=422)
    rows = queries.figures(request.user, by=form.group, **form.period())
    items = queries.item_figures(request.user, **form.period())
    if request.GET.get("format") == "csv":
        return _file("quality-figures.csv", rows)
    if request.GET.get("format") == "items":
        return _file("quality-items.csv", items)
    words = names()
    for row in rows:
        row["name"] = words.get(row["name"], row["name"])
    context = {"form": form, "rows": rows, "items": items, "chart": _chart(rows), "by": form.group}
    return render(request, "knowledge/quality/figures.html", context)


def _chart(rows: list[dict[str, Any]]) -> Chart | None:
    """Mean points, of the first thirty rows."""
    if not rows:
        return None
    shown = rows[:CHARTED]
    series = Series(_("Mean points"), [row["points"] for row in shown], "c1")
    return bars(_("Mean points"), [row["name"] for row in shown], [series], write=formats.number)


def _file(name: str, rows: list[dict[str, Any]]) -> HttpResponse:
    """The rows as they came from the statement."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(answer)
    if rows:
        writer.writerow(rows[0])
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row.values()])
    return answer
