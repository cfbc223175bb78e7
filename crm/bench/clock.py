"""Timing: one measured line, percentiles, and the yardstick that ratios are stated against."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection

from core import sql


@dataclass(frozen=True)
class Timing:
    """Milliseconds of repeated calls."""

    p50: float
    p95: float


def seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def timing(calls: Sequence[Callable[[], object]]) -> Timing:
    """Runs each call once, after one warm-up of the first."""
    calls[0]()
    return percentiles([seconds(call) * 1000 for call in calls])


def percentiles(spent: list[float]) -> Timing:
    """The middle and the 95th of a hundred of these milliseconds."""
    ordered = sorted(spent)
    return Timing(ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))])


def bare_scan() -> float:
    """Seconds of one serial GROUP BY client_id over all client-months (numeric sums): the yardstick."""
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
    try:
        return seconds(lambda: sql.rows("crm", "bench_baseline"))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET max_parallel_workers_per_gather")
