"""Peers: units of a kind in four classes of size, so that a small one is not measured by large ones only."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kpis.models import Scorecard
from kpis.rules import Period

CLASSES = (1, 2, 3, 4)
"""Quarters of the units by their clients at the start (B), the smallest first."""


@dataclass(frozen=True)
class Peer:
    """A unit's class of size and its place by total within it; equal totals share a place."""

    size: int
    place: int | None
    of: int


def peers(period: Period, unit_type: str) -> dict[str, Peer]:
    """Unit code -> its class and place among all current cards of the type.

    For places only: it counts units out of the reader's sight too. Equal sizes are ordered by code.
    """
    rows = Scorecard.objects.filter(period=period.name, unit_type=unit_type, current=True)
    known = {code: (held, total) for code, held, total in rows.values_list("unit_code", "counts__B", "total")}
    ordered = sorted(known, key=lambda code: (known[code][0], code))
    sizes = {code: len(CLASSES) * rank // len(ordered) + 1 for rank, code in enumerate(ordered)}
    return {code: _peer(code, sizes, known) for code in ordered}


def _peer(code: str, sizes: Mapping[str, int], known: Mapping[str, tuple[int, Decimal | None]]) -> Peer:
    own = known[code][1]
    totals = [
        total for other, (_held, total) in known.items() if sizes[other] == sizes[code] and total is not None
    ]
    place = None if own is None else 1 + sum(total > own for total in totals)
    return Peer(sizes[code], place, len(totals))
