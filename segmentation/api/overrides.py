"""REST of tiers given by hand: which there are, proposing one, deciding on it, and what they do together."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError as InvalidWish
from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from clients.api import caller_client
from core.api.etags import check_match, etag, with_etag
from core.api.idempotency import idempotent
from segmentation.actions import overrides as deeds
from segmentation.api.asking import DAY, SCORES, TIERS, caller, day_of
from segmentation.lists.overrides import OverrideFilters
from segmentation.models import TierOverride
from segmentation.queries import overrides, rows


class TierOverrideSerializer(serializers.ModelSerializer):
    """A tier by hand from a day to a day, both included; standing says where it stands today."""

    client = serializers.CharField(source="client.client_no")
    branch = serializers.CharField(source="client.branch.code")
    standing = serializers.CharField()
    until = serializers.DateField(source="until_on")
    proposed_by = serializers.CharField(source="proposed_by.username")
    approved_by = serializers.CharField(source="approved_by.username", default=None)
    closed_by = serializers.CharField(source="closed_by.username", default=None)

    class Meta:
        model = TierOverride
        fields = [
            "id", "client", "branch", "tier", "reason", "state", "standing", "until", "proposed_by",
            "proposed_at", "approved_by", "decided_at", "closed_by", "closed_at", "closed_for", "version",
        ]  # fmt: skip

    def get_fields(self) -> dict[str, serializers.Field]:
        return {**super().get_fields(), "from": serializers.DateField(source="from_on")}


class WishSerializer(serializers.Serializer):
    """What is proposed: both days count, at most twelve months."""

    client = serializers.CharField(max_length=30)
    tier = serializers.ChoiceField(choices=[tier for tier in TIERS if tier != "NEW"])
    reason = serializers.CharField(max_length=deeds.LONGEST_REASON)
    until = serializers.DateField()

    def get_fields(self) -> dict[str, serializers.Field]:
        return {**super().get_fields(), "from": serializers.DateField()}


class WhySerializer(serializers.Serializer):
    """Why it is declined or withdrawn; approving asks for nothing."""

    why = serializers.CharField(max_length=deeds.LONGEST_ANSWER, required=False, default="")


class OverrideFilterSet(OverrideFilters, filters.FilterSet):
    """The list page's filters, by the same names."""


def _tag(row: TierOverride) -> str:
    return etag("tier-override", row.pk, row.version)


def _answer(request: Request, pk: int, code: int = status.HTTP_200_OK) -> Response:
    fresh = overrides.listed(caller(request)).get(pk=pk)
    return with_etag(Response(TierOverrideSerializer(fresh).data, code), _tag(fresh))


def _checked(deed: Callable[[], TierOverride]) -> TierOverride:
    """What the rules find wrong, by field."""
    try:
        return deed()
    except InvalidWish as error:
        names = {"from_on": "from", "until_on": "until"}
        told = {names.get(field, field): faults for field, faults in error.message_dict.items()}
        raise ValidationError(told) from error


class TierOverrides(ListAPIView):
    """Tiers by hand in sight, those that end first on top. POST proposes one; people do, never systems."""

    required_scopes = SCORES["required_scopes"]
    required_rights = {**SCORES["required_rights"], "POST": "tiers.override"}
    serializer_class = TierOverrideSerializer
    filterset_class = OverrideFilterSet
    ordering = ("until_on", "id")
    ordering_fields = {"until": "until_on"}
    ordering_never_null = ("until_on",)

    def get_queryset(self) -> Any:
        return overrides.listed(caller(self.request))

    @extend_schema(request=WishSerializer, responses={201: TierOverrideSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        asked = WishSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        told = asked.validated_data
        wish = deeds.Wish(
            tier=told["tier"], reason=told["reason"], from_on=told["from"], until_on=told["until"]
        )
        client = caller_client(request, told["client"])
        made = _checked(lambda: deeds.propose(actor=caller(request), client=client, wish=wish))
        return _answer(request, made.pk, status.HTTP_201_CREATED)


class TierOverrideDetail(RetrieveAPIView):
    """One of them."""

    required_scopes = SCORES["required_scopes"]
    required_rights = SCORES["required_rights"]
    serializer_class = TierOverrideSerializer

    def get_queryset(self) -> Any:
        return overrides.listed(caller(self.request))

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return _answer(request, self.get_object().pk)


class TierOverrideDeed(GenericAPIView):
    """The word of a second person (approve, decline), or taking it back (withdraw), as it was read."""

    required_scopes: dict[str, str] = {}  # a person's word, never a system's
    required_rights = {"POST": "segmentation.view"}
    serializer_class = TierOverrideSerializer
    deeds: dict[str, Callable[..., TierOverride]] = {
        "approve": deeds.approve, "decline": deeds.decline, "withdraw": deeds.withdraw,
    }  # fmt: skip

    def get_queryset(self) -> Any:
        return overrides.listed(caller(self.request))

    @extend_schema(
        operation_id="tier_overrides_decide", request=WhySerializer, responses={200: TierOverrideSerializer}
    )
    @idempotent
    def post(self, request: Request, pk: int, name: str) -> Response:
        held = self.get_queryset().filter(pk=pk).first()
        if held is None or name not in self.deeds:
            raise Http404
        check_match(request, _tag(held))
        told = WhySerializer(data=request.data)
        told.is_valid(raise_exception=True)
        more = {} if name == "approve" else {"why": told.validated_data["why"]}
        act = self.deeds[name]
        _checked(lambda: act(actor=caller(request), override=held, version=held.version, **more))
        return _answer(request, held.pk)


class EffectRowSerializer(serializers.Serializer):
    """How many clients have `tier` by hand where the rules alone would give `rules_tier`."""

    rules_tier = serializers.CharField(allow_null=True)
    tier = serializers.CharField()
    clients = serializers.IntegerField()


class EffectSerializer(serializers.Serializer):
    as_of = serializers.DateField()
    clients = serializers.IntegerField()
    results = EffectRowSerializer(many=True)


class OverrideEffect(GenericAPIView):
    """What the tiers by hand of a kept day do: of all in sight, or of one branch (its code)."""

    required_scopes = SCORES["required_scopes"]
    required_rights = SCORES["required_rights"]
    serializer_class = EffectSerializer
    pagination_class = None

    @extend_schema(
        operation_id="tier_overrides_effect",
        parameters=[OpenApiParameter("as_of", DAY), OpenApiParameter("branch", str)],
    )
    def get(self, request: Request) -> Response:
        day = day_of(request, "as_of") or self._night()
        if day not in rows.kept_dates():
            raise rows.NoScore(f"No figures of {day} are kept.")
        found = overrides.effect(caller(request), day, request.query_params.get("branch", ""))
        results = [
            {"rules_tier": without or None, "tier": given, "clients": count}
            for (without, given), count in sorted(found.moves.items())
        ]
        return Response({"as_of": day, "clients": found.clients, "results": results})

    @staticmethod
    def _night() -> date:
        night = rows.kept_dates().night
        if night is None:
            raise rows.NoScore("No nightly run has finished yet.")
        return night
