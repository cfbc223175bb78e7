"""The gallery in a real browser: accessible in both themes and widths; lists, colours and keys work."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import override_settings

from staff.models import Person

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def gallery(page: Any, live_server: Any) -> Any:
    for number in range(30):
        Person.objects.create(username=f"person.{number:02}", name=f"人{number}", employee_no=f"E{number}")
    with override_settings(ROOT_URLCONF="tests.core.gallery_urls"):
        page.goto(f"{live_server.url}/ui-gallery/")
        yield page


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_everyone_can_read_it(gallery: Any, theme: str, width: int) -> None:
    gallery.context.add_cookies([{"name": "theme", "value": theme, "url": gallery.url}])
    gallery.set_viewport_size({"width": width, "height": 900})
    gallery.reload()
    found = Axe().run(gallery, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert gallery.evaluate("document.documentElement.scrollWidth") == width


def test_list_filters_sorts_and_pages_in_the_url(gallery: Any) -> None:
    rows = gallery.locator("#list-gallery tbody tr")
    assert rows.count() == 20
    gallery.click("#next-gallery")
    gallery.wait_for_url("**cursor=*")
    assert rows.count() == 10
    gallery.fill("[name=q]", "person.0")
    gallery.wait_for_url("**?q=person.0")
    assert rows.count() == 10
    gallery.click("#sort-gallery-username")
    gallery.wait_for_url("**sort=-username")
    assert rows.first.inner_text().startswith("person.09")
    gallery.go_back()
    gallery.wait_for_url("**?q=person.0")
    assert gallery.input_value("[name=q]") == "person.0"
    assert rows.first.inner_text().startswith("person.00")


def test_columns_are_chosen_and_kept(gallery: Any) -> None:
    gallery.click("#list-gallery summary")
    gallery.uncheck("#list-gallery [value=tier]")
    gallery.check("#list-gallery [value=last_login]")
    gallery.click("#list-gallery .columns-form button")
    gallery.wait_for_url("**col=last_login*")
    gallery.goto(gallery.url.partition("?")[0])
    heads = gallery.locator("#list-gallery thead th").all_inner_texts()
    assert heads == ["User name", "Name", "Assets", "Created", "Last sign-in"]


def test_colours_change_at_once_and_stay(gallery: Any) -> None:
    gallery.click("details:has([data-theme-form]) summary")
    with gallery.expect_response(lambda answer: answer.request.method == "POST"):
        gallery.click("[data-theme-form] [value=dark]")
    ground = gallery.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(14, 19, 27)"
    gallery.reload()
    assert gallery.get_attribute("html", "data-theme") == "dark"


def test_keys_open_help_but_not_while_typing(gallery: Any) -> None:
    gallery.keyboard.press("?")
    assert gallery.locator("#keyboard-help").is_visible()
    gallery.keyboard.press("Escape")
    gallery.keyboard.press("f")
    assert gallery.evaluate("document.activeElement.name") == "q"
    gallery.keyboard.press("?")
    assert not gallery.locator("#keyboard-help").is_visible()


def test_tabs_move_by_arrow(gallery: Any) -> None:
    gallery.focus("#tab-a")
    gallery.keyboard.press("ArrowRight")
    assert gallery.locator("#panel-b").is_visible()
    assert not gallery.locator("#panel-a").is_visible()


def test_rail_opens_on_a_small_screen(gallery: Any) -> None:
    gallery.set_viewport_size({"width": 390, "height": 800})
    assert not gallery.locator("#rail").is_visible()
    gallery.click("[data-rail]")
    assert gallery.locator("#rail").is_visible()
    gallery.keyboard.press("Escape")
    assert not gallery.locator("#rail").is_visible()
