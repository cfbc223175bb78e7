"""Surveys: where the link leads without signing in, the list, what belongs to a conversation, the rules."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import Conflict, Refusal
from interactions.actions import survey_rules, surveys
from interactions.forms.surveys import AnswerForm, AskingForm, NewSurveyRule
from interactions.lists.surveys import SurveyList
from interactions.models import Conversation, Survey
from interactions.queries import surveys as queries
from staff.access import PersonRequest, needs


@sensitive_post_parameters("comment")
@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST answers once; the page says nothing of the client. Looking at the link does nothing."""
    asked = queries.survey_of(token)
    if asked is None:
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None, recommend=asked.rule.recommend)
    if request.method == "POST":
        if "no_more" in request.POST:
            surveys.refuse(survey=asked)
            return _asked(request, asked, form, "no_more")
        if form.is_valid():
            return _asked(request, asked, form, _answered(asked, form))
    return _asked(request, asked, form, "" if asked.is_open else "over")


def _answered(asked: Survey, form: AnswerForm) -> str:
    try:
        surveys.answer(survey=asked, **form.cleaned_data)
    except Conflict:
        return "over"
    return "thanks"


def _asked(request: HttpRequest, asked: Survey, form: AnswerForm, state: str) -> HttpResponse:
    context = {"form": form, "state": state, "answered": asked.answered_at is not None}
    status = 422 if form.errors and not state else 200
    answer = render(request, "interactions/survey.html", context, status=status)
    answer.headers["Referrer-Policy"] = "same-origin"  # the address is the key; forms need an origin
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@require_GET
@needs("interactions.view")
def survey_list(request: PersonRequest) -> HttpResponse:
    return SurveyList(request, queries.surveys_of(request.user)).render("interactions/surveys.html")


@require_GET
@needs("interactions.view")
def survey_of_conversation(request: PersonRequest, conversation: int) -> HttpResponse:
    """What the client was asked about a conversation and answered, as a piece of its page."""
    talk = get_object_or_404(Conversation.objects.visible_to(request.user), pk=conversation)
    found = queries.surveys_about(f"conversation:{talk.pk}")
    context = {"surveys": found, "marks": talk if talk.satisfaction is not None and not found else None}
    return render(request, "interactions/survey_answers.html", context)


@require_http_methods(["GET", "POST"])
@needs("desk.rules")
def survey_rules_page(request: PersonRequest) -> HttpResponse:
    """Everybody with the right reads them; whoever speaks for the whole firm sets them."""
    form = NewSurveyRule(_sent(request))
    if form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("kind", "line", "category")}
        try:
            survey_rules.add_survey_rule(actor=request.user, asking=form.asking(), **told)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("desk_settings:surveys")
    may = queries.may_set(request.user)
    context: dict[str, Any] = {"rules": queries.rules(), "form": form if may else None}
    page = "interactions/settings/surveys.html"
    return render(request, page, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs("desk.rules")
def survey_rule(request: PersonRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(queries.rules(), pk=pk)
    if not queries.may_set(request.user):
        raise PermissionDenied
    names = ("share", "quiet_days", "valid_days", "recommend", "active", "version")
    form = AskingForm(request.POST or None, initial={name: getattr(rule, name) for name in names})
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            survey_rules.change_survey_rule(
                actor=request.user, rule=rule, version=version, asking=form.asking()
            )
        except ValidationError as error:
            form.add_error(None, error)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            status = refusal.status
        else:
            messages.success(request, _("Saved."))
            return redirect("desk_settings:surveys")
    context = {"rule": rule, "form": form}
    return render(request, "interactions/settings/survey_rule.html", context, status=status)


def _sent(request: PersonRequest) -> Any:
    """What was sent, by whoever may set rules."""
    if request.method == "GET":
        return None
    if not queries.may_set(request.user):
        raise PermissionDenied
    return request.POST
