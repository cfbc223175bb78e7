"""Where a number of the segment pages leads: the client list, narrowed to the cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from segmentation.queries.cells import NONE


@dataclass(frozen=True)
class Links:
    """unit: as chosen above the page; night: the last one, whose cells follow the nights to come.

    is_open: whether the reader may see clients at all; otherwise nothing leads anywhere.
    """

    unit: str
    night: date | None
    is_open: bool

    def to(self, on: date | None = None, **cell: Any) -> str:
        """The clients of a cell of a date, the empty text where they may not be seen."""
        if not self.is_open:
            return ""
        told = {name: value for name, value in cell.items() if value is not None}
        if on is not None and (on != self.night or not told):
            told = {"on": on.isoformat(), **told}
        if self.unit:
            told["unit"] = self.unit
        return f"{reverse('clients:list')}?{urlencode(told)}"

    def moves(
        self, start: date, end: date, moves: Mapping[tuple[str, str], int]
    ) -> dict[tuple[str, str], str]:
        """Of a migration: by tier before and after."""
        return {
            (before, after): self.to(
                end, since=start.isoformat(), tier_since=before or NONE, tier_on=after or NONE
            )
            for before, after in moves
        }

    def moved(self, start: date, end: date, how: str) -> str:
        return self.to(end, since=start.isoformat(), moved=how)


NOWHERE = Links("", None, is_open=False)
