"""Pages as everyone can read them: WCAG 2.2 AA by axe, nothing wider than the screen, light to load."""

import gzip
import re
from itertools import product
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page, Response

from tests.journeys.steps import Site

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "reporter": "no-passes",
}
WIDTHS = (1440, 390)
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")  # a reader who never chose has the system's
WEIGHED = ("document", "stylesheet", "script", "xhr", "fetch")
MOST_BYTES = 64 * 1024  # the 360 page with the panels of all apps is the heaviest


def faults(page: Page) -> str:
    """What axe finds wrong with the page as it stands, in words; empty when nothing."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = AxeResults(page.evaluate("options => axe.run(options)", RULES))
    return found.generate_report() if found.violations_count else ""


def too_wide(page: Page) -> Any:
    """The elements that stick out of the screen; empty when the page does not scroll sideways."""
    return page.evaluate(
        """() => {
            const most = window.innerWidth;
            if (document.scrollingElement.scrollWidth <= most) return [];
            return [...document.querySelectorAll("body *")]
                .filter((one) => one.getBoundingClientRect().right > most + 1)
                .map((one) => one.tagName + "." + one.className).slice(0, 8);
        }"""
    )


def untranslated(page: Page) -> list[str]:
    """Visible texts of a Chinese page that are English sentences: three words of letters in a row."""
    lines = page.locator("body").inner_text().splitlines()
    return [line for line in lines if re.search(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}", line)]


def look(site: Site, path: str) -> list[str]:
    """Every fault of a page in both colours and widths; its weight, when it is too heavy; English words."""
    wrong = []
    if sum((parts := _opened(site, path)).values()) > MOST_BYTES:
        wrong.append(f"{path} weighs more than {MOST_BYTES} bytes: {parts}")
    if english := untranslated(site.page):
        wrong.append(f"{path} speaks English to a Chinese reader: {english}")
    grounds = set()
    for theme, width in product(THEMES, WIDTHS):
        site.page.emulate_media(color_scheme=theme)
        site.page.set_viewport_size({"width": width, "height": 900})
        grounds.add(site.ground)
        here = f"{path} {theme} {width}"
        if report := faults(site.page):
            wrong.append(f"{here}\n{report}")
        if wide := too_wide(site.page):
            wrong.append(f"{here} is wider than the screen: {wide}")
    assert len(grounds) == len(THEMES), "the page did not change its colours"
    return wrong


def _opened(site: Site, path: str) -> dict[str, int]:
    """Opens the page; compressed bytes of it, its styles, scripts and panels, by address."""
    answers: list[Response] = []

    def note(answer: Response) -> None:
        if answer.request.resource_type == "document":
            answers.clear()  # what came before belongs to the page before
        answers.append(answer)

    site.page.on("response", note)
    site.open(path)
    site.page.remove_listener("response", note)
    return {
        answer.url.removeprefix(site.address): len(gzip.compress(answer.body(), 6))
        for answer in answers
        if answer.ok and answer.request.resource_type in WEIGHED
    }
