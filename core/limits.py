"""Reads that may be given up when the database takes too long over them."""

import logging
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection, transaction

Answer = TypeVar("Answer")
log = logging.getLogger(__name__)


def in_time(ask: Callable[[], Answer], limit: int) -> Answer | None:
    """What a read answers; None when a statement of it takes over `limit` milliseconds."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {int(limit)}")
            found = ask()
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError as error:
        log.info("a read was given up after %s ms: %s", limit, error)
        return None
    return found
