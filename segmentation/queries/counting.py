"""How many clients meet a rule that is being built: exact where that is quick, else from a sample.

An exact count reads until it has counted enough or its time is over. Where it would not end, the share of
drawn client ids is carried over to all of them, 1,000 or, where those are told quickly, 4,000 of them; the
margin is that of 95 % for such a share.
"""

import logging
import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from django.db import DatabaseError, connection, transaction
from django.db.models import Max, Min, QuerySet

from clients.models import Client
from clients.queries.record import name_for
from core import formats
from segmentation.queries.segments import COUNTED_TO, of_rule
from segmentation.rules import Rule

Answer = TypeVar("Answer")
log = logging.getLogger(__name__)
SAMPLES = (1_000, 3_000)  # ids drawn at first, and then where that was quick
QUICK = 0.08  # seconds
SOME = 6
SEED = 7  # the same ids every time: only the rule changes the figure
LIMIT = "400ms"
FIRST_LOOK = 20_000  # ids; fewer are counted at once


@dataclass(frozen=True)
class Found:
    """exact: counted; otherwise estimated, give or take `margin`. None: nothing could be told in time."""

    clients: int | None
    exact: bool = True
    margin: int = 0

    @property
    def text(self) -> str:
        if self.clients is None:
            return formats.DASH
        number = formats.number(self.clients)
        return number if self.exact else f"≈ {number}"


def count(user: Any, rule: Rule) -> Found:
    """Of the clients in sight."""
    return counted(of_rule(user, rule))


def counted(clients: QuerySet[Client]) -> Found:
    return look(clients)[0]


def look(clients: QuerySet[Client]) -> tuple[Found, list[int]]:
    """How many, with the ids of some of them where a sample met them."""
    low, high = _ids()
    drawn = _draw(clients, low, high) if high - low > FIRST_LOOK else None
    if drawn and (drawn.found.clients or 0) > 2 * COUNTED_TO:
        return drawn.found, drawn.hits
    exact = _limited(lambda: clients.order_by()[: COUNTED_TO + 1].count())
    if exact is not None and exact <= COUNTED_TO:
        return Found(exact), drawn.hits if drawn else []
    drawn = drawn or _draw(clients, low, high)
    return (drawn.found, drawn.hits) if drawn else (Found(None), [])


def _ids() -> tuple[int, int]:
    ends = Client.objects.aggregate(low=Min("pk"), high=Max("pk"))
    return ends["low"] or 0, ends["high"] or 0


@dataclass(frozen=True)
class _Drawn:
    found: Found
    hits: list[int]


def _draw(clients: QuerySet[Client], low: int, high: int) -> _Drawn | None:
    """A first sample, and a larger one beside it where the first was quick; None where it takes too long."""
    size = high - low + 1
    ids = random.Random(SEED).sample(range(low, high + 1), min(sum(SAMPLES), size))
    hits: list[int] = []
    asked = 0
    for count in SAMPLES:
        began, part = time.perf_counter(), ids[asked : asked + count]
        met = _limited(partial(_met, clients, part))
        if met is None:
            break
        hits, asked = hits + met, asked + len(part)
        if time.perf_counter() - began > QUICK:
            break
    return _Drawn(_estimate(len(hits), asked, size), hits) if asked else None


def _met(clients: QuerySet[Client], ids: list[int]) -> list[int]:
    return list(clients.order_by().filter(pk__in=ids).values_list("pk", flat=True))


def _estimate(hits: int, asked: int, size: int) -> Found:
    """Of all ids, from the share among those asked about."""
    share = hits / asked
    spread = 1.96 * math.sqrt(share * (1 - share) / asked) + (0 if hits else 3 / asked)
    return Found(_round(share * size), exact=False, margin=_round(spread * size))


def _round(number: float) -> int:
    """To two leading digits: an estimate says no more."""
    if number < 100:
        return round(number)
    step = 10 ** (len(str(int(number))) - 2)
    return int((Decimal(number) / step).to_integral_value() * step)


def _limited(ask: Callable[[], Answer]) -> Answer | None:
    """What the database answers in time; None when it takes too long."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{LIMIT}'")
            found = ask()
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except DatabaseError:
        log.info("a rule took too long to count")
        return None
    return found


@dataclass(frozen=True)
class Shown:
    """One of the clients that meet a rule, as the builder shows it."""

    client_no: str
    name: str
    tier: str
    score: Decimal | None
    assets: Decimal | None


def with_some(user: Any, rule: Rule) -> tuple[Found, list[Shown]]:
    """The count and a few of the clients; those that the sample met, where it met enough."""
    clients = of_rule(user, rule)
    found, hits = look(clients)
    rows = clients.filter(pk__in=hits[:SOME]) if len(hits) >= SOME else clients
    told = rows.order_by().values_list(
        "client_no", "name", "standing__tier", "standing__score", "standing__assets"
    )[:SOME]  # fmt: skip
    shown = _limited(lambda: list(told)) or []
    return found, [Shown(no, name_for(name, user), tier or "", *more) for no, name, tier, *more in shown]
