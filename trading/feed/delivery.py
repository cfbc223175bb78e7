"""What the accepting statements must know of the rows in the staging tables."""

from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core import sql
from trading.feed.faults import Fault
from trading.feed.staging import Staged, add_faults

APP = "trading"


# statements that look up a few keys of a table that may be huge
PROBES = frozenset(
    {"trade_yield_new", "trade_mark_old", "trade_yield_old", "trade_key_take", "trade_present"}
    | {"cashflow_present", "income_present", "custody_present"}
)


@contextmanager
def planned(name: str) -> Iterator[None]:
    """Keeps the planner from nested loops, but for PROBES.

    An emptied table, or a package rolled back, leaves statistics by which the planner takes millions of
    rows for one; hash joins stay fast then, nested loops don't end.
    """
    sql.allow_nested_loops(name in PROBES)
    yield
    sql.allow_nested_loops(True)


@dataclass(frozen=True)
class Delivery:
    """The package whose rows are staged.

    feed_day, version: its trade date and version. known_by: the trade date by which the rows can be known;
    later than feed_day when a later package brings the parent they waited for (F5, F6). replaces: an earlier
    version of the day is in force. is_whole: the stage is the whole day, not single rows.
    """

    package_id: int
    feed_day: date
    version: int
    known_by: date
    is_whole: bool = True
    replaces: bool = False

    @property
    def params(self) -> dict[str, Any]:
        return {
            "feed_day": self.feed_day,
            "version": self.version,
            "known_by": self.known_by,
            "is_whole": self.is_whole,
            "is_all": not self.is_whole,
        }

    def run(self, name: str) -> int:
        """Executes one of the statements; returns the number of rows it wrote."""
        return sql.run(APP, name, self.params)

    def lines(self, name: str, **params: Any) -> "array[int]":
        """The lines a statement names, in order."""
        with planned(name):
            return array("q", (row["line"] for row in sql.rows(APP, name, {**self.params, **params})))


@dataclass
class Accepted:
    """What became of a staged file: rows taken in, and by column the lines that wait for a parent."""

    loaded: int
    waiting: dict[str, "array[int]"] = field(default_factory=dict)

    @property
    def waiting_count(self) -> int:
        return sum(map(len, self.waiting.values()))


def hold_back(delivery: Delivery, staged: Staged, statement: str, fault: Fault) -> None:
    """Makes the lines that a statement names faults of the file and takes them out of its stage."""
    lines = delivery.lines(statement, most=staged.limit)
    add_faults(staged, dict.fromkeys(lines, fault))


def hold_present(delivery: Delivery, staged: Staged, name: str) -> None:
    """Single rows don't take the place of rows with the same key that the day holds already (F19)."""
    if not delivery.is_whole:
        hold_back(delivery, staged, f"{name}_present", Fault("already_there", staged.file.key[0]))


def waiting(delivery: Delivery, staged: Staged, loaded: int, statements: dict[str, str]) -> Accepted:
    """Asks which lines wait, by column, unless every staged row was loaded."""
    accepted = Accepted(loaded)
    if loaded < staged.left:
        for column, statement in statements.items():
            lines = delivery.lines(statement)
            if lines:
                accepted.waiting[column] = lines
    return accepted
