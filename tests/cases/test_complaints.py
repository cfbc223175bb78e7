"""Complaints: first receiver, recusal, longer time, decision, register and evidence pack; incidents."""

import io
from types import SimpleNamespace

import openpyxl
import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from cases.actions import complaints, evidence, incidents, working
from cases.models import Case, Incident
from cases.queries.reading import notes_of
from clients.models import Client
from core import jobs
from core.errors import Conflict
from core.models import AuditEntry, Job, OutboxMessage
from core.outbox import collected
from interactions.models import Delivery, Line
from staff.models import Unit
from tests.cases.world import at, make_case
from tests.cast import Speak
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_1001(units: dict[str, Unit]) -> Client:
    return make_client(units["1001"], "C000001")


@pytest.fixture
def complaint(cast: SimpleNamespace, client_1001: Client) -> Case:
    return make_case(cast.agent_1001, client_1001, "complaint", channel="phone")


def test_the_first_receiver_keeps_it(cast: SimpleNamespace, complaint: Case) -> None:
    assert (complaint.owner, complaint.received_by) == (cast.agent_1001, cast.agent_1001)
    with pytest.raises(Conflict):
        working.assign(actor=cast.agent_1001, case=complaint, owner=cast.manager_1001a, why="busy")
    with pytest.raises(Conflict):
        working.assign(actor=cast.team_lead_1001, case=complaint, owner=cast.manager_1001a)
    given = working.assign(
        actor=cast.team_lead_1001, case=complaint, owner=cast.manager_1001a, why="on leave"
    )
    assert given.owner == cast.manager_1001a


def test_who_is_complained_about_sees_and_touches_nothing(
    cast: SimpleNamespace, complaint: Case, as_person: Speak
) -> None:
    manager, browser = cast.manager_1001a, as_person(cast.manager_1001a)
    assert browser.get(complaint.get_absolute_url()).status_code == 200
    assert complaint.number in browser.get("/cases/").content.decode()
    complaints.recuse(actor=cast.agent_1001, case=complaint, person=manager)
    assert browser.get(complaint.get_absolute_url()).status_code == 404
    assert browser.get(f"/api/v1/cases/{complaint.pk}/clocks/").status_code == 404
    assert (
        browser.post(f"{complaint.get_absolute_url()}note/", {"text": "x", "kind": "note"}).status_code == 404
    )
    places = ["/cases/", "/cases/board/", "/cases/complaints/", "/cases/of-client/C000001/", "/api/v1/cases/"]
    for address in [*places, f"/palette/?q={complaint.number}", "/clients/C000001/timeline/"]:
        assert complaint.number not in browser.get(address).content.decode(), address
    assert not Case.objects.visible_to(manager).exists()
    with pytest.raises(ValidationError):
        working.assign(actor=cast.team_lead_1001, case=complaint, owner=manager, why="x")
    with pytest.raises(Conflict):
        complaints.recuse(actor=cast.agent_1001, case=complaint, person=manager)
    complaints.end_recusal(actor=cast.team_lead_1001, case=complaint, person=manager)
    assert Case.objects.visible_to(manager).count() == 1


def test_recusing_the_owner_gives_it_back(cast: SimpleNamespace, complaint: Case) -> None:
    complaints.recuse(actor=cast.team_lead_1001, case=complaint, person=cast.agent_1001)
    complaint.refresh_from_db()
    assert complaint.owner is None
    assert not Case.objects.visible_to(cast.agent_1001).exists()


def test_a_longer_time_needs_two_people(cast: SimpleNamespace, client_1001: Client) -> None:
    with time_machine.travel(at("2026-11-02 10:00"), tick=False):
        case = make_case(cast.agent_1001, client_1001, "complaint")
        with pytest.raises(Conflict):
            complaints.approve_longer(actor=cast.team_lead_1001, case=case)
        complaints.ask_longer(actor=cast.team_lead_1001, case=case, reason="many trades")
        with pytest.raises(Conflict):
            complaints.approve_longer(actor=cast.team_lead_1001, case=case)
        with pytest.raises(PermissionDenied):
            complaints.approve_longer(actor=cast.agent_1001, case=case)
        complaints.approve_longer(actor=cast.branch_manager_1001, case=case)
    assert case.clocks.get(kind="resolution").due_at == at("2026-11-23 10:00")


def test_decided_before_it_is_resolved(cast: SimpleNamespace, complaint: Case) -> None:
    with pytest.raises(PermissionDenied):
        complaints.decide(actor=cast.agent_1001, case=complaint, outcome="yes")
    for step in complaint.type_version.steps:
        working.tick(actor=cast.team_lead_1001, case=complaint, step=step["key"], done=True)
    with pytest.raises(Conflict):
        working.change_state(actor=cast.agent_1001, case=complaint, state="resolved", result="paid back")
    complaints.decide(actor=cast.team_lead_1001, case=complaint, outcome="yes")
    done = working.change_state(actor=cast.agent_1001, case=complaint, state="resolved", result="paid back")
    assert set(done.clocks.filter(kind__in=["resolution", "hard_stop"]).values_list("state", flat=True)) == {
        "met"
    }
    collected()
    told = set(OutboxMessage.objects.values_list("event", flat=True))
    assert {"case.opened", "case.state_changed", "complaint.decided"} <= told


def test_the_register_is_a_file_without_formulas(
    cast: SimpleNamespace, client_1001: Client, as_person: Speak
) -> None:
    case = make_case(cast.agent_1001, client_1001, "complaint", subject="=HYPERLINK(1)")
    complaints.decide(actor=cast.team_lead_1001, case=case, outcome="partly")
    today = timezone.localdate()
    days = {"first": today, "last": today}
    assert as_person(cast.team_lead_1001).post("/cases/complaints/register/", days).status_code == 403
    answer = as_person(cast.compliance).post("/cases/complaints/register/", days)
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows())
    values = {head.value: cell for head, cell in zip(*rows, strict=True)}
    assert values["编号"].value == case.number
    assert values["主题"].data_type == "s"
    assert values["主题"].value == "=HYPERLINK(1)"
    assert values["认定结果"].value == "部分属实"
    assert AuditEntry.objects.get(deed="complaint.register_taken").detail == {"complaints": 1}


def test_the_evidence_pack_holds_everything_under_its_hash(
    cast: SimpleNamespace, complaint: Case, as_person: Speak
) -> None:
    working.add_note(actor=cast.agent_1001, case=complaint, text="已致电客户 #strong[x]", kind="contact")
    content = evidence.content_of(complaint, cast.agent_1001)
    assert content["said"] == "想要去年的对账单"
    assert [line[3] for line in content["notes"]] == ["已致电客户 #strong[x]"]
    assert len(content["clocks"]) == 4
    answer = as_person(cast.compliance).post(f"{complaint.get_absolute_url()}evidence/")
    assert answer.content.startswith(b"%PDF")
    pack = complaint.complaint.packs.get()
    assert (len(pack.sha256), pack.made_by) == (64, cast.compliance.username)
    assert AuditEntry.objects.filter(deed="complaint.pack_made", actor_id=cast.compliance.pk).count() == 1
    again = evidence.make(actor=cast.compliance, case=complaint)
    assert again.sha256 != pack.sha256  # the history has grown by the first pack


def test_one_answer_for_many_cases(
    cast: SimpleNamespace,
    units: dict[str, Unit],
    client_1001: Client,
    django_capture_on_commit_callbacks: object,
) -> None:
    Line.objects.create(code="mail", adapter="email", name="Mail", unit=units["HQ"])
    cases = [make_case(cast.agent_1001, client_1001, channel="email", subject=f"{n}") for n in range(3)]
    unreachable = make_case(cast.agent_1001, make_client(units["1001"], "C000002"), channel="wecom")
    complaint = make_case(cast.agent_1001, client_1001, "complaint")
    incident = incidents.open_incident(actor=cast.team_lead_1001, title="行情中断")
    ids = [case.pk for case in [*cases, unreachable, complaint]]
    assert len(incidents.put_under(actor=cast.team_lead_1001, ids=ids, incident=incident)) == 4
    with pytest.raises(Conflict):
        incidents.close_all(actor=cast.team_lead_1001, incident=incident, version=1)
    told = incidents.propose_answer(actor=cast.team_lead_1001, incident=incident, version=1, answer="已恢复")
    with pytest.raises(Conflict) as refused:
        incidents.approve_answer(actor=cast.team_lead_1001, incident=incident, version=told.version)
    assert refused.value.code == "four_eyes"
    incidents.approve_answer(actor=cast.branch_manager_1001, incident=incident, version=2)
    job = incidents.close_all(actor=cast.team_lead_1001, incident=incident, version=3)
    for _twice in range(2):  # a message may come twice
        incidents.close_cases(jobs.claim(job.pk) or Job.objects.get(pk=job.pk))
    assert set(incident.cases.values_list("state", flat=True)) == {"closed"}
    assert Delivery.objects.count() == 3
    assert [one.words for one in notes_of(Case.objects.get(pk=unreachable.pk))] == ["已恢复"]
    incident.refresh_from_db()
    assert incident.state == Incident.State.CLOSED
    complaint.refresh_from_db()
    assert (complaint.state, complaint.incident) == ("new", None)
