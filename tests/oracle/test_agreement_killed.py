"""Killed (-9) again and again, or started twice at once, run and loader leave the same rows."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from itertools import cycle
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from signal import SIGKILL
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from core.models import Run, RunStep
from tests import databases
from trading.models import Balance, CashFlow, FeedPackage, Trade

from . import commands, dumps, loading
from .conftest import HALF, Half, Loaded
from .scenario import Scenario

pytestmark = pytest.mark.xdist_group("agreement")
KILLS, MOST = 20, 100
PATIENCE = 60
EARLIER = date(2025, 6, 10)


def is_killed(process: ForkServerProcess, longest: float) -> bool:
    """Kills the process after a random while, at most so many seconds; False when it had ended by then."""
    process.join(random.random() * longest)
    process.kill()
    process.join(PATIENCE)
    _wait_until_alone()
    assert process.exitcode in (0, -SIGKILL)
    return process.exitcode == -SIGKILL


def _wait_until_alone() -> None:
    """The database notices the death of a killed process when it next speaks to it."""
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        while cursor.fetchone() and time.monotonic() < deadline:
            time.sleep(0.01)
            cursor.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )


def seconds_of(deed: Callable[[], Any]) -> float:
    """How long it takes when nobody disturbs it."""
    begun = time.monotonic()
    deed()
    return time.monotonic() - begun


@pytest.fixture
def half_database(half: Half, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), databases.copied(half.database):
        yield


def nightly(as_of: date) -> ForkServerProcess:
    return commands.start("nightly", "--as-of", as_of.isoformat(), "--json")


def test_nights_killed_twenty_times(half_database: None, half: Half) -> None:
    """Each is started and killed until it comes to its end; going back makes everything anew."""
    random.seed(11)
    seconds = seconds_of(lambda: loading.night(EARLIER))
    wanted = {EARLIER: dumps.dump(), HALF: half.dump}
    killed_in: Counter[str] = Counter()
    for as_of in cycle([HALF, EARLIER]):
        while is_killed(nightly(as_of), seconds / 3):
            killed_in.update(_steps_at_work())
            assert killed_in.total() < MOST
        assert dumps.unlike(wanted[as_of], dumps.dump()) == []
        if killed_in.total() >= KILLS:
            break
    assert len(killed_in) > 2, killed_in


def _steps_at_work() -> QuerySet[RunStep, str]:
    """The step that the killed run was in; none when it was killed before its first."""
    return RunStep.objects.filter(run__state="running", state="running").values_list("name", flat=True)


def test_a_night_killed_and_given_up_for_another_day(half_database: None, half: Half) -> None:
    random.seed(7)
    seconds = seconds_of(lambda: loading.night(EARLIER))
    loading.night(HALF)
    assert is_killed(nightly(EARLIER), seconds)
    loading.night(HALF)
    assert dumps.unlike(half.dump, dumps.dump()) == []


def test_a_night_started_twice_at_once(half_database: None, half: Half) -> None:
    """The second start finds the first at work, says so, and does nothing."""
    both = [nightly(EARLIER), nightly(EARLIER)]
    for process in both:
        process.join(PATIENCE)
    assert {process.exitcode for process in both} == {0, 1}
    run = Run.objects.get(as_of=EARLIER)
    assert (run.state, run.attempts) == (Run.State.DONE, 1)
    loading.night(HALF)
    assert dumps.unlike(half.dump, dumps.dump()) == []


@pytest.fixture(scope="module")
def january(written: Scenario) -> list[Path]:
    """The first month's packages; the first brings all units and nearly all clients."""
    return [package for package in written.packages if package.name < "2025-02"]


Rows = Counter[tuple[str, date]]


def rows_by_day() -> Rows:
    """How many rows of the three big files each day has brought."""
    return Counter(
        (model.__name__, brought)
        for model, day in ((Trade, "feed_day"), (CashFlow, "feed_day"), (Balance, "day"))
        for brought in model.objects.values_list(day, flat=True)
    )


def test_loading_killed_twenty_times(loaded: Loaded, january: list[Path], django_db_blocker: Any) -> None:
    """A package is in as a whole or not at all; in the end all are."""
    random.seed(5)
    with django_db_blocker.unblock():
        with databases.copied(loaded.empty):
            # a process has to start first, which takes as long again as loading a few days
            seconds = 2 * seconds_of(lambda: loading.load(january))
            wanted, rows = dumps.facts(), rows_by_day()
        kills = 0
        while kills < KILLS:
            with databases.copied(loaded.empty):
                while is_killed(commands.start("feed_load", *map(str, january)), seconds):
                    kills += 1
                    assert kills < MOST
                    days = FeedPackage.objects.filter(state="loaded").values_list("trade_date", flat=True)
                    assert rows_by_day() == {place: rows[place] for place in rows if place[1] in set(days)}
                assert dumps.unlike(wanted, dumps.facts()) == []
