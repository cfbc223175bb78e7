"""Pages of campaigns: the list, one with its audience and result, the call list."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Refusal
from core.fragments import fragment
from core.toasts import trigger
from knowledge.models import ScriptVersion
from knowledge.queries.scripts import parents_of, script_for
from outreach.actions import campaign_audience as audience
from outreach.actions import campaign_steps
from outreach.actions import campaigns as deeds
from outreach.actions.campaign_calls import next_call, record_call
from outreach.forms.campaigns import CallForm, CampaignForm, ExcludeForm, ShareForm
from outreach.lists.campaigns import CampaignList, MemberList
from outreach.models import Campaign, CampaignMember
from outreach.moments import SHANGHAI
from outreach.queries import campaign_results as results
from outreach.queries import campaigns as queries
from outreach.views.campaign_file import result_chart
from outreach.views.session import session_context
from staff.access import PersonRequest, needs


@require_GET
@needs("campaigns.view")
def campaign_list(request: PersonRequest) -> HttpResponse:
    page = CampaignList(request, queries.listed(request.user))
    return page.render("outreach/campaigns/list.html", {"may_write": request.user.may("campaigns.manage")})


@require_http_methods(["GET", "POST"])
@needs("campaigns.manage")
def campaign_new(request: PersonRequest) -> HttpResponse:
    form = CampaignForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = deeds.write_campaign(actor=request.user, told=form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved. Now choose the audience on the client list."))
            return redirect("campaigns:detail", made.pk)
    return _form(request, form, None)


@require_http_methods(["GET", "POST"])
@needs("campaigns.manage")
def campaign_edit(request: PersonRequest, pk: int) -> HttpResponse:
    held = _manageable(request, pk)
    form = CampaignForm(request.POST or None, instance=held, user=request.user)
    if request.method == "POST" and form.is_valid():
        version = request.POST.get("version", "")
        try:
            deeds.change_campaign(
                actor=request.user, campaign=held, told=form.cleaned_data,
                version=int(version) if version.isdecimal() else 0,
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns:detail", held.pk)
    return _form(request, form, held)


@require_GET
@needs("campaigns.view")
def campaign_detail(request: PersonRequest, pk: int) -> HttpResponse:
    """Who is in, who was left out and why, how far it came and what it brought.

    While a job goes through the audience the page asks for its progress, and opens anew at the end.
    """
    held = _visible(request, pk)
    if request.headers.get("HX-Target") != "campaign-step":
        return _detail(request, held)
    if not held.is_working:
        return trigger(HttpResponse(headers={"HX-Refresh": "true"}), "jobs-changed")
    return trigger(fragment(request, "outreach/campaigns/step.html", {"campaign": held}), "jobs-changed")


@require_POST
@needs("campaigns.manage")
def share(request: PersonRequest, pk: int) -> HttpResponse:
    """Names somebody who calls, with how many parts of the clients."""
    held = _manageable(request, pk)
    form = ShareForm(request.POST, user=request.user)
    if not form.is_valid():
        return _detail(request, held, share_form=form)
    return _beside(
        request, held, lambda: audience.set_share(actor=request.user, campaign=held, **form.cleaned_data)
    )


@require_POST
@needs("campaigns.manage")
def exclude(request: PersonRequest, pk: int) -> HttpResponse:
    """Takes clients out by their numbers."""
    held = _manageable(request, pk)
    form = ExcludeForm(request.POST)
    if not form.is_valid():
        return _detail(request, held, exclude_form=form)
    numbers = form.cleaned_data["numbers"]
    return _beside(
        request, held, lambda: audience.exclude(actor=request.user, campaign=held, client_nos=numbers)
    )


@require_GET
@needs("campaigns.view")
def members(request: PersonRequest, pk: int) -> HttpResponse:
    held = _visible(request, pk)
    page = MemberList(request, queries.members_listed(request.user, held))
    return page.render("outreach/campaigns/members.html", {"campaign": held})


@require_GET
@needs("campaigns.work")
def work(request: PersonRequest, pk: int) -> HttpResponse:
    """The next client to call, with what to say."""
    held = _visible(request, pk)
    member = next_call(person=request.user, campaign=held)
    return _call(request, held, member, CallForm())


@require_POST
@needs("campaigns.work")
def called(request: PersonRequest, pk: int, member: int) -> HttpResponse:
    """What came of a call; then the next client."""
    held = _visible(request, pk)
    row = get_object_or_404(queries.members_listed(request.user, held), pk=member)
    form = CallForm(request.POST)
    if not form.is_valid():
        return _call(request, held, row, form)
    said = form.cleaned_data
    day = said.pop("again_on")
    said["again_at"] = datetime.combine(day, time(9), SHANGHAI) if day else None
    try:
        record_call(actor=request.user, member=row, **said)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Saved; here is the next one."))
    return redirect("campaigns:work", held.pk)


@require_POST
@needs("campaigns.approve")
def approval(request: PersonRequest, pk: int) -> HttpResponse:
    held = _manageable(request, pk, "campaigns.approve")
    try:
        deeds.approve(actor=request.user, campaign=held)
    except (Refusal, PermissionDenied) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Approved."))
    return redirect("campaigns:detail", held.pk)


@require_POST
@needs("campaigns.manage")
def deed(request: PersonRequest, pk: int, name: str) -> HttpResponse:
    """Done at once, or handed to a job where the whole audience is gone through."""
    held = _manageable(request, pk)
    if name not in deeds.DEEDS and name not in campaign_steps.STEPS:
        raise Http404
    try:
        if name in campaign_steps.STEPS:
            campaign_steps.ask(actor=request.user, campaign=held, name=name)
        else:
            deeds.DEEDS[name](actor=request.user, campaign=held)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("campaigns:detail", held.pk)


def _beside(request: PersonRequest, campaign: Campaign, do: Callable[[], object]) -> HttpResponse:
    """Does a small deed of the campaign's page and says what was wrong with it."""
    try:
        do()
    except Refusal as refusal:
        messages.error(request, refusal.message)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Saved."))
    return redirect("campaigns:detail", campaign.pk)


def _detail(
    request: PersonRequest, held: Campaign, *, share_form: ShareForm | None = None,
    exclude_form: ExcludeForm | None = None,
) -> HttpResponse:  # fmt: skip
    user = request.user
    told = results.figures(user, held)
    context: dict[str, Any] = {
        "campaign": held, "people": held.people.select_related("person"), **vars(told),
        "chart": result_chart(told.compared) if told.compared else None,
        "may_write": held in queries.manageable(user),
        "may_approve": held in queries.manageable(user, "campaigns.approve"),
        "may_call": user.may("campaigns.work") and not held.sends,
        "share_form": share_form or ShareForm(user=user), "exclude_form": exclude_form or ExcludeForm(),
    }  # fmt: skip
    failed = any(form is not None for form in (share_form, exclude_form))
    return render(request, "outreach/campaigns/detail.html", context, status=422 if failed else 200)


def _visible(request: PersonRequest, pk: int) -> Campaign:
    return get_object_or_404(queries.listed(request.user), pk=pk)


def _manageable(request: PersonRequest, pk: int, right: str = "campaigns.manage") -> Campaign:
    return get_object_or_404(queries.manageable(request.user, right), pk=_visible(request, pk).pk)


def _call(
    request: PersonRequest, campaign: Campaign, member: CampaignMember | None, form: CallForm
) -> HttpResponse:
    if member is None:
        return render(request, "outreach/campaigns/nobody.html", {"campaign": campaign})
    context: dict[str, Any] = session_context(request, member.client) | {
        "campaign": campaign, "member": member, "form": form, "mine": True,
        "outcomes": CampaignMember.Outcome.choices, "found": _script(campaign, member),
        "save_url": reverse("campaigns:called", args=[campaign.pk, member.pk]),
        "draft_key": f"campaign-call-{member.pk}", "left": queries.count_to_call(request.user, campaign),
    }  # fmt: skip
    return render(request, "outreach/campaigns/work.html", context, status=422 if form.errors else 200)


def _script(campaign: Campaign, member: CampaignMember) -> ScriptVersion | None:
    """The approved script for calls of the campaign's category to clients of this tier."""
    code = campaign.category.code
    return script_for(category=code, parents=parents_of(code), tier=member.tier, channel="phone")


def _form(request: PersonRequest, form: CampaignForm, campaign: Campaign | None) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(
        request, "outreach/campaigns/form.html", {"form": form, "campaign": campaign}, status=status
    )
