"""The step `worklists`: whom somebody should speak with, why and until when (docs/worklists.md)."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Min

from clients.models import FIRST_DAY
from core import sql
from core.models import Run, RunStep
from core.runs import RunContext, Work, run_chunks, shard_work
from outreach.models import ServicePlan
from segmentation.dates import add_months, month_of
from segmentation.definition import Definition
from segmentation.models import ModelVersion
from segmentation.recompute.ending import tell_ending
from segmentation.recompute.stages import open_stages, truncate

FIRST_STEPS = (3, 30, 60, 85)  # days since the client became effective
FIRST_END = 98  # the last step stands until three days before
BIRTHDAYS = 7  # days ahead
NEAR_POINTS = 3
RISK_DAYS, ALMOST_DAYS, DORMANT_DAYS = 3, 7, 14  # from opening to due
STAGE = "outreach_duestage"
HISTORY = timedelta(days=92)  # what the first night knows of contacts before it
FRESH = ("due_plan", "due_flagged", "due_almost", "due_first", "due_birthday", "due_expiring")
TO_TABLE = ("due_close", "due_keep", "due_open")


def worklists(ctx: RunContext, step: RunStep) -> None:
    """Makes each shard's entries anew, closes what no longer holds, opens what is new.

    What people did with entries stands on the newest night; a run as of an earlier day leaves them alone.
    """
    if _is_past(ctx, step):
        return
    params = _params(ctx.as_of) | {"missed_after": _missed_after(ctx, step)}
    if run_chunks(step, shard_work(ctx), lambda work: _shard(params, work), ctx.crew):
        _count_kept(ctx, step)
        tell_ending(ctx.as_of)


@transaction.atomic
def _count_kept(ctx: RunContext, step: RunStep) -> None:
    """How the plan was kept, from the month before the last night's on: contacts are logged late at times."""
    last = _last_night(ctx, step)
    since = add_months(month_of(last), -1) if last else FIRST_DAY
    written = sql.run("outreach", "plan_kept", {"since": since, "as_of": ctx.as_of})
    RunStep.objects.filter(pk=step.pk).update(rows=F("rows") + written)


def _last_night(ctx: RunContext, step: RunStep) -> date | None:
    """The day of the newest other night that made entries; None for the first."""
    done = RunStep.objects.filter(name=step.name, state=Run.State.DONE).exclude(run=ctx.run)
    return done.aggregate(day=Max("run__as_of"))["day"]


def _missed_after(ctx: RunContext, step: RunStep) -> date | None:
    """Waits that began after this day may have come and gone unseen; None after a night of yesterday."""
    last = _last_night(ctx, step) or ctx.as_of - HISTORY
    return last if ctx.as_of - last > timedelta(days=1) else None


def _is_past(ctx: RunContext, step: RunStep) -> bool:
    later = RunStep.objects.filter(name=step.name, state=Run.State.DONE, run__as_of__gt=ctx.as_of)
    return later.exists()


def _shard(params: dict[str, Any], work: Work) -> int:
    open_stages(STAGE)
    truncate(STAGE)
    told = {**params, **work}
    for name in FRESH:
        sql.run("segmentation", name, told)
    names = TO_TABLE if told["missed_after"] is None else (*TO_TABLE, "due_missed")
    return sum(sql.run("outreach", name, told) for name in names)


def _params(as_of: date) -> dict[str, Any]:
    rules = (ModelVersion.objects.serving(as_of) or ModelVersion.objects.first_version()).rules
    return {
        "as_of": as_of,
        "quarter_text": quarter(as_of),
        "risk_days": RISK_DAYS,
        "almost_days": ALMOST_DAYS,
        "dormant_days": DORMANT_DAYS,
        "near_points": NEAR_POINTS,
        "step_days": list(FIRST_STEPS),
        "next_days": [*FIRST_STEPS[1:], FIRST_END],
        "risk_years": settings.RISK_ASSESSMENT_YEARS,
        **_plan_params(as_of),
        **_ladder(rules),
        **_birthdays(as_of),
    }


def _plan_params(as_of: date) -> dict[str, Any]:
    plan = ServicePlan.objects.in_force(as_of)
    published = ServicePlan.objects.filter(state=ServicePlan.State.PUBLISHED)
    first = published.aggregate(day=Min("effective_on"))
    return {"plan": plan.pk if plan else None, "plan_since_on": first["day"]}


def _ladder(rules: Definition) -> dict[str, Any]:
    codes = [tier.code for tier in rules.tiers]
    return {
        "lower_codes": codes[:-1],
        "upper_codes": codes[1:],
        "cuts": [tier.cut for tier in rules.tiers if tier.cut is not None],
        "up_margin": rules.up_margin,
        "family_cap": rules.data["caps"]["product_families"],
        **{f"w_{axis}": weight for axis, weight in rules.axes.items()},
    }


def quarter(day: date) -> str:
    """'2026Q4': flags and scores give an entry once in a quarter."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def _birthdays(as_of: date) -> dict[str, Any]:
    """Month and day as a number with the day it is kept on, for each of the next days."""
    days = [as_of + timedelta(days=ahead) for ahead in range(BIRTHDAYS + 1)]
    kept = [(day.month * 100 + day.day, day) for day in days]
    kept += [(229, day) for number, day in kept if number == 228 and (day + timedelta(days=1)).month == 3]
    return {"birthday_numbers": [number for number, _ in kept], "birthday_dates": [day for _, day in kept]}
