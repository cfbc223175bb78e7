"""REST of articles: what is in force for the caller, listed, searched and read."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.files.serving import download
from knowledge.filters.articles import ArticleFilters
from knowledge.models import ArticleFile, ArticleVersion
from knowledge.queries import articles as queries
from knowledge.queries.files import files_of, readable

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


class ArticleFileSerializer(serializers.ModelSerializer):
    """A file of the version in force; it can be read once its state is clean."""

    class Meta:
        model = ArticleFile
        fields = ["key", "name", "content_type", "size", "sha256", "state"]


class WholeArticleSerializer(ArticleSerializer):
    files = serializers.SerializerMethodField()

    class Meta(ArticleSerializer.Meta):
        fields = [*ArticleSerializer.Meta.fields, "files"]

    @extend_schema_field(ArticleFileSerializer(many=True))
    def get_files(self, version: ArticleVersion) -> Any:
        return ArticleFileSerializer(files_of(version), many=True).data


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
    """One article as it is in force, with its files; 404 where no version of it is, or not for the caller."""

    serializer_class = WholeArticleSerializer

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


class ArticleContent(GenericAPIView):
    """The content of a file of an article in force."""

    required_scopes = {"GET": "knowledge:read"}
    required_rights = {"GET": "knowledge.view"}
    serializer_class = ArticleFileSerializer
    pagination_class = None
    filter_backends: list[Any] = []

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int, key: UUID) -> HttpResponse:
        found = readable(request.user, pk, key)
        if found is None:
            raise Http404("No such file.")
        return download(found)
