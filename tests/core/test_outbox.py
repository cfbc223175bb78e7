"""Events for other systems: with the deed or not at all, in order, by unit, nothing missed."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from core import audit, outbox, registry
from core.models import OutboxMessage
from tests.cast import Speak

pytestmark = pytest.mark.django_db(transaction=True)
EVENTS = "/api/v1/events/"


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """`toy.done` is an event, `toy.hidden` is not."""
    monkeypatch.setattr(outbox, "event_types", lambda: frozenset({"toy.done"}))
    monkeypatch.setattr("staff.filters.event_types", lambda: frozenset({"toy.done"}))
    yield


def _deed(number: int, unit: str = "1001", deed: str = "toy.done") -> None:
    with transaction.atomic():
        audit.record(actor=audit.SYSTEM, deed=deed, subject_type="toy", subject_id=number, unit_code=unit)


def _seen(caller: Client, query: str = "") -> list[str]:
    return [row["subject_id"] for row in caller.get(EVENTS + query).json()["results"]]


def test_only_named_deeds_are_told_and_only_with_their_transaction(units: Any) -> None:
    _deed(1)
    _deed(2, deed="toy.hidden")
    with pytest.raises(RuntimeError), transaction.atomic():
        _deed(3)
        raise RuntimeError
    message = outbox.collected().get()
    assert (message.event, message.subject_id, message.unit_code) == ("toy.done", "1", "1001")


def test_systems_read_their_units_in_order_and_go_on(as_system: Speak) -> None:
    caller = as_system("events:read", at=("1001",))
    for number, unit in enumerate(("1001", "1002", "1001", "", "1099")):
        _deed(number, unit)
    rows = caller.get(f"{EVENTS}?event=toy.done").json()["results"]
    assert [row["subject_id"] for row in rows] == ["0", "2", "4"]
    assert set(rows[0]) == {"position", "event", "at", "unit", "subject_type", "subject_id"}
    assert _seen(caller, f"?after={rows[0]['position']}") == ["2", "4"]
    assert _seen(caller, f"?after={rows[2]['position']}") == []
    _deed(9)
    assert _seen(caller, f"?after={rows[2]['position']}") == ["9"]
    assert _seen(as_system("events:read", name="firm")) == ["0", "1", "2", "3", "4", "9"]
    assert _seen(caller, "?page_size=1") == ["0"]
    for wrong in ("after=x", "event=toy.hidden"):
        assert caller.get(f"{EVENTS}?{wrong}").status_code == 400


def test_a_deed_that_ends_late_is_not_missed(as_system: Speak) -> None:
    """The early one stays open while a later one is told; when it is committed, it comes after that one."""
    caller = as_system("events:read")
    written, finish = threading.Event(), threading.Event()

    def early() -> None:
        try:
            with transaction.atomic():
                _deed(1, unit="1001")
                written.set()
                finish.wait(10)
        finally:
            connection.close()

    slow = threading.Thread(target=early)
    slow.start()
    assert written.wait(10)
    _deed(2, unit="1002")
    first = caller.get(EVENTS).json()["results"]
    assert [row["subject_id"] for row in first] == ["2"]
    finish.set()
    slow.join()
    assert _seen(caller, f"?after={first[-1]['position']}") == ["1"]
    assert _seen(caller) == ["2", "1"]


def test_events_are_kept_for_30_days(units: Any) -> None:
    _deed(1)
    _deed(2)
    OutboxMessage.objects.filter(subject_id="1").update(at=timezone.now() - timedelta(days=31))
    assert outbox.forget_old() == 1
    assert outbox.collected().get().subject_id == "2"


def test_modules_name_deeds() -> None:
    assert all("." in name for name in registry.event_types())
