"""What every deed on a task has in common: the version, what it changed, the audit entry."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core import audit
from core.errors import Stale
from outreach.models import Task, TaskChange


def held(task: Task, version: int | None = None) -> Task:
    """The task, locked. Raises Stale when it is another version by now than the one that was seen."""
    rows = Task.objects.select_for_update(of=("self",)).select_related(
        "client__branch", "unit", "assignee", "plan_run"
    )
    row = rows.get(pk=task.pk)
    if version is not None and row.version != version:
        raise Stale(_("Somebody else changed this task in the meantime. Look at it again."))
    return row


def change(task: Task, actor: audit.Actor, deed: str, **values: Any) -> TaskChange | None:
    """Writes the fields that differ of a locked task; None when none does."""
    before = {name: plain(getattr(task, name)) for name in values}
    after = {name: plain(value) for name, value in values.items()}
    changed = [name for name in values if before[name] != after[name]]
    if not changed:
        return None
    for name in changed:
        setattr(task, name, values[name])
    task.version += 1
    task.save(update_fields=[*changed, "version", "updated_at"])
    note(actor, f"task.{deed}", task, {"fields": sorted(changed)})
    return TaskChange.objects.create(
        task=task, version=task.version, deed=deed, by_name=actor.actor_name,
        before={name: before[name] for name in changed}, after={name: after[name] for name in changed},
    )  # fmt: skip


def plain(value: Any) -> Any:
    """As JSON keeps it."""
    return value.isoformat() if isinstance(value, datetime) else value


def note(actor: audit.Actor, deed: str, task: Task, detail: dict[str, Any] | None = None) -> None:
    """The audit entry; it names fields and never what they say."""
    unit = task.client.branch if task.client else task.unit
    audit.record(
        actor=actor, deed=deed, subject_type="task", subject_id=task.pk, client_id=task.client_id,
        unit_code=unit.code if unit else "", detail=detail,
    )  # fmt: skip
