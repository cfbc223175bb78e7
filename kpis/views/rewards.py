"""Rewards of a period: what the pool would give, what waits, what is booked; and a unit's own."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Refusal
from core.sheets import XLSX
from kpis import actions
from kpis.definition import reward_words
from kpis.exports.rewards import ledger_csv, ledger_xlsx
from kpis.forms.rewards import RewardForm
from kpis.models import RewardRun, UnitType
from kpis.queries import pages, rewards
from kpis.queries.cards import split_unit
from kpis.rules import Period
from kpis.rules.rewards import GIVEN
from kpis.views.common import chosen_period, period_bar
from staff.access import PersonRequest, needs

MANAGE, APPROVE = "rewards.manage", "rewards.approve"
REWARDED = (UnitType.BRANCH, UnitType.MANAGER, UnitType.REGION)
SHOWN = 500  # bookings on the page; the files have all


@require_http_methods(["GET", "POST"])
@needs("kpis.view")
def rewards_page(request: PersonRequest) -> HttpResponse:
    """The ledger of a period in sight; for those who manage or approve also pool, preview and proposals."""
    known = pages.known_periods()
    period = chosen_period(request, known)
    if period is None:
        return render(request, "kpis/empty.html")
    unit_type = _unit_type(request)
    may = _may(request, MANAGE)
    if request.method == "POST" and not may:
        raise PermissionDenied
    form = RewardForm(request.POST or None) if may else None
    if request.method == "POST" and _proposed(request, period, unit_type, form):
        return redirect(_address(period.name, unit_type))
    context = {
        **period_bar(known, period, [], ""),
        "unit_type": unit_type,
        "unit_types": [(kind.value, kind.label) for kind in REWARDED],
        "entries": _ledger(request, period, unit_type)[:SHOWN],
        **(_firm(request, period, unit_type, form) if _sees_pools(request) else {}),
    }
    return render(request, "kpis/rewards/period.html", context, status=422 if form and form.errors else 200)


@require_POST
@needs("kpis.view")
def reward_deed(request: PersonRequest, pk: int, deed: str) -> HttpResponse:
    """Approve or decline a proposal, as the page showed it."""
    run = get_object_or_404(rewards.runs(request.user), pk=pk)
    deeds: dict[str, Callable[[], Any]] = {
        "approve": lambda: actions.approve_rewards(actor=request.user, run=run),
        "decline": lambda: actions.decline_rewards(
            actor=request.user, run=run, why=request.POST.get("why", "")
        ),
    }
    if deed not in deeds:
        raise Http404
    try:
        deeds[deed]()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Booked.") if deed == "approve" else _("Saved."))
    return redirect(_address(run.period, run.unit_type))


@require_GET
@needs("kpis.view")
def reward_history(request: PersonRequest) -> HttpResponse:
    """Every booking of a unit; without a choice the reader's own: as a manager, else of units in sight."""
    found = rewards.entries(request.user)
    unit = request.GET.get("unit", "")
    if unit:
        which = split_unit(unit)
        if which is None:
            raise Http404
        found = found.filter(unit_type=which[0], unit_code=which[1])
        if not found.exists():
            raise Http404
    elif request.user.employee_no and not _sees_pools(request):
        found = found.filter(unit_code=request.user.employee_no) or found
    context = {"entries": found[:SHOWN], "sum": found.aggregate(sum=Sum("amount"))["sum"], "unit": unit}
    return render(request, "kpis/rewards/history.html", context)


@require_GET
@needs("kpis.view")
def rewards_file(request: PersonRequest, form: str) -> HttpResponse:
    """The ledger of a period in sight as XLSX or CSV."""
    period = chosen_period(request, pages.known_periods())
    if period is None or form not in ("xlsx", "csv"):
        raise Http404
    unit_type = _unit_type(request)
    entries = _ledger(request, period, unit_type)
    content, kind = (ledger_xlsx(entries), XLSX) if form == "xlsx" else (ledger_csv(entries), "text/csv")
    name = f"rewards-{period.name}-{unit_type}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


def _firm(request: PersonRequest, period: Period, unit_type: str, form: RewardForm | None) -> dict[str, Any]:
    """What those see who share the pool: how far cards are signed, preview, proposals, decisions."""
    now = rewards.standing(period, unit_type)
    runs = rewards.runs(request.user).filter(period=period.name, unit_type=unit_type)
    waiting = runs.filter(state=RewardRun.State.PROPOSED).first()
    approved = runs.filter(state=RewardRun.State.APPROVED).first()
    own = waiting is not None and waiting.proposed_by_id == request.user.pk
    tried, asks = _tried(request, approved), bool(now.rule and now.rule.base == GIVEN)
    lines: list[rewards.Line] = []
    if now.rule and tried.pool and (tried.bases or not asks):
        lines = rewards.lines(period, unit_type, now.rule, tried.pool, tried.bases)
    return {
        "sees_pools": True,
        "now": now,
        "rule": reward_words(now.rule) if now.rule else "",
        "asks_bases": asks,
        "form": form,
        "tried": tried,
        "lines": lines,
        "waiting": waiting,
        "waiting_lines": [rewards.Line.from_json(kept) for kept in waiting.lines] if waiting else [],
        "may_approve": waiting is not None and not own and _may(request, APPROVE),
        "may_take_back": own,
        "approved": approved,
        "adopted": rewards.adopted_since(period, unit_type),
        "decided": runs.exclude(state=RewardRun.State.PROPOSED).defer("lines")[:20],
    }


@dataclass(frozen=True)
class Tried:
    """What is previewed: the amount, the bases by unit as typed and as read, and what can't be read."""

    pool: Decimal | None
    typed: str
    bases: dict[str, Decimal]
    fault: str


def _tried(request: PersonRequest, approved: RewardRun | None) -> Tried:
    """As the address asks for, else as it was approved."""
    asked = {name: request.GET.get(name, "") for name in ("pool", "bases")}
    form = RewardForm({**asked, "reason": "-"})
    form.is_valid()
    found, fault = form.cleaned_data, " ".join(map(str, form.errors.get("bases", [])))
    kept = {line["unit_code"]: Decimal(line["base"]) for line in approved.lines} if approved else {}
    bases = found.get("bases") or ({} if asked["bases"] else kept)
    typed = asked["bases"] or "\n".join(f"{code} {base.normalize():f}" for code, base in bases.items())
    pool = found.get("pool") or (approved.pool if approved else None)
    return Tried(pool, typed, bases, fault)


def _proposed(request: PersonRequest, period: Period, unit_type: str, form: RewardForm | None) -> bool:
    if form is None or not form.is_valid():
        return False
    told = form.cleaned_data
    try:
        actions.propose_rewards(
            actor=request.user, period=period, unit_type=unit_type, pool=told["pool"], reason=told["reason"],
            given=told["bases"],
        )  # fmt: skip
    except ValidationError as error:
        for field, words in error.message_dict.items():
            form.add_error(field, words)
        return False
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return False
    messages.success(request, _("Proposed; a second person must approve."))
    return True


def _ledger(request: PersonRequest, period: Period, unit_type: str) -> Any:
    return rewards.entries(request.user).filter(period=period.name, unit_type=unit_type)


def _unit_type(request: PersonRequest) -> str:
    asked = request.GET.get("type", UnitType.BRANCH)
    if asked not in REWARDED:
        raise Http404
    return asked


def _may(request: PersonRequest, right: str) -> bool:
    return request.user.may(right) and request.user.scope_for(right).firm


def _sees_pools(request: PersonRequest) -> bool:
    return _may(request, MANAGE) or _may(request, APPROVE)


def _address(period: str, unit_type: str) -> str:
    return f"{reverse('kpis:rewards')}?period={period}&type={unit_type}"
