"""Who was on record where, and when a client was open (F3, F4, K5)."""

from __future__ import annotations

from bisect import bisect_right
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


class Client:
    """One client as told up to the run's date."""

    def __init__(self, client_no: str, rows: list[Row], units: Units) -> None:
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
            told = self.told_by(day)
            branch = self.units.successor_on(told["branch_code"], day)
            self._places[day] = (branch, told["manager_no"] or "")
        return self._places[day]
