"""The .sql files: explained, one statement each, on tables of own or lower apps, accepted by the server."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from tests.architecture import LAYERS, ROOT, may_know

FILES = sorted(path for app in LAYERS for path in (ROOT / app / "sql").glob("*.sql"))
EXPLAINABLE = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "CREATE")

# a value of the right type for each parameter's name; the first pattern that fits decides
SAMPLES: tuple[tuple[str, Any], ...] = (
    (
        r"as_of|.*month(_start|_end)?|.*_on|.*_date|day|start|end|.*_start|.*_end|since|until|from_.*|to_.*",
        date(2026, 10, 31),
    ),
    (r".*(share|rate|factor|weight|margin|threshold|amount|money|floor|points|limit)", Decimal("0.5")),
    (r".*(nos|codes|names|texts|kinds|tiers|events)", ["x"]),
    (r"(.*_)?ids", [1]),
    (
        r".*(no|code|name|text|kind|type|tier|state|event|reason|file|key|column|grouping|indicator|period|unit)",
        "x",
    ),
    (r"is_.*|with_.*|everyone", True),
    (r".*", 1),
)


@pytest.fixture(params=FILES, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def sql_file(request: pytest.FixtureRequest) -> Path:
    """Each statement in turn."""
    path: Path = request.param
    return path


def test_says_what_it_is(sql_file: Path) -> None:
    assert sql_file.read_text().startswith("--"), (
        "Begin with what a row is, what is read, which index serves."
    )


def test_is_one_statement(sql_file: Path) -> None:
    assert ";" not in _code(sql_file)


@pytest.mark.django_db
def test_tables_belong_to_own_or_lower_app(sql_file: Path) -> None:
    app = sql_file.parent.parent.name
    owners = {table: _owner(table) for table in set(re.findall(r"[a-z_0-9]+", _code(sql_file))) & _tables()}
    assert {table for table, owner in owners.items() if owner and not may_know(app, owner)} == set()


@pytest.mark.django_db
def test_postgresql_accepts_it(sql_file: Path) -> None:
    code = _code(sql_file)
    names = re.findall(r"%\((\w+)\)s", code)
    verb = "EXPLAIN " if code.lstrip().upper().startswith(EXPLAINABLE) else ""
    try:
        _execute(verb + code, dict.fromkeys(names))
    except ProgrammingError:  # a bare NULL leaves some types open; then a value of the likely type
        _execute(verb + code, {name: _sample(name) for name in names})


def _execute(statement: str, params: dict[str, Any]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)


def _code(path: Path) -> str:
    """The statement without comments."""
    return re.sub(r"--[^\n]*|/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S).strip().rstrip(";")


def _sample(name: str) -> Any:
    return next(value for pattern, value in SAMPLES if re.fullmatch(pattern, name))


def _tables() -> set[str]:
    """Every table and view of the database, those made by raw migrations included."""
    with connection.cursor() as cursor:
        return set(connection.introspection.table_names(cursor, include_views=True))


def _owner(table: str) -> str:
    """The app whose label begins the table's name; empty for libraries' tables."""
    return next((app for app in LAYERS if table.startswith(f"{app}_")), "")
