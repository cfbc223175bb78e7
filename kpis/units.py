"""The units as told by a day: mergers, regions, what is open; the same for all periods (K4, K5, K12)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from staff.models import Unit, UnitRecord


@dataclass(frozen=True)
class Told:
    """A unit as its newest record by the as-of date says."""

    id: int
    code: str
    name: str
    kind: str
    parent_id: int | None
    opened_on: date
    closed_on: date | None
    successor_id: int | None

    def is_open(self, day: date) -> bool:
        """Open from opened_on inclusive to closed_on exclusive."""
        return self.opened_on <= day and (self.closed_on is None or day < self.closed_on)


@dataclass(frozen=True)
class UnitMap:
    """All units told by the as-of date, by id."""

    as_of: date
    units: Mapping[int, Told]

    def canonical(self, unit_id: int) -> Told:
        """The branch whose cards take this branch's clients in all periods, over chains of mergers (K5)."""
        unit, seen = self.units[unit_id], {unit_id}
        while (successor := self._successor(unit)) is not None and successor.id not in seen:
            unit = successor
            seen.add(unit.id)
        return unit

    def successor_code(self, code: str) -> str:
        """The code of the branch that this one went into by the as-of date; its own if it did not."""
        unit = self.by_code(code)
        return code if unit is None else self.canonical(unit.id).code

    def _successor(self, unit: Told) -> Told | None:
        merged = unit.closed_on is not None and unit.closed_on <= self.as_of
        return self.units.get(unit.successor_id or 0) if merged else None

    def region(self, unit_id: int) -> Told | None:
        """The region above a branch by the parents in force on the as-of date; None when there is none."""
        above = self.units.get(self.canonical(unit_id).parent_id or 0)
        seen: set[int] = set()
        while above is not None and above.kind != Unit.Kind.REGION and above.id not in seen:
            seen.add(above.id)
            above = self.units.get(above.parent_id or 0)
        return above if above is not None and above.kind == Unit.Kind.REGION else None

    @cached_property
    def branches(self) -> list[Told]:
        return [unit for unit in self.units.values() if unit.kind == Unit.Kind.BRANCH]

    @cached_property
    def merged_codes(self) -> list[str]:
        """Branches that went into another one by the as-of date."""
        return [unit.code for unit in self.branches if self.canonical(unit.id) is not unit]

    @cached_property
    def params(self) -> dict[str, list[int] | list[str]]:
        """branch_ids, branch_codes, region_codes: where each branch of record counts ('' for no region)."""
        regions = {unit.id: self.region(unit.id) for unit in self.branches}
        return {
            "branch_ids": [unit.id for unit in self.branches],
            "branch_codes": [self.canonical(unit.id).code for unit in self.branches],
            "region_codes": [region.code if (region := regions[unit.id]) else "" for unit in self.branches],
        }

    def branches_of(self, kind: str, code: str) -> list[int]:
        """Ids of the branches of record that count in a branch (merged ones too) or in a region."""
        above = self.canonical if kind == Unit.Kind.BRANCH else self.region
        return [unit.id for unit in self.branches if (found := above(unit.id)) and found.code == code]

    def with_cards(self, kind: str, day: date) -> list[Told]:
        """The branches or regions that have a card of a period that reaches to this day (K5, K12)."""
        own = (unit for unit in self.units.values() if unit.kind == kind and unit.is_open(day))
        return sorted(
            (unit for unit in own if unit.code not in self.merged_codes), key=lambda unit: unit.code
        )

    def by_code(self, code: str) -> Told | None:
        return self._by_code.get(code)

    @cached_property
    def _by_code(self) -> dict[str, Told]:
        return {unit.code: unit for unit in self.units.values()}


def units_told_by(as_of: date) -> UnitMap:
    """The newest record of each unit by the day; a unit no feed ever told of stands as it was entered."""
    told = UnitRecord.objects.filter(told_on__lte=as_of).order_by("unit_id", "-told_on").distinct("unit_id")
    found = {
        record.unit_id: _told(record.unit_id, record.unit.code, record)
        for record in told.select_related("unit")
    }
    for unit in Unit.objects.exclude(pk__in=UnitRecord.objects.values("unit_id")):
        found[unit.pk] = _told(unit.pk, unit.code, unit)
    return UnitMap(as_of, found)


def _told(unit_id: int, code: str, source: Unit | UnitRecord) -> Told:
    return Told(
        unit_id, code, source.name, source.kind, source.parent_id, source.opened_on, source.closed_on,
        source.successor_id,
    )  # fmt: skip
