"""Month partitions of the big event tables, made when the first row of a month comes."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import connection

FIRST_MONTH = date(2015, 1, 1)  # everything earlier lies in one partition


def ensure(table: str, months: Iterable[date]) -> None:
    """Makes the partitions of these months (given by their first days) that are not there yet.

    A new table is attached rather than created as a partition: that does not lock out readers.
    """
    for month in months:
        name = f"{table}_{month:%Y_%m}"
        if month >= FIRST_MONTH and not _exists(name):
            end = (month + timedelta(days=31)).replace(day=1)
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE TABLE {name} (LIKE {table} INCLUDING ALL)")
                cursor.execute(
                    f"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ('{month}') TO ('{end}')"
                )


def _exists(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [name])
        return cursor.fetchone()[0] is not None
