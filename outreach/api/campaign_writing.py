"""What is sent of a campaign over REST: its fields, its audience."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request

from clients.models import Client, Consent
from core.api.etags import etag
from interactions.models import Category
from outreach.actions import campaign_audience
from outreach.actions import campaigns as deeds
from outreach.models import Campaign
from outreach.queries import campaigns as queries
from trading.models import Product

MOST_CLIENTS = 1_000


class WrittenSerializer(serializers.Serializer):
    """A draft. unit: code, none for the firm's (at headquarters). line: by which messages go out, none when
    people call. target_amount in CNY; control_share in percent."""

    name = serializers.CharField(max_length=80)
    unit = serializers.CharField(max_length=20, required=False, allow_null=True)
    category = serializers.SlugRelatedField(
        slug_field="code", queryset=Category.objects.filter(retired_on=None)
    )
    purpose = serializers.ChoiceField(choices=Consent.Purpose.choices)
    line = serializers.SlugRelatedField(
        slug_field="code", queryset=queries.lines_that_send(), required=False, allow_null=True
    )
    subject = serializers.CharField(max_length=200, required=False, allow_blank=True)
    script = serializers.CharField(max_length=4000)
    product = serializers.SlugRelatedField(
        slug_field="code", queryset=Product.objects.all(), required=False, allow_null=True
    )
    assign = serializers.ChoiceField(choices=Campaign.Assign.choices, required=False)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    control_share = serializers.IntegerField(required=False, min_value=0, max_value=50)
    pressure_days = serializers.IntegerField(required=False, min_value=0, max_value=365)
    target = serializers.ChoiceField(choices=Campaign.Target.choices, required=False)
    target_amount = serializers.DecimalField(max_digits=20, decimal_places=4, required=False, allow_null=True)
    window_days = serializers.IntegerField(required=False, min_value=1, max_value=365)

    def validate(self, told: dict[str, Any]) -> dict[str, Any]:
        """The unit is one where the caller manages campaigns."""
        if self.partial and "unit" not in told:
            return told
        units, firm = queries.units_for(self.context["request"].user)
        code = told.get("unit")
        told["unit"] = units.filter(code=code).first() if code else None
        if told["unit"] is None and (code or not firm):
            raise serializers.ValidationError({"unit": ["Name a unit where you manage campaigns."]})
        return told


class ChosenSerializer(serializers.Serializer):
    """Clients by their numbers."""

    clients = serializers.ListField(
        child=serializers.CharField(max_length=30), min_length=1, max_length=MOST_CLIENTS
    )


class AddedSerializer(serializers.Serializer):
    """added: how many are in the audience now who were not; there: who were in it; unknown: numbers of no
    client in sight."""

    added = serializers.IntegerField()
    there = serializers.IntegerField()
    unknown = serializers.ListField(child=serializers.CharField())


def manageable(request: Request, pk: int, right: str = "campaigns.manage") -> Campaign:
    """404 for those out of sight and where the right is not held."""
    return get_object_or_404(queries.manageable(request.user, right), pk=pk)


def written(request: Request, form: WrittenSerializer, held: Campaign | None) -> Campaign:
    """A new draft, or a draft in other words; 400 with what the rules find wrong, by field."""
    form.is_valid(raise_exception=True)
    actor: Any = request.user
    told = form.validated_data
    try:
        if held is None:
            return deeds.write_campaign(actor=actor, told=told)
        return deeds.change_campaign(actor=actor, campaign=held, version=held.version, told=told)
    except ValidationError as error:
        raise serializers.ValidationError(error.message_dict) from error


def added(request: Request, held: Campaign, numbers: Sequence[str]) -> dict[str, Any]:
    """What came of adding clients in sight to a draft's audience."""
    actor: Any = request.user
    seen = Client.objects.visible_to(actor).filter(client_no__in=numbers).order_by()
    known = dict(seen.values_list("client_no", "pk"))
    new = campaign_audience.choose_clients(actor=actor, campaign=held, client_ids=known.values())
    unknown = sorted(set(numbers) - known.keys())
    return {"added": len(new), "there": len(known) - len(new), "unknown": unknown}


def tag_of(campaign: Campaign) -> str:
    return etag("campaign", campaign.pk, campaign.version)
