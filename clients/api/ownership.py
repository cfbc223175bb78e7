"""REST of ownership: a client's hand-overs, a new one, and taking one back."""

from typing import Any, cast

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from clients.actions.ownership import Owner, cancel_handover, hand_over
from clients.api.record import caller_client
from clients.models import Client, Handover
from clients.queries import ownership as queries
from core.api.idempotency import idempotent
from staff.models import Unit

READ, WRITE, RIGHT = "clients:read", "clients:write", queries.RIGHT


class HandoverSerializer(serializers.ModelSerializer):
    """From from_date on the client is with this branch and manager ('' for the branch as a whole)."""

    client = serializers.CharField(source="client.client_no")
    branch = serializers.CharField(source="branch.code")
    manager = serializers.CharField(source="manager_no")
    old_branch = serializers.CharField(source="old_branch.code")
    old_manager = serializers.CharField(source="old_manager_no")

    class Meta:
        model = Handover
        fields = [
            "id",
            "client",
            "from_date",
            "branch",
            "manager",
            "old_branch",
            "old_manager",
            "reason",
            "batch",
            "made_by",
            "made_at",
            "cancelled_by",
            "cancelled_at",
        ]


class NewHandoverSerializer(serializers.Serializer):
    """A new owner; from_date not before the first day of this month."""

    branch = serializers.CharField(max_length=20)
    manager = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    from_date = serializers.DateField()
    reason = serializers.CharField(max_length=300)

    def validate_branch(self, code: str) -> Unit:
        branch = queries.target_branches(self.context["request"].user).filter(code=code).first()
        if branch is None:
            raise serializers.ValidationError("There is no such branch in your reach.")
        return branch


class Handovers(ListAPIView):
    """A client's hand-overs, newest date first; POST makes one."""

    required_scopes = {"GET": READ, "POST": WRITE}
    required_rights = {"GET": "clients.view", "POST": RIGHT}
    serializer_class = HandoverSerializer
    ordering = ("-from_date", "-id")

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):  # the schema is made without a client
            return Handover.objects.none()
        return queries.handovers_of(caller_client(self.request, self.kwargs["client_no"]))

    @extend_schema(request=NewHandoverSerializer, responses={201: HandoverSerializer})
    @idempotent
    def post(self, request: Request, client_no: str) -> Response:
        client = _own_client(request, client_no)
        told = NewHandoverSerializer(data=request.data, context={"request": request})
        told.is_valid(raise_exception=True)
        values = told.validated_data
        made = hand_over(
            actor=cast(Any, request.user),
            client=client,
            owner=Owner(values["branch"], values["manager"]),
            from_date=values["from_date"],
            reason=values["reason"],
        )
        return Response(HandoverSerializer(made).data, status=status.HTTP_201_CREATED)


class HandoverCancel(GenericAPIView):
    """Takes a hand-over back that is still to come or began this month; 409 when it is too late."""

    required_scopes = {"POST": WRITE}
    required_rights = {"POST": RIGHT}
    serializer_class = HandoverSerializer

    @extend_schema(request=None, responses={200: HandoverSerializer})
    @idempotent
    def post(self, request: Request, client_no: str, pk: int) -> Response:
        client = _own_client(request, client_no)
        handover = queries.handovers_of(client).filter(pk=pk).first()
        if handover is None:
            raise Http404("No such hand-over.")
        cancelled = cancel_handover(actor=cast(Any, request.user), handover=handover)
        return Response(HandoverSerializer(cancelled).data)


def _own_client(request: Request, client_no: str) -> Client:
    """404 outside the caller's sight, 403 outside the reach of the caller's right."""
    client = caller_client(request, client_no)
    if not queries.in_reach(request.user).filter(pk=client.pk).exists():
        raise PermissionDenied
    return client
