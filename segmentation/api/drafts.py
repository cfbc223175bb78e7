"""REST of the model workbench: drafts, trying them out, proposing and approving them."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError as Invalid
from django.db import transaction
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from clients.models import Client
from core.api.etags import check_match, etag, with_etag
from core.api.idempotency import idempotent
from segmentation.actions import drafts as deeds
from segmentation.actions.trials import ask_trial
from segmentation.api.asking import caller
from segmentation.leaf_words import differences
from segmentation.models import ModelDraft, ModelTrial, ModelVersion
from segmentation.queries import drafts as queries

RIGHTS = {"GET": "models.view", "POST": "models.write", "PUT": "models.write", "DELETE": "models.write"}
READING = {"GET": "models:read"}  # writing is a person's word, never a system's


class ModelDraftSerializer(serializers.ModelSerializer):
    """definition: as a version shows it; only weights, cut-offs, margins and names may differ.

    renew_kinds: kinds of clients whose breakpoints are taken anew as of renew_on.
    """

    base = serializers.IntegerField(source="base.number", read_only=True)
    author = serializers.CharField(source="author.username", read_only=True)
    approved_by = serializers.CharField(source="approved_by.username", default=None, read_only=True)
    published_as = serializers.IntegerField(source="published_as.number", default=None, read_only=True)
    definition = serializers.JSONField()
    renew_kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=Client.Kind.choices), required=False, default=list
    )
    changes = serializers.SerializerMethodField()

    class Meta:
        model = ModelDraft
        fields = [
            "id", "name", "note", "state", "base", "definition", "renew_on", "renew_kinds", "short_history",
            "serves_from", "author", "written_at", "sent_back_for", "approved_by", "published_as", "version",
            "changes",
        ]  # fmt: skip
        read_only_fields = ["id", "state", "serves_from", "written_at", "sent_back_for", "version"]

    def get_changes(self, draft: ModelDraft) -> list[dict[str, str]]:
        """What it has otherwise than the live version: name, label, before and after, in words."""
        live = queries.live_version() or draft.base
        return [vars(change) for change in differences(live.definition, draft.definition)]


class DraftBeginSerializer(serializers.Serializer):
    """A new draft says what a version or another draft says; name one of them."""

    name = serializers.CharField(max_length=80)
    version = serializers.IntegerField(required=False)
    draft = serializers.IntegerField(required=False)


class TrialAskSerializer(serializers.Serializer):
    """The date whose clients are taken; by default the newest that can be."""

    as_of = serializers.DateField(required=False)


class DraftWordSerializer(serializers.Serializer):
    """propose needs serves_from; send-back takes a reason."""

    serves_from = serializers.DateField(required=False)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


class ModelTrialSerializer(serializers.ModelSerializer):
    """result: null until it is reckoned; then moves, sizes, curves, movers, how many keep a tier by hand; or
    the backtest's figures."""

    percent = serializers.IntegerField(source="job.percent", default=None)
    result = serializers.JSONField()

    class Meta:
        model = ModelTrial
        fields = [
            "id", "draft", "kind", "draft_version", "as_of", "asked_by", "asked_at", "percent", "seconds",
            "error", "result",
        ]  # fmt: skip


def _tag(draft: ModelDraft) -> str:
    return etag("model-draft", draft.pk, draft.version)


def _visible(request: Request, pk: int) -> ModelDraft:
    held = queries.drafts(request.user).filter(pk=pk).first()
    if held is None:
        raise Http404
    return held


def _answer(request: Request, pk: int, code: int = status.HTTP_200_OK) -> Response:
    fresh = _visible(request, pk)
    return with_etag(Response(ModelDraftSerializer(fresh).data, code), _tag(fresh))


def _checked(deed: Callable[[], Any]) -> Any:
    """What the rules find wrong, by field."""
    try:
        with transaction.atomic():
            return deed()
    except Invalid as error:
        raise serializers.ValidationError(error.message_dict) from error


class ModelDrafts(ListAPIView):
    """Drafts, newest first, published ones too. POST begins one."""

    required_scopes = READING
    required_rights = RIGHTS
    serializer_class = ModelDraftSerializer
    filterset_class = None
    ordering = ("-id",)

    def get_queryset(self) -> Any:
        return queries.drafts(self.request.user)

    @extend_schema(request=DraftBeginSerializer, responses={201: ModelDraftSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        person = caller(request)
        deeds.demand(queries.may_write(person))
        told = DraftBeginSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        given = told.validated_data
        begun: dict[str, Any] = {}
        if "draft" in given:
            begun["draft"] = _visible(request, given["draft"])
        else:
            found = ModelVersion.objects.filter(number=given.get("version", 0)).first()
            if found is None:
                raise serializers.ValidationError({"version": "There is no such version."})
            begun["version"] = found
        made = _checked(lambda: deeds.begin_draft(actor=person, name=given["name"], **begun))
        return _answer(request, made.pk, status.HTTP_201_CREATED)


class ModelDraftDetail(RetrieveAPIView):
    """One draft. PUT writes it anew and DELETE discards it, as it was read (If-Match)."""

    required_scopes = READING
    required_rights = RIGHTS
    serializer_class = ModelDraftSerializer

    def get_queryset(self) -> Any:
        return queries.drafts(self.request.user)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return _answer(request, kwargs["pk"])

    @extend_schema(request=ModelDraftSerializer, responses={200: ModelDraftSerializer})
    def put(self, request: Request, pk: int) -> Response:
        held = _visible(request, pk)
        check_match(request, _tag(held))
        told = ModelDraftSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        given = told.validated_data
        words = deeds.DraftTold(
            name=given["name"], note=given.get("note", ""), definition=given["definition"],
            renew_on=given.get("renew_on"), renew_kinds=given["renew_kinds"],
            short_history=given.get("short_history", False),
        )  # fmt: skip
        _checked(
            lambda: deeds.change_draft(actor=caller(request), draft=held, version=held.version, told=words)
        )
        return _answer(request, pk)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        held = _visible(request, pk)
        check_match(request, _tag(held))
        deeds.discard_draft(actor=caller(request), draft=held, version=held.version)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ModelDraftTrials(ListAPIView):
    """What was tried, newest first. POST tries it: what-if or backtest; of a large firm it takes a little."""

    required_scopes = READING
    required_rights = {"GET": "models.view", "POST": "models.view"}
    serializer_class = ModelTrialSerializer
    queryset = ModelTrial.objects.none()
    filterset_class = None
    ordering = ("-id",)
    kinds = {"what-if": ModelTrial.Kind.WHAT_IF, "backtest": ModelTrial.Kind.BACKTEST}

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):  # the description asks without an address
            return self.queryset
        rows = ModelTrial.objects.visible_to(self.request.user).select_related("job")
        return rows.filter(draft=self._draft(), kind=self._kind())

    def _draft(self) -> ModelDraft:
        return _visible(self.request, self.kwargs["pk"])

    def _kind(self) -> str:
        if self.kwargs["kind"] not in self.kinds:
            raise Http404
        return self.kinds[self.kwargs["kind"]]

    @extend_schema(request=TrialAskSerializer, responses={201: ModelTrialSerializer})
    @idempotent
    def post(self, request: Request, pk: int, kind: str) -> Response:
        held, wanted = self._draft(), self._kind()
        told = TrialAskSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        made = ask_trial(
            actor=caller(request), draft=held, kind=wanted, as_of=told.validated_data.get("as_of")
        )
        return Response(ModelTrialSerializer(made).data, status.HTTP_201_CREATED)


class ModelTrialDetail(RetrieveAPIView):
    """One trial with its result."""

    required_scopes = READING
    required_rights = {"GET": "models.view"}
    serializer_class = ModelTrialSerializer

    def get_queryset(self) -> Any:
        return ModelTrial.objects.visible_to(self.request.user).select_related("job")


class ModelDraftDeed(GenericAPIView):
    """The next word on a draft: proposed, sent back, or published by a second person."""

    required_scopes: dict[str, str] = {}  # a person's word, never a system's
    required_rights = {"POST": "models.view"}
    serializer_class = ModelDraftSerializer

    def get_queryset(self) -> Any:
        return queries.drafts(self.request.user)

    @extend_schema(
        operation_id="model_drafts_decide", request=DraftWordSerializer, responses={200: ModelDraftSerializer}
    )
    @idempotent
    def post(self, request: Request, pk: int, name: str) -> Response:
        held = _visible(request, pk)
        told = DraftWordSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        given, person = told.validated_data, caller(request)
        check_match(request, _tag(held))
        words: dict[str, Any] = {"actor": person, "draft": held, "version": held.version}
        if name == "propose":
            deeds.demand(queries.may_write(person))
            if "serves_from" not in given:
                raise serializers.ValidationError({"serves_from": "The day from which it is in force."})
            _checked(lambda: deeds.propose_draft(**words, serves_from=given["serves_from"]))
        elif name == "send-back":
            _checked(lambda: deeds.send_back_draft(**words, reason=given.get("reason", "")))
        elif name == "publish":
            _checked(lambda: deeds.publish_draft(**words))
        else:
            raise Http404
        return _answer(request, pk)
