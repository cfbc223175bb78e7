"""Deeds on the rules of surveys: who is asked, and how often."""

from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict
from interactions.models import Category, Line, SurveyKind, SurveyRule
from interactions.queries.surveys import may_set

BOUNDS = {"share": (1, 100), "quiet_days": (0, 365), "valid_days": (1, 60)}


@dataclass(frozen=True, kw_only=True)
class Asking:
    """How it is asked; see SurveyRule."""

    share: int = 100
    quiet_days: int = 30
    valid_days: int = 7
    recommend: bool = True
    active: bool = True


@transaction.atomic
def add_survey_rule(
    *, actor: Any, kind: str, line: Line | None = None, category: Category | None = None,
    asking: Asking = Asking(),
) -> SurveyRule:  # fmt: skip
    """A rule for this place. Raises ValidationError by field, and PermissionDenied unless for the firm."""
    _allowed(actor)
    _check(asking)
    if kind not in SurveyKind.values:
        raise ValidationError(
            {"kind": _("Choose one of: %(choices)s.") % {"choices": ", ".join(SurveyKind.values)}}
        )
    if kind == SurveyKind.CASE and category is not None:
        raise ValidationError({"category": _("Cases are asked about by line only.")})
    if SurveyRule.objects.filter(kind=kind, line=line, category=category).exists():
        raise ValidationError({"kind": _("There is a rule for this already; change that one.")})
    made = SurveyRule.objects.create(kind=kind, line=line, category=category, **asdict(asking))
    _note(actor, "survey_rule.added", made)
    return made


@transaction.atomic
def change_survey_rule(*, actor: Any, rule: SurveyRule, version: int, asking: Asking) -> SurveyRule:
    """Raises Conflict when somebody changed it since this version; else as above."""
    _allowed(actor)
    _check(asking)
    held = (
        SurveyRule.objects.select_for_update(of=("self",)).select_related("line", "category").get(pk=rule.pk)
    )
    if held.version != version:
        raise Conflict(_("Somebody changed this rule in the meantime. Look at it again."))
    for name, value in asdict(asking).items():
        setattr(held, name, value)
    held.version += 1
    held.save()
    _note(actor, "survey_rule.changed", held)
    return held


def _allowed(actor: Any) -> None:
    if not may_set(actor):
        raise PermissionDenied


def _check(asking: Asking) -> None:
    faults = {
        name: _("A whole number from %(least)s to %(most)s.") % {"least": least, "most": most}
        for name, (least, most) in BOUNDS.items()
        if not least <= getattr(asking, name) <= most
    }
    if faults:
        raise ValidationError(faults)


def _note(actor: Any, deed: str, rule: SurveyRule) -> None:
    names = ("kind", *asdict(Asking()))
    place = {
        "line": rule.line.code if rule.line else "",
        "category": rule.category.code if rule.category else "",
    }
    audit.record(
        actor=actor, deed=deed, subject_type="survey_rule", subject_id=rule.pk,
        detail={**place, **{name: getattr(rule, name) for name in names}},
    )  # fmt: skip
