"""REST of surveys: what clients were asked and answered."""

from typing import Any

from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from interactions.lists.surveys import SurveyFilters, state_of
from interactions.models import Survey
from interactions.queries.surveys import comment_of, surveys_of


class SurveySerializer(serializers.ModelSerializer):
    """One question to a client; satisfaction 1 to 5, recommend 0 to 10, both null until it is answered.

    about: what it was about, such as `conversation:12`.
    """

    client = serializers.CharField(source="client.client_no")
    line = serializers.CharField(source="line.code")
    state = serializers.SerializerMethodField()
    comment = serializers.SerializerMethodField()

    class Meta:
        model = Survey
        fields = [
            "id", "about", "client", "line", "state", "asked_at", "expires_at", "answered_at",
            "satisfaction", "recommend", "comment",
        ]  # fmt: skip

    def get_state(self, row: Survey) -> str:
        return state_of(row)

    def get_comment(self, row: Survey) -> str:
        return comment_of(row)


class SurveyFilterSet(SurveyFilters, filters.FilterSet):
    """The list page's filters, by the same names."""


class Surveys(ListAPIView):
    """What clients were asked, newest first; other systems need the scope clients:read beside it."""

    required_scopes = {"GET": "interactions:read"}
    required_rights = {"GET": "interactions.view"}
    serializer_class = SurveySerializer
    filterset_class = SurveyFilterSet
    ordering = ("-asked_at", "-id")
    ordering_fields = {"asked_at": "asked_at"}

    def get_queryset(self) -> Any:
        return surveys_of(self.request.user)
