"""REST of a client's months and events."""

from datetime import date
from fractions import Fraction
from typing import Any

from rest_framework import serializers
from rest_framework.generics import ListAPIView

from clients.api import caller_client
from core.runs import last_finished
from segmentation.models import Contribution, LifecycleEvent
from segmentation.queries import history, rows


class MonthSerializer(serializers.ModelSerializer):
    """Facts of a month by unit of record, in CNY; contribution is income less service cost."""

    month = serializers.DateField(format="%Y-%m")
    branch = serializers.CharField(source="branch.code")
    manager = serializers.CharField(source="manager_no")
    assets_avg = serializers.SerializerMethodField()
    as_of = serializers.SerializerMethodField()

    class Meta:
        model = Contribution
        fields = [
            "month", "branch", "manager", "days", "trading_days", "assets_sum", "assets_avg", "assets_end",
            "assets_peak", "turnover", "trades", "net_commission", "margin_interest", "cash_spread",
            "product_fee", "other_income", "service_cost", "inflow", "outflow", "last_trade_on",
            "product_families", "contribution", "as_of",
        ]  # fmt: skip

    def get_assets_avg(self, row: Contribution) -> str | None:
        """assets_sum / trading_days; null without trading days."""
        if not row.trading_days:
            return None
        return str(rows.half_up(Fraction(row.assets_sum) / row.trading_days, 4))

    def get_as_of(self, _row: Contribution) -> date | None:
        """The night these facts stand on."""
        return self.context["as_of"]


class ClientMonths(ListAPIView):
    """A client's months, newest first."""

    required_scopes = {"GET": "clients:read"}
    required_rights = {"GET": "clients.view"}
    serializer_class = MonthSerializer
    filter_backends = ()
    ordering = ("-month",)
    ordering_fields = {"month": "month"}
    ordering_tie = ("branch_id", "manager_no")

    def get_queryset(self) -> Any:
        return history.months_of(caller_client(self.request, self.kwargs["client_no"]))

    def get_serializer_context(self) -> dict[str, Any]:
        run = last_finished()
        return {**super().get_serializer_context(), "as_of": run.as_of if run else None}


class EventSerializer(serializers.ModelSerializer):
    date = serializers.DateField(source="on_date")
    branch = serializers.CharField(source="branch.code")
    manager = serializers.CharField(source="manager_no")

    class Meta:
        model = LifecycleEvent
        fields = ["date", "event", "reason", "branch", "manager"]


class ClientEvents(ListAPIView):
    """A client's lifecycle events, oldest first."""

    required_scopes = {"GET": "clients:read"}
    required_rights = {"GET": "clients.view"}
    serializer_class = EventSerializer
    filter_backends = ()
    ordering = ("on_date",)
    ordering_fields = {"date": "on_date"}
    ordering_tie = ("event",)

    def get_queryset(self) -> Any:
        return history.events_of(caller_client(self.request, self.kwargs["client_no"]))
