"""The steps journeys are told in: opening pages, signing in, choosing language and colours."""

from dataclasses import dataclass
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.db import connections
from playwright.sync_api import Page, expect

from staff.models import Person
from tests.cast import PASSWORD, session_of


@dataclass(frozen=True)
class Site:
    """A browser and the address it goes to."""

    page: Page
    address: str

    def open(self, path: str) -> Any:
        """Goes there and waits until nothing loads any more, panels included."""
        response = self.page.goto(f"{self.address}{path}")
        self.settle()
        return response

    def settle(self) -> None:
        """Waits until no panel is loading."""
        expect(self.page.locator("[aria-busy=true], .htmx-request, .htmx-swapping")).to_have_count(0)

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def ground(self) -> str:
        """The colour that the page stands on."""
        return str(self.page.evaluate("getComputedStyle(document.body).backgroundColor"))

    @property
    def query(self) -> dict[str, list[str]]:
        """The page's parameters, as they stand in the address."""
        return parse_qs(urlsplit(self.page.url).query)


def sign_in(site: Site, person: Person, password: str = PASSWORD) -> None:
    """Through the sign-in form, as people do."""
    page = site.page
    page.goto(f"{site.address}/sign-in/")
    page.locator("[name=username]").fill(person.username)
    page.locator("[name=password]").fill(password)
    with page.expect_navigation():
        page.locator("main button").click()


def enter(site: Site, person: Person) -> None:
    """Signed in already, for tests of which signing in is no part."""
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(person), "url": site.address}
    site.page.context.add_cookies([cookie])


def as_another(site: Site, person: Person) -> None:
    """Somebody else signs in at the same browser."""
    site.page.context.clear_cookies()
    sign_in(site, person)


def work_off(task: Any, job_id: int) -> None:
    """What a worker does once it is woken, on a connection of its own."""

    def work() -> None:
        try:
            task(job_id)
        finally:
            connections.close_all()

    worker = Thread(target=work)
    worker.start()
    worker.join()
