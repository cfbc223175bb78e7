"""REST of articles: what is in force for the caller, listed, searched and read."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from knowledge.filters.articles import ArticleFilters
from knowledge.models import ArticleVersion
from knowledge.queries import articles as queries

FOUND = 50


class ArticleSerializer(serializers.ModelSerializer):
    """An article as it is in force. The texts carry the little markup that docs/knowledge.md describes."""

    id = serializers.IntegerField(source="article_id")
    code = serializers.CharField(source="article.code")
    opened = serializers.IntegerField(source="article.opened")
    inserted = serializers.IntegerField(source="article.inserted")

    class Meta:
        model = ArticleVersion
        fields = [
            "id", "code", "number", "title_zh", "title_en", "body_zh", "body_en", "keywords", "category",
            "scripts", "valid_until", "published_at", "opened", "inserted",
        ]  # fmt: skip


class HitSerializer(serializers.Serializer):
    """An article found, its words marked with <mark>; the rest of title and text is escaped HTML."""

    id = serializers.IntegerField(source="version.article_id")
    code = serializers.CharField(source="version.article.code")
    title = serializers.CharField()
    text = serializers.CharField()
    category = serializers.CharField(source="version.category")


class ArticleFilterSet(ArticleFilters, filters.FilterSet):
    """The list page's filters, by the same names."""


class _InForce(GenericAPIView):
    required_scopes = {"GET": "knowledge:read"}
    required_rights = {"GET": "knowledge.view"}
    serializer_class = ArticleSerializer

    def get_queryset(self) -> QuerySet[ArticleVersion]:
        return queries.in_force(self.request.user)


class Articles(_InForce, ListAPIView):
    """Articles in force for the caller, by number."""

    filterset_class = ArticleFilterSet
    ordering = ("article_id",)
    ordering_never_null = ("article_id", "published_at", "article__inserted")
    ordering_fields = {"id": "article_id", "published_at": "published_at", "inserted": "article__inserted"}


class ArticleDetail(_InForce, RetrieveAPIView):
    """One article as it is in force; 404 where no version of it is, or not for the caller."""

    def get_object(self) -> ArticleVersion:
        found = self.get_queryset().filter(article_id=self.kwargs["pk"]).first()
        if found is None:
            raise Http404("No article of this number is in force.")
        return found


class ArticleSearch(APIView):
    """What words find, best first: title before keywords before text, then what is used most."""

    required_scopes = {"GET": "knowledge:read"}
    required_rights = {"GET": "knowledge.view"}

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, required=True, description="Words, with spaces between them.")
        ],
        responses=HitSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        reader: Any = request.user
        hits = queries.found(reader, request.query_params.get("q", ""), most=FOUND)
        return Response(HitSerializer(hits, many=True).data)
