"""Background work of cases; every task may come twice."""

from celery import shared_task

from cases import recompute
from cases.actions import firing, incidents
from core import jobs


@shared_task
def tick() -> None:
    """Every second: clocks whose moment has come."""
    firing.fire_due()


@shared_task
def keep_clocks() -> None:
    """Every ten minutes: deadlines follow calendar and sessions that were told anew."""
    recompute.evaluate()


@shared_task(time_limit=None, soft_time_limit=None)
def close_incident(job_id: int) -> None:
    """Answers and closes the cases of an incident."""
    job = jobs.claim(job_id)
    if job is None:
        return
    with jobs.working(job):
        incidents.close_cases(job)
