"""Finding clients from one box: what the reader typed decides which index answers.

Chinese: two characters and more by the name's pairs of characters (GIN), one by prefix. Letters: client_no or
account_no prefix, pinyin prefix, initials prefix. Digits: full mobile, last four of a mobile, ID number,
account_no prefix. ID numbers and mobiles are compared by their blind index only.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, F, Func, Q, TextField, Value
from django.db.models.functions import Cast

from clients.identifiers import id_blind_index, mobile_blind_index, tail_blind_index
from clients.models import Account, Client, ScopedQuerySet

CHINESE = re.compile(r"[\u3400-\u9fff]")
LONGEST = 80
ACCOUNT_LIMIT = 50


@dataclass(frozen=True)
class Wanted:
    """The typed text, cleaned, and the condition that finds it."""

    text: str
    condition: Q


def understand(typed: str) -> Wanted | None:
    """None when nothing can be looked for (empty text)."""
    text = re.sub(r"\s+", " ", typed.replace("\x00", "")).strip()[:LONGEST]
    if not text:
        return None
    if CHINESE.search(text):
        return Wanted(text, _by_name(text))
    compact = text.replace(" ", "").replace("-", "")
    return Wanted(text, _by_number(compact) if compact[:1].isdigit() else _by_letters(text))


def matching(clients: ScopedQuerySet, typed: str) -> ScopedQuerySet:
    """The clients that the typed text finds; all of them when it is empty."""
    wanted = understand(typed)
    return clients if wanted is None else clients.filter(wanted.condition)


def _by_name(text: str) -> Q:
    if len(text) == 1:
        return Q(name__startswith=text)
    pairs = [text[start : start + 2] for start in range(len(text) - 1)]
    found = Q(_HasPairs(pairs))
    return found & Q(name__contains=text) if len(text) > 2 else found


def _by_number(digits: str) -> Q:
    upper = digits.upper()
    found = Q(client_no__startswith=upper) | Q(pk__in=_of_accounts(upper))
    if len(digits) == 11 and digits.isdigit():
        found |= Q(mobile_index=mobile_blind_index(digits))
    if len(digits) == 4 and digits.isdigit():
        found |= Q(mobile_tail_index=tail_blind_index(digits))
    if len(digits) >= 15:
        found |= _by_id(upper)
    return found


def _by_letters(text: str) -> Q:
    upper, lower = text.upper(), text.lower().replace(" ", "")
    found = Q(client_no__startswith=upper) | Q(pinyin__startswith=lower) | Q(initials__startswith=lower)
    found |= Q(pk__in=_of_accounts(upper)) | Q(name__startswith=text)
    return found | _by_id(upper) if len(upper) >= 6 else found


def _by_id(number: str) -> Q:
    indexes = [id_blind_index(id_type, number) for id_type in Client.IdType.values]
    return Q(id_index__in=indexes)


def _of_accounts(prefix: str) -> list[int]:
    """Ids of clients with such an account; read first, so that the outer query stays on its indexes."""
    found = Account.objects.filter(account_no__startswith=prefix).order_by("account_no")
    return list(found.values_list("client_id", flat=True)[:ACCOUNT_LIMIT])


class _HasPairs(Func):
    """`clients_name_pairs(name) @> ARRAY[…]`, served by the index client_name_pairs."""

    output_field = BooleanField()

    def __init__(self, pairs: list[str]) -> None:
        texts = ArrayField(TextField())
        super().__init__(F("name"), Cast(Value(pairs, texts), texts))

    def as_sql(
        self, compiler: Any, connection: Any, *_args: Any, **_extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        name, pairs = (compiler.compile(part) for part in self.source_expressions)
        return f"clients_name_pairs({name[0]}) @> {pairs[0]}", (*name[1], *pairs[1])
