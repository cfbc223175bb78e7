"""One firm for all journeys, in a database of its own that stays as it is between them.

Building the firm takes seconds, so it is built once a run as a template, and every test process copies it.
A journey that changes something does so to clients that no other journey looks at.
"""

import os
from collections.abc import Iterator
from typing import Any
from zlib import crc32

import psycopg
import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connection, connections
from django.test.testcases import LiveServerThread
from psycopg import sql

from crm.simulator.server import serving
from tests import databases
from tests.journeys.firm import Firm, found_firm
from tests.journeys.steps import Site


def _create(server: psycopg.Connection[Any], name: str, like: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    server.execute(statement.format(sql.Identifier(name), sql.Identifier(like)))


def _exists(server: psycopg.Connection[Any], name: str) -> bool:
    return server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _point_at(name: str) -> None:
    """Sends this process's connections, those of threads to come included, to another database."""
    connections.close_all()
    connection.settings_dict["NAME"] = name


def _build_template(name: str) -> None:
    """The firm under a working name first: whoever finds the template finds it whole."""
    working = f"{name}_working"
    databases.drop(working)
    with databases.server() as server:
        _create(server, working, os.environ.get("CRM_TEST_TABLES", "template0"))
    _point_at(working)
    found_firm()
    connections.close_all()
    with databases.server() as server:
        server.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(working), sql.Identifier(name))
        )


@pytest.fixture(scope="session")
def firm_database(request: pytest.FixtureRequest, django_db_blocker: Any, testrun_uid: str) -> Iterator[str]:
    """The name of this process's copy of the firm; `--reuse-db` keeps the firm for the next run."""
    before, kept = connection.settings_dict["NAME"], request.config.getoption("reuse_db")
    template = "journeys_kept" if kept else f"journeys_{testrun_uid[:12]}"
    copy = f"{template}_{crc32(str(before).encode()):x}"
    with django_db_blocker.unblock(), databases.server() as server:
        # one process builds, the others wait here
        server.execute("SELECT pg_advisory_lock(%s)", [crc32(template.encode())])
        if request.config.getoption("create_db"):
            databases.drop(template)
        if not _exists(server, template):
            _build_template(template)
        databases.drop(copy)
        _create(server, copy, template)
    _point_at(before)
    yield copy
    databases.drop(copy)
    if not kept:
        databases.drop(template)


@pytest.fixture
def firm(firm_database: str, django_db_blocker: Any) -> Iterator[Firm]:
    """The firm, and with it the database that page and test now speak to."""
    before = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        _point_at(firm_database)
        try:
            yield Firm.load()
        finally:
            _point_at(before)


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the site is served."""
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


@pytest.fixture
def site(firm: Firm, page: Any, address: str) -> Site:
    """A browser in front of the firm's pages."""
    page.set_default_timeout(15_000)
    return Site(page, address)


@pytest.fixture(scope="session")
def web(firm_database: str) -> Iterator[str]:
    """Where the real web server serves the firm."""
    told = {"DATABASE_URL": databases.address(firm_database), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    with serving(told, workers=1) as server:
        yield server.url


@pytest.fixture
def live_site(firm: Firm, page: Any, web: str) -> Site:
    """A browser in front of the real web server, where pages hear of what happens."""
    page.set_default_timeout(15_000)
    return Site(page, web)
