"""Whom callback programmes have called: new occasions, what nobody need call any more, a year's draw."""

import secrets
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from core import audit, sql
from outreach.models import CallbackDraw, CallbackKind
from outreach.queries.programmes import in_force

ENROLMENTS = ("callback_enrol", "callback_enrol_risk", "callback_enrol_complaint")


@transaction.atomic
def prepare(today: date | None = None, seed: str = "") -> int:
    """Ends what is no longer needed, adds new occasions, draws the year's sample once; how many came new."""
    now = timezone.now()
    today = today or timezone.localdate(now)
    sql.run("outreach", "callback_end", {"now": now})
    came = sum(sql.run("outreach", name, {"today": today, "now": now}) for name in ENROLMENTS)
    return came + draw_year(today.year, seed=seed, now=now)


@transaction.atomic
def draw_year(year: int, *, seed: str = "", now: datetime | None = None) -> int:
    """Draws the sample of a year unless that was done or no programme asks for one; how many were drawn.

    The seed is kept with how many of every branch could be drawn, so that the draw can be made again.
    """
    now, programme = now or timezone.now(), in_force(CallbackKind.YEARLY)
    if programme is None or programme.share is None:
        return 0
    draw, fresh = CallbackDraw.objects.get_or_create(
        year=year,
        defaults={
            "programme": programme, "share": programme.share, "drawn_at": now,
            "seed": seed or secrets.token_hex(16),
        },
    )  # fmt: skip
    if fresh:
        _draw(draw, now)
    return draw.drawn if fresh else 0


def _draw(draw: CallbackDraw, now: datetime) -> None:
    first, last = date(draw.year, 1, 1), date(draw.year, 12, 31)
    told = sql.rows("outreach", "callback_population", {"first": first})
    draw.population = sum(row["candidates"] for row in told)
    draw.left_out = {why: sum(row[why] for row in told) for why in ("dormant", "new")}
    draw.drawn = sql.run(
        "outreach", "callback_draw",
        {"draw": draw.pk, "programme": draw.programme_id, "seed": draw.seed, "share": draw.share,
         "first": first, "last": last, "now": now},
    )  # fmt: skip
    drawn = dict(draw.callbacks.values_list("branch__code").annotate(count=Count("pk")).order_by())
    draw.branches = {row["code"]: [row["candidates"], drawn.get(row["code"], 0)] for row in told}
    draw.save()
    audit.record(
        actor=audit.SYSTEM, deed="callbacks.drawn", subject_type="callback_draw", subject_id=draw.year,
        detail={"seed": draw.seed, "population": draw.population, "drawn": draw.drawn, **draw.left_out},
    )  # fmt: skip
