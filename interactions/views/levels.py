"""Pages of service levels: the wallboard, the history, one's own day."""

import csv
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import formats
from core.charts import Series, bars, trend
from interactions import levels
from interactions.forms.levels import LevelsForm
from interactions.models import Channel, Interaction, LevelTarget
from interactions.queries import levels as queries
from interactions.queries import targets
from interactions.queries.levels import Wanted
from interactions.queries.targets import Targets
from staff.access import PersonRequest, needs
from staff.models import Unit

FIGURES = ("service_level", "abandonment", "asa_seconds", "aht_seconds", "csat")  # of the tiles
OF_CHANNELS = ("service_level_target", "abandonment", "asa_seconds", "csat")
LISTED = 200


@require_GET
@needs("levels.view")
def wall(request: PersonRequest) -> HttpResponse:
    """The whole screen; `now` inside it renews itself."""
    return render(request, "interactions/levels/wall.html", _wall(request))


@require_GET
@needs("levels.view")
def wall_now(request: PersonRequest) -> HttpResponse:
    return render(request, "interactions/levels/wall_now.html", _wall(request))


def _wall(request: PersonRequest) -> dict[str, Any]:
    now, today = timezone.now(), levels.today()
    rows = queries.levels_of(request.user, Wanted(first=today, last=today))
    halves, known, home = queries.by_half_hour(rows), targets.all_on(today), targets.home_of(request.user)
    sums = _added(halves)
    waiting = queries.waiting_now(request.user)
    for row in waiting:
        row["wait"] = clock((now - row["since"]).total_seconds()) if row["since"] else "–"
    return {
        "tiles": tiles(sums, targets.targets_for(known, unit=home)), "waiting": waiting, "sums": sums,
        "channels": [_of_channel(row, known, home) for row in queries.by_channel(rows)], "now": now,
        "presence": queries.presence_now(request.user, now), "chart": _volume(halves),
    }  # fmt: skip


def _added(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {name: sum(row[name] for row in rows) for name in (*queries.COUNTS, *queries.SECONDS)}


def tiles(sums: dict[str, Any], wanted: Targets, figures: Sequence[str] = FIGURES) -> list[dict[str, Any]]:
    """Figures against their targets; the state also stands as words."""
    found = queries.ratios(sums)
    return [_tile(figure, found[figure], wanted.get(figure)) for figure in figures]


def _tile(figure: str, value: Decimal | None, target: LevelTarget | None) -> dict[str, Any]:
    write = clock if figure in LevelTarget.IN_SECONDS else formats.percent
    state = targets.standing(value, target)
    tone = {targets.MET: "ok", targets.NEAR: "warn", targets.MISSED: "bad"}.get(state, "")
    words = {targets.MET: _("on target"), targets.NEAR: _("near the target"), targets.MISSED: _("off target")}
    none = _("nothing yet") if value is None else _("no target")
    sign = "≥" if target and target.more_is_better else "≤"
    return {
        "name": str(LevelTarget.Figure(figure).label), "value": "–" if value is None else write(value),
        "tone": tone, "state": state, "words": words.get(state, none),
        "target": f"{sign} {write(target.target)}" if target else "–",
    }  # fmt: skip


def _of_channel(row: dict[str, Any], known: Sequence[LevelTarget], home: Unit | None) -> dict[str, Any]:
    """A channel's figures, each held to what is wanted of this channel."""
    wanted = targets.targets_for(known, channel=row["channel"], unit=home)
    name = str(dict(Channel.choices)[row["channel"]])
    return {"name": name, "offered": row["offered"], "tiles": tiles(row, wanted, OF_CHANNELS)}


def clock(seconds: Any) -> str:
    """Minutes and seconds, with hours where there are any; a dash for None."""
    if seconds is None:
        return "–"
    whole = int(Decimal(seconds).to_integral_value())
    hours, rest = divmod(max(whole, 0), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def _volume(rows: Sequence[dict[str, Any]]) -> Any:
    """Answered, abandoned and still waiting, by half hour or day."""
    if not rows:
        return None
    waiting = [row["offered"] - row["answered"] - row["abandoned"] for row in rows]
    series = [
        Series(_("Answered"), [row["answered"] for row in rows], "c1"),
        Series(_("Abandoned"), [row["abandoned"] for row in rows], "bad"),
        Series(_("Still waiting"), waiting, "c3"),
    ]
    return bars(_("Incoming contacts"), [_label(row["start"]) for row in rows], series, stacked=True)


def _label(start: Any) -> str:
    return start.strftime("%H:%M") if isinstance(start, datetime) else start.isoformat()


@require_GET
@needs("levels.view")
def history(request: PersonRequest) -> HttpResponse:
    """A period by day, a single day by half hour; `format=csv` gives the rows as a file."""
    form = LevelsForm(request.GET, reader=request.user)
    if not form.is_valid():
        return render(request, "interactions/levels/history.html", {"form": form}, status=422)
    wanted = form.wanted()
    found = queries.levels_of(request.user, wanted)
    one_day = wanted.first == wanted.last
    rows = queries.by_half_hour(found) if one_day else queries.by_day(found)
    if request.GET.get("format") == "csv":
        return _file(rows, wanted)
    query = request.GET.copy()
    for name in ("since", "until", "format"):
        query.pop(name, None)
    sums, unit = _added(rows), Unit.objects.visible_to(request.user).filter(code=wanted.unit).first()
    held = targets.targets_for(
        targets.all_on(wanted.last), channel=wanted.channel, unit=unit or targets.home_of(request.user)
    )
    context = {
        "form": LevelsForm(form.cleaned_data, reader=request.user), "rows": [_row(row) for row in rows],
        "tiles": tiles(sums, held), "whole": _row(sums | {"start": None}), "one_day": one_day,
        "charts": _charts(rows, held.get("service_level")), "query": query.urlencode(), "sums": sums,
        "wanted": wanted,
    }  # fmt: skip
    return render(request, "interactions/levels/history.html", context)


def _row(sums: dict[str, Any]) -> dict[str, Any]:
    found = queries.ratios(sums)
    start = sums["start"]
    return {
        **sums, **found, "label": _label(start) if start else "", "asa": clock(found["asa_seconds"]),
        "aht": clock(found["aht_seconds"]),
    }  # fmt: skip


def _charts(rows: Sequence[dict[str, Any]], target: LevelTarget | None) -> list[Any]:
    if not rows:
        return []
    found, labels = [queries.ratios(row) for row in rows], [_label(row["start"]) for row in rows]
    strict = Series(_("Of all offered"), [one["service_level_of_offered"] for one in found], "c2")
    loose = Series(_("Service level 80/20"), [one["service_level"] for one in found], "c1")
    share = trend(
        _("Service level 80/20"), labels, [loose, strict], target=target.target if target else None,
        write=formats.percent, area=False,
    )  # fmt: skip
    return [_volume(rows), share]


def _file(rows: Sequence[dict[str, Any]], wanted: Wanted) -> HttpResponse:
    """Exact counts and sums, and the ratios with their six places."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="levels-{wanted.first}-{wanted.last}.csv"'
    names, ratios = (*queries.COUNTS, *queries.SECONDS), list(queries.VARIANTS)
    answer.write("\ufeff")
    writer = csv.writer(answer)
    writer.writerow(["start", *names, *ratios])
    for row in rows:
        found = queries.ratios(row)
        cells = ["" if found[name] is None else found[name] for name in ratios]
        writer.writerow([row["start"].isoformat(), *(row[name] for name in names), *cells])
    return answer


@require_GET
@needs("desk.work")
def my_day(request: PersonRequest) -> HttpResponse:
    """The reader's own contacts and figures of today, beside the middle of the colleagues."""
    today, person = levels.today(), request.user
    mine = queries.own_levels(person, today)
    found = queries.ratios(mine)
    median = queries.median_aht(list({one.unit_id for one in person.access.memberships}), today)
    due = Interaction.objects.visible_to(person).in_force().filter(
        agent=person, outcome="follow_up", follow_up_on__lte=today,
        follow_up_on__gte=today - timedelta(days=90),
    )  # fmt: skip
    context = {
        "sums": mine, "ratios": found, "aht": clock(found["aht_seconds"]), "median": clock(median),
        "contacts": queries.my_contacts(person, today)[:LISTED],
        "due": due.select_related("client", "category").order_by("follow_up_on", "pk")[:LISTED],
    }  # fmt: skip
    return render(request, "interactions/levels/day.html", context)
