"""Risk assessments that end soon: a task at 30 and at 7 days, once each, closed when assessed anew."""

from datetime import date
from types import SimpleNamespace

import pytest

from outreach.actions.assessments import give_and_close
from outreach.models import Task
from staff.models import Unit
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
ENDS = date(2026, 12, 31)


def _tasks() -> list[tuple[str, date, int, str]]:
    return list(
        Task.objects.order_by("id").values_list("client__client_no", "occurs_on", "priority", "state")
    )


def test_at_30_and_at_7_days_once_and_closed(units: dict[str, Unit], cast: SimpleNamespace) -> None:
    assessed = date(2024, 12, 31)
    client = make_client(units["1001"], "C1", risk_level="C3", risk_assessed_on=assessed)
    make_client(units["1001"], "C2", risk_level="C3", risk_assessed_on=date(2025, 6, 1))
    make_client(units["1001"], "C3", status="closed", closed_on=ENDS, risk_assessed_on=assessed)
    assert give_and_close(date(2026, 11, 30)) == (0, 0)
    assert give_and_close(date(2026, 12, 1)) == (1, 0)
    assert give_and_close(date(2026, 12, 2)) == (0, 0)
    assert _tasks() == [("C1", ENDS, 2, "open")]
    assert give_and_close(date(2026, 12, 24)) == (1, 0)
    assert give_and_close(date(2026, 12, 25)) == (0, 0)
    assert _tasks() == [("C1", ENDS, 2, "cancelled"), ("C1", ENDS, 3, "open")]
    assert set(Task.objects.values_list("assignee_id", flat=True)) == {cast.manager_1001a.pk}
    client.risk_assessed_on = date(2026, 12, 26)
    client.save(update_fields=["risk_assessed_on"])
    assert give_and_close(date(2026, 12, 27)) == (0, 1)
    assert _tasks()[1] == ("C1", ENDS, 3, "done")


def test_the_29th_of_february_ends_on_the_28th(units: dict[str, Unit]) -> None:
    make_client(units["1001"], "C1", risk_level="C3", risk_assessed_on=date(2024, 2, 29))
    assert give_and_close(date(2026, 1, 29)) == (1, 0)
    assert _tasks() == [("C1", date(2026, 2, 28), 2, "open")]
