"""REST of proposals: which there are, what became of their clients, and a department's answer."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError as InvalidAnswer
from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.etags import check_match, etag, with_etag
from core.api.idempotency import idempotent
from kpis.actions import proposals as deeds
from kpis.lists.proposals import ProposalFilters
from kpis.models import Proposal, ProposalMeasure
from kpis.queries import proposals

READ: dict[str, Any] = {
    "required_scopes": {"GET": "reports:read"}, "required_rights": {"GET": "reports.view"},
}  # fmt: skip


class ProposalMeasureSerializer(serializers.ModelSerializer):
    """What became of one side by a close; the first row is the report's own close."""

    class Meta:
        model = ProposalMeasure
        fields = ["as_of", "side", "clients", "held", "rose", "fell", "contribution", "assets"]


class ReportProposalSerializer(serializers.ModelSerializer):
    """A proposal to whoever has the role at the unit; people by user name."""

    report = serializers.CharField(source="report.period")
    unit = serializers.CharField(source="unit.code")
    proposed_by = serializers.CharField(source="proposed_by.username")
    owner = serializers.CharField(source="owner.username", default=None)
    answered_by = serializers.CharField(source="answered_by.username", default=None)
    done_by = serializers.CharField(source="done_by.username", default=None)

    class Meta:
        model = Proposal
        fields = [
            "id", "report", "title", "text", "unit", "role", "due_on", "tiers", "cells", "flag", "clients",
            "state", "proposed_by", "owner", "answered_by", "answered_at", "answer", "done_by", "done_at",
            "done_note", "version",
        ]  # fmt: skip


class ReportProposalBodySerializer(ReportProposalSerializer):
    measures = ProposalMeasureSerializer(many=True, read_only=True)

    class Meta(ReportProposalSerializer.Meta):
        fields = [*ReportProposalSerializer.Meta.fields, "measures"]


class ProposalAnswerSerializer(serializers.Serializer):
    """accept: owner (user name) and due_on; decline: why; done: note."""

    owner = serializers.CharField(max_length=150, required=False)
    due_on = serializers.DateField(required=False)
    why = serializers.CharField(max_length=deeds.LONGEST_ANSWER, required=False)
    note = serializers.CharField(max_length=deeds.LONGEST_ANSWER, required=False)


class ProposalFilterSet(ProposalFilters, filters.FilterSet):
    """The list page's filters, by the same names."""


class ReportProposals(ListAPIView):
    """Proposals to units in the caller's reach, the first due on top."""

    required_scopes = READ["required_scopes"]
    required_rights = READ["required_rights"]
    serializer_class = ReportProposalSerializer
    filterset_class = ProposalFilterSet
    ordering = ("due_on", "id")
    ordering_fields = {"due": "due_on"}
    ordering_never_null = ("due_on",)

    def get_queryset(self) -> Any:
        return proposals.listed(self.request.user)


class ReportProposalDetail(RetrieveAPIView):
    """One of them with what became of its clients."""

    required_scopes = READ["required_scopes"]
    required_rights = READ["required_rights"]
    serializer_class = ReportProposalBodySerializer

    def get_queryset(self) -> Any:
        return proposals.listed(self.request.user).prefetch_related("measures")

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        held = self.get_object()
        return with_etag(Response(self.get_serializer(held).data), _tag(held))


class ReportProposalDeed(GenericAPIView):
    """A person's answer, as it was read: accept, decline or done; systems give none."""

    required_scopes: dict[str, str] = {}
    required_rights = {"POST": "reports.view"}
    serializer_class = ReportProposalBodySerializer

    def get_queryset(self) -> Any:
        return proposals.listed(self.request.user)

    @extend_schema(
        operation_id="report_proposals_answer", request=ProposalAnswerSerializer,
        responses={200: ReportProposalBodySerializer},
    )  # fmt: skip
    @idempotent
    def post(self, request: Request, pk: int, name: str) -> Response:
        held = self.get_queryset().filter(pk=pk).first()
        if held is None or name not in ANSWERS:
            raise Http404
        check_match(request, _tag(held))
        told = ProposalAnswerSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        try:
            ANSWERS[name](held, request.user, told.validated_data)
        except InvalidAnswer as error:
            raise ValidationError(error.message_dict) from error
        fresh = self.get_queryset().prefetch_related("measures").get(pk=pk)
        return with_etag(Response(self.get_serializer(fresh).data), _tag(fresh))


def _accept(held: Proposal, caller: Any, told: dict[str, Any]) -> None:
    owner = proposals.owners_of(held).filter(username=told.get("owner", caller.username)).first()
    if owner is None and proposals.may_answer(caller, held):
        raise ValidationError({"owner": "Nobody of the unit has this user name."})
    due_on = told.get("due_on", held.due_on)
    deeds.accept(actor=caller, proposal=held, version=held.version, owner=owner or caller, due_on=due_on)


def _decline(held: Proposal, caller: Any, told: dict[str, Any]) -> None:
    deeds.decline(actor=caller, proposal=held, version=held.version, why=told.get("why", ""))


def _done(held: Proposal, caller: Any, told: dict[str, Any]) -> None:
    deeds.finish(actor=caller, proposal=held, version=held.version, note=told.get("note", ""))


ANSWERS: dict[str, Callable[[Proposal, Any, dict[str, Any]], None]] = {
    "accept": _accept, "decline": _decline, "done": _done,
}  # fmt: skip


def _tag(held: Proposal) -> str:
    return etag("report-proposal", held.pk, held.version)
