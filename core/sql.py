"""Runs the set-based statements that stand in `<app>/sql/*.sql`, one statement a file."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection


@cache
def statement(app: str, name: str) -> str:
    """The text of <app>/sql/<name>.sql."""
    return (Path(apps.get_app_config(app).path) / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def filled(app: str, name: str, places: Mapping[str, str]) -> str:
    """The statement with its places filled: what stands in the file between two marks `/*place*/` is a
    stand-in, so that the file is a statement by itself. For text that the house composed, never a caller's.
    """
    text = statement(app, name)
    for place, written in places.items():
        before, _stand_in, after = text.split(f"/*{place}*/")
        text = f"{before}{written}{after}"
    return text


def allow_nested_loops(allowed: bool) -> None:
    """Whether the rest of the transaction may be planned with nested loops.

    A statement that joins whole tables runs without them: on tables that have just been filled the planner
    knows nothing yet, takes thousands of rows for one, and a nested loop is then slower by orders of
    magnitude, while a hash join costs a few percent where the loop would have been right.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL enable_nestloop = {'on' if allowed else 'off'}")


@contextmanager
def index_probes() -> Iterator[None]:
    """For statements that look up some keys of a table that may be huge: never by reading the whole table."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_hashjoin = off")
        cursor.execute("SET LOCAL enable_mergejoin = off")
        yield
        cursor.execute("SET LOCAL enable_hashjoin = on")
        cursor.execute("SET LOCAL enable_mergejoin = on")


@contextmanager
def key_ranges() -> Iterator[None]:
    """For statements on a range of clients in tables whose days are indexed only block by block (BRIN).

    A day's blocks look cheap to the planner, but they are read whole for every range; the primary key gives
    just the range's rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        yield
        cursor.execute("SET LOCAL enable_bitmapscan = on")


@contextmanager
def as_rows_lie() -> Iterator[None]:
    """For statements that read a month of everyone: page by page, not in the order of an index.

    In an index's order each row's page is looked up by itself, which for a million rows takes five times as
    long; the planner, told that all pages are in memory, does not know.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexscan = off")
        yield
        cursor.execute("SET LOCAL enable_indexscan = on")


def renew_statistics(tables: Iterable[str]) -> None:
    """Tells the planner at once what has just been written; by itself the database looks minutes later."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {table}")


def run(app: str, name: str, params: Mapping[str, Any] | None = None) -> int:
    """Executes the statement with bound parameters; returns the number of rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(statement(app, name), params or {})
        return max(cursor.rowcount, 0)


def rows(app: str, name: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Executes a reading statement; one dict a row."""
    with connection.cursor() as cursor:
        cursor.execute(statement(app, name), params or {})
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
