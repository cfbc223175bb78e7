"""REST of the contact points that people keep by hand; values go in plain and come out masked."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from clients.actions import contacts as deeds
from clients.api.record import caller_client
from clients.models import ContactPoint
from clients.queries import contacts as queries
from core.api.idempotency import idempotent


class ContactPointSerializer(serializers.ModelSerializer):
    value = serializers.SerializerMethodField("get_masked")

    class Meta:
        model = ContactPoint
        fields = ["id", "kind", "label", "value", "preferred", "added_by", "added_at"]

    def get_masked(self, point: ContactPoint) -> str:
        return queries.masked(point)


class NewContactPointSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=ContactPoint.Kind.choices)
    value = serializers.CharField(max_length=200)
    label = serializers.CharField(  # type: ignore[assignment]
        max_length=40, required=False, allow_blank=True, default=""
    )
    preferred = serializers.BooleanField(required=False, default=False)


class ContactPoints(GenericAPIView):
    """The client's contact points in use; POST adds one. Callers without sight of identity get none."""

    required_scopes = {"GET": "clients:read", "POST": "clients:write"}
    required_rights = {"GET": "clients.view", "POST": "clients.edit"}
    serializer_class = ContactPointSerializer
    pagination_class = None
    filter_backends = []  # what is listed is no table

    @extend_schema(responses={200: ContactPointSerializer(many=True)})
    def get(self, request: Request, client_no: str) -> Response:
        caller: Any = request.user
        client = caller_client(request, client_no)
        points = queries.contact_points(client) if caller.scope.identity else []
        return Response(ContactPointSerializer(points, many=True).data)

    @extend_schema(request=NewContactPointSerializer, responses={201: ContactPointSerializer})
    @idempotent
    def post(self, request: Request, client_no: str) -> Response:
        client = caller_client(request, client_no)
        told = NewContactPointSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        try:
            point = deeds.add_contact_point(actor=request.user, client=client, **told.validated_data)  # type: ignore[arg-type]
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from error
        return Response(ContactPointSerializer(point).data, status=status.HTTP_201_CREATED)


class EndContactPoint(GenericAPIView):
    """Takes a contact point out of use."""

    required_scopes = {"POST": "clients:write"}
    required_rights = {"POST": "clients.edit"}

    @extend_schema(request=None, responses={204: None})
    @idempotent
    def post(self, request: Request, client_no: str, pk: int) -> Response:
        client = caller_client(request, client_no)
        point = next((one for one in queries.contact_points(client) if one.pk == pk), None)
        if point is None:
            raise Http404("No such contact point in use.")
        deeds.end_contact_point(actor=request.user, client=client, point=point)  # type: ignore[arg-type]
        return Response(status=status.HTTP_204_NO_CONTENT)
