"""The scenario, written and read once for all tests of the oracle."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command

from tests import databases
from trading.feed import LoadResult

from . import dumps, loading, scenario
from .config import Config
from .nights import COMPARED, NIGHTS, Night, Seen, look, spend
from .reckon import Oracle
from .scenario import Scenario


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """The scenario's packages in a folder."""
    return scenario.build(tmp_path_factory.mktemp("scenario") / "feed")


@pytest.fixture(scope="session")
def oracle(written: Scenario) -> Oracle:
    """The oracle over the scenario."""
    return Oracle(written.packages, written.interactions, written.config())


@pytest.fixture(scope="session")
def published(oracle: Oracle) -> Config:
    """The scenario's settings with both versions published on their dates."""
    first = oracle.publish(scenario.FIRST_PUBLISHED, 1)
    return replace(oracle.config, published=(first, oracle.publish(scenario.SECOND_PUBLISHED, 2)))


@dataclass(frozen=True)
class Loaded:
    """A database to copy, and what the loader answered to each package; `empty` has the settings only."""

    database: str
    empty: str
    results: list[LoadResult]


@pytest.fixture(scope="session")
def loaded(written: Scenario, django_db_blocker: Any, testrun_uid: str) -> Iterator[Loaded]:
    """The scenario taken in by date and version, and no night run yet."""
    name = f"scenario_{testrun_uid[:12]}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    tables = os.environ.get("CRM_TEST_TABLES", "template0")  # of `./dev.py test`; else migrated here
    with django_db_blocker.unblock(), databases.made(f"{name}_empty", tables) as empty:
        with databases.pointed_at(empty):
            call_command("migrate", verbosity=0)
            loading.furnish()
        with databases.made(name, empty):
            with databases.pointed_at(name):
                results = loading.load(written.packages)
                loading.declare(written.declared)
                assert loading.talk(written.interactions) == []
            yield Loaded(name, empty, results)


@dataclass(frozen=True)
class Nights:
    """What was seen after each night, the database after the last, and its rows."""

    seen: dict[Night, Seen]
    database: str
    dump: dumps.Dump


@pytest.fixture(scope="session")
def nights(loaded: Loaded, django_db_blocker: Any) -> Iterator[Nights]:
    """All nights of the scenario, one after the other, in one database."""
    seen: dict[Night, Seen] = {}
    with django_db_blocker.unblock(), databases.made(f"{loaded.database}_nights", loaded.database) as name:
        with databases.pointed_at(name):
            for night in NIGHTS:
                spend(night)
                if night in COMPARED:
                    seen[night] = look(night[0])
            rows = dumps.dump()
        yield Nights(seen, name, rows)


HALF = date(2025, 6, 30)


@dataclass(frozen=True)
class Half:
    """A database after the night that ends the first half year, and its rows."""

    database: str
    dump: dumps.Dump


@pytest.fixture(scope="session")
def half(loaded: Loaded, django_db_blocker: Any) -> Iterator[Half]:
    """The first half year, run where everything is loaded: later packages are not read (F5)."""
    with django_db_blocker.unblock(), databases.made(f"{loaded.database}_half", loaded.database) as name:
        with databases.pointed_at(name):
            spend_half()
            rows = dumps.dump()
        yield Half(name, rows)


def spend_half() -> None:
    """The night that ends the half year, without and with a published version."""
    loading.night(HALF)
    loading.publish(HALF, short_history=True)
    loading.night(HALF)
