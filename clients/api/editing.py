"""REST of hand-kept fields: PATCH with If-Match, so that nobody writes over what they have not seen."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from clients.actions import editing as deeds
from clients.api.record import ClientDetail, ClientDetailSerializer
from clients.models import Client
from core.api.etags import check_match, etag, with_etag
from core.api.problems import PreconditionRequired


class EditSerializer(serializers.ModelSerializer):
    """The fields people keep by hand; of a prospect also the personal ones."""

    id_number = serializers.CharField(max_length=40, allow_blank=True)
    mobile = serializers.RegexField(r"^((\+?86)?1[3-9]\d{9})?$", allow_blank=True)
    email = serializers.EmailField(max_length=200, allow_blank=True)
    address = serializers.CharField(max_length=300, allow_blank=True)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)

    class Meta:
        model = Client
        fields = [
            "short_name",
            "occupation",
            "remark",
            "declared_outside_assets",
            "name",
            "id_type",
            "id_number",
            "id_expires_on",
            "birth_date",
            "sex",
            "mobile",
            "email",
            "address",
            "reason",
        ]
        extra_kwargs = {"declared_outside_assets": {"min_value": 0}}


def client_tag(client: Client) -> str:
    return etag("client", client.pk, client.version)


class EditableClient(ClientDetail):
    """One client by client_no, with its ETag; PATCH changes hand-kept fields and needs that as If-Match."""

    required_scopes = {"GET": "clients:read", "PATCH": "clients:write"}
    required_rights = {"GET": "clients.view", "PATCH": "clients.edit"}

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        client = self.get_object()
        return with_etag(Response(self.get_serializer(client).data), client_tag(client))

    @extend_schema(request=EditSerializer, responses={200: ClientDetailSerializer})
    def patch(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """412 when the record was changed since it was read, 428 without If-Match."""
        client = self.get_object()
        told = EditSerializer(data=request.data, partial=True)
        told.is_valid(raise_exception=True)
        if "If-Match" not in request.headers:
            raise PreconditionRequired()
        check_match(request, client_tag(client))
        values = dict(told.validated_data)
        reason = values.pop("reason", "")
        caller: Any = request.user
        deeds.edit_client(actor=caller, client=client, values=values, version=client.version, reason=reason)
        return self.get(request)
