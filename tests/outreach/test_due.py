"""Deeds on due contacts: on the entry's page and in its dialog, on many at once, and back again."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import audit
from core.bulk import BulkWork
from core.models import AuditEntry
from interactions.actions.log import Entry, log_interaction
from interactions.models import Interaction
from outreach import bulk_due
from outreach.actions import due
from outreach.models import DueContact, Task
from staff.models import Unit
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def entry(client: Any, name: str = "plan", **more: Any) -> DueContact:
    day = timezone.localdate()
    told = (
        {"why": "never", "facts": {"days": 30}}
        if name == "plan"
        else {"why": "birthday", "facts": {"turns": 40}}
    )
    told |= {"due_on": day + timedelta(days=2)} | more
    return DueContact.objects.create(
        client=client, list=name, occasion="x", branch=client.branch, manager_no=client.manager_no, tier="V4",
        opened_on=day, since=day - timedelta(days=9), **told,
    )  # fmt: skip


@pytest.fixture
def row(units: dict[str, Unit]) -> DueContact:
    return entry(make_client(units["1001"], "C1"))


def logged(**more: Any) -> dict[str, Any]:
    said = {"summary": "客户一切满意", "channel": "phone", "direction": "out", "minutes": 6}
    return said | {"category": "care.review", "outcome": "informed"} | more


def test_logging_the_contact_closes_it_at_once(
    row: DueContact, cast: SimpleNamespace, as_person: Any
) -> None:
    birthday = entry(row.client, "birthday")
    expiring = entry(row.client, "expiring", why="id_30", facts={"ends": "2027-01-01"})
    browser = as_person(cast.agent_1001)
    shown = browser.get(f"/worklists/{row.pk}/", headers=HTMX).content.decode()
    assert "<html" not in shown and "电话 → " in shown and "hx-post" in shown
    assert "<html" in browser.get(f"/worklists/{row.pk}/").content.decode()
    assert browser.post(f"/worklists/{row.pk}/log/", logged(summary=""), headers=HTMX).status_code == 422
    answer = browser.post(f"/worklists/{row.pk}/log/", logged(), headers=HTMX)
    assert f'id="due-{row.pk}" hx-swap-oob="true"' in answer.content.decode()
    assert "dialog-done" in answer["HX-Trigger"]
    written = Interaction.objects.get()
    assert (written.agent, written.direction, written.summary) == (cast.agent_1001, "out", "客户一切满意")
    states = dict(DueContact.objects.values_list("list", "closed_how"))
    assert states == {"plan": "contacted", "birthday": "contacted", "expiring": ""}
    assert {birthday.client_id, expiring.client_id} == {row.client_id}


def test_who_was_not_reached_still_waits(row: DueContact, cast: SimpleNamespace, as_person: Any) -> None:
    browser = as_person(cast.agent_1001)
    assert browser.post(f"/worklists/{row.pk}/log/", logged(outcome="not_reached")).status_code == 302
    row.refresh_from_db()
    assert (row.state, Interaction.objects.count()) == ("open", 1)


def test_put_off_closed_and_back_by_page(row: DueContact, cast: SimpleNamespace, as_person: Any) -> None:
    browser, tomorrow = as_person(cast.agent_1001), timezone.localdate() + timedelta(days=1)
    for until in (timezone.localdate(), timezone.localdate() + timedelta(days=93), ""):
        assert browser.post(f"/worklists/{row.pk}/put-off/", {"until": until}).status_code == 422
    answer = browser.post(f"/worklists/{row.pk}/put-off/", {"until": tomorrow}, headers=HTMX)
    row.refresh_from_db()
    assert (row.state, row.put_off_until) == ("put_off", tomorrow)
    assert f"/worklists/{row.pk}/reopen/{row.version}/" in answer["HX-Trigger"]
    browser.post(f"/worklists/{row.pk}/reopen/{row.version}/", headers=HTMX)
    row.refresh_from_db()
    assert (row.state, row.put_off_until) == ("open", None)
    assert browser.post(f"/worklists/{row.pk}/close/", {"why": ""}).status_code == 422
    browser.post(f"/worklists/{row.pk}/close/", {"why": "moved abroad"})
    row.refresh_from_db()
    assert (row.state, row.closed_how, row.note) == ("done", "by_hand", "moved abroad")
    assert browser.post(f"/worklists/{row.pk}/reopen/{row.version - 1}/", headers=HTMX).status_code == 409
    assert "moved abroad" in browser.get(f"/worklists/{row.pk}/").content.decode()
    deeds = (
        AuditEntry.objects.filter(subject_type="due_contact").order_by("pk").values_list("deed", flat=True)
    )
    assert list(deeds) == ["due.put_off", "due.reopened", "due.closed"]


def test_a_task_in_one_click_and_only_one(row: DueContact, cast: SimpleNamespace, as_person: Any) -> None:
    browser = as_person(cast.agent_1001)
    for _again in range(2):
        answer = browser.post(f"/worklists/{row.pk}/task/", headers=HTMX)
        assert answer.status_code == 204 and "take-back" in answer["HX-Trigger"]
    task = Task.objects.get()
    assert (task.client, task.assignee, task.title) == (row.client, cast.agent_1001, "按服务计划联系")
    row.refresh_from_db()
    assert row.state == "open"


def work(person: Any, rows: list[DueContact], undo: Any = None, **data: Any) -> BulkWork:
    return BulkWork(7, [row.pk for row in rows], data, person, undo)


@pytest.mark.parametrize("key", ["put_off", "hand", "close"])
def test_many_at_once_and_back_unless_somebody_worked_on_them(
    key: str, units: dict[str, Unit], cast: SimpleNamespace
) -> None:
    leader, day = cast.team_lead_1001, timezone.localdate() + timedelta(days=3)
    deed = next(one for one in bulk_due.DEEDS if one.key == key)
    rows = [entry(make_client(units["1001"], f"C{number}")) for number in range(4)]
    due.put_off(actor=leader, ids=[rows[1].pk], until=day + timedelta(days=1))
    due.hand_to(actor=leader, ids=[rows[2].pk], person=cast.team_lead_1001)
    due.close(actor=leader, ids=[rows[3].pk], why="x")
    asked = {"until": day.isoformat(), "assignee": cast.agent_1001.pk, "why": "fair was enough"}
    fields = ("id", "state", "put_off_until", "owner", "handed", "closed_how", "closed_on", "note")
    before = list(DueContact.objects.order_by("pk").values(*fields))
    done = deed.apply(work(leader, rows, **asked))
    assert set(done.failures) == {rows[3].pk}
    after = list(DueContact.objects.order_by("pk").values(*fields))
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, False, False, True]
    assert deed.undo is not None
    assert deed.undo(work(leader, rows[:3], done.undo)) == {}
    assert list(DueContact.objects.order_by("pk").values(*fields)) == before
    again = deed.apply(work(leader, rows[:3], **asked))
    DueContact.objects.filter(pk=rows[0].pk).update(version=99)
    assert set(deed.undo(work(leader, rows[:3], again.undo))) == {rows[0].pk}


def test_a_task_for_the_client_of_each_entry(units: dict[str, Unit], cast: SimpleNamespace) -> None:
    leader = cast.team_lead_1001
    near = make_client(units["1001"], "C1", manager_no=cast.manager_1001a.employee_no)
    others = make_client(units["1001"], "C2", manager_no="")
    rows = [entry(near), entry(near, "birthday"), entry(others)]
    asked = {"title": "回访", "note": "", "due_on": "2100-01-04", "assignee": None}
    assert bulk_due.give(work(leader, rows, **asked)).failures == {}
    assert set(Task.objects.values_list("client__client_no", "assignee")) == {
        ("C1", cast.manager_1001a.pk), ("C2", None),
    }  # fmt: skip
    assert bulk_due.give_back(work(leader, rows, **asked)) == {}
    assert not Task.objects.filter(state="open").exists()
    refused = bulk_due.give(work(leader, rows, **asked | {"assignee": cast.manager_1001a.pk}))
    assert set(refused.failures) == {rows[2].pk}


def test_the_minute_tick_reads_one_client_or_all(units: dict[str, Unit], cast: SimpleNamespace) -> None:
    rows = [entry(make_client(units["1001"], f"C{number}")) for number in range(3)]
    now = timezone.now()
    for row in rows[:2]:
        told = Entry(
            channel="phone", direction="in", category="care", summary="x", started_at=now, ended_at=now
        )
        log_interaction(actor=audit.SYSTEM, client=row.client, entry=told, agent=cast.agent_1001)
    assert due.close_contacted(client_id=rows[1].client_id) == 1
    assert due.close_contacted() == 1
    assert due.close_contacted() == 0
    assert DueContact.objects.get(state="open") == rows[2]


def test_as_many_queries_at_200_as_at_20(
    units: dict[str, Unit], cast: SimpleNamespace, as_person: Any
) -> None:
    browser = as_person(cast.team_lead_1001)
    paths = (
        "/worklists/?size=200",
        "/worklists/?size=200&list=plan&kept=no&month=2100-01",
        "/worklists/plan/",
    )

    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(path).status_code == 200
        return len(queries)

    clients = [make_client(units["1001"], f"C{number}") for number in range(200)]
    for client in clients[:20]:
        entry(client)
    few = {path: (browser.get(path), asked(path))[1] for path in paths}
    for client in clients[20:]:
        entry(client, due_on=date(2100, 1, 1))
    assert {path: asked(path) for path in paths} == few
