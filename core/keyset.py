"""Keyset paging: pages are found by the last row's values instead of counting rows off.

Shared by list pages and the API. Works for any ordering of columns, with nulls (always last) and with the
primary key as the last word. The cursor is opaque but holds no secret: it is checked, never trusted.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import (
    EmptyResultSet,
    FieldDoesNotExist,
    FieldError,
    ObjectDoesNotExist,
    ValidationError,
)
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Expression, F, Field, Func, Q, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler

CURSOR_LIMIT = 1500


class InvalidCursor(ValueError):
    """The cursor is damaged or belongs to another ordering."""


@dataclass(frozen=True)
class Key:
    """One ordering term; nulls come last unless the list is walked backwards."""

    name: str
    descending: bool
    nullable: bool
    field: Field
    nulls_first: bool = False

    def reversed(self) -> "Key":
        return replace(self, descending=not self.descending, nulls_first=not self.nulls_first)

    def order(self) -> Expression:
        term = F(self.name)
        nulls = {("nulls_first" if self.nulls_first else "nulls_last"): True} if self.nullable else {}
        return term.desc(**nulls) if self.descending else term.asc(**nulls)


@dataclass(frozen=True)
class Page:
    """Rows of one page, and the cursors of its neighbours ('' where there is none)."""

    rows: list[Any]
    next: str
    previous: str


class RowCompare(Func):
    """`(a, b) < (x, y)`: the comparison PostgreSQL can serve from one index range."""

    output_field = BooleanField()

    def __init__(self, keys: Sequence[Key], values: Sequence[Any]) -> None:
        self.sign = "<" if keys[0].descending else ">"
        right = (Value(value, output_field=key.field) for key, value in zip(keys, values, strict=True))
        super().__init__(*(F(key.name) for key in keys), *right)

    def as_sql(  # type: ignore[override]  # it has no function name or template to be told
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        parts = [compiler.compile(expression) for expression in self.source_expressions]
        texts, half = [text for text, _params in parts], len(parts) // 2
        sql = f"({', '.join(texts[:half])}) {self.sign} ({', '.join(texts[half:])})"
        return sql, tuple(param for _text, params in parts for param in params)


def paginate(
    queryset: QuerySet,
    ordering: Sequence[str],
    *,
    size: int,
    cursor: str = "",
    tie: Sequence[str] | None = None,
    never_null: Iterable[str] = (),
) -> Page:
    """The page of `size` rows at `cursor` ('' is the first), ordered by `ordering` ("name" or "-name").

    `tie` replaces the primary key as the tie-break; `never_null` names terms that the caller knows to be
    filled although their column, or the relation to it, allows null (so that plain indexes serve them).
    Raises InvalidCursor.
    """
    keys = resolve_keys(queryset, ordering, tie, frozenset(never_null))
    backwards, values = _decode(cursor, keys) if cursor else (False, None)
    walk = [key.reversed() for key in keys] if backwards else keys
    rows = _fetch(queryset.order_by(*(key.order() for key in walk)), walk, values, size + 1)
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    return Page(
        rows=rows,
        next=_encode(rows[-1], keys, backwards=False) if rows and (backwards or more) else "",
        previous=_encode(rows[0], keys, backwards=True)
        if rows and (more if backwards else bool(cursor))
        else "",
    )


def capped_count(queryset: QuerySet, cap: int = 10_000) -> tuple[int, bool]:
    """How many rows there are, and whether counting stopped at `cap`; never walks the whole table."""
    found = queryset.order_by()[: cap + 1].count()
    return min(found, cap), found > cap


def capped_counts(querysets: Mapping[str, QuerySet], cap: int) -> dict[str, tuple[int, bool]]:
    """`capped_count` of several at once: one statement, whose parts know nothing of each other."""
    names: list[str] = []
    parts: list[str] = []
    params: list[Any] = []
    for name, queryset in querysets.items():
        try:
            sql, own = queryset.order_by()[: cap + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        names.append(name)
        parts.append(f"(SELECT count(*) FROM ({sql}) AS part)")
        params += own
    found: Sequence[int] = ()
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts)}", params)
            found = cursor.fetchone() or ()
    counts = dict(zip(names, found, strict=True))
    return {name: (min(counts.get(name, 0), cap), counts.get(name, 0) > cap) for name in querysets}


def resolve_keys(
    queryset: QuerySet,
    ordering: Sequence[str],
    tie: Sequence[str] | None,
    never_null: frozenset[str] = frozenset(),
) -> list[Key]:
    """Ordering terms with their fields, ending in the tie-break in the direction of the term before it."""
    keys = [_key(queryset, term, never_null) for term in ordering]
    sign = "-" if keys and keys[-1].descending else ""
    names = {key.name for key in keys}
    for name in tie or [field.attname for field in queryset.model._meta.pk_fields]:
        if name not in names:
            keys.append(_key(queryset, sign + name, never_null))
    return keys


def _key(queryset: QuerySet, term: str, never_null: frozenset[str]) -> Key:
    name = term.removeprefix("-")
    if name in queryset.query.annotations:
        field, nullable = queryset.query.annotations[name].output_field, True
    else:
        field, nullable = _follow(queryset, name)
    return Key(name, term.startswith("-"), nullable and name not in never_null, field)


def _follow(queryset: QuerySet, name: str) -> tuple[Field, bool]:
    """The column at the end of a lookup path, and whether null can come out of it."""
    options, nullable = queryset.model._meta, False
    *relations, last = name.split("__")
    try:
        for relation in relations:
            step = options.get_field(relation)
            nullable = nullable or step.auto_created or step.null
            options = step.related_model._meta
        field = options.pk if last == "pk" else options.get_field(last)
    except (FieldDoesNotExist, AttributeError) as error:
        raise FieldError(f"Cannot order {queryset.model.__name__} by {name!r}.") from error
    return getattr(field, "target_field", field), nullable or field.null


def _fetch(ordered: QuerySet, keys: list[Key], values: list[Any] | None, wanted: int) -> list[Any]:
    if values is None:
        return list(ordered[:wanted])
    rows: list[Any] = []
    for segment in _segments(keys, values):
        if len(rows) < wanted:
            rows += ordered.filter(segment)[: wanted - len(rows)]
    return rows


def _segments(keys: list[Key], values: list[Any]) -> Sequence[Q | RowCompare]:
    """Conditions for what lies beyond `values`, nearest first, each served by one index range."""
    lead, rest = keys[0], keys[1:]
    one_way = len({key.descending for key in keys}) == 1
    if not one_way or any(key.nullable for key in rest):
        return [_beyond_any(keys, values)]
    if values[0] is None:
        nulls = Q(RowCompare(rest, values[1:]), **{f"{lead.name}__isnull": True})
        return [nulls, Q(**{f"{lead.name}__isnull": False})] if lead.nulls_first else [nulls]
    beyond: list[Q | RowCompare] = [RowCompare(keys, values)]
    if lead.nullable and not lead.nulls_first:
        beyond.append(Q(**{f"{lead.name}__isnull": True}))
    return beyond


def _beyond_any(keys: list[Key], values: list[Any]) -> Q:
    """The general case, mixed directions: equal in the first terms and beyond in the next."""
    whole, equal = Q(pk__in=[]), Q()
    for key, value in zip(keys, values, strict=True):
        whole |= equal & _beyond(key, value)
        equal &= Q(**{f"{key.name}__isnull": True}) if value is None else Q(**{key.name: value})
    lead, first = keys[0], values[0]
    if first is not None and not lead.nullable:
        whole &= Q(**{f"{lead.name}__{'lte' if lead.descending else 'gte'}": first})
    return whole


def _beyond(key: Key, value: Any) -> Q:
    if value is None:
        return Q(**{f"{key.name}__isnull": False}) if key.nulls_first else Q(pk__in=[])
    beyond = Q(**{f"{key.name}__{'lt' if key.descending else 'gt'}": value})
    if key.nullable and not key.nulls_first:
        beyond |= Q(**{f"{key.name}__isnull": True})
    return beyond


def _value(row: Any, name: str) -> Any:
    if isinstance(row, dict):
        return row[name]
    try:
        for part in name.split("__"):
            row = getattr(row, part) if row is not None else None
    except ObjectDoesNotExist:
        return None
    return row


def _signature(keys: list[Key]) -> int:
    return zlib.crc32(",".join(f"{'-' if key.descending else ''}{key.name}" for key in keys).encode())


def _encode(row: Any, keys: list[Key], *, backwards: bool) -> str:
    values = [_plain(_value(row, key.name)) for key in keys]
    body = json.dumps([_signature(keys), int(backwards), *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(body.encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


def _decode(cursor: str, keys: list[Key]) -> tuple[bool, list[Any]]:
    if len(cursor) > CURSOR_LIMIT:
        raise InvalidCursor("The cursor is too long.")
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        signature, backwards, *values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if signature != _signature(keys) or len(values) != len(keys):
            raise InvalidCursor("The cursor belongs to another ordering.")
        return backwards == 1, [_typed(key, value) for key, value in zip(keys, values, strict=True)]
    except InvalidCursor:
        raise
    except (binascii.Error, ValueError, TypeError, ValidationError, RecursionError) as error:
        raise InvalidCursor("The cursor cannot be read.") from error


def _typed(key: Key, value: Any) -> Any:
    if value is None and key.nullable:
        return None
    if not isinstance(value, str | int | float | bool) or (isinstance(value, str) and "\x00" in value):
        raise InvalidCursor("The cursor holds a value of a wrong kind.")
    return key.field.to_python(value)
