"""How many clients meet a rule that is being built: exact where that is quick, else from a sample.

An exact count reads until it has counted enough or its time is over. Where it would not end, the share of
drawn client ids is carried over to all of them, 300 and, as long as those are told quickly, up to 4,000 of
them; the margin is that of 95 % for such a share. Whoever shows an estimate asks once more, thoroughly.
"""

import math
import random
import time
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import QuerySet

from clients.models import Client
from clients.queries.record import name_for
from core import formats
from core.limits import in_time
from segmentation.queries.segments import COUNTED_TO, all_ids, of_rule
from segmentation.rules import Rule

SAMPLES = (300, 700, 3_000)  # ids drawn at first, and then as long as that stays quick
LIMIT, BUDGET, SHOWN = 120, 100, 60  # milliseconds: of a statement, of a further sample, of the clients shown
THOROUGH = 1_500  # milliseconds, for who has an estimate already or wants no other
SLOW = 0.08  # milliseconds a client, with which not all of them can be counted in time
SOME = 6
SEED = 7  # the same ids every time: only the rule changes the figure
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
    """Of the clients in sight, as exactly as can be told in a second or two."""
    return look(of_rule(user, rule), thorough=True)[0]


def look(clients: QuerySet[Client], *, thorough: bool = False) -> tuple[Found, list[int]]:
    """How many, with the ids of some of them where a sample met them; at once, unless thorough."""
    low, high = all_ids()
    drawn = _draw(clients, low, high) if high - low > FIRST_LOOK else None
    is_slow = drawn is not None and drawn.is_slow and not thorough
    if drawn and (is_slow or (drawn.found.clients or 0) > 2 * COUNTED_TO):
        return drawn.found, drawn.hits
    limit = THOROUGH if thorough else LIMIT
    exact = in_time(lambda: clients.order_by()[: COUNTED_TO + 1].count(), limit)
    if exact is not None and exact <= COUNTED_TO:
        return Found(exact), drawn.hits if drawn else []
    drawn = drawn or _draw(clients, low, high)
    return (drawn.found, drawn.hits) if drawn else (Found(None), [])


@dataclass(frozen=True)
class _Drawn:
    """is_slow: the clients drawn took so long that all of them could not be counted in time."""

    found: Found
    hits: list[int]
    is_slow: bool


def _draw(clients: QuerySet[Client], low: int, high: int) -> _Drawn | None:
    """A first sample, and a larger one beside it where the first was quick; None where it takes too long."""
    size = high - low + 1
    ids = random.Random(SEED).sample(range(low, high + 1), min(sum(SAMPLES), size))
    hits: list[int] = []
    asked, spent = 0, 0.0
    for count in SAMPLES:
        if asked and spent * count / asked > BUDGET:
            break
        began, part = time.perf_counter(), ids[asked : asked + count]
        met = in_time(partial(_met, clients, part), LIMIT)
        if met is None:
            break
        hits, asked = hits + met, asked + len(part)
        spent += (time.perf_counter() - began) * 1000
    return _Drawn(_estimate(len(hits), asked, size), hits, spent > SLOW * asked) if asked else None


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


@dataclass(frozen=True)
class Shown:
    """One of the clients that meet a rule, as the builder shows it."""

    client_no: str
    name: str
    tier: str
    score: Decimal | None
    assets: Decimal | None


def with_some(user: Any, rule: Rule, *, thorough: bool = False) -> tuple[Found, list[Shown]]:
    """The count and a few of the clients; those that the sample met, where it met enough."""
    clients = of_rule(user, rule)
    found, hits = look(clients, thorough=thorough)
    rows = clients.filter(pk__in=hits[:SOME]) if len(hits) >= SOME else clients
    told = rows.order_by().values_list(
        "client_no", "name", "standing__tier", "standing__score", "standing__assets"
    )[:SOME]  # fmt: skip
    shown = in_time(lambda: list(told), SHOWN) or []
    return found, [Shown(no, name_for(name, user), tier or "", *more) for no, name, tier, *more in shown]
