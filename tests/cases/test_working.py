"""Working on cases: the whole transition table, assignment, steps, conflicts, joining."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from cases.actions import merging, working
from cases.models import TRANSITIONS, Case, CaseLink, ClockFiring, State
from cases.queries.reading import answers_of, notes_of, text_of
from clients.models import Client
from core.errors import Conflict, Stale
from core.models import AuditEntry
from staff.models import Unit
from tests.cases.world import make_case
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
WAYS = {
    "new": {"open", "waiting_client", "waiting_third", "resolved"},
    "open": {"waiting_client", "waiting_third", "resolved"},
    "waiting_client": {"open", "waiting_third", "resolved"},
    "waiting_third": {"open", "waiting_client", "resolved"},
    "resolved": {"closed", "reopened"},
    "closed": {"reopened"},
    "reopened": {"open", "waiting_client", "waiting_third", "resolved"},
}
PATHS = {
    "new": [],
    "open": ["open"],
    "waiting_client": ["waiting_client"],
    "waiting_third": ["waiting_third"],
    "resolved": ["resolved"],
    "closed": ["resolved", "closed"],
    "reopened": ["resolved", "reopened"],
}


@pytest.fixture
def client_1001(units: dict[str, Unit]) -> Client:
    return make_client(units["1001"], "C000001")


@pytest.fixture
def case(cast: SimpleNamespace, client_1001: Client) -> Case:
    made = make_case(cast.agent_1001, client_1001)
    return working.tick(actor=cast.agent_1001, case=made, step="s2", done=True)


@pytest.mark.parametrize("old", State.values)
@pytest.mark.parametrize("new", State.values)
def test_every_way(cast: SimpleNamespace, case: Case, old: str, new: str) -> None:
    for step in PATHS[old]:
        case = working.change_state(actor=cast.agent_1001, case=case, state=step, result="done")
    if new in WAYS[old]:
        moved = working.change_state(actor=cast.agent_1001, case=case, state=new, result="done")
        assert (moved.state, moved.is_done) == (new, new in ("resolved", "closed"))
        resolution = moved.clocks.filter(kind="resolution").last()
        assert resolution.state == {"waiting_client": "paused", "resolved": "met", "closed": "met"}.get(
            new, "running"
        )
    else:
        with pytest.raises(Conflict):
            working.change_state(actor=cast.agent_1001, case=case, state=new, result="done")
    assert {str(one): {str(way) for way in ways} for one, ways in TRANSITIONS.items()} == WAYS


def test_reopening_starts_another_round(cast: SimpleNamespace, case: Case) -> None:
    for state in ("resolved", "closed", "reopened"):
        case = working.change_state(actor=cast.agent_1001, case=case, state=state, result="done")
    rounds = case.clocks.filter(kind="resolution").values_list("round", "state")
    assert list(rounds) == [(1, "met"), (2, "running")]
    assert case.resolved_at is None


def test_resolving_asks_for_steps_and_result(cast: SimpleNamespace, client_1001: Client) -> None:
    case = make_case(cast.agent_1001, client_1001)
    with pytest.raises(ValidationError):
        working.change_state(actor=cast.agent_1001, case=case, state="resolved")
    with pytest.raises(Conflict) as refused:
        working.change_state(actor=cast.agent_1001, case=case, state="resolved", result="done")
    assert refused.value.code == "steps"


def test_what_clients_say_is_sealed_and_stays_out_of_the_trail(cast: SimpleNamespace, case: Case) -> None:
    working.add_note(actor=cast.agent_1001, case=case, text="来电 13800001234")
    row = Case.objects.values_list("text", "answers").get(pk=case.pk)
    assert "对账单".encode() not in bytes(row[0])
    assert text_of(case) == "想要去年的对账单"
    assert answers_of(case) == {}
    assert [one.words for one in notes_of(case)] == ["来电 13800001234"]
    told = [str(entry.detail) for entry in AuditEntry.objects.filter(subject_type="case")]
    assert len(told) == 3
    assert not any("1380000" in text or "对账单" in text for text in told)


def test_opened_once_under_a_key(cast: SimpleNamespace, client_1001: Client) -> None:
    first = make_case(cast.agent_1001, client_1001, key="call-7")
    assert make_case(cast.agent_1001, client_1001, key="call-7") == first
    assert Case.objects.count() == 1


def test_what_does_not_fit_is_told_by_field(cast: SimpleNamespace, client_1001: Client) -> None:
    wrong: list[tuple[dict[str, Any], set[str]]] = [
        ({"kind": "nothing"}, {"kind"}),
        ({"subject": " "}, {"subject"}),
        ({"channel": "fax"}, {"channel"}),
        ({"kind": "trading_question", "fields": {"amount": "much"}}, {"field_amount"}),
        ({"kind": "trading_question", "fields": {"happened_on": "1.2."}}, {"field_happened_on"}),
        ({"kind": "trading_question", "fields": {"account": "404"}}, {"field_account"}),
        ({"kind": "trading_question", "fields": {"colour": "red"}}, {"field_colour"}),
        ({"kind": "account_business"}, {"field_what"}),
    ]
    for told, fields in wrong:
        with pytest.raises(ValidationError) as error:
            make_case(cast.agent_1001, client_1001, **told)
        assert set(error.value.message_dict) == fields
    with pytest.raises(ValidationError):
        make_case(cast.agent_1001, None)
    assert not Case.objects.exists()


def test_giving_a_case(cast: SimpleNamespace, case: Case) -> None:
    with pytest.raises(PermissionDenied):
        working.assign(actor=cast.manager_1001a, case=case, owner=cast.agent_1001)
    with pytest.raises(ValidationError):
        working.assign(actor=cast.team_lead_1001, case=case, owner=cast.agent_1002)
    given = working.assign(actor=cast.team_lead_1001, case=case, owner=cast.agent_1001)
    assert (given.owner, given.state) == (cast.agent_1001, "open")
    passed = working.assign(actor=cast.agent_1001, case=given, owner=cast.agent_hq, why="expert")
    assert passed.owner == cast.agent_hq
    with pytest.raises(Conflict):
        working.take(actor=cast.agent_1001, case=passed)


def test_two_people_at_once(cast: SimpleNamespace, case: Case) -> None:
    seen = case.version
    working.edit(
        actor=cast.agent_1001, case=case, version=seen, subject="new", text="x", priority=1, fields={}
    )
    with pytest.raises(Stale):
        working.edit(
            actor=cast.team_lead_1001,
            case=case,
            version=seen,
            subject="other",
            text="x",
            priority=0,
            fields={},
        )
    case.refresh_from_db()
    assert (case.subject, case.priority) == ("new", 1)


def test_steps_of_the_lead_are_for_the_lead(cast: SimpleNamespace, client_1001: Client) -> None:
    case = make_case(cast.agent_1001, client_1001, "account_business", fields={"what": "销户"})
    with pytest.raises(PermissionDenied):
        working.tick(actor=cast.agent_1001, case=case, step="s3", done=True)
    case = working.tick(actor=cast.team_lead_1001, case=case, step="s3", done=True)
    case = working.tick(actor=cast.agent_1001, case=case, step="s1", done=True)
    assert case.ticked == ["s1", "s3"]  # in the list's order
    assert working.tick(actor=cast.agent_1001, case=case, step="s1", done=False).ticked == ["s3"]


def test_joining_two_cases(cast: SimpleNamespace, client_1001: Client, units: dict[str, Unit]) -> None:
    stays = make_case(cast.agent_1001, client_1001)
    gone = make_case(cast.agent_1001, client_1001, channel="email")
    other = make_case(cast.agent_1001, make_client(units["1001"], "C000002"))
    working.watch(actor=cast.team_lead_1001, case=gone, wanted=True)
    merging.merge(actor=cast.agent_1001, case=gone, into=stays)
    gone.refresh_from_db()
    assert (gone.state, gone.merged_into) == ("closed", stays)
    assert not gone.clocks.filter(ended_at__isnull=True).exists()
    assert list(stays.watchers.values_list("person_id", flat=True)) == [cast.team_lead_1001.pk]
    for one, into in [(stays, stays), (gone, stays), (other, stays)]:
        with pytest.raises(Conflict):
            merging.merge(actor=cast.agent_1001, case=one, into=into)
    with pytest.raises(Conflict):
        working.add_note(actor=cast.agent_1001, case=gone, text="x")
    assert CaseLink.objects.count() == ClockFiring.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_asked_by_many_at_once_it_is_opened_once(cast: SimpleNamespace, client_1001: Client) -> None:
    found: list[Any] = []
    together = threading.Barrier(8)

    def ask() -> None:
        together.wait()
        try:
            found.append(make_case(cast.agent_1001, client_1001, key="call-8").pk)
        except Exception as error:
            found.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [Case.objects.get().pk] * 8
    assert Case.objects.get().events.filter(kind="opened").count() == 1
