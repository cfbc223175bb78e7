"""The shell: menu by right, looks from cookies, error pages without a database, tags and toasts."""

import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.utils import translation

from core import context
from core.registry import MenuEntry, menu_entries
from core.templatetags.ui import TIER_ICONS, icon
from core.toasts import toast, trigger

ENTRIES = [
    MenuEntry("work", "Health", "healthz", "heart", ""),
    MenuEntry("system", "Ready", "readyz", "check", "see.ready"),
    MenuEntry("analysis", "Gone", "no_such_page", "x", ""),
]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """The shell's context for a reader with these rights."""
    monkeypatch.setattr(context, "menu_entries", lambda: ENTRIES)
    monkeypatch.setattr(context, "last_finished", lambda: None)

    def build(*rights: str, path: str = "/healthz", **cookies: str) -> dict[str, Any]:
        request = RequestFactory().get(path)
        request.COOKIES.update(cookies)
        request.user = SimpleNamespace(is_authenticated=True, may=rights.__contains__)  # type: ignore[assignment]
        return context.shell(request)

    return build


def test_menu_shows_what_the_reader_may_open(shell: Callable[..., dict[str, Any]]) -> None:
    assert [section.title for section in shell("see.ready")["menu"]] == ["Work", "System"]
    (work,) = shell()["menu"]
    assert (work.is_first, [line.url for line in work.entries]) == (True, ["/healthz"])


@pytest.mark.parametrize(("path", "current"), [("/healthz", "page"), ("/healthz/x", "true"), ("/", "")])
def test_menu_marks_where_one_is(shell: Callable[..., dict[str, Any]], path: str, current: str) -> None:
    assert shell(path=path)["menu"][0].entries[0].current == current


def test_looks_come_from_cookies_and_nothing_else_gets_in(shell: Callable[..., dict[str, Any]]) -> None:
    chosen = shell(theme="dark", density="compact")
    assert (chosen["theme"], chosen["density"]) == ("dark", "compact")
    forged = shell(theme='"><script>', density="x")
    assert (forged["theme"], forged["density"]) == ("auto", "normal")


def test_red_rises_but_green_in_english(shell: Callable[..., dict[str, Any]]) -> None:
    assert shell()["rise"] == "green"
    with override_settings(GREEN_RISES_IN_ENGLISH=False):
        assert shell()["rise"] == "red"
    with translation.override("zh-hans"):
        assert shell()["rise"] == "red"


def test_strangers_get_looks_only() -> None:
    request = HttpRequest()
    request.user = AnonymousUser()
    assert "menu" not in context.shell(request)


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_error_pages_need_neither_request_nor_database(name: str) -> None:
    html = render_to_string(f"{name}.html")
    assert "<h1>" in html
    assert 'href="/"' in html


def _shown(template: str, **values: Any) -> str:
    return Template("{% load ui %}" + template).render(Context(values))


def test_icon_is_decoration() -> None:
    html = _shown('{% icon "phone" 20 %}')
    assert 'aria-hidden="true"' in html
    assert 'width="20"' in html


def test_every_icon_named_in_a_template_or_the_menu_exists() -> None:
    named = {entry.icon for entry in menu_entries()} | set(TIER_ICONS.values())
    for path in sorted((settings.BASE_DIR / "templates").rglob("*.html")):
        named.update(re.findall(r'{% icon "([a-z0-9-]+)"', path.read_text(encoding="utf-8")))
    assert len(named) > 20
    for name in sorted(named):
        assert "<svg" in icon(name), name


def test_tier_has_icon_and_word() -> None:
    assert "tier-V4" in _shown('{% tier "V4" %}')
    assert "Platinum" in _shown('{% tier "V4" %}')
    assert "&lt;b&gt;" in _shown('{% tier "V4" name %}', name="<b>")
    assert "V9" in _shown('{% tier "V9" %}')
    assert "–" in _shown("{% tier code %}", code=None)


@pytest.mark.parametrize(
    ("value", "better", "classes"),
    [
        (2, "higher", "good"),
        (2, "lower", "poor"),
        (-2, "lower", "good"),
        (2, "", "rise"),
        (-2, "", "fall"),
        (0, "higher", "flat"),
    ],
)
def test_delta_colours(value: int, better: str, classes: str) -> None:
    assert f'class="delta {classes}"' in _shown('{% delta value 1 "%" better %}', value=value, better=better)


def test_filters_and_bar() -> None:
    assert _shown("{% delta value %}", value=None).endswith("–</span>")
    assert (
        _shown("{{ a|money }} {{ a|rise_class }} {{ b|rise_class }}", a=Decimal("-1.005"), b=None)
        == "−1.01 fall flat"
    )
    assert _shown('{{ "done"|state_tone }}-{{ "odd"|state_tone }}') == "ok-"
    assert 'width="50%"' in _shown("{% bar 5 10 %}")


def test_toasts_add_up_beside_other_events() -> None:
    response = HttpResponse(headers={"HX-Trigger": "saved, other"})
    toast(toast(response, "已保存", undo="/undo/"), "x", level="error")
    trigger(response, "jobs-changed")
    header = response["HX-Trigger"]
    assert header.isascii()
    assert json.loads(header) == {
        "saved": {}, "other": {}, "jobs-changed": {},
        "toast": {"list": [{"text": "已保存", "level": "success", "undo": "/undo/"},
                           {"text": "x", "level": "error", "undo": ""}]},
    }  # fmt: skip
