"""REST of scripts: what is in force, for other systems that show it beside a contact."""

from django.db.models import QuerySet
from django.http import Http404
from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView

from knowledge.filters.scripts import ScriptFilters
from knowledge.models import ScriptVersion
from knowledge.queries import scripts as queries


class ScriptStepSerializer(serializers.Serializer):
    """A line of the checklist; its key stays the same from version to version."""

    key = serializers.CharField()
    zh = serializers.CharField()
    en = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field]:
        """`required` is a word of the serializer itself, so it is added here."""
        return {**super().get_fields(), "required": serializers.BooleanField()}


class ScriptSerializer(serializers.ModelSerializer):
    """A script's version in force; category, tiers and channels are empty where it is for all of them."""

    code = serializers.CharField(source="script.code")
    steps = ScriptStepSerializer(many=True)

    class Meta:
        model = ScriptVersion
        fields = [
            "code", "number", "title_zh", "title_en", "category", "tiers", "channels", "body_zh", "body_en",
            "steps", "in_force_from",
        ]  # fmt: skip


class ScriptFilterSet(ScriptFilters, filters.FilterSet):
    """The list page's filters, by the same names."""


class _InForce(GenericAPIView):
    required_scopes = {"GET": "interactions:read"}
    required_rights = {"GET": "desk.work"}
    serializer_class = ScriptSerializer

    def get_queryset(self) -> QuerySet[ScriptVersion]:
        return queries.in_force()


class Scripts(_InForce, ListAPIView):
    """All scripts in force, by code."""

    filterset_class = ScriptFilterSet
    ordering = ("script__code",)
    ordering_fields = {"code": "script__code", "in_force_from": "in_force_from"}


class ScriptDetail(_InForce, RetrieveAPIView):
    """One script as it is in force; 404 while no version of it is."""

    def get_object(self) -> ScriptVersion:
        found = self.get_queryset().filter(script__code=self.kwargs["code"]).first()
        if found is None:
            raise Http404("No script of this code is in force.")
        return found
