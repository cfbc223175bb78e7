"""REST of the relations around a client."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from clients.actions import relations as deeds
from clients.api.record import caller_client
from clients.models import Client, Relation
from clients.queries.relations import Around
from core.api.idempotency import idempotent


class RelationSerializer(serializers.Serializer):
    """One relation as seen from the client of the address; other is null for somebody who is no client or is
    out of the caller's sight."""

    id = serializers.IntegerField(source="relation.pk")
    kind = serializers.CharField(source="relation.kind")
    words = serializers.CharField()
    other = serializers.SerializerMethodField()
    name = serializers.CharField(source="other.name")
    mobile = serializers.CharField()
    share = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    note = serializers.CharField(source="relation.note")
    from_date = serializers.DateField(source="relation.from_date")
    to_date = serializers.DateField(source="relation.to_date", allow_null=True)

    def get_other(self, line: Any) -> str | None:
        return line.other.client_no or None


class NewRelationSerializer(serializers.Serializer):
    """other (a client_no) or name; backward: the client is the <kind> of the other."""

    kind = serializers.ChoiceField(choices=Relation.Kind.choices)
    backward = serializers.BooleanField(required=False, default=False)
    other = serializers.CharField(max_length=30, required=False, allow_null=True, default=None)
    name = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    mobile = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    share = serializers.DecimalField(max_digits=5, decimal_places=2, required=False, allow_null=True)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    from_date = serializers.DateField()

    def validate_other(self, number: str | None) -> Client | None:
        if not number:
            return None
        found = Client.objects.visible_to(self.context["request"].user).filter(client_no=number).first()
        if found is None:
            raise serializers.ValidationError("There is no such client.")
        return found

    def relation(self) -> dict[str, Any]:
        """What clients.actions.relations.add_relation takes."""
        told = dict(self.validated_data)
        name, mobile = told.pop("name"), told.pop("mobile")
        return {**told, "other_name": "" if told["other"] else name, "other_mobile": mobile}


class Relations(GenericAPIView):
    """The people around a client; POST adds one."""

    required_scopes = {"GET": "clients:read", "POST": "clients:write"}
    required_rights = {"GET": "clients.view", "POST": "clients.edit"}
    serializer_class = RelationSerializer
    pagination_class = None
    filter_backends = []  # what is listed is no table

    @extend_schema(responses={200: RelationSerializer(many=True)})
    def get(self, request: Request, client_no: str) -> Response:
        lines = Around(caller_client(request, client_no), request.user).lines
        return Response(RelationSerializer(lines, many=True).data)

    @extend_schema(request=NewRelationSerializer, responses={201: RelationSerializer})
    @idempotent
    def post(self, request: Request, client_no: str) -> Response:
        client = caller_client(request, client_no)
        told = NewRelationSerializer(data=request.data, context={"request": request})
        told.is_valid(raise_exception=True)
        actor: Any = request.user
        row = _checked(lambda: deeds.add_relation(actor=actor, client=client, **told.relation()))
        line = next(one for one in Around(client, actor).lines if one.relation.pk == row.pk)
        return Response(RelationSerializer(line).data, status=status.HTTP_201_CREATED)


class EndSerializer(serializers.Serializer):
    to_date = serializers.DateField()


class EndRelation(GenericAPIView):
    """Ends a relation on a date; 409 when it has ended already."""

    required_scopes = {"POST": "clients:write"}
    required_rights = {"POST": "clients.edit"}
    serializer_class = EndSerializer

    @extend_schema(request=EndSerializer, responses={204: None})
    @idempotent
    def post(self, request: Request, client_no: str, pk: int) -> Response:
        actor: Any = request.user
        client = caller_client(request, client_no)
        row = next((one for one in Around(client, actor).rows if one.pk == pk), None)
        if row is None:
            raise Http404("No such relation of this client.")
        told = EndSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        day = told.validated_data["to_date"]
        _checked(lambda: deeds.end_relation(actor=actor, client=client, relation=row, to_date=day))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _checked(deed: Any) -> Any:
    try:
        return deed()
    except ValidationError as error:
        raise serializers.ValidationError(error.message_dict) from error
