"""Finding clients from one box: what the reader typed decides which indexes answer, best matches first.

A search goes by stages, each one index range cut off at the number of matches wanted: what matches exactly,
the reader's own clients, beginnings, then the rest. All stages are one statement, so that a common character
costs no more than a rare name (docs/decisions/0035).

Chinese: one or two characters anywhere by the name's grams (GIN), longer texts by all their pairs. Letters:
client_no or account_no prefix, pinyin or initials prefix in every reading, then anywhere in the name. Digits:
full mobile, last four of a mobile, ID number, client_no or account_no prefix. Numbers of persons are compared
by their blind index only.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from clients.identifiers import email_blind_index, id_blind_index, mobile_blind_index, tail_blind_index
from clients.models import Account, Client, ContactPoint, Reading, ScopedQuerySet

CHINESE = re.compile(r"[\u3400-\u9fff]")
LONGEST = 80
LISTED = 200  # the most matches that a list shows: the best ones
SHORTEST_ID = 6


class Search:
    """One reader's search for one text among `clients` (those in sight). Empty text finds nothing."""

    def __init__(self, user: Any, typed: str, clients: ScopedQuerySet | None = None) -> None:
        self.text = re.sub(r"\s+", " ", typed.replace("\x00", "")).strip()[:LONGEST]
        self.compact = re.sub(r"[\s-]", "", self.text)
        self.user = user
        self.own = getattr(user, "employee_no", "")
        self.clients = Client.objects.visible_to(user) if clients is None else clients

    def ids(self, most: int) -> list[int]:
        """Ids of at most so many clients, best first; a merged record counts as the one it went into."""
        if not self.text:
            return []
        stages = [_numbered(rows, place, most) for place, rows in enumerate(self._stages())]
        whole = stages[0].union(*stages[1:], all=True) if len(stages) > 1 else stages[0]
        found = sorted(whole[: most * len(stages)])
        return list(dict.fromkeys(client for _stage, client in found))[:most]

    def _stages(self) -> Iterator[ScopedQuerySet]:
        conditions = self._conditions()
        if exact := self._exact():
            yield self.clients.filter(exact)
        if self.own:
            yield self.clients.filter(_any(conditions), manager_no=self.own)
        for condition in conditions:
            yield self.clients.filter(condition)
        yield from self._others()

    def _exact(self) -> Q | None:
        if not self.user.scope.identity:
            return Q(client_no=self.compact.upper())
        if CHINESE.search(self.text):
            return Q(name=self.text) | (Q(short_name=self.text) & ~Q(short_name=""))
        if self.compact[:1].isdigit():
            return _by_person_number(self.compact)
        lower = self.compact.lower()
        return Q(client_no=self.compact.upper()) | Q(pinyin=lower) | Q(initials=lower)

    def _conditions(self) -> list[Q]:
        """What matches on the client itself, best first."""
        number = Q(client_no__startswith=self.compact.upper())
        if not self.user.scope.identity:
            return [number]
        if CHINESE.search(self.text):
            return [Q(name__startswith=self.text), _anywhere(self.text.replace(" ", ""))]
        lower = self.compact.lower()
        inside = [_anywhere(lower)] if len(lower) > 1 else []
        if self.compact[:1].isdigit():
            return [number, *inside]
        identity = [_by_id(self.compact)] if len(lower) >= SHORTEST_ID else []
        return [*identity, number, Q(pinyin__startswith=lower), Q(initials__startswith=lower), *inside]

    def _others(self) -> list[ScopedQuerySet]:
        """Rows beside the client that match: accounts, other readings, further contact points."""
        if not self.user.scope.identity or CHINESE.search(self.text):
            return []
        accounts = Account.objects.visible_to(self.user).filter(account_no__startswith=self.compact.upper())
        contacts = ContactPoint.objects.in_use().visible_to(self.user)
        if self.compact[:1].isdigit():
            reached = _contact(self.compact)
            return [*([contacts.filter(reached)] if reached else []), accounts]
        lower = self.compact.lower()
        read = Reading.objects.visible_to(self.user)
        found = [accounts, read.filter(pinyin__startswith=lower), read.filter(initials__startswith=lower)]
        return [*found, contacts.filter(email_index=email_blind_index(self.text))] if "@" in lower else found


def matching(clients: ScopedQuerySet, user: Any, typed: str) -> ScopedQuerySet:
    """The best LISTED of these clients that the text finds, each with its `rank`; all when it is empty."""
    search = Search(user, typed, clients)
    return ranked(clients, search.ids(LISTED)) if search.text else clients


def ranked(clients: ScopedQuerySet, ids: list[int]) -> ScopedQuerySet:
    """Those of these clients that have one of the ids, `rank` being its place."""
    among = Value(ids, ArrayField(BigIntegerField()))
    rank = Func(Cast(among, ArrayField(BigIntegerField())), F("pk"), function="array_position")
    return clients.filter(_Among(F("pk"), among)).annotate(rank=Cast(rank, IntegerField()))


def _numbered(rows: ScopedQuerySet, stage: int, most: int) -> QuerySet:
    """(stage, client id) of the first rows the index gives; their order does not matter."""
    own = rows.model is Client
    client = Coalesce("merged_into_id", "pk") if own else Coalesce("client__merged_into_id", "client_id")
    numbered = rows.order_by().annotate(stage=Value(stage), found=client)
    return numbered.values_list("stage", "found")[:most]


def _any(conditions: list[Q]) -> Q:
    whole = Q(pk__in=[])
    for condition in conditions:
        whole |= condition
    return whole


def _anywhere(text: str) -> Q:
    """Names and short names that hold the text: by one or two characters, or by all pairs and a last look."""
    written = text.lower()
    pairs = [written[place : place + 2] for place in range(len(written) - 1)] or [written]
    holds = Q(_HasGrams(pairs))
    return holds & (Q(name__icontains=written) | Q(short_name__icontains=written)) if len(text) > 2 else holds


def _by_person_number(digits: str) -> Q | None:
    """By a full mobile, its last four digits, or an ID number; None when it can be neither."""
    if len(digits) == 11 and digits.isdigit():
        return Q(mobile_index=mobile_blind_index(digits))
    if len(digits) == 4 and digits.isdigit():
        return Q(mobile_tail_index=tail_blind_index(digits))
    return _by_id(digits) if len(digits) >= SHORTEST_ID else None


def _contact(digits: str) -> Q | None:
    if len(digits) == 4 and digits.isdigit():
        return Q(tail_index=tail_blind_index(digits))
    return Q(mobile_index=mobile_blind_index(digits)) if len(digits) >= 7 else None


def _by_id(number: str) -> Q:
    indexes = [id_blind_index(id_type, number.upper()) for id_type in Client.IdType.values]
    return Q(id_index__in=indexes)


class _Among(Func):
    """`id = ANY(array)`: one value for the database where `IN` would be hundreds."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


class _HasGrams(Func):
    """`clients_name_grams(name, short_name) @> ARRAY[…]`, served by the index client_name_grams."""

    output_field = BooleanField()

    def __init__(self, grams: list[str]) -> None:
        texts = ArrayField(TextField())
        super().__init__(F("name"), F("short_name"), Cast(Value(grams, texts), texts))

    def as_sql(
        self, compiler: Any, connection: Any, *_args: Any, **_extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        name, short, grams = (compiler.compile(part) for part in self.source_expressions)
        written = f"clients_name_grams({name[0]}, {short[0]})"
        return f"{written} @> {grams[0]}", (*name[1], *short[1], *grams[1])
