"""Knocks and sweeps. Whether there is work is decided by the rows in the database, never by the message."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

import trading.queries
from core import audit, jobs
from core.broker import send
from core.models import Run
from crm import nightly


@shared_task
def knock_nightly() -> None:
    """01:00 Asia/Shanghai: asks for the run of the day that just ended, unless it stands already."""
    as_of = timezone.localdate() - timedelta(days=1)
    stands = Run.objects.filter(as_of=as_of, state=Run.State.DONE).exists()
    if stands and not trading.queries.has_marks(as_of):
        return
    try:
        nightly.request_run(as_of=as_of, actor=audit.SYSTEM)
    except nightly.NotPossible:
        return


@shared_task(time_limit=None, soft_time_limit=None)
def nightly_run(run_id: int) -> None:
    nightly.execute(run_id, calls_workers=True)


@shared_task(time_limit=None, soft_time_limit=None)
def lend_hand(step_id: int) -> None:
    nightly.lend_hand(step_id)


@shared_task
def sweep() -> None:
    """Every 15 seconds: wakes what is due, in case its message was lost or its worker died."""
    waiting = Run.objects.filter(state__in=[Run.State.WAITING, Run.State.RUNNING])
    for run_id in waiting.order_by("id").values_list("id", flat=True)[:5]:
        send("crm.tasks.nightly_run", (run_id,))
    jobs.wake_due()
