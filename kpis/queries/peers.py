"""Peers: units of a kind in four classes of size, so that a small one is not measured by large ones only."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from kpis.models import Scorecard
from kpis.rules import Period

Known = tuple[int, Decimal | None]  # clients at the start, total
CLASSES = (1, 2, 3, 4)
"""Quarters of the units by their clients at the start (B), the smallest first."""


@dataclass(frozen=True)
class Peer:
    """A unit's class of size and its place by total within it; equal totals share a place."""

    size: int
    place: int | None
    of: int


@dataclass(frozen=True)
class Places:
    """Where the units of a type stand in a period: place by total among all and among their size."""

    now: Mapping[str, int]
    before: Mapping[str, int]  # of the period before
    peers: Mapping[str, Peer]


def places(period: Period, unit_types: Collection[str]) -> dict[str, Places]:
    """The places of all units of some types, from one read.

    For places only: it counts units out of the reader's sight too. Equal totals share a place, equal sizes
    are ordered by code.
    """
    names = (period.name, period.shifted(-1).name)
    rows = Scorecard.objects.filter(period__in=names, unit_type__in=unit_types, current=True)
    known: dict[tuple[str, str], dict[str, Known]] = defaultdict(dict)
    for name, kind, code, held, total in rows.values_list(
        "period", "unit_type", "unit_code", "counts__B", "total"
    ):
        known[kind, name][code] = (held, total)
    return {
        kind: Places(
            _ranked(known[kind, names[0]]), _ranked(known[kind, names[1]]), _peers(known[kind, names[0]])
        )
        for kind in unit_types
    }


def _ranked(known: Mapping[str, Known]) -> dict[str, int]:
    """Code -> place; none for units without a total."""
    totals = sorted((total for _held, total in known.values() if total is not None), reverse=True)
    first = {total: place for place, total in reversed(list(enumerate(totals, 1)))}
    return {code: first[total] for code, (_held, total) in known.items() if total is not None}


def _peers(known: Mapping[str, Known]) -> dict[str, Peer]:
    """Code -> its class of size, and its place within it."""
    ordered = sorted(known, key=lambda code: (known[code][0], code))
    sizes = {code: len(CLASSES) * rank // len(ordered) + 1 for rank, code in enumerate(ordered)}
    found: dict[str, Peer] = {}
    for size in CLASSES:
        alike = {code: known[code] for code in ordered if sizes[code] == size}
        ranked = _ranked(alike)
        found |= {code: Peer(size, ranked.get(code), len(ranked)) for code in alike}
    return found
