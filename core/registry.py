"""The module registry: what each app adds to the menu, the client page, the feeds, the API and the rights.

An app's `module.py` holds one `MODULE = Module(...)`; adding a service module changes no other app.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol

from django.apps import apps

if TYPE_CHECKING:
    from core.bulk.deeds import BulkDeed
    from core.lists.sources import ListSource


@dataclass(frozen=True)
class MenuEntry:
    """A line of the left rail. `right` hides it from people who lack it."""

    section: str  # work, analysis, system
    title: str  # msgid
    url_name: str
    icon: str
    right: str
    position: int = 100


@dataclass(frozen=True)
class ClientPanel:
    """A piece of the client page, served by the app itself at url_name with client_no."""

    slot: str  # left, tabs, right, header
    key: str
    title: str  # msgid
    url_name: str
    right: str
    position: int = 100


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

    @property
    def place(self) -> Place:
        return Place(self.at, self.source, self.number)


class TimelineSource(Protocol):
    """Gives at most `limit` items below a place, newest first, of a client the reader may see."""

    def __call__(self, client_id: int, reader: Any, below: Place, limit: int, /) -> list[TimelineItem]: ...


@dataclass(frozen=True)
class Worklist:
    """A list with its filters set, offered on the start page to those who hold the right."""

    title: str  # msgid
    url_name: str
    query: str  # such as "flag=at_risk&sort=-score"
    icon: str
    right: str
    position: int = 100


@dataclass(frozen=True)
class Module:
    name: str
    menu: Sequence[MenuEntry] = ()
    client_panels: Sequence[ClientPanel] = ()
    timeline: Sequence[TimelineSource] = ()
    worklists: Sequence[Worklist] = ()
    api_scopes: dict[str, str] = field(default_factory=dict)  # scope -> msgid of what it allows
    event_types: Sequence[str] = ()  # deeds of the audit trail that other systems are told of
    feed_files: Sequence[str] = ()
    shared_jobs: dict[str, str] = field(default_factory=dict)  # kind -> msgid of what everybody is told
    lists: Sequence["ListSource"] = ()
    bulk_deeds: dict[str, Sequence["BulkDeed"]] = field(default_factory=dict)  # list name -> deeds


@cache
def modules() -> tuple[Module, ...]:
    """Every installed app's MODULE, in the order of INSTALLED_APPS."""
    found = []
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.module") is not None:
            found.append(import_module(f"{config.name}.module").MODULE)
    return tuple(found)


def menu_entries() -> list[MenuEntry]:
    return sorted((entry for module in modules() for entry in module.menu), key=lambda entry: entry.position)


def client_panels() -> list[ClientPanel]:
    panels = (panel for module in modules() for panel in module.client_panels)
    return sorted(panels, key=lambda panel: panel.position)


def timeline_sources() -> list[TimelineSource]:
    return [source for module in modules() for source in module.timeline]


def worklists() -> list[Worklist]:
    lists = (worklist for module in modules() for worklist in module.worklists)
    return sorted(lists, key=lambda worklist: worklist.position)


@cache
def event_types() -> frozenset[str]:
    """Deeds that other systems are told of."""
    return frozenset(name for module in modules() for name in module.event_types)


@cache
def shared_jobs() -> dict[str, str]:
    """Kinds of jobs that concern everybody, with what is said of them while they run."""
    return {kind: text for module in modules() for kind, text in module.shared_jobs.items()}


def api_scopes() -> dict[str, str]:
    return {scope: text for module in modules() for scope, text in module.api_scopes.items()}


@cache
def list_sources() -> "dict[str, ListSource]":
    """Lists that can be made from their name alone."""
    return {source.name: source for module in modules() for source in module.lists}


@cache
def bulk_deeds(list_name: str) -> "tuple[BulkDeed, ...]":
    """What can be done to many rows of this list at once, lower apps first."""
    return tuple(deed for module in reversed(modules()) for deed in module.bulk_deeds.get(list_name, ()))
