"""The model workbench: versions and drafts, changing a draft, trying it out, and the deeds on it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Refusal
from core.registry import trial_parts
from segmentation.actions import drafts as deeds
from segmentation.actions.trials import ask_trial
from segmentation.forms.drafts import BeginForm, DraftForm, ProposeForm, TrialForm
from segmentation.leaf_words import differences
from segmentation.models import ModelDraft, ModelTrial, ModelVersion
from segmentation.queries import backtesting
from segmentation.queries import drafts as queries
from segmentation.workbench_tables import backtest_view, curve_table, trial_view
from staff.access import PersonRequest, needs

KIND = ModelTrial.Kind


@require_GET
@needs("models.view")
def models(request: PersonRequest) -> HttpResponse:
    """Which version serves, what is being written, and every version with what it changed."""
    _demand(queries.may_view(request.user))
    found = list(queries.drafts(request.user))
    context = {
        "drafts": [one for one in found if one.state != ModelDraft.State.PUBLISHED],
        "stories": queries.stories(),
        "live": queries.live_version(),
        "may_write": queries.may_write(request.user),
        "begin": BeginForm(sources=_sources(found)),
    }
    return render(request, "segmentation/models/list.html", context)


def _sources(found: list[ModelDraft]) -> list[tuple[str, str]]:
    versions = ModelVersion.objects.filter(breakpoints_as_of__isnull=False).order_by("-number")
    words = _("Version %(number)s")
    return [
        *((f"version:{one.number}", words % {"number": one.number}) for one in versions),
        *((f"draft:{one.pk}", one.name) for one in found if one.state != ModelDraft.State.PUBLISHED),
    ]


@require_POST
@needs("models.write")
def draft_new(request: PersonRequest) -> HttpResponse:
    """Begins a draft with what a version or another draft says."""
    _demand(queries.may_write(request.user))
    found = list(queries.drafts(request.user))
    form = BeginForm(request.POST, sources=_sources(found))
    if not form.is_valid():
        messages.error(request, _("Give the draft a name and say what it begins with."))
        return redirect("segmentation:models")
    kind, _sign, number = form.cleaned_data["source"].partition(":")
    begun: dict[str, Any] = (
        {"version": ModelVersion.objects.get(number=number)}
        if kind == "version"
        else {"draft": next(one for one in found if str(one.pk) == number)}
    )
    try:
        made = deeds.begin_draft(actor=request.user, name=form.cleaned_data["name"], **begun)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("segmentation:models")
    return redirect("segmentation:draft_edit", made.pk)


@require_GET
@needs("models.view")
def draft(request: PersonRequest, pk: int) -> HttpResponse:
    """A draft: what it changes, what it would do, and what can be done with it."""
    held = _visible(request, pk)
    live = queries.live_version() or held.base
    trial, test = (queries.last_trial(held, kind) for kind in (KIND.WHAT_IF, KIND.BACKTEST))
    closes = backtesting.closes_with_outcome()
    context = {
        "draft": held, "live": live, "changes": differences(live.definition, held.definition),
        "curves": curve_table(queries.draft_lines(held), held.rules),
        "trial": trial, "tried": trial_view(trial, held.rules) if trial and trial.is_done else None,
        "test": test, "tested": backtest_view(test, held.rules) if test and test.is_done else None,
        "trial_form": TrialForm(days=queries.trial_days(), initial={"as_of": trial and trial.as_of}),
        "test_form": TrialForm(days=closes, prefix="test") if closes else None,
        "propose": ProposeForm(initial={"serves_from": held.serves_from}),
        "parts": [one for one in trial_parts() if request.user.may(one.right)],
        "others": [one for one in queries.drafts(request.user) if one.pk != held.pk],
        "own": held.author_id == request.user.pk,
        "may_write": queries.may_write(request.user), "may_publish": queries.may_publish(request.user),
    }  # fmt: skip
    return render(request, "segmentation/models/draft.html", context)


@require_http_methods(["GET", "POST"])
@needs("models.write")
def draft_edit(request: PersonRequest, pk: int) -> HttpResponse:
    """Changes a draft; what is wrong stands beside its field."""
    held = _visible(request, pk)
    _demand(queries.may_write(request.user))
    posted = request.POST if request.method == "POST" else None
    form = DraftForm(posted, draft=held, days=queries.trial_days())
    if posted is not None and form.is_valid():
        try:
            deeds.change_draft(
                actor=request.user, draft=held, version=form.cleaned_data["version"], told=form.told()
            )
        except ValidationError as error:
            form.add_faults(error)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("segmentation:draft", held.pk)
    status = 200 if posted is None else 422
    return render(request, "segmentation/models/edit.html", {"draft": held, "form": form}, status=status)


@require_POST
@needs("models.view")
def draft_try(request: PersonRequest, pk: int, kind: str) -> HttpResponse:
    """Tries it on the clients of a date: a what-if or a backtest."""
    held = _visible(request, pk)
    if kind not in {"what-if", "backtest"}:
        raise Http404
    days = queries.trial_days() if kind == "what-if" else backtesting.closes_with_outcome()
    form = TrialForm(request.POST, days=days, prefix="test" if kind == "backtest" else None)
    day = form.cleaned_data["as_of"] if form.is_valid() else None
    try:
        ask_trial(actor=request.user, draft=held, kind=kind.replace("-", "_"), as_of=day)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("segmentation:draft", held.pk)


DEEDS: dict[str, tuple[Callable[..., Any], str]] = {
    "propose": (deeds.propose_draft, "models.write"),
    "send-back": (deeds.send_back_draft, "models.view"),
    "publish": (deeds.publish_draft, "models.publish"),
    "discard": (deeds.discard_draft, "models.write"),
}


@require_POST
@needs("models.view")
def draft_deed(request: PersonRequest, pk: int, deed: str) -> HttpResponse:
    """Propose, send back, publish or discard, as the page showed the draft."""
    held = _visible(request, pk)
    if deed not in DEEDS:
        raise Http404
    act, right = DEEDS[deed]
    _demand(request.user.may(right))
    try:
        act(
            actor=request.user,
            draft=held,
            version=_number(request.POST.get("version", "")),
            **_more(request, deed),
        )
    except Refusal as refusal:
        messages.error(request, refusal.message)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Saved."))
        if deed in {"discard", "publish"}:
            return redirect("segmentation:models")
    return redirect("segmentation:draft", held.pk)


def _more(request: PersonRequest, deed: str) -> dict[str, Any]:
    if deed == "send-back":
        return {"reason": request.POST.get("reason", "")}
    if deed == "propose":
        form = ProposeForm(request.POST)
        if not form.is_valid():
            raise ValidationError(_("Choose the day from which it is in force."))
        return {"serves_from": form.cleaned_data["serves_from"]}
    return {}


@require_GET
@needs("models.view")
def trial_state(request: PersonRequest, pk: int) -> HttpResponse:
    """How far a trial is; the page loads anew when it is done."""
    trial = get_object_or_404(ModelTrial.objects.visible_to(request.user).select_related("job"), pk=pk)
    answer = render(request, "segmentation/models/trial_state.html", {"trial": trial})
    if trial.is_done or trial.error:
        answer["HX-Refresh"] = "true"
    return answer


@require_GET
@needs("models.view")
def compare(request: PersonRequest) -> HttpResponse:
    """Two drafts side by side: what they say otherwise, and what each would do."""
    _demand(queries.may_view(request.user))
    found = {str(one.pk): one for one in queries.drafts(request.user)}
    pair = [found.get(request.GET.get(side, "")) for side in ("left", "right")]
    if None in pair:
        raise Http404
    left, right = (one for one in pair if one)
    sides = []
    for one in (left, right):
        trials = {kind: queries.last_trial(one, kind) for kind in (KIND.WHAT_IF, KIND.BACKTEST)}
        what_if, test = trials[KIND.WHAT_IF], trials[KIND.BACKTEST]
        sides.append({
            "draft": one,
            "tried": trial_view(what_if, one.rules) if what_if and what_if.is_done else None,
            "tested": backtest_view(test, one.rules) if test and test.is_done else None,
        })  # fmt: skip
    context = {"left": left, "right": right, "sides": sides,
               "changes": differences(left.definition, right.definition)}  # fmt: skip
    return render(request, "segmentation/models/compare.html", context)


@require_GET
@needs("models.view")
def version(request: PersonRequest, number: int) -> HttpResponse:
    """A published version: its values, its breakpoints, and what it changed."""
    _demand(queries.may_view(request.user))
    story = next((one for one in queries.stories() if one.version.number == number), None)
    if story is None:
        raise Http404
    rules = story.version.rules
    lines = curve_table(queries.version_lines(story.version), rules)
    context = {
        "story": story,
        "version": story.version,
        "values": queries.values_table(rules.data),
        "curves": lines,
    }
    return render(request, "segmentation/models/version.html", context)


def _visible(request: PersonRequest, pk: int) -> ModelDraft:
    return get_object_or_404(queries.drafts(request.user), pk=pk)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _demand(allowed: bool) -> None:
    """The model is the firm's: who holds the right for a part of it only is refused."""
    if not allowed:
        raise PermissionDenied
