"""What stands in the timeline of a client's page: items, their places, and what readers narrow it to."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol


@dataclass(frozen=True, order=True)
class Place:
    """Where an item stands in the timeline: by moment, then source, then number there; older is smaller.

    The next page goes on below the place of the last item shown, so that nothing of one moment is lost.
    """

    at: datetime
    source: str = ""
    number: int = 0

    def number_below(self, source: str) -> float:
        """A source's items of the same moment stand below this place when their number is less than this."""
        if source == self.source:
            return self.number
        return math.inf if source < self.source else 0


@dataclass(frozen=True)
class TimelineItem:
    """Something that happened to a client, for the timeline of its page; source and number are its key."""

    at: datetime
    kind: str  # the filter chip it belongs to: interaction, value, record ...
    icon: str
    title: str  # in the reader's language
    text: str = ""
    notes: Sequence[str] = ()  # small badges
    who: str = ""
    source: str = ""
    number: int = 1
    links: Sequence[tuple[str, str]] = ()  # words and address; without an address only the words are shown

    @property
    def place(self) -> Place:
        return Place(self.at, self.source, self.number)


@dataclass(frozen=True)
class TimelineFilter:
    """What the reader asked the timeline for; empty fields ask for everything.

    Sources read no more than they give, so each narrows its own rows: `since` (the first day, in Shanghai) by
    all of them, `channel` and `who` (a username) by those that know such a thing. The last day is the place.
    """

    kinds: frozenset[str] = frozenset()
    channel: str = ""
    who: str = ""
    since: date | None = None

    def wants(self, kind: str, *, personal: bool = False) -> bool:
        """Whether items of this kind may be among the answers; personal ones have a channel and a person."""
        if not personal and (self.channel or self.who):
            return False
        return not self.kinds or kind in self.kinds


EVERYTHING = TimelineFilter()


class TimelineSource(Protocol):
    """Gives at most `limit` wanted items below a place, newest first, of a client the reader may see."""

    def __call__(
        self, client_id: int, reader: Any, below: Place, limit: int, wanted: TimelineFilter = EVERYTHING, /
    ) -> list[TimelineItem]: ...


@dataclass(frozen=True)
class TimelineChoices:
    """What the timeline of some clients can be narrowed to, as (value, words in the reader's language)."""

    kinds: Sequence[tuple[str, str]] = ()
    channels: Sequence[tuple[str, str]] = ()
    people: Sequence[tuple[str, str]] = ()


class TimelineOffer(Protocol):
    """Gives what a module's items can be narrowed to, for clients the reader may see."""

    def __call__(self, client_ids: Sequence[int], reader: Any, /) -> TimelineChoices: ...
