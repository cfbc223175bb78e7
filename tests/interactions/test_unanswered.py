"""Clients whom nobody reaches: found as a plain walk through the log finds them, gone once reached."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.models import Client, Unanswered
from clients.queries.worklists import lacking
from interactions import unanswered
from interactions.actions.log import Entry, correct_interaction, log_interaction
from interactions.models import Interaction
from staff.models import Unit
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
Units = dict[str, Unit]
START = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
NOW = START + timedelta(days=20)
step = st.tuples(
    st.sampled_from(["C000001", "C000002", "C000003"]),
    st.sampled_from(["in", "out", "out"]),
    st.sampled_from(["not_reached", "not_reached", "not_reached", "resolved"]),
)


@pytest.fixture
def clients(units: Units) -> dict[str, Client]:
    """Two clients, and a third whose record the first speaks for."""
    made = {number: make_client(units["1001"], number) for number in ("C000001", "C000002", "C000003")}
    Client.objects.filter(client_no="C000003").update(merged_into=made["C000001"])
    return made


def log(cast: SimpleNamespace, client: Client, hour: int, direction: str, outcome: str) -> Interaction:
    entry = Entry(
        channel="phone", direction=direction, category="enquiry", summary="tried", outcome=outcome,
        started_at=START + timedelta(hours=hour),
    )  # fmt: skip
    return log_interaction(actor=cast.agent_1001, client=client, entry=entry)


def walked(steps: list[tuple[str, str, str]]) -> dict[str, int]:
    """Attempts in a row by client, three and more, one entry after the other."""
    row: dict[str, int] = defaultdict(int)
    for number, direction, outcome in steps:
        number = "C000001" if number == "C000003" else number
        if outcome != "not_reached":
            row[number] = 0
        elif direction == "out":
            row[number] += 1
    return {number: count for number, count in row.items() if count >= unanswered.ATTEMPTS}


def found() -> dict[str, int]:
    return dict(Unanswered.objects.values_list("client__client_no", "attempts"))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(step, max_size=12), seen=st.integers(0, 12))
def test_found_as_by_walking_through_the_log(
    cast: SimpleNamespace, clients: dict[str, Client], steps: list[tuple[str, str, str]], seen: int
) -> None:
    with transaction.atomic():
        for hour, (number, direction, outcome) in enumerate(steps):
            log(cast, clients[number], hour, direction, outcome)
            if hour == seen:
                unanswered.refresh(NOW)
        unanswered.refresh(NOW)
        assert found() == walked(steps)
        assert unanswered.refresh(NOW) == 0  # nothing changes twice
        transaction.set_rollback(True)


def test_gone_at_once_when_reached_and_back_when_that_was_an_error(
    cast: SimpleNamespace, clients: dict[str, Client]
) -> None:
    for hour in range(3):
        log(cast, clients["C000002"], hour, "out", "not_reached")
    unanswered.refresh(NOW)
    (row,) = Unanswered.objects.all()
    assert (row.attempts, str(row.since), str(row.last_on)) == (3, "2026-11-01", "2026-11-01")
    assert [one.client_no for one in lacking(Client.objects.all(), "not_reached")] == ["C000002"]
    reached = log(cast, clients["C000002"], 5, "in", "resolved")
    assert not Unanswered.objects.exists()
    again = Entry(
        channel="phone", direction="out", category="enquiry", summary="tried", outcome="not_reached",
        started_at=START + timedelta(hours=5),
    )  # fmt: skip
    correct_interaction(actor=cast.agent_1001, original=reached, entry=again)
    unanswered.refresh(NOW)
    assert found() == {"C000002": 4}


def test_long_ago_and_closed_clients_are_left_alone(
    cast: SimpleNamespace, clients: dict[str, Client]
) -> None:
    for hour in range(3):
        log(cast, clients["C000001"], hour, "out", "not_reached")
    unanswered.refresh(START + timedelta(days=91))
    assert found() == {}
    unanswered.refresh(NOW)
    assert found() == {"C000001": 3}
    closed: dict[str, Any] = {"status": "closed", "closed_on": NOW.date()}
    Client.objects.filter(client_no="C000001").update(**closed)
    unanswered.refresh(NOW)
    assert found() == {}
