"""The search box of every page (Ctrl+K): what modules find, saved views, pages and commands.

Views, pages and commands are found by a part of their words (pages in both languages), pinyin or initials.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.lists.saved import address, in_order, views_of
from core.registry import Command, Found, MenuEntry, commands, menu_entries, palette_sources
from core.spelling import search_keys

MOST = 8


@dataclass(frozen=True)
class Group:
    """Lines of one kind under their title."""

    title: str
    items: list[Found]


def groups(reader: Any, typed: str) -> list[Group]:
    """What the box shows this person for the text; for an empty one what was opened last, and the pages."""
    kind = "%(kind)s" if typed.strip() else _("%(kind)s opened last")
    found = [
        Group(kind % {"kind": _(source.title)}, source.find(reader, typed)[:MOST])
        for source in palette_sources()
        if reader.may(source.right)
    ]
    found.append(Group(_("My views"), _views(reader, typed)))
    found.append(Group(_("Pages"), _titled(reader, typed, menu_entries())))
    found.append(Group(_("Actions"), _titled(reader, typed, commands())))
    return [group for group in found if group.items]


def _views(reader: Any, typed: str) -> list[Found]:
    wanted = "".join(typed.lower().split())
    views = in_order(views_of(reader), reader) if wanted else []
    fitting = [view for view in views if _fits(wanted, view.name, view.name)]
    return [Found(address(view), "bookmark", view.name) for view in fitting[:MOST]]


def _titled(reader: Any, typed: str, entries: Iterable[MenuEntry | Command]) -> list[Found]:
    wanted = "".join(typed.lower().split())
    open_to = [(entry, _(entry.title)) for entry in entries if not entry.right or reader.may(entry.right)]
    fitting = [(entry, words) for entry, words in open_to if _fits(wanted, entry.title, words)]
    return [Found(reverse(entry.url_name), entry.icon, words) for entry, words in fitting[:MOST]]


def _fits(wanted: str, english: str, words: str) -> bool:
    pinyin, initials = search_keys(words)
    texts = ("".join(words.lower().split()), "".join(english.lower().split()))
    return any(wanted in text for text in texts) or pinyin.startswith(wanted) or initials.startswith(wanted)
