"""Pages of the scorecards: a card, the league, the clients behind a number, targets, files."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.queries.record import listed as clients_in_sight
from core.context import figures_run
from core.errors import Conflict
from core.fragments import fragment
from core.sheets import XLSX
from kpis import actions, charts
from kpis.exports import card_pdf, card_xlsx
from kpis.exports.tables import caveat_words, count_words, indicator_words
from kpis.forms import TargetForm
from kpis.insights import insights
from kpis.lists import MemberList
from kpis.models import Scorecard, Target, UnitType
from kpis.queries import pages
from kpis.queries.cards import all_revisions, split_unit
from kpis.queries.cards import cards as cards_of
from kpis.queries.members import behind, group_stands, in_group
from kpis.queries.overridden import effects
from kpis.queries.targets import visible_targets
from kpis.rules import COUNTS, Period
from staff.access import PersonRequest, needs

PERIOD_WORDS = dict(Target.PeriodType.choices)


@require_GET
@needs("kpis.view")
def scorecard(request: PersonRequest) -> HttpResponse:
    """A unit's card of a period; without a choice the reader's own unit and the newest month that is over."""
    cards, known = cards_of(request.user), pages.known_periods()
    period = _period(request, known)
    units = pages.units_of(cards, period) if period else []
    if period is None or not (units or request.GET.get("unit")):
        return render(request, "kpis/empty.html")
    card = _chosen(request, cards, period, units)
    near = pages.neighbours(card)
    context = {
        **_bar(known, period, units, card.unit_label),
        "card": card,
        "caveats": caveat_words(card),
        "gauges": charts.gauges(card, near),
        "total_before": near.before.total if near.before else None,
        "total_change": _difference(card, near.before),
        "trend": charts.totals(near),
        "flow": charts.flow_of_clients(card),
        "tiers": charts.profit_by_tier(card),
        "counts": [(number, count_words()[number], card.counts[number]) for number in COUNTS],
        "insights": insights(card, request.user),
        "own_league": _standing(cards, period, card),
    }
    return render(request, "kpis/scorecard.html", context)


@require_GET
@needs("kpis.view")
def overridden(request: PersonRequest) -> HttpResponse:
    """What tiers by hand do to the cards of a period: a piece of the page of overrides."""
    period = _period(request, pages.known_periods())
    found = effects(request.user, period) if period else []
    return fragment(
        request, "kpis/overridden.html", {"period": period, "effects": found, "words": indicator_words()}
    )


@require_GET
@needs("kpis.view")
def league(request: PersonRequest) -> HttpResponse:
    """Units of a type by total, with the places they gained or lost."""
    cards, known = cards_of(request.user), pages.known_periods()
    period = _period(request, known)
    if period is None:
        return render(request, "kpis/empty.html")
    unit_type = request.GET.get("type", UnitType.BRANCH)
    if unit_type not in UnitType.values:
        raise Http404
    sort = request.GET.get("sort", "-total")
    if sort.removeprefix("-") not in pages.SORTS:
        raise Http404
    context = {
        **_bar(known, period, [], ""),
        "rows": pages.sorted_league(pages.league(cards, period, unit_type), sort),
        "heads": _league_heads(sort),
        "unit_type": unit_type,
        "unit_types": [(value, words) for value, words in UnitType.choices if value != UnitType.FIRM],
    }
    return render(request, "kpis/league.html", context)


@require_GET
@needs("kpis.view")
def members(request: PersonRequest, pk: int) -> HttpResponse:
    """The clients behind a number of a card, those in the reader's sight."""
    card = _card(request, pk)
    number, group = request.GET.get("number", ""), request.GET.get("group", "")
    groups = [one["group"] for one in card.profitability["groups"]]
    if number not in COUNTS and group not in groups:
        raise Http404
    if not request.user.may("clients.view"):
        raise PermissionDenied
    if number:
        context = {"number": number, "words": count_words()[number], "count": card.counts[number]}
        ids = behind(card, number, request.user).values("client_id")
    else:
        context = {"number": group, "words": _("Group %(name)s") % {"name": group}, "count": None}
        ids = in_group(card, group, request.user)
    gone = bool(not number and not group_stands(card, group))
    found = clients_in_sight(request.user).filter(pk__in=[] if gone else ids)
    return MemberList(request, found).render("kpis/members.html", {"card": card, "gone": gone, **context})


@require_GET
@needs("kpis.view")
def as_xlsx(request: PersonRequest, pk: int) -> HttpResponse:
    card = _card(request, pk)
    return _file(card_xlsx(card), XLSX, f"{_file_name(card)}.xlsx")


@require_GET
@needs("kpis.view")
def as_pdf(request: PersonRequest, pk: int) -> HttpResponse:
    card = _card(request, pk)
    return _file(card_pdf(card), "application/pdf", f"{_file_name(card)}.pdf")


@require_http_methods(["GET", "POST"])
@needs("kpis.targets")
def targets(request: PersonRequest) -> HttpResponse:
    """Targets in force and proposed, and the form that sets or proposes them."""
    units = pages.units_to_set(request.user)
    posted = request.method == "POST"
    form = TargetForm(request.POST, units=units) if posted else TargetForm.of(request.GET, units)
    if posted and form.is_valid() and _told(request, form):
        return redirect("kpis:targets")
    context = {
        "form": form,
        "targets": pages.targets_in_force(request.user),
        "may_approve": request.user.may("kpis.approve"),
        "me": actions.who(request.user),
    }
    return render(request, "kpis/targets.html", context, status=422 if form.errors else 200)


@require_POST
@needs("kpis.approve")
def answer_targets(request: PersonRequest, pk: int, answer: str) -> HttpResponse:
    """Approves or rejects proposed targets; only someone other than the proposer approves."""
    deeds = {"approve": actions.approve_targets, "reject": actions.reject_targets}
    target = visible_targets(request.user).filter(pk=pk).first()
    if target is None or answer not in deeds:
        raise Http404
    try:
        deeds[answer](actor=request.user, target=target)
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Answered; the cards follow with the next nightly run."))
    return redirect("kpis:targets")


def _told(request: PersonRequest, form: TargetForm) -> bool:
    kind, _colon, code = form.cleaned_data["unit"].partition(":")
    try:
        target = actions.tell_targets(
            actor=request.user,
            period_type=form.cleaned_data["period_type"],
            unit_type=kind,
            unit_code=code,
            from_period=form.cleaned_data["from_period"],
            targets=form.targets(),
        )
    except ValidationError as error:
        for field, words in error.message_dict.items():
            form.add_error(_form_field(field, form), words)
        return False
    proposed = target.state == Target.State.PROPOSED
    messages.success(request, _("Proposed; a second person must approve.") if proposed else _("In force."))
    return True


def _form_field(field: str, form: TargetForm) -> str | None:
    """The form's field for a field of the deed."""
    name = field.removeprefix("profitability.")
    wanted = (
        f"group_{name}_target"
        if name != field
        else f"{name}_target"
        if f"{name}_target" in form.fields
        else name
    )
    return wanted if wanted in form.fields else None


def _card(request: PersonRequest, pk: int) -> Scorecard:
    """Any revision of a card in sight, or 404."""
    card = all_revisions(request.user).filter(pk=pk).first()
    if card is None:
        raise Http404
    return card


def _period(request: PersonRequest, known: dict[str, list[Period]]) -> Period | None:
    asked = request.GET.get("period", "")
    if not asked:
        run = figures_run(request)
        return pages.default_period(known, run.as_of if run else None)
    period = pages.asked_period(asked)
    if period is None:
        raise Http404
    return period


def _chosen(
    request: PersonRequest, cards: QuerySet[Scorecard], period: Period, units: list[Scorecard]
) -> Scorecard:
    """The asked unit's card, else the first unit's in sight; 404 when there is none."""
    unit = split_unit(request.GET.get("unit", "") or (units[0].unit_label if units else ""))
    found = cards.filter(unit_type=unit[0], unit_code=unit[1], period=period.name).first() if unit else None
    if found is None:
        raise Http404
    return found


def _bar(known: dict[str, list[Period]], period: Period, units: list[Scorecard], unit: str) -> dict[str, Any]:
    """What the period and unit bar needs."""
    return {
        "period": period,
        "types": [(kind, PERIOD_WORDS[kind], found[0]) for kind, found in known.items() if found],
        "periods": known[period.type],
        "units": units,
        "unit": unit,
    }


def _league_heads(sort: str) -> list[dict[str, str]]:
    """Columns of the league: words, the sort a click asks for, aria-sort of the present one."""
    words = {
        "total": _("Total score"),
        **indicator_words(),
        "clients": _("Clients"),
        "climbed": _("Places gained"),
    }
    states = {f"-{key}": "descending" for key in words} | dict.fromkeys(words, "ascending")
    return [
        {
            "key": key,
            "words": text,
            "sort": key if sort == f"-{key}" else f"-{key}",
            "state": states[sort] if sort.removeprefix("-") == key else "",
        }
        for key, text in words.items()
    ]


def _difference(card: Scorecard, other: Scorecard | None) -> Any:
    if other is None or card.total is None or other.total is None:
        return None
    return card.total - other.total


def _standing(cards: QuerySet[Scorecard], period: Period, card: Scorecard) -> list[pages.Placed]:
    """The league of the card's kind as far as it is in sight; empty for the firm."""
    return [] if card.unit_type == UnitType.FIRM else pages.league(cards, period, card.unit_type, 12)


def _file_name(card: Scorecard) -> str:
    return f"scorecard-{card.unit_type}-{card.unit_code or 'all'}-{card.period}-r{card.revision}"


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
