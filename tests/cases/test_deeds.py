"""The deeds of the case page, as its forms send them."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.messages import get_messages

from cases.models import Case, CaseEvent
from core.models import AuditEntry
from staff.models import Unit
from tests.cases.world import make_case
from tests.cast import Speak
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
SAVED = "已保存。"
CLASSES = {
    "business": "fees", "severity": "serious", "source": "regulator", "source_no": "J-7", "complainants": "2",
}  # fmt: skip


@pytest.fixture
def complaint(cast: SimpleNamespace, units: dict[str, Unit]) -> Case:
    return make_case(cast.agent_1001, make_client(units["1001"], "C000001"), "complaint")


def send(browser: Any, case: Case, name: str, **told: Any) -> str:
    """What the page says after the deed."""
    answer = browser.post(f"/cases/{case.pk}/{name}/", told)
    assert answer.status_code == 302
    return [str(one) for one in get_messages(answer.wsgi_request)][-1]


def test_a_complaint_is_classified(cast: SimpleNamespace, complaint: Case, as_person: Speak) -> None:
    browser, fresh = as_person(cast.agent_1001), Case.objects.get(pk=complaint.pk)
    assert send(browser, complaint, "classify", version=fresh.version, **CLASSES) == SAVED
    told = complaint.complaint
    told.refresh_from_db()
    assert {name: str(getattr(told, name)) for name in CLASSES} == CLASSES
    for wrong in ({"complainants": "0"}, {"business": "nothing"}, {"source_no": "x" * 61}, {}):
        version = fresh.version if not wrong else fresh.version + 1  # somebody was faster
        assert send(browser, complaint, "classify", version=version, **{**CLASSES, **wrong}) != SAVED
    assert AuditEntry.objects.filter(deed="complaint.classified").count() == 1
    assert CaseEvent.objects.filter(case=complaint, kind="classified").count() == 1


def test_each_deed_of_the_page(cast: SimpleNamespace, complaint: Case, as_person: Speak) -> None:
    agent, lead = as_person(cast.agent_1001), as_person(cast.team_lead_1001)
    assert send(agent, complaint, "note", kind="acknowledged", text="已受理") == SAVED
    assert send(agent, complaint, "step", step="s1", done="1") == SAVED
    assert send(agent, complaint, "watch", wanted="1") == SAVED
    assert send(agent, complaint, "recuse", person=cast.manager_1001a.employee_no) == SAVED
    assert send(lead, complaint, "let-in", person=cast.manager_1001a.name) == SAVED
    assert send(agent, complaint, "longer", reason="涉及多笔交易") == SAVED
    assert send(lead, complaint, "longer-approve") == SAVED
    assert send(lead, complaint, "decide", outcome="partly") == SAVED
    assert send(lead, complaint, "give", owner=cast.manager_1001a.pk, why="休假") == SAVED
    version = Case.objects.get(pk=complaint.pk).version
    assert send(agent, complaint, "state", state="waiting_client", version=version) == SAVED
    assert send(agent, complaint, "state", state="open", version=version) != SAVED
    kinds = set(complaint.events.values_list("kind", flat=True))
    assert kinds == {
        "opened", "noted", "step_done", "watched", "recused", "recusal_ended", "longer_asked",
        "longer_approved", "decided", "assigned", "state_changed",
    }  # fmt: skip


def test_the_client_of_a_case_is_named_later_and_duplicates_are_joined(
    cast: SimpleNamespace, units: dict[str, Unit], as_person: Speak
) -> None:
    browser = as_person(cast.agent_1001)
    make_client(units["1001"], "C000001")
    unknown, again = (make_case(cast.agent_1001, None, unit=units["1001"]) for _number in range(2))
    assert send(browser, unknown, "client", client_no="C404") == "没有这位客户。"
    assert send(browser, unknown, "client", client_no="c000001") == SAVED
    assert send(browser, again, "join", into="CS999999") == "没有这个工单。"
    assert send(browser, again, "client", client_no="C000001") == SAVED
    assert send(browser, again, "join", into=unknown.number) == SAVED
    again.refresh_from_db()
    assert (again.merged_into, again.client) == (unknown, Case.objects.get(pk=unknown.pk).client)
