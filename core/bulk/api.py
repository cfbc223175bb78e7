"""REST of lists and of deeds over many of their rows: for people with the rights, as on the pages (0044)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, StreamingHttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.idempotency import idempotent
from core.api.permissions import ANY_CALLER
from core.bulk import choosing, working
from core.bulk.deeds import BulkDeed, BulkForm
from core.bulk.outcome import outcome, percent, report_lines
from core.lists.sources import ListSource
from core.models import BulkRun
from core.registry import bulk_deeds, list_sources

MOST_KEYS = 10_000
Found = tuple[BulkRun, ListSource, BulkDeed]


class AskedSerializer(serializers.Serializer):
    """One answer that a deed asks for."""

    name = serializers.CharField()
    words = serializers.CharField()
    is_required = serializers.BooleanField()


class DeedSerializer(serializers.Serializer):
    """A deed that the caller may do to many rows of the list."""

    key = serializers.CharField()
    title = serializers.CharField()
    can_be_undone = serializers.BooleanField()
    asks = AskedSerializer(many=True)


class ListSerializer(serializers.Serializer):
    """A list the caller may open. filters: names that a query string may hold."""

    name = serializers.CharField()
    title = serializers.CharField()
    filters = serializers.ListField(child=serializers.CharField())
    deeds = DeedSerializer(many=True)


class ChoiceSerializer(serializers.Serializer):
    """The rows by their keys (clients: client numbers), or all that the list shows with this query string."""

    keys = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=MOST_KEYS, required=False, allow_empty=False
    )
    query = serializers.CharField(max_length=2000, required=False, allow_blank=True)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if len(given) != 1:
            raise serializers.ValidationError("Send either keys or query.")
        return given


class AnswersSerializer(serializers.Serializer):
    """What the deed asks, by the names under `asks`."""

    answers = serializers.DictField(child=serializers.CharField(allow_blank=True), default=dict)


class LeftOutSerializer(serializers.Serializer):
    words = serializers.CharField()
    count = serializers.IntegerField()


class PreviewSerializer(serializers.Serializer):
    """How many rows are chosen, and which of them the deed would leave alone."""

    total = serializers.IntegerField()
    summary = serializers.CharField()
    left_out = LeftOutSerializer(many=True)


class BulkRunSerializer(serializers.ModelSerializer):
    """phase: draft, applying or undoing. job: waiting, running, done, failed or cancelled; '' for a draft."""

    list = serializers.CharField(source="list_name")
    job = serializers.SerializerMethodField()

    class Meta:
        model = BulkRun
        fields = [
            "id", "list", "deed", "summary", "query", "everything", "total", "phase", "job", "created_at",
            "started_at", "ended_at",
        ]  # fmt: skip

    @extend_schema_field(serializers.CharField())
    def get_job(self, run: BulkRun) -> str:
        return run.job.state if run.job else ""


class BulkStateSerializer(BulkRunSerializer):
    """A run with what has come of it so far."""

    percent = serializers.IntegerField()
    done = serializers.IntegerField()
    failed = serializers.IntegerField()
    waiting = serializers.IntegerField()
    undone = serializers.IntegerField()
    stayed = serializers.IntegerField()
    may_undo = serializers.BooleanField()
    may_go_on = serializers.BooleanField()

    class Meta(BulkRunSerializer.Meta):
        fields = [
            *BulkRunSerializer.Meta.fields, "percent", "done", "failed", "waiting", "undone", "stayed",
            "may_undo", "may_go_on",
        ]  # fmt: skip

    def to_representation(self, run: BulkRun) -> dict[str, Any]:
        came, at_rest = outcome(run), not working.is_working(run)
        found = choosing.source_and_deed(run.list_name, run.deed)
        run.percent = percent(run, came)  # type: ignore[attr-defined]
        run.may_undo = bool(found and working.may_undo(run, found[1]))  # type: ignore[attr-defined]
        begun = run.phase != BulkRun.Phase.DRAFT
        run.may_go_on = begun and at_rest and working.left(run).exists()  # type: ignore[attr-defined]
        for name, count in vars(came).items():
            setattr(run, name, count)
        return super().to_representation(run)


class Lists(APIView):
    """The lists one may open, with the deeds that people may do to many of their rows."""

    required_rights = {"GET": ANY_CALLER}
    required_scopes = {"GET": "exports:request"}

    @extend_schema(responses=ListSerializer(many=True))
    def get(self, request: Request) -> Response:
        person: Any = request.user
        sources = [source for source in list_sources().values() if person.may(source.right)]
        return Response(ListSerializer([_list(source, person) for source in sources], many=True).data)


class BulkChoice(GenericAPIView):
    """Freezes a choice of rows as the draft of a deed; nothing is done to them yet."""

    required_rights = {"POST": ANY_CALLER}
    serializer_class = ChoiceSerializer

    @extend_schema(request=ChoiceSerializer, responses={201: BulkStateSerializer})
    @idempotent
    def post(self, request: Request, name: str, key: str) -> Response:
        person: Any = request.user
        found = choosing.source_and_deed(name, key)
        if found is None:
            raise Http404
        source, deed = found
        if not (person.may(source.right) and person.may(deed.right)):
            raise PermissionDenied
        told = ChoiceSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        given = told.validated_data
        ids = _ids(source, person, given.get("keys", ()))
        run = choosing.choose(actor=person, source=source, deed=deed, ids=ids, query=given.get("query"))
        return Response(BulkStateSerializer(run).data, status.HTTP_201_CREATED)


class BulkRuns(ListAPIView):
    """One's own choices and runs, newest first."""

    required_rights = {"GET": ANY_CALLER}
    serializer_class = BulkRunSerializer
    filterset_class = None
    ordering = ("-id",)

    def get_queryset(self) -> Any:
        return choosing.own_runs(self.request.user)


class _OneRun(GenericAPIView):
    """A deed on one's own run."""

    required_rights = {"POST": ANY_CALLER}
    serializer_class = BulkStateSerializer

    def found(self, pk: int) -> Found:
        """404 for those of others, 403 for whoever has lost the right."""
        found = choosing.own_run(self.request.user, pk)
        if found is None:
            raise Http404
        return found

    def answer(self, pk: int) -> Response:
        return Response(BulkStateSerializer(self.found(pk)[0]).data)


class BulkRunDetail(_OneRun):
    """How far the run is and what has come of it."""

    required_rights = {"GET": ANY_CALLER}

    @extend_schema(responses=BulkStateSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return self.answer(pk)


class BulkPreview(_OneRun):
    @extend_schema(request=AnswersSerializer, responses={200: PreviewSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Which of the chosen rows the deed would leave alone with these answers; nothing is done."""
        run, source, deed = self.found(pk)
        form = _form(request, deed)
        rows = choosing.chosen_rows(run, source, deed, request.user)
        left_out = deed.preview(rows, form.frozen(), request.user)
        told = {"total": run.total, "summary": form.summary(), "left_out": left_out}
        return Response(PreviewSerializer(told).data)


class BulkStart(_OneRun):
    @extend_schema(request=AnswersSerializer, responses={202: BulkStateSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Begins as a job; 409 when it has begun already."""
        run, _source, deed = self.found(pk)
        working.start(actor=request.user, run=run, deed=deed, form=_form(request, deed))
        return Response(self.answer(pk).data, status.HTTP_202_ACCEPTED)


class BulkUndo(_OneRun):
    @extend_schema(request=None, responses={202: BulkStateSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Takes back what was done, as a job, within seven days; 409 when that can't be."""
        run, _source, deed = self.found(pk)
        working.start_undo(actor=request.user, run=run, deed=deed)
        return Response(self.answer(pk).data, status.HTTP_202_ACCEPTED)


class BulkGoOn(_OneRun):
    @extend_schema(request=None, responses={202: BulkStateSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Takes up what a cancelled or failed job left; 409 when nothing is left."""
        run, _source, deed = self.found(pk)
        working.go_on(actor=request.user, run=run, deed=deed)
        return Response(self.answer(pk).data, status.HTTP_202_ACCEPTED)


class BulkReport(_OneRun):
    """Rows that were left out or could not be taken back, with the reasons, as CSV."""

    required_rights = {"GET": ANY_CALLER}

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, pk: int) -> StreamingHttpResponse:
        run, source, _deed = self.found(pk)
        lines = report_lines(run, source, request.user)
        answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="bulk-{run.pk}.csv"'
        return answer


def _list(source: ListSource, person: Any) -> dict[str, Any]:
    page = source.page_for(person)
    offered = bulk_deeds(source.name) if person.actor_kind == "person" else []
    deeds = [_deed(deed, person) for deed in offered if person.may(deed.right)]
    filters = list(page.filterset.base_filters) if page.filterset else []
    return {"name": source.name, "title": source.title, "filters": filters, "deeds": deeds}


def _deed(deed: BulkDeed, person: Any) -> dict[str, Any]:
    fields = deed.form(person=person).fields
    asks = [
        {"name": name, "words": field.label or name, "is_required": field.required}
        for name, field in fields.items()
    ]
    can_be_undone = deed.undo is not None
    return {"key": deed.key, "title": _(deed.title), "can_be_undone": can_be_undone, "asks": asks}


def _ids(source: ListSource, person: Any, keys: Any) -> list[int]:
    """The numbers of the rows in sight with these keys."""
    rows = source.rows(person).filter(**{f"{source.key}__in": keys}).order_by()
    return list(rows.values_list("pk", flat=True)) if keys else []


def _form(request: Request, deed: BulkDeed) -> BulkForm:
    """The deed's own form over the answers sent; 400 with its words where it holds errors."""
    told = AnswersSerializer(data=request.data)
    told.is_valid(raise_exception=True)
    form = deed.form(told.validated_data["answers"], person=request.user)
    if not form.is_valid():
        raise serializers.ValidationError(
            {name: [str(error) for error in errors] for name, errors in form.errors.items()}
        )
    return form
