"""The stages of a period: temporary copies of the stage tables, emptied at every commit.

A session's own tables cost no write-ahead log and no dead rows.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from core import sql

STAGES = ("freshway", "freshpassage", "freshcard")
# The ways of all clients are grouped at once; by default that would spill to disk from a few ten thousand on.
MEMORY = "128MB"


def open_stages() -> None:
    """Makes this session's stages and gives the transaction the memory to group all ways."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL client_min_messages = warning")
        cursor.execute(f"SET LOCAL work_mem = '{MEMORY}'")
        cursor.execute(
            "SET LOCAL enable_sort = off"
        )  # it expects as many ways as clients, and would sort them
        for stage in STAGES:
            cursor.execute(
                f"CREATE TEMPORARY TABLE IF NOT EXISTS kpis_{stage} (LIKE kpis_{stage}) ON COMMIT DELETE ROWS"
            )


def empty_stages(*stages: str) -> None:
    """All stages unless named; for a second period in the same transaction."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE " + ", ".join(f"pg_temp.kpis_{stage}" for stage in stages or STAGES))


def analyze(stage: str) -> None:
    """Tells the planner how many rows the stage has."""
    sql.renew_statistics([f"pg_temp.kpis_{stage}"])


def copy_rows(stage: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Streams rows with the same keys, one at least, into a stage."""
    listed = list(rows)
    columns = ", ".join(f'"{name}"' for name in listed[0])
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY pg_temp.kpis_{stage} ({columns}) FROM STDIN") as copy,
    ):
        for row in listed:
            copy.write_row(tuple(row.values()))
