"""REST of tasks: list, give, change, end and reopen."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from clients.api.record import caller_client
from core.api.etags import check_match, etag, with_etag
from core.api.idempotency import idempotent
from outreach.actions import changing
from outreach.actions.tasks import give_task
from outreach.lists.tasks import TaskFilters
from outreach.models import Task
from outreach.moments import due_moment
from outreach.queries.tasks import listed
from staff.queries import person_called


class TaskSerializer(serializers.ModelSerializer):
    """A task; due_on is its day where it is due at no clock time, due_at the moment in any case."""

    client = serializers.CharField(source="client.client_no", default=None)
    assignee = serializers.CharField(source="assignee.username", default=None)
    unit = serializers.CharField(source="unit.code", default=None)

    class Meta:
        model = Task
        fields = [
            "id", "title", "note", "kind", "client", "assignee", "unit", "due_at", "all_day", "priority",
            "state", "snoozed_until", "repeat", "business", "created_by_name", "created_at", "done_at",
            "done_by", "version",
        ]  # fmt: skip


class NewTaskSerializer(serializers.Serializer):
    """due_on (a day) or due_at (a moment); without assignee it goes to the client's manager."""

    title = serializers.CharField(max_length=200)
    due_on = serializers.DateField(required=False)
    due_at = serializers.DateTimeField(required=False)
    client = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")
    assignee = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    note = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    priority = serializers.ChoiceField(choices=Task.Priority.choices, default=Task.Priority.NORMAL)
    repeat = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    business = serializers.ChoiceField(choices=Task.Business.choices, required=False, default="")
    remind_at = serializers.ListField(child=serializers.DateTimeField(), required=False, max_length=5)
    steps = serializers.ListField(child=serializers.CharField(max_length=200), required=False, max_length=30)

    def validate(self, told: dict[str, Any]) -> dict[str, Any]:
        """One of the two says when it is due."""
        if ("due_on" in told) == ("due_at" in told):
            raise serializers.ValidationError({"due_on": ["Say either due_on or due_at."]})
        return told


class ChangedTaskSerializer(serializers.Serializer):
    """What of a task is to be another from now on."""

    title = serializers.CharField(max_length=200, required=False)
    note = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    due_on = serializers.DateField(required=False)
    due_at = serializers.DateTimeField(required=False)
    priority = serializers.ChoiceField(choices=Task.Priority.choices, required=False)


class TaskFilterSet(TaskFilters, filters.FilterSet):
    """The list page's filters, by the same names."""


class Tasks(ListAPIView):
    """Tasks in sight, the soonest first; POST gives one."""

    required_scopes = {"GET": "tasks:read", "POST": "tasks:write"}
    required_rights = {"GET": "tasks.view", "POST": "tasks.work"}
    serializer_class = TaskSerializer
    filterset_class = TaskFilterSet
    ordering = ("due_at", "id")
    ordering_fields = {"due_at": "due_at"}

    def get_queryset(self) -> Any:
        return listed(self.request.user)

    @extend_schema(request=NewTaskSerializer, responses={201: TaskSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        form = NewTaskSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        told = dict(form.validated_data)
        number, name = told.pop("client"), told.pop("assignee")
        due = told.pop("due_on", None) or told.pop("due_at")
        told.pop("due_at", None)
        client = caller_client(request, number) if number else None
        assignee = person_called(name)
        if name and assignee is None:
            raise serializers.ValidationError({"assignee": ["There is nobody of this name."]})
        actor: Any = request.user
        try:
            task = give_task(actor=actor, client=client, assignee=assignee, due_at=due, **told)
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from error
        return with_etag(Response(TaskSerializer(task).data, status.HTTP_201_CREATED), _tag(task))


class TaskDetail(GenericAPIView):
    """One task; PATCH changes it, with If-Match only as it was read."""

    required_scopes = {"GET": "tasks:read", "PATCH": "tasks:write"}
    required_rights = {"GET": "tasks.view", "PATCH": "tasks.work"}
    serializer_class = TaskSerializer

    def get_queryset(self) -> Any:
        return listed(self.request.user)

    def get(self, request: Request, pk: int) -> Response:
        task = self.get_object()
        return with_etag(Response(TaskSerializer(task).data), _tag(task))

    @extend_schema(request=ChangedTaskSerializer, responses={200: TaskSerializer})
    def patch(self, request: Request, pk: int) -> Response:
        task = self.get_object()
        check_match(request, _tag(task))
        form = ChangedTaskSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        actor: Any = request.user
        try:
            changing.change_task(
                actor=actor, task=task, version=task.version, told=_told(task, form.validated_data)
            )
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from error
        return self.get(request, pk)


class TaskEnd(GenericAPIView):
    """Ends a task as done, or opens it again."""

    required_scopes = {"POST": "tasks:write"}
    required_rights = {"POST": "tasks.work"}
    serializer_class = TaskSerializer
    deeds = {"done": changing.finish, "reopen": changing.reopen, "cancel": changing.cancel}

    def get_queryset(self) -> Any:
        return listed(self.request.user)

    @extend_schema(operation_id="tasks_end", request=None, responses={200: TaskSerializer})
    @idempotent
    def post(self, request: Request, pk: int, name: str) -> Response:
        task = self.get_object()
        if name not in self.deeds:
            raise Http404
        check_match(request, _tag(task))
        actor: Any = request.user
        self.deeds[name](actor=actor, task=task)
        task.refresh_from_db()
        return with_etag(Response(TaskSerializer(task).data), _tag(task))


def _told(task: Task, told: dict[str, Any]) -> changing.Told:
    """The whole task, with what the caller named."""
    due: date | datetime = told.get("due_on") or told.get("due_at") or task.due_at
    if due == task.due_at and task.all_day and "due_at" not in told:
        due = task.due_at.astimezone(due_moment(task.occurs_on)[0].tzinfo).date()
    return changing.Told(
        title=told.get("title", task.title), note=told.get("note", task.note), due_at=due,
        priority=told.get("priority", task.priority), repeat=task.repeat, business=task.business,
        reminders=[one.minutes_before for one in task.reminders.all()],
    )  # fmt: skip


def _tag(task: Task) -> str:
    return etag("task", task.pk, task.version)
