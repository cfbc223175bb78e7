"""The forms of a task: the whole one, the one line, and what deeds ask."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from clients.queries.record import listed as clients_listed
from outreach import recurrence
from outreach.actions.changing import Told
from outreach.models import Task
from outreach.moments import SHANGHAI, day_of
from outreach.queries.tasks import people_for
from staff.models import Person

EVERY, TRADING, WEEKLY, MONTHLY, LAST = "daily", "trading", "weekly", "monthly", "last_trading"
REPEATS = [
    ("", _("Does not repeat")), (EVERY, _("Daily")), (TRADING, _("Every trading day")), (WEEKLY, _("Weekly")),
    (MONTHLY, _("Monthly on the day it is due")), (LAST, _("On the last trading day of the month")),
]  # fmt: skip
WEEKDAYS = [
    ("0", _("Monday")), ("1", _("Tuesday")), ("2", _("Wednesday")), ("3", _("Thursday")), ("4", _("Friday")),
    ("5", _("Saturday")), ("6", _("Sunday")),
]  # fmt: skip
REMINDERS = [
    ("0", _("When it is due")), ("15", _("15 minutes before")), ("60", _("1 hour before")),
    ("899", _("On the day, in the morning")), ("1440", _("1 day before")), ("4320", _("3 days before")),
    ("10080", _("1 week before")),
]  # fmt: skip


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, person: Any) -> str:
        return f"{person.name} ({person.employee_no})"


class TaskForm(forms.Form):
    """A task as it is written or changed; `client` and `assignee` are asked for new ones only."""

    title = forms.CharField(label=_("What is to be done"), max_length=200)
    due_on = forms.DateField(label=_("Due on"), widget=DayInput)
    due_time = forms.TimeField(
        label=_("At"), widget=TimeInput, required=False, help_text=_("Empty: any time of the day.")
    )
    client = forms.CharField(label=_("Client number"), max_length=30, required=False)
    assignee = PersonChoice(label=_("Who does it"), queryset=Person.objects.none(), required=False)
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=Task.Priority.choices, coerce=int, initial=Task.Priority.NORMAL
    )
    repeat = forms.ChoiceField(label=_("Repeats"), choices=REPEATS, required=False)
    interval = forms.IntegerField(
        label=_("Every so many days, weeks or months"), min_value=1, max_value=366, initial=1, required=False
    )
    weekdays = forms.MultipleChoiceField(
        label=_("On"), choices=WEEKDAYS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("For weekly tasks; none chosen: the weekday it is due."),
    )  # fmt: skip
    repeat_until = forms.DateField(label=_("Repeats until"), widget=DayInput, required=False)
    reminders = forms.MultipleChoiceField(
        label=_("Remind"), choices=REMINDERS, required=False, widget=forms.CheckboxSelectMultiple
    )
    steps = forms.CharField(
        label=_("Checklist"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=6000,
        help_text=_("One line each."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note"), widget=forms.Textarea(attrs={"rows": 4}), required=False, max_length=4000
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, user: Person, client: Client | None = None, known: bool = False, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.user, self.held_client = user, client
        if known:
            for name in ("client", "assignee", "steps"):
                del self.fields[name]
            return
        field: Any = self.fields["assignee"]
        field.queryset = people_for(user, client)
        field.empty_label = _now("The client's manager, else me")

    def clean_client(self) -> Client | None:
        """The client of this number in sight."""
        number = self.cleaned_data["client"].strip()
        if not number:
            return None
        client = clients_listed(self.user).filter(client_no=number).first()
        if client is None:
            raise forms.ValidationError(_now("There is no such client."))
        return client

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        until, due_on = told.get("repeat_until"), told.get("due_on")
        if until and due_on and until < due_on:
            self.add_error("repeat_until", _now("The end lies before the task is due."))
        return told

    def due(self) -> date | datetime:
        return moment(self.cleaned_data["due_on"], self.cleaned_data["due_time"])

    def repetition(self) -> dict[str, str]:
        """The rule and what becomes of days on which the exchange does not trade."""
        told = self.cleaned_data
        kind = told["repeat"]
        if not kind:
            return {"repeat": "", "business": ""}
        frequency = {WEEKLY: recurrence.WEEKLY, MONTHLY: recurrence.MONTHLY, LAST: recurrence.MONTHLY}
        rule = recurrence.Rule(
            frequency=frequency.get(kind, recurrence.DAILY),
            interval=told["interval"] or 1,
            weekdays=tuple(sorted(map(int, told["weekdays"]))) if kind == WEEKLY else (),
            month_day={MONTHLY: told["due_on"].day, LAST: -1}.get(kind),
            until=told["repeat_until"],
        )
        return {"repeat": str(rule), "business": {TRADING: "skip", LAST: "before"}.get(kind, "")}

    def reminder_minutes(self) -> list[int]:
        return sorted(map(int, self.cleaned_data["reminders"]))

    def told(self) -> Told:
        """What a changed task says."""
        told = self.cleaned_data
        return Told(
            title=told["title"], note=told["note"], due_at=self.due(), priority=told["priority"],
            reminders=self.reminder_minutes(), **self.repetition(),
        )  # fmt: skip


def initial_of(task: Task) -> dict[str, Any]:
    """A task as the form shows it."""
    due = task.due_at.astimezone(SHANGHAI)
    shown: dict[str, Any] = {
        "title": task.title, "note": task.note, "priority": task.priority, "due_on": due.date(),
        "due_time": None if task.all_day else due.time(), "version": task.version,
        "reminders": [str(one.minutes_before) for one in task.reminders.all()],
    }  # fmt: skip
    return shown | _repetition_of(task)


def _repetition_of(task: Task) -> dict[str, Any]:
    if not task.repeat:
        return {}
    rule = recurrence.parse(task.repeat)
    kind = {recurrence.DAILY: EVERY, recurrence.WEEKLY: WEEKLY, recurrence.MONTHLY: MONTHLY}[rule.frequency]
    kind = {"skip": TRADING, "before": LAST}.get(task.business, kind)
    return {
        "repeat": kind, "interval": rule.interval, "weekdays": [str(day) for day in rule.weekdays],
        "repeat_until": rule.until,
    }  # fmt: skip


def moment(day: date, at: time | None) -> date | datetime:
    return day if at is None else datetime.combine(day, at, SHANGHAI)


class QuickForm(forms.Form):
    """One line: what, and by when; a task for oneself or for the client's manager."""

    title = forms.CharField(label=_("What is to be done"), max_length=200)
    due_on = forms.DateField(label=_("Due on"), widget=DayInput, required=False)

    def due(self) -> date:
        return self.cleaned_data["due_on"] or day_of(timezone.now())


class CommentForm(forms.Form):
    text = forms.CharField(label=_("Comment"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class StepsForm(forms.Form):
    words = forms.CharField(label=_("Another line"), max_length=200)


class MoveForm(forms.Form):
    day = forms.DateField(label=_("Due on"), widget=DayInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class AssignForm(forms.Form):
    assignee = PersonChoice(label=_("Who does it"), queryset=Person.objects.none(), required=False)

    def __init__(self, *args: Any, user: Person, task: Task, **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["assignee"]
        field.queryset = people_for(user, task.client)
        field.empty_label = _now("Back into the queue")
