"""Pages of the sign-off: a period's progress, one card with its deeds, the terms."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Refusal
from kpis import actions
from kpis.actions.terms import Days, set_terms
from kpis.forms.signing import DAYS, ReasonForm, TermsForm
from kpis.lists.appeals import state_badge
from kpis.lists.signing import SignOffList, sign_off_rows
from kpis.models import CardAppeal, Scorecard, Stage
from kpis.queries import pages, signing, stages
from kpis.queries.appeals import line_words
from kpis.queries.readiness import readiness
from kpis.queries.signed_words import in_language, meaning
from kpis.views.common import chosen_period, period_bar
from staff.access import PersonRequest, needs

Deed = Callable[[PersonRequest, Scorecard, str], Any]
DEEDS: dict[str, Deed] = {
    "confirm": lambda request, card, reason: actions.confirm(actor=request.user, card=card, reason=reason),
    "take-back": lambda request, card, _reason: actions.take_back(actor=request.user, card=card),
    "sign": lambda request, card, _reason: actions.sign(actor=request.user, card=card),
}


@require_GET
@needs("kpis.view")
def sign_offs(request: PersonRequest) -> HttpResponse:
    """How far the cards of a period are, with the list of them; without a choice the newest period over."""
    known = pages.known_periods()
    period = chosen_period(request, known)
    if period is None:
        return render(request, "kpis/empty.html")
    if not request.GET:
        return redirect(f"{reverse('kpis:sign_offs')}?period={period.name}")
    told, today = readiness(period), timezone.localdate()
    found = stages.progress(request.user, told)
    context = {
        **period_bar(known, period, [], ""),
        "readiness": told,
        "over": signing.overdue(told, today),
        "late": told.is_late(today),
        "stages": [(stage, words, found[stage]) for stage, words in Stage.choices],
        "cards": sum(found.values()),
        "signed": found[Stage.SIGNED] + found[Stage.REVISED] + found[Stage.ADOPTING],
        "open_cards": sum(found[stage] for stage in stages.OPEN),
        "may_set_terms": request.user.may("kpis.schemes"),
    }
    return SignOffList(request, sign_off_rows(request.user)).render("kpis/signing/list.html", context)


@require_GET
@needs("kpis.view")
def card_sign_off(request: PersonRequest, pk: int) -> HttpResponse:
    """One revision of a card on its way to being frozen, with the deeds that the reader may do."""
    return _page(request, _in_sight(request, pk), ReasonForm())


@require_POST
@needs("kpis.view")
def sign_off_deed(request: PersonRequest, pk: int, deed: str) -> HttpResponse:
    """Confirm, take back or sign, as the page showed it."""
    card = _in_sight(request, pk)
    if deed not in DEEDS:
        raise Http404
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, card, form, 422)
    try:
        DEEDS[deed](request, card, form.cleaned_data["reason"])
    except ValidationError as error:
        for field, words in error.message_dict.items():
            form.add_error(field, words)
        return _page(request, card, form, 422)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Saved."))
    return redirect("kpis:card_sign_off", card.pk)


@require_http_methods(["GET", "POST"])
@needs("kpis.schemes")
def terms(request: PersonRequest) -> HttpResponse:
    """How long a sign-off may take, from which day on."""
    told = list(signing.terms_told())
    form = TermsForm(request.POST) if request.method == "POST" else TermsForm.of(told[0])
    if request.method == "POST" and form.is_valid() and _set(request, form):
        messages.success(request, _("Saved."))
        return redirect("kpis:terms")
    context = {"form": form, "told": told}
    return render(request, "kpis/signing/terms.html", context, status=422 if form.errors else 200)


def _set(request: PersonRequest, form: TermsForm) -> bool:
    days = {name: form.cleaned_data[name] for name in (*DAYS, "is_required")}
    effective_on = form.cleaned_data["effective_on"]
    try:
        set_terms(actor=request.user, effective_on=effective_on, days=Days(**days))
    except ValidationError as error:
        for field, words in error.message_dict.items():
            form.add_error(field, words)
    return not form.errors


def _in_sight(request: PersonRequest, pk: int) -> Scorecard:
    card = signing.in_sight(request.user, pk)
    if card is None:
        raise Http404
    return card


def _appeals(card: Scorecard) -> list[tuple[CardAppeal, str, str]]:
    """Appeals against any revision of the unit's card, with the line's words and a badge."""
    words = line_words()
    return [(one, words.get(one.line, one.line), state_badge(one)) for one in signing.appeals_of(card)]


def _page(request: PersonRequest, card: Scorecard, form: ReasonForm, status: int = 200) -> HttpResponse:
    standing = signing.standing(card, request.user)
    signed = getattr(card, "sign_off", None)
    context = {
        "card": card,
        "standing": standing,
        "stage": Stage(standing.stage).label if standing.stage else "",
        "confirmation": getattr(card, "confirmation", None),
        "sign_off": signed,
        "definition": in_language(signed.definition if signed else meaning(card), get_language() or ""),
        "revisions": signing.revisions(card, request.user),
        "appeals": _appeals(card),
        "may_appeal": standing.may_appeal,
        "form": form,
    }
    return render(request, "kpis/signing/card.html", context, status=status)
