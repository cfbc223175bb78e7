"""Deeds on tasks: what each changes, that it can be taken back, and that nothing is doubled."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from core import audit
from core.errors import Conflict, Stale
from outreach.actions import changing, series
from outreach.actions.beside import add_steps, comment, tick
from outreach.actions.reminding import remind, tell_overdue, wake_snoozed
from outreach.actions.tasks import give_task
from outreach.models import Task, TaskChange
from staff.models import Notice, Unit

pytestmark = pytest.mark.django_db
Units = dict[str, Unit]
SHANGHAI = ZoneInfo("Asia/Shanghai")
FRIDAY = date(2026, 12, 4)


def _state(task: Task) -> tuple[str, int]:
    task.refresh_from_db()
    return task.state, task.version


def test_done_taken_back_and_not_twice(cast: SimpleNamespace) -> None:
    me = cast.agent_1001
    task = give_task(actor=me, title="x", due_at=FRIDAY)
    done = changing.finish(actor=me, task=task)
    assert _state(task) == ("done", 2)
    with pytest.raises(Conflict):
        changing.finish(actor=me, task=task)
    changing.take_back(actor=me, change=done)
    assert (_state(task), task.done_at, task.done_by) == (("open", 3), None, "")
    with pytest.raises(Conflict):
        changing.take_back(actor=me, change=done)
    deeds = list(TaskChange.objects.order_by("version").values_list("deed", flat=True))
    assert deeds == ["done", "taken_back"]


def test_a_stale_page_changes_nothing(cast: SimpleNamespace) -> None:
    me = cast.agent_1001
    task = give_task(actor=me, title="x", due_at=FRIDAY)
    told = changing.Told(title="y", due_at=FRIDAY)
    changing.change_task(actor=me, task=task, version=1, told=told)
    with pytest.raises(Stale):
        changing.change_task(actor=me, task=task, version=1, told=changing.Told(title="z", due_at=FRIDAY))
    assert Task.objects.get().title == "y"


def test_moving_keeps_the_clock_time_and_reminders_move_along(cast: SimpleNamespace) -> None:
    me = cast.agent_1001
    due = datetime(2100, 3, 1, 10, 30, tzinfo=SHANGHAI)
    task = give_task(actor=me, title="x", due_at=due, remind_at=due - timedelta(hours=2))
    moved = changing.move(actor=me, task=task, day=date(2100, 3, 8))
    task.refresh_from_db()
    assert task.due_at == due + timedelta(days=7)
    assert task.reminders.get().at == due + timedelta(days=7, hours=-2)
    assert moved is not None
    changing.take_back(actor=me, change=moved)
    task.refresh_from_db()
    assert (task.due_at, task.reminders.get().at) == (due, due - timedelta(hours=2))


def test_who_may_give_it_to_whom(units: Units, cast: SimpleNamespace) -> None:
    """From the queue everybody takes for oneself; one's own may be given on; leads do as they like."""
    queued = give_task(actor=audit.SYSTEM, title="q", due_at=FRIDAY, unit=units["1001"])
    with pytest.raises(PermissionDenied):
        changing.assign(actor=cast.agent_1001, task=queued, assignee=cast.manager_1001a)
    changing.assign(actor=cast.agent_1001, task=queued, assignee=cast.agent_1001)
    with pytest.raises(PermissionDenied):
        changing.assign(actor=cast.manager_1001a, task=queued, assignee=cast.manager_1001a)
    changing.assign(actor=cast.agent_1001, task=queued, assignee=cast.manager_1001a)
    changing.assign(actor=cast.team_lead_1001, task=queued, assignee=None)
    queued.refresh_from_db()
    assert (queued.assignee_id, queued.version) == (None, 4)
    told = Notice.objects.order_by("pk").values_list("person_id", "kind")
    assert list(told) == [(cast.manager_1001a.pk, "task.given")]


def test_a_series_goes_on_once(cast: SimpleNamespace) -> None:
    me = cast.agent_1001
    task = give_task(
        actor=me, title="周报", due_at=FRIDAY, repeat="FREQ=WEEKLY;BYDAY=FR", steps=["数据", "图表"],
        remind_at=datetime(2026, 12, 4, 9, 0, tzinfo=SHANGHAI),
    )  # fmt: skip
    tick(actor=me, task=task, position=1, done=True)
    late = datetime(2026, 12, 5, 0, 0, tzinfo=SHANGHAI)
    assert (series.go_on_with_due(late), series.go_on_with_due(late)) == (1, 0)
    changing.finish(actor=me, task=task)
    days = list(Task.objects.order_by("occurs_on").values_list("occurs_on", "state"))
    assert days == [(FRIDAY, "done"), (date(2026, 12, 11), "open")]
    following = Task.objects.get(state="open")
    assert [step.done_at for step in following.steps.all()] == [None, None]
    assert following.reminders.get().at == datetime(2026, 12, 11, 9, 0, tzinfo=SHANGHAI)


def test_taking_back_takes_the_next_one_too(cast: SimpleNamespace) -> None:
    me = cast.agent_1001
    task = give_task(actor=me, title="x", due_at=FRIDAY, repeat="FREQ=DAILY")
    changing.take_back(actor=me, change=changing.finish(actor=me, task=task))
    assert [one.occurs_on for one in Task.objects.all()] == [FRIDAY]
    done = changing.finish(actor=me, task=task)
    changing.snooze(actor=me, task=Task.objects.get(state="open"), until=timezone.now() + timedelta(hours=1))
    changing.take_back(actor=me, change=done)
    assert Task.objects.count() == 2  # somebody works with the next one already


def test_trading_days_pass_over_the_holiday(cast: SimpleNamespace) -> None:
    """National Day 2026: the exchange is closed from 1 to 7 October and over the weekends beside."""
    task = give_task(
        actor=cast.agent_1001, title="x", due_at=date(2026, 9, 30), repeat="FREQ=DAILY", business="skip"
    )
    changing.finish(actor=cast.agent_1001, task=task)
    assert Task.objects.get(state="open").occurs_on == date(2026, 10, 8)


def test_the_end_of_a_series_is_cancelling(cast: SimpleNamespace) -> None:
    task = give_task(actor=cast.agent_1001, title="x", due_at=FRIDAY, repeat="FREQ=DAILY")
    changing.cancel(actor=cast.agent_1001, task=task)
    assert series.go_on_with_due(datetime(2027, 1, 1, tzinfo=SHANGHAI)) == 0
    assert Task.objects.count() == 1


def test_each_is_told_once(units: Units, cast: SimpleNamespace) -> None:
    me = cast.agent_1001
    due = timezone.now() + timedelta(hours=3)
    task = give_task(actor=me, title="回电", due_at=due, remind_at=[due, due - timedelta(hours=1)])
    give_task(actor=audit.SYSTEM, title="queue", due_at=due, unit=units["1001"])
    assert (remind(), tell_overdue()) == (0, 0)
    first, after = due - timedelta(minutes=30), due + timedelta(minutes=1)
    assert (remind(first), remind(first), remind(after), remind(after)) == (1, 0, 1, 0)
    assert (tell_overdue(after), tell_overdue(after)) == (2, 0)
    told = sorted(Notice.objects.values_list("person_id", "kind"))
    leads = {cast.team_lead_1001.pk, cast.branch_manager_1001.pk}
    wanted = [(me.pk, "task.due")] * 2 + [(me.pk, "task.overdue")]
    assert told == sorted(wanted + [(lead, "task.overdue") for lead in leads])
    changing.move(actor=me, task=task, day=(due + timedelta(days=2)).astimezone(SHANGHAI).date())
    assert tell_overdue(due + timedelta(days=3)) == 1  # of the new moment, once more


def test_snoozed_ones_wait_and_come_back(cast: SimpleNamespace) -> None:
    me = cast.agent_1001
    due = timezone.now() + timedelta(hours=1)
    task = give_task(actor=me, title="x", due_at=due, remind_at=due)
    changing.snooze(actor=me, task=task, until=due + timedelta(hours=2))
    assert remind(due + timedelta(minutes=1)) == 0
    later = due + timedelta(hours=3)
    assert (wake_snoozed(later), wake_snoozed(later), remind(later)) == (1, 0, 1)
    with pytest.raises(ValidationError):
        changing.snooze(actor=me, task=task, until=timezone.now() - timedelta(minutes=1))


def test_a_task_that_is_over_needs_no_reminder(cast: SimpleNamespace) -> None:
    due = timezone.now() + timedelta(hours=1)
    task = give_task(actor=cast.agent_1001, title="x", due_at=due, remind_at=due)
    changing.finish(actor=cast.agent_1001, task=task)
    assert (remind(due), tell_overdue(due + timedelta(days=1)), Notice.objects.count()) == (1, 0, 0)


def test_comments_tell_whoever_is_concerned(cast: SimpleNamespace) -> None:
    task = give_task(actor=cast.agent_1001, title="x", due_at=FRIDAY, assignee=cast.manager_1001a)
    comment(actor=cast.agent_1001, task=task, text=" 已联系 ")
    add_steps(actor=cast.agent_1001, task=task, words=["a", " ", "b"])
    assert [one.text for one in task.comments.all()] == ["已联系"]
    assert [step.words for step in task.steps.all()] == ["a", "b"]
    told = Notice.objects.filter(kind="task.comment").values_list("person_id", flat=True)
    assert list(told) == [cast.manager_1001a.pk]
    with pytest.raises(ValidationError):
        comment(actor=cast.agent_1001, task=task, text="  ")
