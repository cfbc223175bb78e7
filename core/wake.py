"""Wakes a task after commit. The message may vanish: the sweeper finds due rows anyway."""

import logging
from typing import Any

from django.db import transaction

log = logging.getLogger(__name__)


def wake(task_name: str, *args: Any) -> None:
    """Sends the task's name to the broker once the transaction is in; a broker that is away is logged."""
    transaction.on_commit(lambda: _send(task_name, args), robust=True)


def _send(task_name: str, args: tuple[Any, ...]) -> None:
    from core.broker import send  # the only door to Celery, so that rules need not import it

    try:
        send(task_name, args)
    except Exception:
        log.warning("broker away, %s waits for the sweeper", task_name, exc_info=True)
