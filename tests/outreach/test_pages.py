"""The list and the calendar ask as often for many tasks as for few."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from outreach.actions.tasks import give_task
from staff.models import Unit
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
PATHS = ("/tasks/?size=200", "/tasks/calendar/?shape=month", "/tasks/calendar/?shape=week&whose=team")


def _asked(browser: Browser, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(path)
    assert answer.status_code == 200
    return len(queries)


def test_as_many_queries_at_200_as_at_20(
    client: Browser, units: dict[str, Unit], cast: SimpleNamespace
) -> None:
    agent, today = cast.agent_1001, timezone.localdate()
    clients = [make_client(units["1001"], f"C{number}") for number in range(20)]

    def give(count: int) -> None:
        for number in range(count):
            give_task(
                actor=agent, assignee=agent, client=clients[number % 20], title=f"t{number}",
                due_at=today + timedelta(days=number % 3),
            )  # fmt: skip

    client.force_login(agent)
    give(20)
    few = {path: (client.get(path), _asked(client, path))[1] for path in PATHS}
    give(180)
    assert {path: _asked(client, path) for path in PATHS} == few
