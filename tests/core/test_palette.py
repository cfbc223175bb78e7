"""The search box: pages and commands by their words in both languages, by pinyin and by initials."""

from typing import Any

import pytest
from django.utils import translation

from core import palette
from core.lists.saved import keep
from core.registry import Command, Found, PaletteSource

pytestmark = pytest.mark.django_db


def named(reader: Any, typed: str) -> dict[str, list[str]]:
    return {group.title: [item.name for item in group.items] for group in palette.groups(reader, typed)}


@pytest.mark.parametrize("typed", ["客户", "kehu", "kh", "Clients", "lient", "KE hu"])
def test_pages_are_found_by_title_pinyin_and_initials(cast, typed: str) -> None:
    with translation.override("zh-hans"):
        assert "客户" in named(cast.agent_1001, typed)["页面"]


def test_only_pages_that_may_be_opened(cast) -> None:
    with translation.override("zh-hans"):
        assert "页面" not in named(cast.agent_1001, "审计")
        assert named(cast.compliance, "审计")["页面"] == ["审计日志"]


def test_commands_and_sources_come_from_modules_and_ask_for_rights(cast, monkeypatch) -> None:
    lines = [Found("/x/", "gem", f"案件{number}") for number in range(20)]
    find = lambda _reader, typed: lines if typed.strip() else lines[:1]  # noqa: E731
    source = PaletteSource("Clients", "clients.view", find)
    command = Command("Clients", "clients:list", "users", "clients.view")
    monkeypatch.setattr(palette, "palette_sources", lambda: [source])
    monkeypatch.setattr(palette, "commands", lambda: [command])
    with translation.override("en"):
        found = named(cast.agent_1001, "cl")
        assert found["Clients"] == [f"案件{number}" for number in range(palette.MOST)]
        assert found["Actions"] == ["Clients"]
        assert named(cast.agent_1001, " ")["Clients opened last"] == ["案件0"]
        assert named(cast.operator, "cl") == {}


def test_own_views_are_found_by_name_and_pinyin(cast) -> None:
    keep(actor=cast.agent_1001, list_name="clients", name="钻石客户", query="tier=V5")
    with translation.override("zh-hans"):
        for typed in ("钻石", "zskh", "zuanshi"):
            assert named(cast.agent_1001, typed)["我的视图"] == ["钻石客户"]
        assert "我的视图" not in named(cast.agent_1002, "钻石")
