"""The module registry: what each app adds to the menu, the client page, the feeds, the API and the rights.

An app's `module.py` holds one `MODULE = Module(...)`; adding a service module changes no other app.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from django.apps import apps

from core.samples import SampleSource
from core.timeline import EVERYTHING as EVERYTHING
from core.timeline import Place as Place
from core.timeline import TimelineChoices as TimelineChoices
from core.timeline import TimelineFilter as TimelineFilter
from core.timeline import TimelineItem as TimelineItem
from core.timeline import TimelineOffer, TimelineSource

if TYPE_CHECKING:
    import django_filters

    from core.bulk.deeds import BulkDeed
    from core.lists.sources import ListSource
    from core.mails import MailWriter
    from core.page_panels import PagePanel


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


@dataclass(frozen=True)
class ConversationPanel:
    """A piece of a conversation's page, served by the app itself at url_name with the conversation's id.

    place: "page" stands in the side column of every conversation the reader may see; "wrap_up" stands below
    the wrap-up form while the reader has the conversation in hand.
    """

    key: str
    title: str  # msgid
    url_name: str
    right: str
    position: int = 100
    place: str = "page"


@dataclass(frozen=True)
class HomePanel:
    """A piece of the start page, served by the app itself; it stands in an element `home-panel-<key>`."""

    key: str
    url_name: str
    right: str
    position: int = 100


@dataclass(frozen=True)
class Worklist:
    """A list with its filters set, offered on the start page to those who hold the right."""

    title: str  # msgid
    url_name: str
    query: str  # such as "flag=at_risk&sort=-score"
    icon: str
    right: str
    position: int = 100
    count: Callable[[Any], tuple[int, bool]] | None = None  # of the reader: how many, and whether more


@dataclass(frozen=True)
class Found:
    """A line of the search box: where it leads, its words, and what tells it from others of the same name."""

    url: str
    icon: str
    name: str
    hint: str = ""
    tier: str = ""


@dataclass(frozen=True)
class PaletteSource:
    """What the search box finds of a kind. `find(reader, typed)` keeps to the reader's scope.

    An empty text asks for what the reader opened last.
    """

    title: str  # msgid
    right: str
    find: Callable[[Any, str], list[Found]]


@dataclass(frozen=True)
class Command:
    """Something to do that the search box offers beside the pages."""

    title: str  # msgid
    url_name: str
    icon: str
    right: str


@dataclass(frozen=True)
class Choice:
    """A value that lower apps may name in their rules without knowing its table.

    words: in the reader's language; above: the values it belongs under, nearest first.
    """

    value: str
    words: str
    above: Sequence[str] = ()


@dataclass(frozen=True)
class TrialPart:
    """What an app reckons when a draft of the value model is tried out, and the panel that shows it.

    reckon: takes the trial's number and keeps what it finds itself; called again it replaces that.
    url_name: serves the panel of a trial's number.
    """

    key: str
    title: str  # msgid
    url_name: str
    right: str
    reckon: Callable[[int], None]
    position: int = 100


@dataclass(frozen=True)
class ClientPart:
    """Something kept with a client record, counted when records are joined."""

    title: str  # msgid
    count: Callable[[Sequence[int]], int]  # of these client ids


@dataclass(frozen=True)
class SealedTable:
    """Columns of a model that hold sealed values (core.crypto), and what each value is bound to.

    needs: the fields that the context is made of; context: from those and the column's name.
    """

    model: str  # label, such as "clients.Client"
    columns: Sequence[str]
    needs: Sequence[str]
    context: Callable[[Mapping[str, Any], str], str]


@dataclass(frozen=True)
class ListFilter:
    """A filter that a module adds to a list of a lower app; `name` stands in the address.

    folded: one of many that are rarely set by hand; it stands behind "More filters" until it is.
    """

    name: str
    make: "Callable[[], django_filters.Filter]"
    folded: bool = False


@dataclass(frozen=True)
class Module:
    name: str
    menu: Sequence[MenuEntry] = ()
    client_panels: Sequence[ClientPanel] = ()
    home_panels: Sequence[HomePanel] = ()
    page_panels: Sequence["PagePanel"] = ()  # on pages of lower apps
    mails: dict[str, "MailWriter"] = field(default_factory=dict)  # kind -> writer of mails of its own
    notice_kinds: dict[str, str] = field(default_factory=dict)  # kind -> msgid of what it tells
    conversation_panels: Sequence[ConversationPanel] = ()
    timeline: Sequence[TimelineSource] = ()
    timeline_choices: Sequence[TimelineOffer] = ()
    worklists: Sequence[Worklist] = ()
    api_scopes: dict[str, str] = field(default_factory=dict)  # scope -> msgid of what it allows
    event_types: Sequence[str] = ()  # deeds of the audit trail that other systems are told of
    feed_files: Sequence[str] = ()
    shared_jobs: dict[str, str] = field(default_factory=dict)  # kind -> msgid of what everybody is told
    palette: Sequence[PaletteSource] = ()
    commands: Sequence[Command] = ()
    client_parts: Sequence[ClientPart] = ()
    sealed: Sequence[SealedTable] = ()
    choices: dict[str, Callable[[], Sequence[Choice]]] = field(default_factory=dict)  # by name
    samples: Sequence[SampleSource] = ()
    trial_parts: Sequence[TrialPart] = ()
    lists: Sequence["ListSource"] = ()
    bulk_deeds: dict[str, Sequence["BulkDeed"]] = field(default_factory=dict)  # list name -> deeds
    list_filters: dict[str, Sequence[ListFilter]] = field(default_factory=dict)  # list name -> filters


@cache
def modules() -> tuple[Module, ...]:
    """Every installed app's MODULE, in the order of INSTALLED_APPS."""
    names = [f"{config.name}.module" for config in apps.get_app_configs()]
    return tuple(import_module(name).MODULE for name in names if find_spec(name) is not None)


def menu_entries() -> list[MenuEntry]:
    return sorted((entry for module in modules() for entry in module.menu), key=lambda entry: entry.position)


def client_panels() -> list[ClientPanel]:
    panels = (panel for module in modules() for panel in module.client_panels)
    return sorted(panels, key=lambda panel: panel.position)


def conversation_panels() -> list[ConversationPanel]:
    panels = (panel for module in modules() for panel in module.conversation_panels)
    return sorted(panels, key=lambda panel: panel.position)


def home_panels() -> list[HomePanel]:
    panels = (panel for module in modules() for panel in module.home_panels)
    return sorted(panels, key=lambda panel: panel.position)


@cache
def notice_kinds() -> dict[str, str]:
    """Kinds of notices that people set for themselves, with the msgid of what each tells."""
    return {kind: text for module in reversed(modules()) for kind, text in module.notice_kinds.items()}


def timeline_sources() -> list[TimelineSource]:
    return [source for module in modules() for source in module.timeline]


def timeline_offers() -> list[TimelineOffer]:
    return [offer for module in modules() for offer in module.timeline_choices]


def worklists() -> list[Worklist]:
    lists = (worklist for module in modules() for worklist in module.worklists)
    return sorted(lists, key=lambda worklist: worklist.position)


def palette_sources() -> list[PaletteSource]:
    """Lower apps first: clients before their cases."""
    return [source for module in reversed(modules()) for source in module.palette]


def commands() -> list[Command]:
    return [command for module in modules() for command in module.commands]


def client_parts() -> list[ClientPart]:
    return [part for module in modules() for part in module.client_parts]


def choices(name: str) -> list[Choice]:
    """What the modules offer under this name, such as categories of conversations; read anew each time."""
    return [choice for module in modules() if name in module.choices for choice in module.choices[name]()]


def trial_parts() -> list[TrialPart]:
    """What is reckoned beside the tiers when a draft of the value model is tried out."""
    parts = (part for module in modules() for part in module.trial_parts)
    return sorted(parts, key=lambda part: part.position)


def sample_sources() -> dict[str, SampleSource]:
    """What quality inspection draws from, by kind."""
    return {source.kind: source for module in modules() for source in module.samples}


def sealed_tables() -> list[SealedTable]:
    """Every table with sealed values, lower apps last."""
    return [table for module in modules() for table in module.sealed]


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


def list_filters(list_name: str) -> list[ListFilter]:
    """What modules add to this list's filters, lower apps first."""
    return [one for module in reversed(modules()) for one in module.list_filters.get(list_name, ())]
