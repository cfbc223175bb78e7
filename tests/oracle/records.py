"""Who was on record where, and when a client was open (F3, F4, K5)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from . import identifiers
from .feeds import Truth
from .packages import Row


class Units:
    """The units as told: mergers, regions and openness as of the run's date."""

    def __init__(self, truth: Truth) -> None:
        self.as_of = truth.as_of
        self.newest = {code: rows[-1].values for code, rows in truth.units.items()}

    def successor_on(self, code: str, day: date) -> str:
        """The branch that has this branch's clients on record on a day; follows chains of mergers (K5)."""
        seen = {code}
        while True:
            unit = self.newest[code]
            merged = unit["successor_code"] and unit["closed_on"] and unit["closed_on"] <= day
            if not merged or unit["successor_code"] in seen:
                return code
            code = unit["successor_code"]
            seen.add(code)

    def canonical(self, code: str) -> str:
        """The branch whose card takes this branch's clients, for all periods, as of the run's date (K5)."""
        return self.successor_on(code, self.as_of)

    def region_of(self, code: str) -> str | None:
        """The region of a branch by the newest parent_code (K12); None when its parent is no region."""
        parent = self.newest[self.canonical(code)]["parent_code"]
        return parent if parent and self.newest[parent]["kind"] == "region" else None

    def of_kind(self, kind: str) -> list[str]:
        """Codes of all units of a kind, sorted."""
        return sorted(code for code, unit in self.newest.items() if unit["kind"] == kind)

    def is_open(self, code: str, day: date) -> bool:
        """Whether a unit is open at the close of a day: from opened_on to before closed_on."""
        unit = self.newest[code]
        return unit["opened_on"] <= day and (unit["closed_on"] is None or day < unit["closed_on"])


@dataclass(frozen=True)
class Handover:
    """The firm's own word: the client is with this branch and manager from a day on."""

    client_no: str
    from_date: date
    branch: str
    manager: str = ""


class Client:
    """One client as told up to the run's date; handed: its hand-overs up to then, in any order."""

    def __init__(
        self, client_no: str, rows: list[Row], units: Units, handed: Iterable[Handover] = ()
    ) -> None:
        self.client_no = client_no
        self.rows = rows
        self.units = units
        newest = rows[-1].values
        self.kind: str = newest["kind"]
        self.opened_on: date = newest["opened_on"]
        self.closed_on: date | None = newest["closed_on"]
        self.callback_passed_on: date | None = newest["callback_passed_on"]
        self.same_id = (newest["id_type"], identifiers.normal(newest["id_number"]))
        deceased = [row.day for row in rows if row.values["status"] == "deceased"]
        self.deceased_on: date | None = min(deceased, default=None)
        self._told = [row.day for row in rows]
        self._owners = _owners(rows, handed)
        self._places: dict[date, tuple[str, str]] = {}

    def told_by(self, day: date) -> dict:
        """The row in force on a day; the first row also holds for the time before it (F4)."""
        return self.rows[max(0, bisect_right(self._told, day) - 1)].values

    def status_on(self, day: date) -> str:
        """The status in force at the close of a day."""
        return self.told_by(day)["status"]

    def is_deceased_on(self, day: date) -> bool:
        """Whether a row with status deceased was told by then; later rows don't undo it (L9)."""
        if self.rows[0].values["status"] == "deceased":
            return True
        return self.deceased_on is not None and self.deceased_on <= day

    def is_open_on(self, day: date) -> bool:
        """Open from opened_on inclusive to closed_on exclusive (F3)."""
        return self.opened_on <= day and (self.closed_on is None or day < self.closed_on)

    def place_on(self, day: date) -> tuple[str, str]:
        """(branch, manager_no) of record at the close of a day, mergers applied; '' without a manager."""
        if day not in self._places:
            branch, manager = [owner for since, owner in self._owners if since <= day][-1]
            self._places[day] = (self.units.successor_on(branch, day), manager)
        return self._places[day]


Owner = tuple[str, str]


def _owners(rows: list[Row], handed: Iterable[Handover]) -> list[tuple[date, Owner]]:
    """Who has the client from when on: each row that tells another owner than the row before it, and each
    hand-over; of one date the hand-over wins."""
    told = [(row.day, (row.values["branch_code"], row.values["manager_no"] or "")) for row in rows]
    changes = [(date.min, 0, told[0][1])]
    changes += [
        (day, 0, owner) for (day, owner), (_, old) in zip(told[1:], told, strict=False) if owner != old
    ]
    changes += [(word.from_date, 1, (word.branch, word.manager)) for word in handed]
    return [(day, owner) for day, _rank, owner in sorted(changes)]
