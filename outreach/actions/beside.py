"""What hangs on a task: comments and the checklist."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import audit
from outreach.actions import trail
from outreach.actions.tasks import MOST_STEPS, person_id, title_param
from outreach.models import Task, TaskComment, TaskStep
from staff.actions.notices import notify

COMMENTED = gettext_noop("New comment on %(title)s")


@transaction.atomic
def comment(*, actor: audit.Actor, task: Task, text: str) -> TaskComment:
    """Says something about the task; whoever does it and whoever gave it are told."""
    words = text.strip()
    if not 0 < len(words) <= 2000:
        raise ValidationError({"text": _("Write 1 to 2,000 characters.")})
    said = TaskComment.objects.create(
        task=task, author_id=person_id(actor), author_name=actor.actor_name, text=words
    )
    trail.note(actor, "task.commented", task)
    concerned = {task.assignee_id, task.created_by_id} - {None, person_id(actor)}
    notify(
        people=[pk for pk in concerned if pk], kind="task.comment", text=COMMENTED,
        params=title_param(task), url=reverse("tasks:detail", args=[task.pk]), key=f"task-said:{said.pk}",
    )  # fmt: skip
    return said


@transaction.atomic
def tick(*, actor: audit.Actor, task: Task, position: int, done: bool) -> TaskStep | None:
    """Ticks a line of the checklist, or takes the tick off; None when there is no such line."""
    step = task.steps.select_for_update().filter(position=position).first()
    if step is None or (step.done_at is not None) == done:
        return step
    step.done_at, step.done_by = (timezone.now(), actor.actor_name) if done else (None, "")
    step.save(update_fields=["done_at", "done_by"])
    trail.note(actor, "task.step_ticked" if done else "task.step_unticked", task, {"step": position})
    return step


@transaction.atomic
def add_steps(*, actor: audit.Actor, task: Task, words: Sequence[str]) -> None:
    """More lines at the end of the checklist."""
    lines = [" ".join(line.split())[:200] for line in words if line.strip()]
    Task.objects.select_for_update().get(pk=task.pk)
    last = task.steps.order_by("-position").values_list("position", flat=True).first() or 0
    if task.steps.count() + len(lines) > MOST_STEPS:
        raise ValidationError({"words": _("At most %(most)s lines.") % {"most": MOST_STEPS}})
    TaskStep.objects.bulk_create(
        TaskStep(task=task, position=number, words=line) for number, line in enumerate(lines, start=last + 1)
    )
    if lines:
        trail.note(actor, "task.steps_added", task, {"lines": len(lines)})
