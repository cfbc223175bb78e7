"""Bulk deeds: on tasks (give on, move, done) and on clients (give a task, start a plan)."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from clients.models import Client
from core.bulk import BulkDeed, BulkForm, BulkResult, BulkWork
from core.errors import Refusal
from outreach.actions import changing, plans
from outreach.actions.tasks import give_tasks, take_back_tasks
from outreach.forms.tasks import DayInput, PersonChoice
from outreach.models import PlanRun, Task, TaskChange, TaskPlan
from outreach.queries.tasks import people_for, plans_for
from staff.models import Person


class GiveForm(BulkForm):
    title = forms.CharField(label=_lazy("What is to be done"), max_length=200)
    due_on = forms.DateField(label=_lazy("Due on"), widget=DayInput)
    assignee = PersonChoice(label=_lazy("Who does it"), queryset=Person.objects.none(), required=False)
    note = forms.CharField(label=_lazy("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)

    def __init__(self, data: Any = None, *, person: Any) -> None:
        super().__init__(data, person=person)
        field: Any = self.fields["assignee"]
        field.queryset, field.empty_label = people_for(person, None), _("Each client's manager")

    def frozen(self) -> dict[str, Any]:
        given = self.cleaned_data
        chosen = given["assignee"].pk if given["assignee"] else None
        return {**given, "due_on": given["due_on"].isoformat(), "assignee": chosen}

    def summary(self) -> str:
        return _("due %(day)s") % {"day": self.cleaned_data["due_on"].isoformat()}


def give(work: BulkWork) -> BulkResult:
    """A task each; clients whom the chosen person may not see are left out."""
    assignee = Person.objects.filter(pk=work.data["assignee"]).first() if work.data["assignee"] else None
    ids = set(work.ids)
    if assignee is not None:
        ids &= set(Client.objects.visible_to(assignee).filter(pk__in=work.ids).values_list("pk", flat=True))
        ids = ids if assignee.may("tasks.work") else set()
    give_tasks(
        actor=work.person, client_ids=ids, title=work.data["title"], note=work.data["note"],
        assignee=assignee, due_at=date.fromisoformat(work.data["due_on"]), key=f"bulk:{work.run_id}",
    )  # fmt: skip
    return BulkResult(failures=dict.fromkeys(set(work.ids) - ids, _("The person may not see the client.")))


def give_back(work: BulkWork) -> dict[int, str]:
    stayed = take_back_tasks(actor=work.person, key=f"bulk:{work.run_id}", client_ids=work.ids)
    return dict.fromkeys(stayed, _("Somebody worked on the task already."))


class PlanForm(BulkForm):
    plan = forms.ModelChoiceField(label=_lazy("Plan"), queryset=TaskPlan.objects.none())

    def __init__(self, data: Any = None, *, person: Any) -> None:
        super().__init__(data, person=person)
        field: Any = self.fields["plan"]
        field.queryset = plans_for(person)

    def frozen(self) -> dict[str, Any]:
        return {"plan": self.cleaned_data["plan"].pk}

    def summary(self) -> str:
        return str(self.cleaned_data["plan"])


def start(work: BulkWork) -> BulkResult:
    plan = plans_for(work.person).get(pk=work.data["plan"])
    begun = plans.start_plan(actor=work.person, plan=plan, client_ids=work.ids, run=work.run_id)
    return BulkResult(
        failures=dict.fromkeys(set(work.ids) - set(begun), _("The plan runs for this client already."))
    )


def stop(work: BulkWork) -> dict[int, str]:
    runs = PlanRun.objects.filter(run=work.run_id, client_id__in=work.ids)
    plans.cancel_runs(actor=work.person, runs=list(runs))
    return {}


class AssignManyForm(BulkForm):
    assignee = PersonChoice(label=_lazy("Who does it"), queryset=Person.objects.none())

    def __init__(self, data: Any = None, *, person: Any) -> None:
        super().__init__(data, person=person)
        field: Any = self.fields["assignee"]
        field.queryset = people_for(person, None)

    def frozen(self) -> dict[str, Any]:
        return {"assignee": self.cleaned_data["assignee"].pk}

    def summary(self) -> str:
        return str(self.cleaned_data["assignee"].employee_no)


class MoveManyForm(BulkForm):
    day = forms.DateField(label=_lazy("Due on"), widget=DayInput)

    def frozen(self) -> dict[str, Any]:
        return {"day": self.cleaned_data["day"].isoformat()}

    def summary(self) -> str:
        return self.cleaned_data["day"].isoformat()


def assign_many(work: BulkWork) -> BulkResult:
    person = Person.objects.get(pk=work.data["assignee"])
    return _each(work, lambda task: changing.assign(actor=work.person, task=task, assignee=person))


def move_many(work: BulkWork) -> BulkResult:
    day = date.fromisoformat(work.data["day"])
    return _each(work, lambda task: changing.move(actor=work.person, task=task, day=day))


def finish_many(work: BulkWork) -> BulkResult:
    return _each(work, lambda task: changing.finish(actor=work.person, task=task))


def back_many(work: BulkWork) -> dict[int, str]:
    """Each task as it was, unless something followed."""
    kept: dict[int, str] = {}
    for change in TaskChange.objects.filter(pk__in=(work.undo or {}).get("changes", ())).select_related(
        "task"
    ):
        try:
            with transaction.atomic():
                changing.take_back(actor=work.person, change=change)
        except Refusal as refusal:
            kept[change.task_id] = refusal.message
    return kept


def _each(work: BulkWork, deed: Callable[[Task], TaskChange | None]) -> BulkResult:
    """The deed on each task of the chunk; what it refuses is left out with its reason."""
    changes: list[int] = []
    failures: dict[int, str] = {}
    for task in Task.objects.visible_to(work.person).filter(pk__in=work.ids).order_by("pk"):
        try:
            with transaction.atomic():
                change = deed(task)
        except Refusal as refusal:
            failures[task.pk] = refusal.message
        except ValidationError as error:
            failures[task.pk] = " ".join(error.messages)
        except PermissionDenied:
            failures[task.pk] = _("You may not give it to others.")
        else:
            if change is None:
                failures[task.pk] = _("Nothing would change.")
            else:
                changes.append(change.pk)
    return BulkResult(undo={"changes": changes}, failures=failures)


GIVE = BulkDeed(
    "give_task", "Give a task", "list-plus", "tasks.assign", apply=give, undo=give_back, form=GiveForm
)
START = BulkDeed(
    "start_plan", "Start a plan", "list-tree", "tasks.assign", apply=start, undo=stop, form=PlanForm
)
DONE = BulkDeed("done", "Done", "check", "tasks.work", apply=finish_many, undo=back_many)
ASSIGN = BulkDeed(
    "assign",
    "Give on",
    "user-round-check",
    "tasks.work",
    apply=assign_many,
    undo=back_many,
    form=AssignManyForm,
)
MOVE = BulkDeed(
    "move", "Move", "calendar-clock", "tasks.work", apply=move_many, undo=back_many, form=MoveManyForm
)
