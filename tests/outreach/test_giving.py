"""Tasks are given once, to the right hands, and only to those who may see the client."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit
from core.models import AuditEntry
from outreach.actions.tasks import give_task, give_tasks, take_back_tasks
from outreach.models import Task, TaskReminder
from staff.models import Notice, Unit
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
Units = dict[str, Unit]
DUE = date(2026, 12, 4)


def _who(task: Task) -> tuple[str | None, str | None]:
    return (
        task.assignee.username if task.assignee else None,
        task.unit.code if task.unit else None,
    )


def test_to_the_manager_of_the_client_else_to_the_branch(units: Units, cast: SimpleNamespace) -> None:
    managed = make_client(units["1001"], "C1", manager_no="M1001A")
    alone = make_client(units["1001"], "C2", manager_no="")
    gone = make_client(units["1001"], "C3", manager_no="M9999X")
    given = [
        give_task(actor=audit.SYSTEM, title="x", due_at=DUE, client=one) for one in (managed, alone, gone)
    ]
    assert [_who(task) for task in given] == [
        (cast.manager_1001a.username, "1001"), (None, "1001"), (None, "1001"),
    ]  # fmt: skip


def test_without_a_client_to_oneself(cast: SimpleNamespace) -> None:
    task = give_task(actor=cast.agent_1001, title="  Call   the  printer ", due_at=DUE)
    assert (task.title, _who(task)) == ("Call the printer", (cast.agent_1001.username, "1001"))
    assert (task.all_day, task.due_at.astimezone(UTC)) == (True, datetime(2026, 12, 4, 15, 59, tzinfo=UTC))
    assert not Notice.objects.exists()
    entry = AuditEntry.objects.get(deed="task.given")
    assert (entry.chain_id, entry.subject_id, entry.detail) == ("1001", str(task.pk), {"kind": "task"})


def test_the_system_has_to_say_who(units: Units, cast: SimpleNamespace) -> None:
    with pytest.raises(ValidationError):
        give_task(actor=audit.SYSTEM, title="x", due_at=DUE)


def test_once_for_each_key(cast: SimpleNamespace) -> None:
    tasks = {give_task(actor=cast.agent_1001, title=f"{n}", due_at=DUE, key="once").pk for n in range(3)}
    assert len(tasks) == Task.objects.count() == AuditEntry.objects.filter(deed="task.given").count() == 1


def test_whoever_gets_it_is_told_and_may_see_the_client(units: Units, cast: SimpleNamespace) -> None:
    client = make_client(units["1001"], "C1")
    give_task(actor=cast.agent_1001, title="回访", due_at=DUE, client=client, assignee=cast.manager_1001a)
    notice = Notice.objects.get()
    assert (notice.person_id, notice.params) == (cast.manager_1001a.pk, {"title": "回访"})
    for stranger in (cast.agent_1002, cast.analyst, cast.compliance):
        with pytest.raises(ValidationError):
            give_task(actor=cast.agent_1001, title="x", due_at=DUE, client=client, assignee=stranger)


def test_reminders_keep_their_distance_and_are_not_after_it(cast: SimpleNamespace) -> None:
    due = timezone.now() + timedelta(days=2)
    task = give_task(
        actor=cast.agent_1001, title="x", due_at=due,
        remind_at=[due - timedelta(hours=1), due - timedelta(days=1), due - timedelta(days=3)],
    )  # fmt: skip
    kept = TaskReminder.objects.filter(task=task).order_by("at")
    assert [(one.minutes_before, one.told_at is None) for one in kept] == [
        (4320, False), (1440, True), (60, True),
    ]  # fmt: skip
    with pytest.raises(ValidationError):
        give_task(actor=cast.agent_1001, title="x", due_at=due, remind_at=due + timedelta(minutes=1))


def test_many_at_once_and_back(units: Units, cast: SimpleNamespace) -> None:
    clients = [
        make_client(units["1001"], "C1", manager_no="M1001A"),
        make_client(units["1001"], "C2", manager_no="M1001A"),
        make_client(units["1002"], "C3", manager_no=""),
    ]
    ids = [client.pk for client in clients]
    asked = {"actor": cast.team_lead_1001, "title": "联系", "due_at": DUE, "key": "bulk:7"}
    assert give_tasks(client_ids=ids[:2], **asked) == ids[:2]
    assert give_tasks(client_ids=ids, **asked) == ids[2:]
    given = Task.objects.order_by("client_id").select_related("assignee", "unit")
    manager = cast.manager_1001a.username
    assert [_who(task) for task in given] == [(manager, "1001"), (manager, "1001"), (None, "1002")]
    assert list(Notice.objects.values_list("person_id", "params")) == [(cast.manager_1001a.pk, {"count": 2})]
    Task.objects.filter(client=clients[1]).update(version=2)  # somebody worked on it
    assert take_back_tasks(actor=cast.team_lead_1001, key="bulk:7", client_ids=ids) == [ids[1]]
    assert list(given.values_list("state", flat=True)) == ["cancelled", "open", "cancelled"]


def test_a_rule_that_cannot_be_read_is_refused(cast: SimpleNamespace) -> None:
    with pytest.raises(ValidationError):
        give_task(actor=cast.agent_1001, title="x", due_at=DUE, repeat="FREQ=HOURLY")


def test_the_database_holds_the_rules(cast: SimpleNamespace) -> None:
    task = give_task(actor=cast.agent_1001, title="x", due_at=DUE)
    for broken in ({"state": "done"}, {"assignee": None, "unit": None}, {"done_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Task.objects.filter(pk=task.pk).update(**broken)


def test_who_sees_what(units: Units, cast: SimpleNamespace) -> None:
    """Clients' tasks by the clients; one's own; queues; whole teams for those who lead them."""
    near = make_client(units["1001"], "C1", manager_no="M1001B")
    far = make_client(units["1005"], "C2", manager_no="M1005A")
    give_task(actor=audit.SYSTEM, title="near", due_at=DUE, client=near)
    give_task(actor=audit.SYSTEM, title="far", due_at=DUE, client=far)
    give_task(actor=cast.agent_1001, title="own", due_at=DUE)
    give_task(actor=audit.SYSTEM, title="queue", due_at=DUE, unit=units["1001"])
    seen = {
        name: set(Task.objects.visible_to(getattr(cast, name)).values_list("title", flat=True))
        for name in (
            "agent_1001", "team_lead_1001", "manager_1001a", "branch_manager_1001", "agent_1002", "agent_hq",
            "compliance", "value_analyst", "operator", "analyst",
        )
    }  # fmt: skip
    assert seen == {
        "agent_1001": {"near", "own", "queue"},
        "team_lead_1001": {"near", "own", "queue"},
        "manager_1001a": set(),
        "branch_manager_1001": {"near", "own", "queue"},
        "agent_1002": set(),
        "agent_hq": {"near", "far", "queue"},
        "compliance": {"near", "far", "own", "queue"},
        "value_analyst": set(),
        "operator": set(),
        "analyst": set(),
    }
