"""Reads of surveys: the rule that counts, whether a client was asked lately, and what came back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import Q, QuerySet

from clients.models import Client
from core import crypto
from interactions.models import Category, Delivery, Line, Survey, SurveyQuerySet, SurveyRule

NEVER_CAME = [
    Delivery.State.SUPPRESSED, Delivery.State.FAILED, Delivery.State.BOUNCED,
]  # fmt: skip


def rules() -> QuerySet[SurveyRule]:
    """All rules, in the order of the page."""
    return SurveyRule.objects.select_related("line", "category")


def rule_for(*, kind: str, line: Line, category: Category | None = None) -> SurveyRule | None:
    """The most special rule that fits, when it is switched on; None when nobody is asked.

    The nearest category counts before the line.
    """
    above = _upwards(category)
    fitting = [
        rule
        for rule in SurveyRule.objects.filter(Q(line=line) | Q(line__isnull=True), kind=kind)
        if rule.category_id is None or rule.category_id in above
    ]
    best = min(fitting, key=lambda rule: _far(rule, above), default=None)
    return best if best is not None and best.active else None


def _upwards(category: Category | None) -> list[int]:
    """The category and those above it, the nearest first."""
    found: list[int] = []
    while category is not None and category.pk not in found:
        found.append(category.pk)
        category = category.parent
    return found


def _far(rule: SurveyRule, above: list[int]) -> tuple[int, bool]:
    depth = above.index(rule.category_id) if rule.category_id is not None else len(above)
    return depth, rule.line_id is None


def asked_lately(client: Client, *, days: int, now: datetime) -> bool:
    """Whether a question reached the client, or is on its way, within so many days."""
    lately = Survey.objects.filter(client_id__in=client.record_ids, asked_at__gt=now - timedelta(days=days))
    return lately.exclude(delivery__state__in=NEVER_CAME).exists()


def token_index(token: str) -> bytes:
    """By which a link is found again."""
    return sha256(token.encode("utf-8", "replace")).digest()


def survey_of(token: str) -> Survey | None:
    """The survey whose link this is; None for a made-up one."""
    rows = Survey.objects.select_related("client", "conversation", "line", "rule", "delivery")
    return rows.filter(token_index=token_index(token)).first()


def surveys_of(user: Any) -> SurveyQuerySet:
    """Surveys somebody may see, with what a list shows of them."""
    rows = Survey.objects.visible_to(user)
    return rows.select_related("client", "line", "delivery", "conversation")


def comment_of(survey: Survey) -> str:
    """What the client wrote beside the marks."""
    return crypto.unseal(survey.comment, survey.context) if survey.comment else ""


@dataclass(frozen=True)
class Answered:
    """A survey as the pages of what it is about show it."""

    survey: Survey
    comment: str


def surveys_about(about: str) -> list[Answered]:
    """What was asked about this, the newest first; for pages whose reader may see what it is about."""
    rows = Survey.objects.filter(about=about).select_related("line", "delivery")
    return [Answered(row, comment_of(row)) for row in rows[:10]]


def may_set(person: Any) -> bool:
    """Rules are the firm's, so only whoever writes the desk's rules for all of it sets them."""
    return bool(person.scope_for("desk.rules").firm)
