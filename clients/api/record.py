"""REST of client records: lists and single records, personal data masked."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request

from clients.filters import ClientFilters
from clients.models import Account, Client
from clients.queries import record as queries
from core.lists.added import with_added


class AccountSerializer(serializers.ModelSerializer):
    class Meta:
        model = Account
        fields = ["account_no", "system", "currency", "status", "opened_on", "closed_on"]


class ClientSerializer(serializers.ModelSerializer):
    """A client as the caller may see it; tier, score and stage stand on `as_of`."""

    name = serializers.SerializerMethodField()
    branch = serializers.CharField(source="branch.code")
    manager = serializers.CharField(source="manager_no")
    tier = serializers.CharField(source="standing.tier", default=None)
    score = serializers.DecimalField(source="standing.score", max_digits=5, decimal_places=2, default=None)
    stage = serializers.CharField(source="standing.stage", default=None)
    flags = serializers.ListField(source="standing.flags", child=serializers.CharField(), default=list)
    as_of = serializers.DateField(source="standing.as_of", default=None)

    class Meta:
        model = Client
        fields = [
            "client_no",
            "kind",
            "name",
            "branch",
            "manager",
            "status",
            "opened_on",
            "closed_on",
            "callback_passed_on",
            "risk_level",
            "risk_assessed_on",
            "investor_class",
            "tier",
            "score",
            "stage",
            "flags",
            "as_of",
        ]

    def get_name(self, client: Client) -> str:
        return queries.shown_name(client, self.context["request"].user)


class ClientDetailSerializer(ClientSerializer):
    """Beside the list's fields: masked numbers and the accounts."""

    personal = serializers.SerializerMethodField()
    accounts = AccountSerializer(many=True)

    class Meta(ClientSerializer.Meta):
        fields = [*ClientSerializer.Meta.fields, "id_type", "id_expires_on", "personal", "accounts"]

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_personal(self, client: Client) -> dict[str, str]:
        return vars(queries.profile(client, self.context["request"].user))


class ClientList(ListAPIView):
    """Clients that the caller may see."""

    required_scopes = {"GET": "clients:read"}
    required_rights = {"GET": "clients.view"}
    serializer_class = ClientSerializer
    ordering = ("client_no",)
    ordering_fields = {"client_no": "client_no", "opened_on": "opened_on"}

    @property
    def filterset_class(self) -> Any:
        """The page's filters, those of higher apps among them."""
        return with_added("clients", ClientFilters)

    def get_queryset(self) -> Any:
        return queries.listed(self.request.user)


class ClientDetail(RetrieveAPIView):
    """One client by client_no; 404 when it does not exist for the caller."""

    required_scopes = {"GET": "clients:read"}
    required_rights = {"GET": "clients.view"}
    serializer_class = ClientDetailSerializer
    lookup_field = "client_no"
    filterset_class = None

    def get_queryset(self) -> Any:
        return queries.listed(self.request.user)


def caller_client(request: Request, client_no: str) -> Client:
    """The client for a route below clients/{client_no}/, or 404 when the caller may not see it."""
    client = queries.listed(request.user).filter(client_no=client_no).first()
    if client is None:
        raise Http404("No such client.")
    return client
