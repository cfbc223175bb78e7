"""Background work of cases; every task may come twice."""

from celery import shared_task

from cases import recompute
from cases.actions import firing
from core import jobs


@shared_task
def tick() -> None:
    """Every second: clocks whose moment has come."""
    firing.fire_due()


@shared_task
def keep_clocks() -> None:
    """Every ten minutes: deadlines follow calendar and sessions that were told anew."""
    recompute.evaluate()
