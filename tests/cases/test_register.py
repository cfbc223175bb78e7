"""The register of complaints over REST: row by row and as a file, for whoever keeps it for the firm."""

import io
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from cases.actions import complaints, working
from cases.models import Case, Complaint
from core.models import AuditEntry
from staff.models import Unit
from tests.cases.world import make_case
from tests.cast import Speak
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/complaints/register/"


@pytest.fixture
def told(cast: SimpleNamespace, units: dict[str, Unit]) -> list[Case]:
    """Of five days, one a day; the oldest was acknowledged and decided."""
    client = make_client(units["1001"], "C000001")
    made = [make_case(cast.agent_1001, client, "complaint", subject=f"第{n}件") for n in range(5)]
    today = timezone.localdate()
    for days, case in enumerate(reversed(made)):
        Complaint.objects.filter(case=case).update(received_on=today - timedelta(days=days))
    working.add_note(actor=cast.agent_1001, case=made[0], text="已受理", kind="acknowledged")
    complaints.decide(actor=cast.team_lead_1001, case=made[0], outcome="partly")
    return made


def rows_of(caller: Any, query: str) -> list[dict[str, Any]]:
    """All pages, two rows each."""
    found, address = [], f"{ADDRESS}?page_size=2&{query}"
    while address:
        answer = caller.get(address)
        assert answer.status_code == 200, answer.content
        found += answer.json()["results"]
        address = answer.json()["next"]
    return found


def test_rows_of_the_days_asked_for(cast: SimpleNamespace, told: list[Case], as_person: Speak) -> None:
    today = timezone.localdate()
    caller = as_person(cast.compliance)
    rows = rows_of(caller, f"from={today - timedelta(days=4)}&to={today - timedelta(days=1)}")
    assert [row["number"] for row in rows] == [case.number for case in told[:4]]
    first = rows[0]
    assert (first["client"], first["client_name"], first["unit"]) == ("C000001", "王建国", "1001")
    assert (first["substantiated"], first["in_time"], first["complex"]) == ("partly", True, False)
    assert first["acknowledged_at"] is not None and first["contacted_at"] is None
    assert (first["received_by"], first["owner"]) == (cast.agent_1001.username,) * 2
    taken = AuditEntry.objects.filter(deed="complaint.register_taken", actor_id=cast.compliance.pk)
    assert [entry.detail for entry in taken] == [{"complaints": 2}] * 2
    assert caller.get(f"{ADDRESS}?from=2026-02-30").status_code == 400
    assert caller.get(f"{ADDRESS}?from=2026-02-02&to=2026-02-01").status_code == 400


def test_the_file_has_the_same_rows(told: list[Case], as_system: Speak) -> None:
    caller = as_system("complaints:register", "clients:read")
    today = timezone.localdate()
    days = f"from={today - timedelta(days=2)}&to={today}"
    answer = caller.get(f"{ADDRESS}file/?{days}")
    assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")
    head, *rows = openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    assert [dict(zip(head, row, strict=True))["编号"] for row in rows] == [case.number for case in told[2:]]
    assert AuditEntry.objects.get(deed="complaint.register_taken").detail == {"complaints": 3}


def test_only_for_the_firm(
    cast: SimpleNamespace, told: list[Case], as_person: Speak, as_system: Speak
) -> None:
    callers = [
        as_person(cast.team_lead_1001), as_person(cast.agent_hq),
        as_system("complaints:register", "clients:read", at=("1001",), name="branch"),
        as_system("cases:read", "clients:read", name="reader"),
    ]  # fmt: skip
    for caller in callers:
        for address in (ADDRESS, f"{ADDRESS}file/"):
            assert caller.get(address).status_code == 403
    assert not AuditEntry.objects.filter(deed="complaint.register_taken").exists()
