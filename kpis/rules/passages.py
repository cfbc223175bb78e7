"""What a client that went one way through a period counts as, and at which of its two ends (K1-K4).

A passage has an opening unit (where the client was held before the period, or entered in it) and a closing
unit (where it is held at the end, or was lost); transfers that K3 or an exclusion undo are undone already.
This table is the one place that says which passages stand behind a number: counts and drill-downs use it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kpis.rules.profits import TIERS

COUNTS = ("B", "N", "R", "L", "L_in", "X", "T_in", "T_out", "E", "S", "S_top", "S_new", "U", "D", "flash")

# kinds of passage
STAYED, NEW, RETURNED, LOST, EXCLUDED, FLASHED = "stayed", "new", "returned", "lost", "excluded", "flashed"
# how a stayer's tier moved; without a tier, or NEW, at the opening: unranked
UNRANKED, TOP, TOP_FELL, ROSE, FELL, SAME = "unranked", "top", "top_fell", "rose", "fell", "same"

OPENING, CLOSING = "opening", "closing"


@dataclass(frozen=True)
class Passage:
    """A kind of passage with the units (of one type) of its ends; None: belongs to no unit of the type."""

    kind: str
    opening: str | None
    closing: str | None
    movement: str = ""

    @property
    def moved(self) -> bool:
        return self.opening != self.closing


@dataclass(frozen=True)
class Meaning:
    """Passages of these kinds count in a number, at the unit of one end.

    moved: None whether or not the units of the ends differ; movements: empty for any.
    """

    number: str
    end: str
    kinds: frozenset[str]
    moved: bool | None = None
    movements: frozenset[str] = frozenset()

    def holds(self, passage: Passage) -> bool:
        return (
            passage.kind in self.kinds
            and self.moved in (None, passage.moved)
            and (not self.movements or passage.movement in self.movements)
        )

    def unit(self, passage: Passage) -> str | None:
        return passage.opening if self.end == OPENING else passage.closing


def _stay(number: str, *movements: str) -> Meaning:
    """Stayers: in B and held by the same unit at the end (K2)."""
    return Meaning(number, OPENING, frozenset({STAYED}), False, frozenset(movements))


_HELD_AT_END = frozenset({STAYED, NEW, RETURNED})
_IN_TRANSIT = frozenset({STAYED, NEW, RETURNED, LOST})

MEANINGS: Mapping[str, Meaning] = {
    meaning.number: meaning
    for meaning in (
        Meaning("B", OPENING, frozenset({STAYED, LOST, EXCLUDED})),
        Meaning("N", OPENING, frozenset({NEW})),
        Meaning("R", OPENING, frozenset({RETURNED})),
        Meaning("L", CLOSING, frozenset({LOST}), False),
        Meaning("L_in", CLOSING, frozenset({LOST}), True),
        Meaning("X", OPENING, frozenset({EXCLUDED})),
        Meaning("T_in", CLOSING, _IN_TRANSIT, True),
        Meaning("T_out", OPENING, _IN_TRANSIT, True),
        Meaning("E", CLOSING, _HELD_AT_END),
        _stay("S"),
        _stay("S_top", TOP, TOP_FELL),
        _stay("S_new", UNRANKED),
        _stay("U", ROSE),
        _stay("D", FELL, TOP_FELL),
        Meaning("flash", OPENING, frozenset({FLASHED})),
    )
}


def movement(opening: str, closing: str) -> str:
    """How a stayer's tier moved between both ends ('' or NEW: none of the ladder); TIERS[0] is the top."""
    ladder = TIERS[:-1]
    if opening not in ladder:
        return UNRANKED
    if opening == ladder[0]:
        return TOP_FELL if closing in ladder[1:] else TOP
    if closing not in ladder or closing == opening:
        return SAME
    return ROSE if ladder.index(closing) < ladder.index(opening) else FELL


def numbers_of(passage: Passage) -> list[tuple[str, str]]:
    """(number, unit) of each count a passage stands in."""
    found = []
    for meaning in MEANINGS.values():
        unit = meaning.unit(passage)
        if unit is not None and meaning.holds(passage):
            found.append((meaning.number, unit))
    return found


def counted(passages: Iterable[tuple[Passage, int]]) -> dict[str, dict[str, int]]:
    """unit -> number -> clients, from passages with how many clients went that way."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNTS, 0))
    for passage, clients in passages:
        for number, unit in numbers_of(passage):
            found[unit][number] += clients
    return dict(found)


def identity_holds(counts: Mapping[str, int]) -> bool:
    """E = B + N + R - L - L_in - X + T_in - T_out, and the stayers and their parts fit into each other."""
    came = counts["B"] + counts["N"] + counts["R"] + counts["T_in"]
    went = counts["L"] + counts["L_in"] + counts["X"] + counts["T_out"]
    parts = counts["S_top"] + counts["S_new"] + counts["U"]
    return counts["E"] == came - went and parts <= counts["S"] <= min(counts["B"], counts["E"])
