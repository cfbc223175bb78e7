"""Routing rules of the desk: the list in its order, one rule, and a trial of what they would do."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.models import Client
from core.errors import Refusal
from interactions.actions import rules as deeds
from interactions.actions.trial import imagined, would_route
from interactions.forms.rules import RuleForm, TryForm, rule_initial
from interactions.lists.rules import row_of
from interactions.models import Line, RoutingRule
from interactions.queries import routing as queries
from staff.access import PersonRequest, needs
from staff.models import Unit


@require_GET
@needs("desk.work")
def home(request: PersonRequest) -> HttpResponse:
    """The first of the desk's settings that the reader may see."""
    return redirect("desk_settings:rules" if request.user.may("desk.rules") else "desk_settings:replies")


@require_GET
@needs("desk.rules")
def rules(request: PersonRequest) -> HttpResponse:
    """All rules: they hold for the whole firm, and one can only be understood beside the others."""
    own, names = {line.code for line in queries.lines_within(request.user)}, _line_names()
    rows = [
        row_of(rule, names, changeable=queries.within_reach(request.user, rule.lines, own))
        for rule in queries.rules()
    ]
    return render(
        request, "interactions/settings/rules.html", {"rows": rows, "may_add": _may_add(request, own)}
    )


@require_http_methods(["GET", "POST"])
@needs("desk.rules")
def rule_new(request: PersonRequest) -> HttpResponse:
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            deeds.add_rule(actor=request.user, told=form.told())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("desk_settings:rules")
    return _shown(request, form, None)


@require_http_methods(["GET", "POST"])
@needs("desk.rules")
def rule_edit(request: PersonRequest, pk: int) -> HttpResponse:
    rule = _reachable(request, pk)
    form = _form(request, initial=rule_initial(rule))
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            deeds.change_rule(actor=request.user, rule=rule, version=version, told=form.told())
        except ValidationError as error:
            form.add_error(None, error)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            return _shown(request, form, rule, refusal.status)
        else:
            messages.success(request, _("Saved."))
            return redirect("desk_settings:rules")
    return _shown(request, form, rule)


@require_POST
@needs("desk.rules")
def rule_switch(request: PersonRequest, pk: int) -> HttpResponse:
    rule, active = _reachable(request, pk), request.POST.get("active") == "1"
    return _done(
        request,
        lambda version: deeds.switch_rule(actor=request.user, rule=rule, version=version, active=active),
    )


@require_POST
@needs("desk.rules")
def rule_move(request: PersonRequest, pk: int) -> HttpResponse:
    rule, up = _reachable(request, pk), request.POST.get("to") == "up"
    return _done(
        request, lambda version: deeds.move_rule(actor=request.user, rule=rule, version=version, up=up)
    )


@require_GET
@needs("desk.rules")
def rules_try(request: PersonRequest) -> HttpResponse:
    """Which rule would fire for such a contact and who would get it now; nothing is done."""
    clients = Client.objects.visible_to(request.user).select_related("standing")
    lines = Line.objects.filter(active=True).select_related("unit")
    form = TryForm(request.GET if "line" in request.GET else None, lines=lines, clients=clients)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        trial = would_route(imagined(**form.cleaned_data))
        rows = [(row_of(one.rule, {}), one.person) for one in trial.asked]
        context |= {"trial": trial, "rows": rows, "line": form.cleaned_data["line"]}
    return render(request, "interactions/settings/rules_try.html", context)


def _reachable(request: PersonRequest, pk: int) -> RoutingRule:
    """A rule the reader may change: everybody with the right sees all of them."""
    rule = get_object_or_404(queries.rules(), pk=pk)
    if not queries.within_reach(request.user, rule.lines):
        raise PermissionDenied
    return rule


def _form(request: PersonRequest, **more: Any) -> RuleForm:
    return RuleForm(
        request.POST if request.method == "POST" else None,
        lines=queries.lines_within(request.user),
        units=Unit.objects.visible_to(request.user).filter(closed_on=None),
        firm=request.user.scope_for("desk.rules").firm,
        **more,
    )


def _shown(
    request: PersonRequest, form: RuleForm, rule: RoutingRule | None, status: int = 422
) -> HttpResponse:
    context = {"form": form, "rule": rule}
    return render(request, "interactions/settings/rule.html", context, status=status if form.errors else 200)


def _done(request: PersonRequest, deed: Any) -> HttpResponse:
    """Does the deed with the version of the page, and goes back to the list."""
    given = request.POST.get("version", "")
    try:
        deed(int(given) if given.isascii() and given.isdigit() else 0)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Saved."))
    return redirect("desk_settings:rules")


def _may_add(request: PersonRequest, own: set[str]) -> bool:
    """A rule names lines of one's own, unless one speaks for the whole firm."""
    return bool(own) or request.user.scope_for("desk.rules").firm


def _line_names() -> dict[str, str]:
    return dict(Line.objects.values_list("code", "name"))
