"""The page on which a rule is built: conditions and groups come and go, its clients are counted meanwhile."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Refusal
from core.toasts import trigger
from segmentation import building
from segmentation.actions import segments as deeds
from segmentation.building import Draft
from segmentation.models import Segment
from segmentation.queries import counting
from segmentation.queries.catalogue import CATALOGUE
from segmentation.queries.telling import Teller
from segmentation.rules import RuleError, read
from segmentation.segment_form import SegmentForm, initial_of
from segmentation.views.saved import changeable
from staff.access import PersonRequest, needs


@require_http_methods(["GET", "POST"])
@needs("segments.make")
def saved_new(request: PersonRequest) -> HttpResponse:
    """Begins with one condition."""
    return _built(request, None, building.empty())


@require_http_methods(["GET", "POST"])
@needs("segments.make")
def saved_edit(request: PersonRequest, pk: int) -> HttpResponse:
    segment = changeable(request, pk)
    return _built(request, segment, building.of_rule(segment.rule))


@require_POST
@needs("segments.make")
def saved_count(request: PersonRequest) -> HttpResponse:
    """How many clients in sight meet what stands in the form, with a few of them, as a fragment."""
    draft = building.typed(request.POST)
    context: dict[str, Any] = {}
    try:
        rule = read(draft.data(), CATALOGUE)
        thorough = "thorough" in request.POST
        found, some = counting.with_some(request.user, rule, thorough=thorough)
        goes_on = not (thorough or found.exact)
        context = {"found": found, "some": some, "words": Teller().rule(rule), "goes_on": goes_on}
    except RuleError as error:
        context = {"faults": len(error.errors), "fault": error.errors.get("", "")}
    return render(request, "segmentation/saved/count.html", context)


def _built(request: PersonRequest, segment: Segment | None, draft: Draft) -> HttpResponse:
    if request.method != "POST":
        return _page(request, segment, draft, _form(request, segment))
    draft = building.typed(request.POST)
    if deed := request.POST.get("do", ""):
        draft = building.done(draft, deed)
        if request.headers.get("HX-Target") == "builder":
            context = {"root": draft, "here": request.path}
            return trigger(render(request, "segmentation/saved/tree.html", context), "rule-changed")
        return _page(request, segment, draft, _form(request, segment, bound=True))
    return _saved(request, segment, draft)


def _saved(request: PersonRequest, segment: Segment | None, draft: Draft) -> HttpResponse:
    form = _form(request, segment, bound=True)
    if form.is_valid():
        try:
            kept = _keep(request, segment, _told(segment, draft, form))
        except RuleError as error:
            draft.marked(error.errors)
        except ValidationError as error:
            form.add_error(None, error)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("segmentation:saved_detail", kept.pk)
    return _page(request, segment, draft, form, status=422)


def _told(segment: Segment | None, draft: Draft, form: SegmentForm) -> deeds.SegmentTold:
    """What the form says; what it did not ask of this reader stays as it was."""
    unasked = [name for name in ("sharing", "unit", "tells") if segment and name not in form.fields]
    stays = {name: getattr(segment, name) for name in unasked}
    return deeds.SegmentTold(rule=draft.data(), **stays, **form.cleaned_data)


def _keep(request: PersonRequest, segment: Segment | None, told: deeds.SegmentTold) -> Segment:
    if segment is None:
        return deeds.write_segment(actor=request.user, told=told)
    version = request.POST.get("version", "")
    return deeds.change_segment(
        actor=request.user, segment=segment, told=told, version=int(version) if version.isdecimal() else 0
    )


def _form(request: PersonRequest, segment: Segment | None, *, bound: bool = False) -> SegmentForm:
    return SegmentForm(
        request.POST if bound else None,
        user=request.user,
        initial=initial_of(segment) if segment else None,
        ownerless=segment is not None and segment.owner_id is None,
    )


def _page(
    request: PersonRequest, segment: Segment | None, draft: Draft, form: SegmentForm, status: int = 200
) -> HttpResponse:
    title = segment.name if segment else _("New segment")
    context = {
        "segment": segment, "root": draft, "form": form, "title": title, "here": request.path,
        "crumbs": [(_("Saved segments"), reverse("segmentation:saved")), (title, "")],
    }  # fmt: skip
    return render(request, "segmentation/saved/build.html", context, status=status)
