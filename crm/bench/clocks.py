"""Clocks of a million open cases: all deadlines reckoned anew, and what a second without a due one costs."""

from django.db import connection

from cases.actions.firing import fire_due
from cases.models import CaseClock
from cases.recompute import evaluate
from core import sql
from crm.bench.clock import seconds
from crm.bench.fill import Say, without_foreign_keys

CLOCKS = 1_000_000
SCANNED = (
    "SELECT count(*), max(due_at), max(started_at), sum(seconds) FROM cases_caseclock WHERE state = 'running'"
)


def measure(say: Say) -> None:
    """Seconds of the evaluation against one serial scan of the same rows; what counts is the ratio."""
    if not CaseClock.objects.exists():
        _fill(say)
    evaluate()
    _vacuum()
    yardstick = min(seconds(_scan) for _time in range(3))
    spent = min(seconds(evaluate) for _time in range(3))
    tick = min(seconds(fire_due) for _time in range(20))
    say(f"  yardstick, one serial scan of {CLOCKS:,} clocks: {yardstick:.2f} s")
    say(
        f"clocks: {CLOCKS:,} evaluated in {spent:.2f} s ({spent / yardstick:.1f} x),"
        f" a tick {tick * 1000:.1f} ms"
    )


def _fill(say: Say) -> None:
    """One clock each; a tenth has paused. Foreign keys are checked when they are put back."""

    def fill() -> None:
        with without_foreign_keys("cases_caseclock"), without_foreign_keys("cases_clockpause"):
            sql.run("crm", "bench_cases", {"most": CLOCKS})
            sql.run("crm", "bench_clocks", {})
            sql.run("crm", "bench_pauses", {})

    say(f"{CLOCKS:,} cases with a clock: {seconds(fill):.0f} s")


def _vacuum() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE cases_caseclock, cases_clockpause, cases_case")


def _scan() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute(SCANNED)
        cursor.fetchall()
        cursor.execute("RESET max_parallel_workers_per_gather")
