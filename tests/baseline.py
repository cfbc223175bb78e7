"""What migrations wrote (categories, rates, the first value model) outlives tests that empty every table.

Tests with real transactions end in a flush. The tables that were filled when the test database was made are
kept as PostgreSQL's own copies and put back after each flush.
"""

from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase

Copies = dict[str, bytes]


@pytest.fixture(scope="session", autouse=True)
def baseline(request: pytest.FixtureRequest) -> None:
    """Keeps copies once the database is there; sessions without a database test make none."""
    if any(item.get_closest_marker("django_db") or "db" in _fixtures(item) for item in request.session.items):
        request.getfixturevalue("django_db_setup")
        with request.getfixturevalue("django_db_blocker").unblock():
            copies = _copies()
        _restore_after_flush(copies)


def _fixtures(item: Any) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


def _restore_after_flush(copies: Copies) -> None:
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def flush_and_restore(case: Any) -> None:
        flush(case)
        _put_back(copies)

    TransactionTestCase._fixture_teardown = flush_and_restore  # type: ignore[attr-defined]


def _copies() -> Copies:
    """Every filled table of the models, in PostgreSQL's binary form."""
    kept: Copies = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            with cursor.copy(f'COPY (SELECT * FROM "{table}") TO STDOUT (FORMAT binary)') as copy:
                content = b"".join(bytes(block) for block in copy)
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}")')
            if cursor.fetchone()[0]:
                kept[table] = content
    return kept


def _put_back(copies: Copies) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SET session_replication_role = replica"
        )  # no foreign keys meanwhile: any order will do
        for table, content in copies.items():
            cursor.execute(f'DELETE FROM "{table}"')
            with cursor.copy(f'COPY "{table}" FROM STDIN (FORMAT binary)') as copy:
                copy.write(content)
        cursor.execute("SET session_replication_role = DEFAULT")
