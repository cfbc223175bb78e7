"""Three days of feeds with a handful of clients: enough for a nightly run to write rows in every step."""

from datetime import date
from pathlib import Path

from django.db import connection

from core import audit
from core.models import Run
from crm import nightly
from tests.oracle.world import World
from tests.oracle.writer import write_world
from trading.feed import load_package

FIRST, MIDDLE, LAST = date(2026, 8, 27), date(2026, 8, 28), date(2026, 8, 31)
LATE = date(2026, 9, 1)
ACTOR = audit.SystemActor("night watch")


def write_days(directory: Path) -> list[Path]:
    """The last three trading days of August and the first of September, one package a day."""
    world = World(3, FIRST.replace(day=1), 2, ())
    world.days = [FIRST, MIDDLE, LAST, LATE]
    for number in range(6):
        client = world.client("held", opened=date(2020, 3, 2), told=FIRST, branch_code=f"100{number % 2 + 1}")
        client.trade(MIDDLE, 20_000 + number, "12.5000")
        client.income(LAST, "margin_interest", "3.0000")
    return write_world(world, directory)


def load_days(packages: list[Path], last: date = LAST) -> None:
    """Takes in the days up to one of them."""
    for package in packages:
        if package.name <= last.isoformat():
            assert load_package(package, actor=ACTOR).state == "loaded"


def ask(as_of: date = LAST) -> Run:
    """A run that is asked for and has not begun."""
    return nightly.request_run(as_of=as_of, actor=ACTOR)


def night(as_of: date = LAST) -> Run:
    """A run to its end."""
    return execute(ask(as_of))


def execute(run: Run) -> Run:
    """As the worker does, in a transaction of the test's own: what is checked at commit is checked now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return nightly.execute(run.pk)
