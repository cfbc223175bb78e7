"""Fixtures of all tests: a browser on the system's Chromium that fails on console errors."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from coverage import Coverage
from hypothesis import settings

pytest_plugins = ["tests.baseline", "tests.cast"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--lang=zh-CN",
]

# whose tests must reach every branch of the rules; watching costs Python half its speed
WATCHED = {"kpis", "segmentation", "trading", "oracle", "crm"}
# of those, files that go through the rules without saying what should come out
UNWATCHED = {"test_access_matrix.py", "test_demo_data.py", "test_demo_feed.py"}

# what htmx says of requests that end because the page was left; failures have words of their own
GIVEN_UP = ("htmx:sendAbort", "htmx:afterRequest,")

# how long an example may take says more of the machine's other work than of the code
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

# Playwright runs an event loop in the tests' thread, which Django would refuse
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def _chromium() -> str | None:
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "browser: drives a real browser (set on all tests that ask for `page`)"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & {"page", "context", "browser"}:
            item.add_marker(pytest.mark.browser)
            if "firm" not in fixtures:  # the journeys' firm has a database of its own, never emptied
                item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Where coverage is measured, only while tests run that prove rules."""
    watching = Coverage.current()
    if watching is None or _proves_rules(item):
        return (yield)
    watching.stop()
    try:
        return (yield)
    finally:
        watching.start()


def _proves_rules(item: pytest.Item) -> bool:
    return item.path.parent.name in WATCHED and item.path.name not in UNWATCHED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if failed := os.environ.get("CRM_FAILED_CHECKS"):
        terminalreporter.section("checks before the tests", red=True, bold=True)
        terminalreporter.line(f"FAILED: {failed} (shown above the tests)", red=True)
    reports = terminalreporter.stats.get("skipped", [])
    skipped = [report for report in reports if "chromium" in str(report.longrepr)]
    if skipped:
        terminalreporter.section(f"{len(skipped)} browser tests skipped", yellow=True, bold=True)
        terminalreporter.line("No Chromium here: apt-get install chromium fonts-noto-cjk", yellow=True)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """How pytest-playwright starts the browser: the system's own, offline but for this machine."""
    path = _chromium()
    if path is None and os.environ.get("CI"):
        pytest.fail("CI has no Chromium: apt-get install chromium fonts-noto-cjk")
    if path is None:
        pytest.skip("no Chromium: apt-get install chromium fonts-noto-cjk")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": path, "headless": True, "args": [*QUIET, *sandbox]}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """A desk's screen, in Chinese, in Shanghai."""
    return {"viewport": {"width": 1440, "height": 900}, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture
def console_errors() -> list[str]:
    """What the page complained about; a test that provokes an error on purpose clears it."""
    return []


@pytest.fixture
def page(page: Any, console_errors: list[str]) -> Iterator[Any]:
    """pytest-playwright's page; the test fails when the page logged an error or a script broke."""

    def note(message: Any) -> None:
        if message.type == "error" and not message.text.startswith(GIVEN_UP):
            console_errors.append(f"{message.text} ({message.location.get('url', '')})")

    page.on("console", note)
    page.on("pageerror", lambda error: console_errors.append(str(error)))
    yield page
    assert not console_errors, f"The page complained: {console_errors}"
