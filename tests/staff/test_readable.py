"""The pages of staff in a real browser: readable for everyone, no complaint in the console."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.cast import Speak, make_cast, make_units
from tests.core.test_gallery import RULES

PAGES = {
    "administrator": [
        "/",
        "/people/",
        "/people/new/",
        "/people/{person}/",
        "/units/",
        "/units/new/",
        "/api-clients/",
    ],
    "compliance": ["/audit/", "/password/"],
}


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_everyone_can_read_them(
    page: Any, live_server: Any, as_person: Speak, width: int, theme: str
) -> None:
    people = make_cast(make_units())
    page.set_viewport_size({"width": width, "height": 900})
    faults: list[str] = []
    for key, paths in PAGES.items():
        session = as_person(getattr(people, key)).cookies["sessionid"].value
        cookies = {"sessionid": session, "theme": theme}
        page.context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
        )
        for path in paths:
            page.goto(live_server.url + path.format(person=people.agent_1001.pk))
            found = Axe().run(page, options=RULES)
            faults += [f"{path}: {found.generate_report()}"] if found.violations_count else []
            assert page.evaluate("document.documentElement.scrollWidth") == width, path
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_sign_in_page(page: Any, live_server: Any, theme: str) -> None:
    page.context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    page.goto(f"{live_server.url}/sign-in/")
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
