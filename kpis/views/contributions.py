"""From contribution per client to its clients, to a client's months, and to what was traded and earned."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from clients.models import Client
from core import formats
from core.fragments import fragment
from core.templatetags.ui import tier_names
from kpis.lists.contributions import ContributionList, contributing
from kpis.queries import contributions
from kpis.queries.contributions import MonthBehind, Part
from kpis.views.common import card_in_sight
from staff.access import PersonRequest, needs


@require_GET
@needs("kpis.view")
def contribution_list(request: PersonRequest) -> HttpResponse:
    """The clients in sight behind a line of a card's profitability, with what each brought."""
    page = ContributionList(request, contributing(request.user))
    part = _may_open(request, page.part)
    context = {"card": part.card, "part": part, "words": part_words(part), "gone": page.gone}
    return page.render("kpis/contributions.html", context)


@require_GET
@needs("kpis.view")
def contribution_tie(request: PersonRequest) -> HttpResponse:
    """How the list adds up to the card: a piece of its page that comes after it, for it reads every row."""
    part = _may_open(request, contributions.asked_part(request.user, request.GET))
    context = {"part": part, "tie": contributions.tie(part, request.user)}
    return fragment(request, "kpis/contribution_tie.html", context)


@require_GET
@needs("kpis.view")
def client_contribution(request: PersonRequest, pk: int, client_no: str) -> HttpResponse:
    """A client's months behind the line, and what was traded and earned in the chosen one."""
    card = card_in_sight(request, pk)
    part = _may_open(request, contributions.part_of(card, request.GET))
    client = Client.objects.visible_to(request.user).filter(client_no=client_no).first()
    if client is None:
        raise Http404
    months = contributions.months_behind(part, client) if contributions.stands(part) else []
    context = {
        "card": card, "part": part, "words": part_words(part), "client": client, "months": months,
        "sums": sums(months), "month": _chosen(request, months),
    }  # fmt: skip
    return render(request, "kpis/client_contribution.html", context)


def part_words(part: Part) -> str:
    """The line's name: a group's, or the tier in words."""
    if part.kind == "group":
        return _("Group %(name)s") % {"name": part.name}
    return str(tier_names().get(part.name, part.name))


def sums(months: list[MonthBehind]) -> dict[str, Any]:
    """Days and amounts of the months that count."""
    counted = [month.row for month in months if month.counts]
    return {name: sum(getattr(row, name) for row in counted) for name in ("days", *contributions.AMOUNTS)}


def _may_open(request: PersonRequest, part: Part | None) -> Part:
    """404 for a line that isn't there or a card out of sight; 403 for who may not see clients."""
    if part is None:
        raise Http404
    if not request.user.may("clients.view"):
        raise PermissionDenied
    return part


def _chosen(request: PersonRequest, months: list[MonthBehind]) -> str:
    """The month whose trades are shown, as 2026-07: as asked, else the newest that counts."""
    known = {formats.month(one.row.month): one.counts for one in months}
    asked = request.GET.get("month", "")
    if asked in known:
        return asked
    return next((name for name, counts in reversed(known.items()) if counts), "")
