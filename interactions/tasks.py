"""Background work of contacts; every task may come twice."""

from celery import shared_task

from interactions import levels
from interactions.actions import recordings


@shared_task
def refresh_levels() -> None:
    """Every minute: the service levels of today and of changed days; recordings find their calls."""
    levels.refresh()
    recordings.match_waiting()


@shared_task
def sweep_levels() -> None:
    """Every night: the last eight days of service levels."""
    levels.sweep()
