"""REST of prospects: list, enter, read, move to another stage."""

from typing import Any, cast

from django.core.exceptions import ValidationError
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from clients import checksums, phones
from clients.actions.prospects import Origin, enter_prospect, move_prospect
from clients.api.record import caller_client
from clients.lists.prospects import ProspectFilters
from clients.models import Client, Prospect
from clients.queries import prospects as queries
from core.api.idempotency import idempotent
from staff.models import Unit

SCOPES = {"GET": "clients:read", "POST": "clients:write"}
RIGHTS = {"GET": queries.RIGHT, "POST": queries.RIGHT}


class ProspectSerializer(serializers.ModelSerializer):
    """A prospect; converted_to is the client_no of the account that came by feed."""

    client_no = serializers.CharField(source="client.client_no")
    name = serializers.CharField(source="client.name")
    kind = serializers.CharField(source="client.kind")
    branch = serializers.CharField(source="client.branch.code")
    manager = serializers.CharField(source="client.manager_no")
    converted_to = serializers.CharField(source="converted_to.client_no", default=None)

    class Meta:
        model = Prospect
        fields = [
            "client_no",
            "name",
            "kind",
            "branch",
            "manager",
            "source",
            "source_detail",
            "stage",
            "stage_since",
            "lost_reason",
            "next_step_on",
            "entered_on",
            "entered_by",
            "converted_to",
            "converted_at",
            "matched_by",
        ]


class NewProspectSerializer(serializers.Serializer):
    """A prospect to enter; look-alikes are not asked about, they are found in the nights."""

    kind = serializers.ChoiceField(choices=Client.Kind.choices)
    name = serializers.CharField(max_length=200)
    mobile = serializers.CharField(max_length=30, required=False, default="", allow_blank=True)
    id_type = serializers.ChoiceField(choices=Client.IdType.choices, required=False, default="")
    id_number = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    email = serializers.EmailField(required=False, default="", allow_blank=True)
    remark = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)
    branch = serializers.CharField(max_length=20)
    manager = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)
    source = serializers.ChoiceField(choices=Prospect.Source.choices)  # type: ignore[assignment]
    source_detail = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    referred_by = serializers.CharField(max_length=30, required=False, default="", allow_blank=True)
    next_step_on = serializers.DateField(required=False, default=None, allow_null=True)

    def validate_branch(self, code: str) -> Unit:
        branch = queries.enterable_branches(self.context["request"].user).filter(code=code).first()
        if branch is None:
            raise serializers.ValidationError("There is no such branch in your reach.")
        return branch

    def validate_mobile(self, mobile: str) -> str:
        if mobile and (fault := phones.mobile_fault(mobile)):
            raise serializers.ValidationError(fault)
        return mobile

    def validate_referred_by(self, client_no: str) -> Client | None:
        if not client_no:
            return None
        try:
            return caller_client(self.context["request"], client_no)
        except Http404 as error:
            raise serializers.ValidationError("There is no such client in your sight.") from error

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if values["id_number"] and not checksums.holds(values["id_type"], values["id_number"]):
            raise serializers.ValidationError({"id_number": "This number cannot be right."})
        return values


class StageSerializer(serializers.Serializer):
    stage = serializers.ChoiceField(choices=[stage.value for stage in queries.MOVES])
    reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class Prospects(ListAPIView):
    """Prospects in sight, newest number first; POST enters one."""

    required_scopes, required_rights = SCOPES, RIGHTS
    serializer_class = ProspectSerializer
    filterset_class = ProspectFilters
    ordering = ("-client_id",)

    def get_queryset(self) -> Any:
        return queries.listed(self.request.user)

    @extend_schema(request=NewProspectSerializer, responses={201: ProspectSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        told = NewProspectSerializer(data=request.data, context={"request": request})
        told.is_valid(raise_exception=True)
        values = told.validated_data
        names = ("kind", "name", "mobile", "id_type", "id_number", "email", "remark")
        try:
            prospect = enter_prospect(
                actor=cast(Any, request.user),
                branch=values["branch"],
                manager_no=values["manager"],
                values={name: values[name] for name in names},
                origin=Origin(values["source"], values["source_detail"], values["referred_by"] or None),
                next_step_on=values["next_step_on"],
            )
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from error
        return Response(ProspectSerializer(prospect).data, status=status.HTTP_201_CREATED)


class ProspectDetail(RetrieveAPIView):
    """One prospect by its number; 404 when it does not exist for the caller."""

    required_scopes, required_rights = SCOPES, RIGHTS
    serializer_class = ProspectSerializer
    filterset_class = None
    lookup_field, lookup_url_kwarg = "client__client_no", "client_no"

    def get_queryset(self) -> Any:
        return queries.listed(self.request.user)


class ProspectStage(GenericAPIView):
    """Moves a prospect to another stage; 409 once it is converted, or lost without a reason."""

    required_scopes, required_rights = {"POST": "clients:write"}, {"POST": queries.RIGHT}
    serializer_class = ProspectSerializer

    @extend_schema(request=StageSerializer, responses={200: ProspectSerializer})
    @idempotent
    def post(self, request: Request, client_no: str) -> Response:
        prospect = queries.listed(request.user).filter(client__client_no=client_no).first()
        if prospect is None:
            raise Http404("No such prospect.")
        told = StageSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        moved = move_prospect(actor=cast(Any, request.user), prospect=prospect, **told.validated_data)
        return Response(ProspectSerializer(moved).data)
