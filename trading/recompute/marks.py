"""Which clients and months a run must redo: marks are taken when it begins and deleted when it is done."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Min, Q

from clients.models import FIRST_DAY
from core import sql
from core.models import Run
from core.runs import last_finished
from trading.models import StaleMark
from trading.recompute.spans import mark_moved_units


@transaction.atomic
def take_marks(as_of: date) -> date | None:
    """Lists the clients to redo in DirtyClient; returns the month from which everyone is, None when none is.

    Marks stay until `forget_dirty`, so a run that is given up loses none.
    """
    mark_moved_units(as_of)
    sql.run("trading", "record_mark_take")
    StaleMark.objects.filter(taken=True).update(taken=False)
    StaleMark.objects.filter(told_on__lte=as_of).update(taken=True)
    previous = last_finished()
    if previous is not None:
        _mark_days_after(as_of, previous.as_of)
    sql.run("trading", "dirty_client_clear")
    sql.run("trading", "dirty_client")
    sql.renew_statistics(["trading_dirtyclient"])
    return StaleMark.objects.filter(taken=True, client=None).aggregate(first=Min("month"))["first"]


def _mark_days_after(as_of: date, last: date) -> None:
    """A run that goes back makes all anew; so must each that goes on from it, for marks served are gone."""
    days = (last - as_of).days
    StaleMark.objects.bulk_create(
        StaleMark(month=FIRST_DAY, told_on=as_of + timedelta(days=number)) for number in range(1, days + 1)
    )


def carried_from(as_of: date) -> date | None:
    """The last run's day when its rows stand and only later days came since; None when they don't.

    Not when a run was given up in between (some of its shards may stand later), nor when anything that
    concerns everyone was told for that day or before it, or reaches back before its month.
    """
    previous = last_finished()
    if previous is None or previous.as_of > as_of:
        return None
    given_up = Run.objects.filter(pk__gt=previous.pk, state=Run.State.FAILED, started_at__isnull=False)
    earlier = Q(told_on__lte=previous.as_of) | Q(month__lt=previous.as_of.replace(day=1))
    if given_up.exists() or StaleMark.objects.filter(earlier, taken=True, client=None).exists():
        return None
    return previous.as_of


@transaction.atomic
def forget_dirty() -> None:
    """The run is done: what it took is served."""
    StaleMark.objects.filter(taken=True).delete()
    sql.run("trading", "dirty_client_clear")
