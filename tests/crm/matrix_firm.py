"""The firm that all lines of the access matrix are asked in, built once by each process.

It stands in a transaction that is never committed, and every question is undone (test_access_matrix.ask), so
that each line finds it as it was built.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from core.registry import api_scopes
from tests.cast import authorization, browser_with, make_cast, make_units, session_of
from tests.crm.matrix import PEOPLE, SYSTEMS
from tests.crm.places import Places, make_places
from tests.crm.places_cases import CASES, make_cases


@dataclass
class MatrixFirm:
    """Its things, and who speaks: a new browser or caller for each question."""

    things: Places
    cases: Places  # some have the names of other things
    sessions: dict[str, str]
    tokens: dict[str, dict[str, str]]

    def places(self, path: str) -> Places:
        """What stands behind the words in braces of an address."""
        return self.things | self.cases if path.startswith(CASES) else self.things

    def person(self, key: str) -> Client:
        return browser_with(self.sessions[key])

    def system(self, key: str) -> Client:
        """One that may do everything at its units."""
        return Client(headers=self.tokens[key])

    def lacking(self, scope: str | None) -> Client:
        """A new system at headquarters that may do everything but this."""
        return Client(headers=authorization(*(set(api_scopes()) - {scope}), name="without"))


@pytest.fixture(scope="module")
def firm(django_db_setup: None, django_db_blocker: Any) -> Iterator[MatrixFirm]:
    with django_db_blocker.unblock(), transaction.atomic():
        found = _found()
        connection.check_constraints()  # once, not at the end of each line
        yield found
        transaction.set_rollback(True)


def _found() -> MatrixFirm:
    units = make_units()
    cast = make_cast(units)
    system = partial(authorization, *api_scopes())
    return MatrixFirm(
        things=make_places(cast, units),
        cases=make_cases(cast),
        sessions={key: session_of(getattr(cast, name)) for key, name in PEOPLE.items()},
        tokens={key: system(at=at, name=key) for key, at in SYSTEMS.items()},
    )
