"""Pages of client analysis reports: the list, one of them, writing on a section, submitting and releasing."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Refusal
from knowledge.queries.comparing import compared
from kpis.actions import report_mail as mailing
from kpis.actions import report_work
from kpis.actions import reports as deeds
from kpis.forms.reports import BackForm, MonthForm, SectionForm, SubscriptionForm
from kpis.lists.proposals import state_badge
from kpis.models import Report, ReportSection, ReportText
from kpis.models.reports import MANAGE
from kpis.queries import reports
from kpis.reporting.words import section_titles
from staff.access import PersonRequest, needs

DEEDS: dict[str, Callable[..., Report]] = {
    "submit": deeds.submit_report,
    "send-back": deeds.send_report_back,
    "release": deeds.release_report,
    "correct": deeds.correct_report,
    "drop": deeds.drop_correction,
}
FOR_A_REASON = ("send-back", "correct")


@require_GET
@needs("reports.view")
def report_list(request: PersonRequest) -> HttpResponse:
    """The reports of the firm, and which months can be drafted."""
    months = reports.months_to_draft() if _writes(request) else []
    context = {
        "reports": reports.listed(request.user),
        "form": MonthForm(None, months) if months else None,
        "firm": request.user.scope_for("reports.view").firm,
        "mail_form": SubscriptionForm(subscription=reports.subscription_of(request.user)),
    }
    if not context["firm"]:
        return redirect("reports:proposals")
    return render(request, "kpis/reports/list.html", context)


@require_POST
@needs("reports.manage")
def report_draft(request: PersonRequest) -> HttpResponse:
    """A job makes the draft of a month; the tray says when it is there."""
    form = MonthForm(request.POST, reports.months_to_draft() if _writes(request) else [])
    if form.is_valid():
        title = _("Client analysis report %(period)s") % {"period": form.month.name}
        report_work.ask_for_draft(actor=request.user, period=form.month, title=title)
        messages.success(request, _("The draft is being made; the tray of jobs says when it is there."))
    else:
        messages.error(request, _("There is nothing to draft for this month."))
    return redirect("reports:list")


@require_POST
@needs("reports.view")
def report_mail(request: PersonRequest) -> HttpResponse:
    """Whether and when released reports come by mail to the reader."""
    form = SubscriptionForm(request.POST)
    if not form.is_valid():
        return redirect("reports:list")
    try:
        if form.wanted:
            mailing.subscribe(actor=request.user, day=form.day)
        else:
            mailing.unsubscribe(actor=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Saved."))
    return redirect("reports:list")


@require_GET
@needs("reports.view")
def report(request: PersonRequest, period: str) -> HttpResponse:
    """One report with its figures, pictures and texts: of a number, else the newest of the month."""
    held = reports.in_sight(request.user, period, number_in(request.GET, "number"))
    return _page(request, held, BackForm())


@require_POST
@needs("reports.manage")
def report_refresh(request: PersonRequest, period: str) -> HttpResponse:
    """Reads the draft's figures anew."""
    held = reports.in_sight(request.user, period)
    try:
        changed = deeds.refresh_report(actor=request.user, report=held)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        words = _("The figures are of the last night now.") if changed else _("The figures did not change.")
        messages.success(request, words)
    return redirect(held)


@require_POST
@needs("reports.manage")
def report_deed(request: PersonRequest, period: str, deed: str) -> HttpResponse:
    """Submit, send back, release or correct, as the page showed it."""
    held = reports.in_sight(request.user, period)
    if deed not in DEEDS:
        raise Http404
    form = BackForm(request.POST)
    if deed in FOR_A_REASON and not form.is_valid():
        return _page(request, held, form, 422)
    more = {"why": form.cleaned_data["why"]} if deed in FOR_A_REASON else {}
    try:
        DEEDS[deed](actor=request.user, report=held, version=number_in(request.POST, "version"), **more)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _said(deed))
    return redirect(held)


@require_http_methods(["GET", "POST"])
@needs("reports.manage")
def report_section(request: PersonRequest, period: str, key: str) -> HttpResponse:
    """Writing on a section, beside its facts and pictures."""
    held = reports.in_sight(request.user, period)
    section = _section(held, key)
    text = reports.newest_texts([section])[0]
    if request.method == "GET":
        return _writing(request, section, text, SectionForm.of(text))
    form = SectionForm(request.POST)
    if not form.is_valid():
        return _writing(request, section, text, form, 422)
    return _written(request, section, text, form)


@require_GET
@needs("reports.manage")
def report_texts(request: PersonRequest, period: str, key: str) -> HttpResponse:
    """What a section said before, and what each writing changed."""
    section = _section(reports.in_sight(request.user, period), key)
    texts = list(section.texts.select_related("author"))
    earlier = [*texts[1:], None]
    context = {
        "report": section.report,
        "title": section_titles()[key],
        "key": key,
        "history": [(one, _changes(other, one)) for one, other in zip(texts, earlier, strict=True)],
    }
    return render(request, "kpis/reports/texts.html", context)


def number_in(data: Any, name: str) -> int:
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _writes(request: PersonRequest) -> bool:
    return request.user.scope_for(MANAGE).firm


def _section(held: Report, key: str) -> ReportSection:
    found = held.sections.filter(key=key).first()
    if found is None:
        raise Http404
    return found


def _page(request: PersonRequest, held: Report, form: BackForm, status: int = 200) -> HttpResponse:
    writes, own = _writes(request), held.submitted_by_id == request.user.pk
    waits, later = held.state == Report.State.SUBMITTED, held.correction
    context = {
        "report": held,
        "sections": reports.sections_of(held),
        "proposals": [(one, state_badge(one)) for one in reports.proposals_of(held)],
        "back_form": form,
        "writes": writes and held.is_draft,
        "may_release": writes and waits and not own,
        "may_send_back": writes and waits,
        "own": own and waits,
        "later": later if later and (writes or held.taken_over_by) else None,
        "may_correct": writes and held.state == Report.State.RELEASED and later is None,
        "stale": writes and reports.newer_figures(held),
    }
    return render(request, "kpis/reports/detail.html", context, status=status)


def _said(deed: str) -> str:
    return {
        "submit": _("Submitted: its figures are frozen, and a second person releases it."),
        "send-back": _("It is a draft again."),
        "release": _("Released."),
        "correct": _("A draft of the correction is made; the released report stays as it is."),
        "drop": _("The correction is given up."),
    }[deed]


def _writing(
    request: PersonRequest, section: ReportSection, text: ReportText, form: SectionForm, status: int = 200
) -> HttpResponse:
    context = {
        "report": section.report,
        "shown": reports.shown_section(section, text),
        "facts": reports.facts_to_name(section),
        "form": form,
        "closed": not section.report.is_draft,
    }
    return render(request, "kpis/reports/section.html", context, status=status)


def _written(
    request: PersonRequest, section: ReportSection, text: ReportText, form: SectionForm
) -> HttpResponse:
    """Keeps the text, or shows what is wrong with it and what somebody else wrote meanwhile."""
    try:
        deeds.write_section(actor=request.user, section=section, **form.cleaned_data)
    except ValidationError as error:
        for field, words in error.message_dict.items():
            form.add_error(field, words)
        return _writing(request, section, text, form, 422)
    except deeds.TextMoved as moved:
        form.add_error(None, moved.message)
        form.data = {**form.data.dict(), "number": moved.newest.number}  # type: ignore[attr-defined]
        return _writing(request, section, moved.newest, form, 409)
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _writing(request, section, text, form, refusal.status)
    messages.success(request, _("Saved."))
    return redirect(f"{section.report.get_absolute_url()}#{section.key}")


def _changes(before: ReportText | None, now: ReportText) -> list[Any]:
    if before is None:
        return []
    lines = [[*one.text_zh.splitlines(), *one.text_en.splitlines()] for one in (before, now)]
    return compared(*lines)
