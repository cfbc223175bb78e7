"""How each client passes through a unit in a period, and the counts that come of it (K1-K5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from . import dates
from .config import NEW, TIERS, Scheme
from .lifecycle import EFFECTIVE, EXCLUDED, OPENING, REACTIVATED, Life

NUMBERS = ("B", "N", "R", "L", "L_in", "X", "T_in", "T_out", "E", "S", "S_top", "S_new", "U", "D", "flash")

UnitOn = Callable[[date], str | None]
Members = dict[str, dict[str, list[str]]]


def members(
    lives: Mapping[str, Life],
    unit_of: Callable[[Life], UnitOn],
    start: date,
    end: date,
    opening: Mapping[str, str],
    closing: Mapping[str, str],
    scheme: Scheme,
) -> Members:
    """unit -> number -> sorted client numbers, for one type of unit and the dates [start, end].

    unit_of gives each client's unit of that type by date (None: belongs to none).  opening and closing
    are the tiers at the close before start and at end, under one model version.
    """
    found: Members = defaultdict(lambda: {number: [] for number in NUMBERS})
    for client_no, life in sorted(lives.items()):
        for number, unit in _passage(life, unit_of(life), start, end, opening, closing, scheme):
            if unit is not None:
                found[unit][number].append(client_no)
    return dict(found)


def _passage(
    life: Life,
    unit_on: UnitOn,
    start: date,
    end: date,
    opening: Mapping[str, str],
    closing: Mapping[str, str],
    scheme: Scheme,
) -> list[tuple[str, str | None]]:
    """The (number, unit) pairs one client counts in (K1)."""
    before = start - dates.ONE_DAY
    was_held, is_held = life.held_on(before), life.held_on(end)
    entries = [
        event
        for event in life.events
        if start <= event.date <= end and event.event in (EFFECTIVE, REACTIVATED) and event.reason != OPENING
    ]
    if not was_held:
        if not entries:
            return []
        entered = unit_on(entries[0].date)
        if not is_held:
            return [("flash", entered)]
        returned = entries[0].event == REACTIVATED or life.returning
        return [("R" if returned else "N", entered), *_moved(entered, unit_on(end)), ("E", unit_on(end))]
    if is_held:
        return _stay(life, unit_on(before), unit_on(end), opening, closing)
    return _loss(life, unit_on, before, end, scheme)


def _moved(origin: str | None, target: str | None) -> list[tuple[str, str | None]]:
    return [] if origin == target else [("T_out", origin), ("T_in", target)]


def _stay(
    life: Life, origin: str | None, target: str | None, opening: Mapping[str, str], closing: Mapping[str, str]
) -> list[tuple[str, str | None]]:
    """A client held at both ends: a stayer of the unit if that is the same one (K2)."""
    counted = [("B", origin), *_moved(origin, target), ("E", target)]
    if origin != target:
        return counted
    counted.append(("S", origin))
    old, new = opening.get(life.client.client_no), closing.get(life.client.client_no)
    if old is None or old == NEW:
        return [*counted, ("S_new", origin)]
    if old == TIERS[-1]:
        counted.append(("S_top", origin))
    if new in TIERS and new != old:
        counted.append(("U" if TIERS.index(new) > TIERS.index(old) else "D", origin))
    return counted


def _loss(
    life: Life, unit_on: UnitOn, before: date, end: date, scheme: Scheme
) -> list[tuple[str, str | None]]:
    """A client held at the opening and no longer at the end: excluded, or lost at the sending unit (K3)."""
    last = [event for event in life.events if event.date <= end][-1]
    if last.event == EXCLUDED:
        return [("B", unit_on(before)), ("X", unit_on(before))]
    settled = last.date - timedelta(days=scheme.undo_days + 1)
    origin, target = unit_on(min(before, settled)), unit_on(settled)
    lost = ("L", target) if origin == target else ("L_in", target)
    return [("B", origin), *_moved(origin, target), lost]


def identity_holds(counts: Mapping[str, int]) -> bool:
    """E = B + N + R - L - L_in - X + T_in - T_out."""
    gained = counts["B"] + counts["N"] + counts["R"] + counts["T_in"]
    return counts["E"] == gained - counts["L"] - counts["L_in"] - counts["X"] - counts["T_out"]
