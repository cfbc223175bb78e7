"""Pages of appeals: the list, lodging one, one with its deeds and evidence."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.queries import record
from core.errors import Refusal
from core.files.serving import download
from kpis.actions import appeals as deeds
from kpis.forms.appeals import AnswerForm, AppealForm
from kpis.lists.appeals import AppealList, state_badge
from kpis.models import Adjustment, AppealFile, CardAppeal
from kpis.queries import appeals as queries
from kpis.queries import signing
from staff.access import PersonRequest, needs

RIGHTS = {
    "withdraw": "kpis.appeal", "decline": "kpis.appeals_answer", "accept": "kpis.appeals_answer",
    "approve": "kpis.adopt", "refuse": "kpis.adopt",
}  # fmt: skip
ANSWERS: dict[str, Callable[..., CardAppeal]] = {"decline": deeds.decline, "accept": deeds.accept}


@require_GET
@needs("kpis.view")
def appeals(request: PersonRequest) -> HttpResponse:
    """Appeals against cards in sight."""
    return AppealList(request, queries.listed(request.user)).render("kpis/appeals/list.html")


@require_http_methods(["GET", "POST"])
@needs("kpis.appeal")
def lodge(request: PersonRequest, pk: int) -> HttpResponse:
    """The form against a card in sight, filled with the line the reader came from."""
    card = signing.in_sight(request.user, pk)
    if card is None:
        raise Http404
    posted = request.method == "POST"
    asked = {"line": request.GET.get("line", "")}
    form = AppealForm(request.POST, request.FILES) if posted else AppealForm(initial=asked)
    status = 200
    if posted and form.is_valid():
        try:
            made = deeds.lodge(actor=request.user, card=card, wish=form.wish())
        except ValidationError as error:
            _say(form, error)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            status = refusal.status
        else:
            messages.success(request, _("Your appeal is on record; headquarters answers it."))
            return redirect("kpis:appeal", made.pk)
    if form.errors and status == 200:
        status = 422
    return render(request, "kpis/appeals/lodge.html", {"card": card, "form": form}, status=status)


@require_GET
@needs("kpis.view")
def appeal(request: PersonRequest, pk: int) -> HttpResponse:
    """One appeal with what the reader may do about it."""
    found = _in_sight(request, pk)
    return _page(request, found, AnswerForm(card=found.card))


@require_POST
@needs("kpis.view")
def appeal_deed(request: PersonRequest, pk: int, deed: str) -> HttpResponse:
    """Withdraw, accept, decline; approve or refuse the adjustment; as the page showed it."""
    found = _in_sight(request, pk)
    if deed not in RIGHTS:
        raise Http404
    if not request.user.may(RIGHTS[deed]):
        raise PermissionDenied
    form = AnswerForm(request.POST, card=found.card)
    if deed in ANSWERS and not form.is_valid():
        return _page(request, found, form, 422)
    try:
        _do(request, found, deed, form)
    except ValidationError as error:
        _say(form, error)
        return _page(request, found, form, 422)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Saved."))
    return redirect("kpis:appeal", found.pk)


@require_GET
@needs("kpis.view")
def evidence(request: PersonRequest, pk: int, key: UUID) -> HttpResponse:
    """A file of an appeal in sight, once the scan let it pass."""
    file = AppealFile.objects.filter(appeal=_in_sight(request, pk), key=key).first()
    if file is None or file.state != AppealFile.State.CLEAN:
        raise Http404
    return download(file)


def _do(request: PersonRequest, found: CardAppeal, deed: str, form: AnswerForm) -> None:
    version = int(text) if (text := request.POST.get("version", "")).isdecimal() and len(text) < 9 else 0
    if deed in ANSWERS:
        ANSWERS[deed](actor=request.user, appeal=found, version=version, answer=form.told())
    elif deed == "withdraw":
        deeds.withdraw(actor=request.user, appeal=found, version=version)
    else:
        waiting = _waiting(found)
        if waiting is None:
            raise Http404
        deeds.decide_adjustment(actor=request.user, adjustment=waiting, approved=deed == "approve")


def _waiting(found: CardAppeal) -> Adjustment | None:
    waits = (one for one in found.adjustments.all() if one.state == Adjustment.State.PROPOSED)
    return next(waits, None)


def _say(form: Any, error: ValidationError) -> None:
    """Puts faults of a deed beside the form's fields."""
    for field, words in error.message_dict.items():
        form.add_error(field if field in form.fields else None, words)


def _in_sight(request: PersonRequest, pk: int) -> CardAppeal:
    found = queries.in_sight(request.user, pk)
    if found is None:
        raise Http404
    return found


def _page(request: PersonRequest, found: CardAppeal, form: AnswerForm, status: int = 200) -> HttpResponse:
    user, waiting = request.user, _waiting(found)
    is_open = found.state == CardAppeal.State.LODGED
    sees = user.may("clients.view")
    context = {
        "appeal": found,
        "card": found.card,
        "badge": state_badge(found),
        "line": queries.line_words().get(found.line, found.line),
        "clients": [(one, record.shown_name(one, user)) for one in queries.clients_of(found, user)]
        if sees
        else [],
        "files": found.files.all(),
        "adjustments": [
            (one, queries.subjects(found.card).get(one.subject, one.subject))
            for one in found.adjustments.all()
        ],
        "form": form,
        "may_withdraw": is_open and user.may("kpis.appeal"),
        "may_answer": is_open and user.may("kpis.appeals_answer") and found.lodged_by_id != user.pk,
        "may_decide": waiting is not None and user.may("kpis.adopt") and waiting.proposed_by_id != user.pk,
    }
    return render(request, "kpis/appeals/page.html", context, status=status)
