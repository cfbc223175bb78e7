"""Background work of the client record; every task may run twice, and late."""

from celery import shared_task

from clients.actions import ownership


@shared_task
def apply_handovers() -> int:
    """Hand-overs whose date has come reach the clients' rows."""
    return ownership.apply_due()
