"""What quality inspection may draw from: modules offer it in core.registry.Module.samples."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Sample:
    """Something that may be drawn for quality inspection; unit: of the agent, when it happened."""

    number: int
    agent_id: int
    unit_id: int
    channel: str
    category: str
    at: datetime


@dataclass(frozen=True)
class SampleWanted:
    """What a draw is made among: days in Shanghai (both inside), as the log stood at `known_at`.

    unit_ids: whose people; agent_id, channel and categories (codes) narrow, empty for all.
    """

    first: date
    last: date
    known_at: datetime
    unit_ids: frozenset[int]
    agent_id: int | None = None
    channel: str = ""
    categories: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SampleSource:
    """Gives what may be inspected; url_name with a sample's number shows it beside the scoring form."""

    kind: str
    candidates: Callable[[SampleWanted], Sequence[Sample]]
    url_name: str
