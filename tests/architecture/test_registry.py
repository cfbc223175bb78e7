"""Menu entries and client-page panels lead to pages that exist, and ask for rights that somebody has."""

import pytest
from django.urls import reverse

from core.registry import (
    ClientPanel,
    Command,
    ConversationPanel,
    MenuEntry,
    Worklist,
    client_panels,
    commands,
    conversation_panels,
    menu_entries,
    worklists,
)
from staff.roles import RIGHTS

GRANTED = frozenset[str]().union(*RIGHTS.values())


def test_apps_register_menu_entries_and_panels() -> None:
    assert menu_entries()
    assert client_panels()
    assert conversation_panels()


@pytest.mark.parametrize("entry", menu_entries(), ids=lambda entry: entry.url_name)
def test_menu_entry_resolves(entry: MenuEntry) -> None:
    assert reverse(entry.url_name)
    assert entry.right in {"", *GRANTED}


@pytest.mark.parametrize("panel", client_panels(), ids=lambda panel: panel.key)
def test_panel_resolves(panel: ClientPanel) -> None:
    assert reverse(panel.url_name, kwargs={"client_no": "C000001"})
    assert panel.right in {"", *GRANTED}


@pytest.mark.parametrize("panel", conversation_panels(), ids=lambda panel: panel.key)
def test_conversation_panel_resolves(panel: ConversationPanel) -> None:
    assert reverse(panel.url_name, args=[1])
    assert panel.right in {"", *GRANTED}
    assert panel.place in {"page", "wrap_up"}


@pytest.mark.parametrize("entry", worklists(), ids=lambda entry: entry.title)
def test_home_entry_resolves(entry: Worklist) -> None:
    assert reverse(entry.url_name)
    assert entry.right in {"", *GRANTED}


@pytest.mark.parametrize("command", commands(), ids=lambda command: command.title)
def test_command_resolves(command: Command) -> None:
    assert reverse(command.url_name)
    assert command.right in {"", *GRANTED}
