"""Puts sealed values under the newest key while everybody works, a handful of rows at a time.

What is left to do stands in the rows themselves (the key's number is in every sealed value), so a walk that
is interrupted goes on where it stopped. Rows that somebody else holds are passed over and met again in the
next round, so the walk never waits for anybody and nobody gets into a deadlock with it.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Count, F, Func, IntegerField, Model, Q

from core import crypto
from core.registry import SealedTable, sealed_tables

ROWS = 200
ROUNDS = 30
REST = 1.0  # seconds between rounds, for those who hold the last rows to finish
Tell = Callable[[str, int, int], None]  # table, rows done, rows there were to do


class KeyNumber(Func):
    """The number of the key that a sealed column was made with (its first two bytes)."""

    template = "(get_byte(%(expressions)s, 0) * 256 + get_byte(%(expressions)s, 1))"
    output_field = IntegerField()


@dataclass(frozen=True)
class Held:
    """How many values of a column are under which key."""

    column: str  # label of the model and the field
    key: int
    values: int


def held() -> list[Held]:
    """Every sealed column with the keys that its values need."""
    return [
        Held(f"{table.model}.{column}", row["key_number"], row["held"])
        for table in sealed_tables()
        for column in table.columns
        for row in _by_key(table, column)
    ]


def keys_in_use() -> Counter[int]:
    """Key number -> how many values need it."""
    found: Counter[int] = Counter()
    for one in held():
        found[one.key] += one.values
    return found


def rotate(tell: Tell) -> int:
    """Seals whatever is under an older key anew; returns how many rows were written.

    Neither versions nor record history notice: what the values say is the same.
    """
    return sum(_rotate_table(table, tell) for table in sealed_tables())


def _rotate_table(table: SealedTable, tell: Tell) -> int:
    there = _older(table).count()
    done = 0
    for number in range(ROUNDS if there else 0):
        if number:
            time.sleep(REST)
        for written in _chunks(table):
            done += written
            tell(table.model, done, max(there, done))
        if not _older(table).exists():
            break
    return done


def _chunks(table: SealedTable) -> Iterator[int]:
    """One round over the table by primary key; the rows each chunk wrote."""
    after: Any = None
    while True:
        with transaction.atomic():
            rows = _next_rows(table, after)
            for row in rows:
                _write(table, row)
        if not rows:
            return
        after = rows[-1]["pk"]
        yield len(rows)


def _next_rows(table: SealedTable, after: Any) -> list[dict[str, Any]]:
    found = _older(table).select_for_update(skip_locked=True, no_key=True, of=("self",))
    if after is not None:
        found = found.filter(pk__gt=after)
    names = dict.fromkeys(("pk", *table.columns, *table.needs))
    return list(found.order_by("pk").values(*names)[:ROWS])


def _write(table: SealedTable, row: dict[str, Any]) -> None:
    """Only where the value still is what was read; a newer one was sealed with the newest key anyway."""
    model = _model(table)
    name, key = model._meta.db_table, model._meta.pk
    assert key is not None
    for column in table.columns:
        old = row[column]
        if not old or crypto.key_of(old) >= crypto.newest_key():
            continue
        context = table.context(row, column)
        new = crypto.seal_bytes(crypto.unseal_bytes(old, context), context)
        with connection.cursor() as cursor:
            cursor.execute(
                f'UPDATE "{name}" SET "{column}" = %s WHERE "{key.column}" = %s AND "{column}" = %s',
                [new, row["pk"], bytes(old)],
            )


def _older(table: SealedTable) -> Any:
    numbers = {f"key_of_{column}": KeyNumber(F(column)) for column in table.columns}
    older = Q(pk__in=())
    for name in numbers:
        older |= Q(**{f"{name}__lt": crypto.newest_key()})
    return _model(table)._base_manager.alias(**numbers).filter(older)


def _by_key(table: SealedTable, column: str) -> list[dict[str, Any]]:
    rows = _model(table)._base_manager.exclude(**{column: None})
    counted = rows.values(key_number=KeyNumber(F(column))).annotate(held=Count("*"))
    return list(counted.order_by("key_number"))


def _model(table: SealedTable) -> type[Model]:
    return apps.get_model(table.model)
