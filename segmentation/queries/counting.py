"""How many clients meet a rule that is being built: exact where that is quick, else from a sample.

An exact count reads until it has counted enough or its time is over. Where it would not end, the share of a
drawn sample of client ids is carried over to all of them; the margin is that of 95 % for such a share.
"""

import logging
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
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
SAMPLE = 4_000
SOME = 6
SEED = 7  # the same ids every time: only the rule changes the figure
LIMIT = "600ms"
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
    """Large ones are told from a sample first, for no exact count would end in time."""
    low, high = _ids()
    estimate = _estimate(clients, low, high) if high - low > FIRST_LOOK else None
    if estimate is not None and (estimate.clients or 0) > 2 * COUNTED_TO:
        return estimate
    exact = _limited(lambda: clients.order_by()[: COUNTED_TO + 1].count())
    if exact is not None and exact <= COUNTED_TO:
        return Found(exact)
    if exact is not None and estimate is None:
        estimate = _estimate(clients, low, high)
    return estimate or Found(None)


def _ids() -> tuple[int, int]:
    ends = Client.objects.aggregate(low=Min("pk"), high=Max("pk"))
    return ends["low"] or 0, ends["high"] or 0


def _estimate(clients: QuerySet[Client], low: int, high: int) -> Found | None:
    size = high - low + 1
    drawn = random.Random(SEED).sample(range(low, high + 1), min(SAMPLE, size))
    hits = _limited(lambda: clients.order_by().filter(pk__in=drawn).count())
    if hits is None:
        return None
    share = hits / len(drawn)
    spread = 1.96 * math.sqrt(share * (1 - share) / len(drawn)) + (0 if hits else 3 / len(drawn))
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
        log.info("a rule took too long to count", exc_info=True)
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


def some(user: Any, rule: Rule) -> list[Shown]:
    """A few of the clients that meet the rule; none where they are not found in time."""
    rows = of_rule(user, rule).order_by().values_list(
        "client_no", "name", "standing__tier", "standing__score", "standing__assets"
    )[:SOME]  # fmt: skip
    found = _limited(lambda: list(rows)) or []
    return [Shown(no, name_for(name, user), tier or "", *more) for no, name, tier, *more in found]
