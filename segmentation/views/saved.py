"""Pages of saved segments: the list, one of them, who came and left, putting it away."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients.queries.record import name_for
from core import formats
from core.charts import Chart, Series, trend
from core.errors import Refusal
from core.registry import bulk_deeds
from segmentation.actions import segments as deeds
from segmentation.lists.segments import MoveList, SavedSegmentList
from segmentation.models import Segment
from segmentation.queries import counting
from segmentation.queries import segments as queries
from segmentation.queries.telling import Teller
from segmentation.rules import RuleError
from staff.access import PersonRequest, needs

NEWEST = 8


@require_GET
@needs("segments.view")
def saved(request: PersonRequest) -> HttpResponse:
    page = SavedSegmentList(request, queries.listed(request.user))
    context = {"may_make": request.user.may("segments.make"), "away": _put_away(request)}
    return page.render("segmentation/saved/list.html", context)


def _put_away(request: PersonRequest) -> Segment | None:
    """The one that was put away just now, to be brought back at once."""
    told = request.GET.get("away", "")
    if not (told.isascii() and told.isdecimal() and len(told) < 10):
        return None
    rows = Segment.objects.visible_to(request.user).filter(pk=int(told), archived_at__isnull=False)
    found = rows.select_related("unit").first()
    return found if found and queries.may_change(request.user, found) else None


@require_GET
@needs("segments.view")
def saved_detail(request: PersonRequest, pk: int) -> HttpResponse:
    """How many are in it and what they are worth, by what rule, how that went, and what to do with them."""
    segment = visible_segment(request, pk)
    points = queries.trend(request.user, segment)
    context = {
        "segment": segment,
        "crumbs": [(_("Saved segments"), reverse("segmentation:saved")), (segment.name, "")],
        "may_change": queries.may_change(request.user, segment),
        "points": points,
        "charts": _charts(points),
        "past": len(queries.past_closes(segment)),
        "drawing": queries.is_drawing(segment),
        "uses": _uses(request),
        "may_export": request.user.may("exports.request"),
        "query": f"segment={segment.pk}",
        **_told(segment),
        **_moved(request, segment),
    }
    return render(request, "segmentation/saved/detail.html", context)


@require_GET
@needs("segments.view")
def saved_moves(request: PersonRequest, pk: int) -> HttpResponse:
    """Who came and left, when and why."""
    segment = visible_segment(request, pk)
    page = MoveList(request, queries.moves(request.user, segment), segment)
    crumbs = [
        (_("Saved segments"), reverse("segmentation:saved")),
        (segment.name, reverse("segmentation:saved_detail", args=[pk])),
        (_("Who came and left"), ""),
    ]
    return page.render("segmentation/saved/moves.html", {"segment": segment, "crumbs": crumbs})


@require_GET
@needs("segments.view")
def saved_now(request: PersonRequest, pk: int) -> HttpResponse:
    """How many meet the rule at this moment, as a fragment."""
    segment = visible_segment(request, pk)
    try:
        found = counting.count(request.user, queries.rule_of(segment))
    except RuleError:
        found = counting.Found(None)
    return render(request, "segmentation/saved/now.html", {"found": found})


@require_POST
@needs("segments.make")
def saved_archive(request: PersonRequest, pk: int) -> HttpResponse:
    segment = changeable(request, pk)
    try:
        deeds.archive_segment(actor=request.user, segment=segment, version=_version(request))
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("segmentation:saved_detail", pk)
    return redirect(f"{reverse('segmentation:saved')}?away={pk}")


@require_POST
@needs("segments.make")
def saved_restore(request: PersonRequest, pk: int) -> HttpResponse:
    """Brings one back; its address is kept by whoever put it away."""
    segment = get_object_or_404(Segment.objects.visible_to(request.user), pk=pk, archived_at__isnull=False)
    try:
        deeds.restore_segment(actor=request.user, segment=segment)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("segmentation:saved")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("segmentation:saved")
    return redirect("segmentation:saved_detail", pk)


@require_POST
@needs("segments.make")
def saved_past(request: PersonRequest, pk: int) -> HttpResponse:
    """Draws size and worth at past closes, in the background."""
    segment = changeable(request, pk)
    try:
        deeds.draw_past_closes(actor=request.user, segment=segment)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The past closes are being drawn; look again in a minute."))
    return redirect("segmentation:saved_detail", pk)


def visible_segment(request: PersonRequest, pk: int) -> Segment:
    return get_object_or_404(queries.visible(request.user), pk=pk)


def changeable(request: PersonRequest, pk: int) -> Segment:
    """One in sight that the reader may change; 404 for those of others."""
    segment = visible_segment(request, pk)
    if not queries.may_change(request.user, segment):
        raise Http404
    return segment


def _version(request: PersonRequest) -> int:
    told = request.POST.get("version", "")
    return int(told) if told.isdecimal() else 0


def _told(segment: Segment) -> dict[str, Any]:
    """The rule in words; or that it names what is gone."""
    try:
        return {"rule": Teller().rule(queries.rule_of(segment))}
    except RuleError as error:
        return {"rule": None, "broken": [words for _place, words in sorted(error.errors.items())]}


def _moved(request: PersonRequest, segment: Segment) -> dict[str, Any]:
    night = queries.last_night(segment)
    if night is None:
        return {"night": None}
    rows = queries.moves(request.user, segment)
    reasons, user = queries.Reasons(segment), request.user
    came, left = queries.recent_counts(user, segment, night)
    newest = [(row, _name(row, user), reasons.entered(row)) for row in rows.order_by("-entered_on")[:NEWEST]]
    gone_rows = rows.filter(left_on__isnull=False).order_by("-left_on")[:NEWEST]
    gone = [(row, _name(row, user), reasons.left(row)) for row in gone_rows]
    moved = [(_("Came"), newest, "log-in"), (_("Left"), gone, "log-out")]
    return {"night": night, "came": came, "left": left, "newest": newest, "gone": gone, "moved": moved}


def _name(row: Any, user: Any) -> str:
    return name_for(row.client.name, user)


def _uses(request: PersonRequest) -> list[tuple[str, str, str]]:
    """What may be done to all clients of the segment: deeds over the client list."""
    offered = [deed for deed in bulk_deeds("clients") if request.user.may(deed.right)]
    return [(deed.key, _(deed.title), deed.icon) for deed in offered]


def _charts(points: list[queries.Point]) -> list[tuple[str, Chart]]:
    """Size and worth over time; none before there are two points."""
    if len(points) < 2:
        return []
    labels = [formats.month(point.as_of) for point in points[:-1]] + [formats.day(points[-1].as_of)]
    shown = [
        (_("Clients"), [point.members for point in points], formats.number),
        (_("Contribution, 12 months"), [point.contribution for point in points], formats.money_short),
        (_("Assets"), [point.assets for point in points], formats.money_short),
    ]
    return [
        (words, trend(words, labels, [Series(words, values)], write=write, height=180))  # type: ignore[arg-type]
        for words, values, write in shown
    ]
