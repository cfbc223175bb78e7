"""REST of duplicates and joins: for people with the rights; no scope of other systems opens them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from clients.actions import duplicates as duplicate_deeds
from clients.actions import merging as deeds
from clients.api.record import caller_client
from clients.models import DuplicatePair, Merge
from clients.queries import duplicates, merging
from core.api.idempotency import idempotent

PROPOSE, APPROVE = "clients.merge", "clients.merge_approve"


class DuplicateSerializer(serializers.ModelSerializer):
    """Two records that may be one client; likelihood 0 to 99, reasons: id, mobile, name, birth."""

    left = serializers.CharField(source="left.client_no")
    right = serializers.CharField(source="right.client_no")

    class Meta:
        model = DuplicatePair
        fields = ["id", "left", "right", "likelihood", "reasons", "found_at"]


class ReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300, min_length=4)


class NoteSerializer(serializers.Serializer):
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class MergeSerializer(serializers.ModelSerializer):
    """A join: proposed, joined, rejected or undone; choices name what changes on the survivor."""

    survivor = serializers.CharField(source="survivor.client_no")
    merged = serializers.CharField(source="merged.client_no")
    proposed_by = serializers.CharField(source="proposed_by.username", default=None)
    decided_by = serializers.CharField(source="decided_by.username", default=None)
    undone_by = serializers.CharField(source="undone_by.username", default=None)

    class Meta:
        model = Merge
        fields = [
            "id",
            "survivor",
            "merged",
            "state",
            "choices",
            "reason",
            "automatic",
            "proposed_by",
            "proposed_at",
            "decided_by",
            "decided_at",
            "decision_note",
            "undone_by",
            "undone_at",
            "undo_reason",
        ]


class ChoicesSerializer(serializers.Serializer):
    """The survivor's hand-kept fields afterwards; what is left out stays, or comes where there is nothing."""

    short_name = serializers.CharField(max_length=60, required=False, allow_blank=True)
    occupation = serializers.CharField(max_length=60, required=False, allow_blank=True)
    remark = serializers.CharField(max_length=500, required=False, allow_blank=True)
    declared_outside_assets = serializers.DecimalField(
        max_digits=20, decimal_places=4, min_value=0, required=False, allow_null=True
    )


class ProposalSerializer(serializers.Serializer):
    survivor = serializers.CharField(max_length=30)
    merged = serializers.CharField(max_length=30)
    choices = ChoicesSerializer(required=False)
    reason = serializers.CharField(max_length=500, min_length=4)


class Duplicates(ListAPIView):
    """Undecided pairs whose records the caller may both see, likeliest first."""

    required_rights = {"GET": PROPOSE}
    serializer_class = DuplicateSerializer
    ordering = ("-likelihood", "-id")
    filterset_class = None

    def get_queryset(self) -> Any:
        return duplicates.open_pairs(self.request.user)


class DuplicateDismiss(GenericAPIView):
    required_rights = {"POST": PROPOSE}
    serializer_class = DuplicateSerializer

    @extend_schema(request=ReasonSerializer, responses={200: DuplicateSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """The two are different clients; the pair is not shown again."""
        pair = duplicates.open_pairs(request.user).filter(pk=pk).first()
        if pair is None:
            raise Http404
        told = ReasonSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        pair = duplicate_deeds.dismiss(actor=_person(request), pair=pair, **told.validated_data)
        return Response(DuplicateSerializer(pair).data)


class Merges(ListAPIView):
    """Joins the caller may see, newest first; POST proposes one."""

    required_rights = {"GET": PROPOSE, "POST": PROPOSE}
    serializer_class = MergeSerializer
    ordering = ("-id",)
    filterset_class = None

    def get_queryset(self) -> Any:
        return merging.merges_of(self.request.user)

    @extend_schema(request=ProposalSerializer, responses={201: MergeSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """The proposal waits for another person."""
        told = ProposalSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        terms = told.validated_data
        merge = deeds.propose(
            actor=_person(request),
            survivor=caller_client(request, terms["survivor"]),
            merged=caller_client(request, terms["merged"]),
            choices=terms.get("choices", {}),
            reason=terms["reason"],
        )
        return Response(MergeSerializer(merge).data, status.HTTP_201_CREATED)


class MergeDetail(RetrieveAPIView):
    """One join."""

    required_rights = {"GET": PROPOSE}
    serializer_class = MergeSerializer
    filterset_class = None

    def get_queryset(self) -> Any:
        return merging.merges_of(self.request.user)


class _Deed(GenericAPIView):
    """A deed on one join."""

    serializer_class = MergeSerializer

    def merge(self, request: Request, pk: int) -> Merge:
        found = merging.merges_of(request.user).filter(pk=pk).first()
        if found is None:
            raise Http404
        return found


class MergeApprove(_Deed):
    required_rights = {"POST": APPROVE}

    @extend_schema(request=NoteSerializer, responses={200: MergeSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Joins what another person proposed (409 for one's own)."""
        merge, told = self.merge(request, pk), NoteSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        merge = deeds.approve(actor=_person(request), merge=merge, **told.validated_data)
        return Response(MergeSerializer(merge).data)


class MergeReject(_Deed):
    required_rights = {"POST": "clients.view"}

    @extend_schema(request=ReasonSerializer, responses={200: MergeSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Ends a proposal: by an approver, or by the proposer."""
        merge, told = self.merge(request, pk), ReasonSerializer(data=request.data)
        person = _person(request)
        if merge.proposed_by_id != person.pk and not person.may(APPROVE):
            raise PermissionDenied
        told.is_valid(raise_exception=True)
        merge = deeds.reject(actor=person, merge=merge, note=told.validated_data["reason"])
        return Response(MergeSerializer(merge).data)


class MergeUndo(_Deed):
    required_rights = {"POST": PROPOSE}

    @extend_schema(request=ReasonSerializer, responses={200: MergeSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Takes a join apart; edits made on the survivor since stay."""
        merge, told = self.merge(request, pk), ReasonSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        merge = deeds.take_apart(actor=_person(request), merge=merge, **told.validated_data)
        return Response(MergeSerializer(merge).data)


def _person(request: Request) -> Any:
    """The caller: the rights named above let only people in."""
    return request.user
