"""Callbacks as people see them: the session, the list, progress, the draw, programmes; and by API."""

from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from core.models import AuditEntry
from outreach.actions import programmes
from outreach.actions.callbacks import settle, take, take_next
from outreach.actions.drawing import draw_year
from outreach.forms.programmes import initial_of, questions_of
from outreach.models import Callback, CallbackDraw, CallbackProgramme
from outreach.queries.callbacks import opened, progress
from staff.models import Unit
from tests.cast import Speak
from tests.clients.people import make_client
from tests.outreach.callback_world import FINE, MORNING, REACHED, TODAY, UNANSWERED, callback

pytestmark = pytest.mark.django_db
Units = dict[str, Unit]
ANSWERS = {f"question_{key}": answer for key, answer in FINE.items()}


@pytest.fixture(autouse=True)
def that_morning() -> Iterator[None]:
    with time_machine.travel(MORNING + timedelta(minutes=30), tick=False):
        yield


def _asked(browser: Browser, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(path)
    assert answer.status_code == 200
    return len(queries)


def test_as_many_queries_at_200_as_at_20(client: Browser, units: Units, cast: SimpleNamespace) -> None:
    client.force_login(cast.agent_1001)
    paths = ("/callbacks/", "/callbacks/list/?size=200", "/api/v1/callbacks/?page_size=200")
    for number in range(20):
        callback(units["1001"], f"C{number:03}")
    few = {path: (client.get(path), _asked(client, path))[1] for path in paths}
    for number in range(20, 200):
        callback(units["1001"], f"C{number:03}")
    assert {path: _asked(client, path) for path in paths} == few


def test_a_client_after_the_other(client: Browser, units: Units, cast: SimpleNamespace) -> None:
    first, second = callback(units["1001"], "C1"), callback(units["1001"], "C2")
    client.force_login(cast.agent_1001)
    assert client.post("/callbacks/next/")["Location"] == first.get_absolute_url()
    page = client.get(first.get_absolute_url()).content.decode()
    assert "138****1234" in page and "13800001234" not in page and "账户是您本人自愿开立的吗" in page
    kept = client.post(f"{first.get_absolute_url()}draft/", ANSWERS | {"note": "so far"})
    assert kept.status_code == 200
    first.refresh_from_db()
    assert opened(first) == (FINE, "so far")
    gone_on = client.post(first.get_absolute_url(), ANSWERS | {"outcome": "reached"})
    assert gone_on["Location"] == second.get_absolute_url()
    done = client.post(second.get_absolute_url(), {"outcome": "no_answer.busy"})
    assert done["Location"] == "/callbacks/"
    assert list(Callback.objects.order_by("pk").values_list("state", "tries")) == [("passed", 0), ("open", 1)]


def test_what_is_missing_is_said_beside_the_question(
    client: Browser, units: Units, cast: SimpleNamespace
) -> None:
    row = callback(units["1001"], "C1")
    client.force_login(cast.agent_1001)
    client.post("/callbacks/next/")
    answer = client.post(row.get_absolute_url(), {"question_q1": "yes", "outcome": "reached"})
    assert answer.status_code == 422 and answer.content.decode().count("aria-invalid") == 6
    later = client.post(row.get_absolute_url(), {"outcome": "later.hour"})
    assert later.status_code == 302
    row.refresh_from_db()
    assert row.next_at == MORNING + timedelta(minutes=90)


def test_an_exception_leads_to_its_case(client: Browser, units: Units, cast: SimpleNamespace) -> None:
    row = callback(units["1001"], "C1")
    client.force_login(cast.agent_1001)
    client.post(f"{row.get_absolute_url()}take/")
    client.post(row.get_absolute_url(), ANSWERS | {"question_q4": "no"})
    page = client.get(row.get_absolute_url()).content.decode()
    assert Case.objects.get().get_absolute_url() in page and '<form class="stack session-form"' not in page


def test_the_overview_names_own_clients_as_left_to_colleagues(
    client: Browser, units: Units, cast: SimpleNamespace
) -> None:
    callback(units["1001"], "C1", name="钱七", manager_no=cast.agent_1001.employee_no)
    client.force_login(cast.agent_1001)
    assert "钱七" in client.get("/callbacks/").content.decode()
    answer = client.post(f"{Callback.objects.get().get_absolute_url()}take/", follow=True)
    assert "您管理" in answer.content.decode()


def test_progress_by_branch_in_sight(units: Units, cast: SimpleNamespace) -> None:
    late = TODAY - timedelta(days=1)
    rows = [
        callback(units["1001"], f"C{number}", due_on=late if number == 4 else TODAY) for number in range(6)
    ]
    callback(units["1002"], "D1")
    agent = cast.agent_1001
    for row, told in zip(rows, (REACHED, REACHED, UNANSWERED, UNANSWERED), strict=False):
        take(actor=agent, callback=row, now=MORNING)
        settle(actor=agent, callback=row, told=told, now=MORNING)
    Callback.objects.filter(pk=rows[1].pk).update(due_on=late)  # reached, but a day after
    Callback.objects.filter(pk=rows[3].pk).update(state="unreachable", ended_at=MORNING)
    Callback.objects.filter(pk=rows[5].pk).update(state="dropped", ended_at=MORNING)
    (line,) = progress(agent, "new_account", 2026)
    found = {
        name: line[name]
        for name in ("every", "reached", "in_time", "open", "tried", "overdue", "unreachable")
    }
    assert found == {
        "every": 5, "reached": 2, "in_time": 1, "open": 2, "tried": 1, "overdue": 1, "unreachable": 1,
    }  # fmt: skip
    assert [one["branch__code"] for one in progress(cast.agent_hq, "new_account", 2026)] == ["1001", "1002"]
    assert progress(cast.value_analyst, "new_account", 2026) == []


def test_the_record_of_a_draw_shows_branches_in_sight(
    client: Browser, units: Units, cast: SimpleNamespace
) -> None:
    for code in ("1001", "1002"):
        make_client(units[code], f"C{code}", opened_on=date(2020, 1, 1))
    draw_year(2026, seed="a-seed-to-read")
    client.force_login(cast.agent_1001)
    page = client.get("/callbacks/draws/2026/").content.decode()
    assert "a-seed-to-read" in page and "南京西路" in page and "陆家嘴" not in page
    assert client.get("/callbacks/draws/2025/").status_code == 404


def test_a_programme_is_written_by_one_and_approved_by_another(
    client: Browser, units: Units, cast: SimpleNamespace
) -> None:
    old = CallbackProgramme.objects.get(kind="new_account")
    client.force_login(cast.team_lead_hq)
    told = {name: value for name, value in initial_of(old).items() if value is not None}
    told |= {"days": 20, "call_from": "10:00", "call_to": "18:00"} | _formset(old)
    assert client.post("/callbacks/programmes/new_account/edit/", told).status_code == 302
    draft = CallbackProgramme.objects.get(kind="new_account", state="draft")
    assert (draft.number, draft.days, draft.author, draft.questions[:-1]) == (
        2, 20, cast.team_lead_hq, old.questions,
    )  # fmt: skip
    assert draft.questions[-1]["exceptions"] == ["yes"] and draft.questions[-1]["key"] not in ("q1", "q9")
    do = "/callbacks/programmes/new_account/do"
    client.post(f"{do}/propose/", {"version": draft.version})
    draft.refresh_from_db()
    client.post(f"{do}/approve/", {"version": draft.version})
    draft.refresh_from_db()
    assert draft.state == "proposed"
    client.force_login(cast.compliance)
    client.post(f"{do}/approve/", {"version": draft.version})
    states = CallbackProgramme.objects.filter(kind="new_account").order_by("number")
    assert list(states.values_list("state", "approved_by")) == [
        ("retired", None), ("in_force", cast.compliance.pk),
    ]  # fmt: skip
    assert AuditEntry.objects.filter(deed="callback_programme.approved").count() == 1


def _formset(old: CallbackProgramme) -> dict[str, object]:
    """The questions as they were, and one more."""
    rows = [
        *questions_of(old),
        {"zh": "是否有人代签？", "kind": "yes_no", "exceptions": "是", "required": True},
    ]
    told: dict[str, object] = {"questions-TOTAL_FORMS": len(rows), "questions-INITIAL_FORMS": len(rows) - 1}
    for number, row in enumerate(rows):
        told[f"questions-{number}-ORDER"] = number + 1
        for name, value in row.items():
            if value not in ("", False):
                told[f"questions-{number}-{name}"] = value
    return told


def test_the_database_keeps_the_second_person_and_what_was_in_force(
    units: Units, cast: SimpleNamespace
) -> None:
    rows, lead = CallbackProgramme.objects.filter(kind="yearly"), cast.team_lead_hq
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(share="0.2")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state="draft", in_force_from=None)
    old = rows.get()
    values = {name: getattr(old, name) for name in ("call_from", "call_to", "greeting_zh", "questions")}
    draft = CallbackProgramme(kind="yearly", number=2, author=lead, written_at=MORNING, **values)
    for fields in (
        {"share": "0.0999"},
        {"share": "0.1", "days": 3},
        {"share": "0.1", "state": "retired", "in_force_from": MORNING},
        {"share": "0.1", "state": "retired", "in_force_from": MORNING, "approved_by": lead},
    ):
        for name, value in ({"state": "draft", "approved_by": None} | fields).items():
            setattr(draft, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            draft.save()


def test_only_those_of_the_firm_write_programmes(
    client: Browser, units: Units, cast: SimpleNamespace
) -> None:
    client.force_login(cast.team_lead_1001)
    assert client.get("/callbacks/programmes/yearly/").status_code == 200
    assert client.get("/callbacks/programmes/yearly/edit/").status_code == 403
    assert client.post("/callbacks/programmes/yearly/do/retire/", {"version": 1}).status_code == 403


def test_a_callback_keeps_the_version_it_began_with(units: Units, cast: SimpleNamespace) -> None:
    row = callback(units["1001"], "C1")
    programmes.retire(actor=cast.team_lead_hq, kind="new_account", version=1)
    taken = take_next(actor=cast.agent_1001, now=MORNING)
    assert taken == row and row.programme.state == "in_force"  # as it was read; its questions hold
    assert settle(actor=cast.agent_1001, callback=row, told=REACHED, now=MORNING).state == "passed"


def test_by_api(units: Units, as_system: Speak) -> None:
    row = callback(units["1001"], "C1")
    callback(units["1002"], "D1")
    draw_year(2026, seed="s")
    system = as_system("clients:read", "callbacks:read", at=("1001",))
    listed = system.get("/api/v1/callbacks/", {"kind": "new_account"}).json()["results"]
    assert [(one["client"], one["state"], one["branch"]) for one in listed] == [("C1", "open", "1001")]
    assert system.get(f"/api/v1/callbacks/{row.pk}/").json()["due_on"] == "2026-11-30"
    told = system.get("/api/v1/callback-progress/", {"kind": "new_account", "year": 2026}).json()
    assert told == [
        {"branch": "1001", "every": 1, "open": 1, "overdue": 0, "passed": 0, "exception": 0, "refused": 0,
         "unreachable": 0, "reached": 0, "in_time": 0},
    ]  # fmt: skip
    assert (
        system.get("/api/v1/callback-draws/").json()["results"][0]["seed"] == CallbackDraw.objects.get().seed
    )
    assert system.get("/api/v1/callbacks/", {"year": "99999999"}).json()["results"] == []
    assert as_system("clients:read", at=("1001",), name="x").get("/api/v1/callbacks/").status_code == 403
