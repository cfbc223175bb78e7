"""REST of the complaints register: rows page by page, or the whole of some days as XLSX. Both are audited."""

from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from cases.actions import register
from cases.models import ClockKind, Complaint, ComplaintDecision
from cases.queries.reading import result_of
from cases.queries.register import clock_ends, in_time, may_register, register_rows
from core.sheets import XLSX


class RegisterAsked(serializers.Serializer):
    """Days of receipt in Shanghai, both inside: `from` (else the first of January) and `to` (else today)."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {name: serializers.DateField(required=False) for name in ("from", "to")}

    def validate(self, told: dict[str, Any]) -> dict[str, Any]:
        last: date = told.get("to") or timezone.localdate()
        first: date = told.get("from") or last.replace(month=1, day=1)
        if first > last:
            raise serializers.ValidationError({"to": "The period is empty."})
        return {"from": first, "to": last}


class RegisterSerializer(serializers.ModelSerializer):
    """A line of the register. Moments are null until they came; in_time: no deadline has passed so far."""

    number = serializers.CharField(source="case.number")
    client = serializers.CharField(source="case.client.client_no", default=None)
    client_name = serializers.CharField(source="case.client.name", default=None)
    unit = serializers.CharField(source="case.unit.code")
    channel = serializers.CharField(source="case.channel")
    subject = serializers.CharField(source="case.subject")
    received_by = serializers.CharField(source="case.received_by.username", default=None)
    owner = serializers.CharField(source="case.owner.username", default=None)
    state = serializers.CharField(source="case.state")
    acknowledged_at = serializers.SerializerMethodField()
    contacted_at = serializers.SerializerMethodField()
    resolved_at = serializers.SerializerMethodField()
    in_time = serializers.SerializerMethodField()
    complex = serializers.SerializerMethodField()
    substantiated = serializers.ChoiceField(
        choices=ComplaintDecision.Outcome.choices, allow_null=True, default=None
    )
    result = serializers.SerializerMethodField()
    closed_at = serializers.DateTimeField(source="case.closed_at", allow_null=True)

    class Meta:
        model = Complaint
        fields = [
            "number", "received_on", "source", "source_no", "client", "client_name", "unit", "channel",
            "business", "severity", "complainants", "subject", "received_by", "owner", "state",
            "acknowledged_at", "contacted_at", "resolved_at", "in_time", "complex", "substantiated",
            "result", "closed_at",
        ]  # fmt: skip

    def get_acknowledged_at(self, row: Complaint) -> datetime | None:
        return _ended(row, ClockKind.ACKNOWLEDGE)

    def get_contacted_at(self, row: Complaint) -> datetime | None:
        return _ended(row, ClockKind.CONTACT)

    def get_resolved_at(self, row: Complaint) -> datetime | None:
        return _ended(row, ClockKind.RESOLUTION)

    def get_in_time(self, row: Complaint) -> bool:
        return in_time(row)

    def get_complex(self, row: Complaint) -> bool:
        return row.complex_approved_by_id is not None

    def get_result(self, row: Complaint) -> str:
        return result_of(row.case)


class Register(ListAPIView):
    """The register of complaints, oldest first; for whoever keeps it for the whole firm.

    Other systems are bound to headquarters and need the scope clients:read beside it.
    """

    required_scopes = {"GET": "complaints:register"}
    required_rights = {"GET": "complaints.register"}
    serializer_class = RegisterSerializer
    filter_backends: list[Any] = []
    ordering = ("received_on", "case_id")
    ordering_fields = {"received_on": "received_on"}

    def get_queryset(self) -> Any:
        return register_rows(self.request.user, *self.days)

    @extend_schema(parameters=[RegisterAsked])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.days = _days(request)
        answer = super().get(request, *args, **kwargs)
        first, last = self.days
        actor: Any = request.user
        register.note_taken(actor=actor, first=first, last=last, count=len(answer.data["results"]))
        return answer


class RegisterFile(GenericAPIView):
    """The register of the days as one XLSX, with the same columns as on the page of complaints."""

    required_scopes = {"GET": "complaints:register"}
    required_rights = {"GET": "complaints.register"}
    serializer_class = RegisterAsked
    pagination_class = None
    filter_backends: list[Any] = []

    @extend_schema(parameters=[RegisterAsked], responses={(200, XLSX): OpenApiTypes.BINARY})
    def get(self, request: Request) -> HttpResponse:
        first, last = _days(request)
        content = register.make(actor=request.user, first=first, last=last)
        response = HttpResponse(content, content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="complaints-{first}-{last}.xlsx"'
        return response


def _days(request: Request) -> tuple[date, date]:
    """The days asked for. Raises PermissionDenied for whoever does not keep the firm's register."""
    if not may_register(request.user):
        raise PermissionDenied
    told = RegisterAsked(data=request.query_params.dict())
    told.is_valid(raise_exception=True)
    return told.validated_data["from"], told.validated_data["to"]


def _ended(row: Complaint, kind: str) -> datetime | None:
    clock = clock_ends(row).get(kind)
    return clock.ended_at if clock else None
