"""Reads of the model workbench: versions with what changed, drafts and their trials, and who may do what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from segmentation.leaf_words import Change, differences, label, written
from segmentation.leaves import leaves, values_of
from segmentation.models import Breakpoint, ModelDraft, ModelTrial, ModelVersion
from segmentation.queries.rows import kept_dates

KIND = ModelTrial.Kind


def may_view(user: Any) -> bool:
    return _firm(user, "models.view")


def may_write(user: Any) -> bool:
    """The model is the firm's: the right counts where it is held for all of it."""
    return _firm(user, "models.write")


def may_publish(user: Any) -> bool:
    return _firm(user, "models.publish")


def _firm(user: Any, right: str) -> bool:
    return user.may(right) and bool(user.scope_for(right).firm)


def drafts(user: Any) -> QuerySet[ModelDraft]:
    """All that were written, newest first, published ones too."""
    people = ("author", "approved_by", "base", "published_as")
    return ModelDraft.objects.visible_to(user).select_related(*people)


def live_version(day: date | None = None) -> ModelVersion | None:
    """The version that scores a day, by default the last night's; None while none has breakpoints."""
    night = day or kept_dates().night
    return ModelVersion.objects.serving(night) if night else None


@dataclass(frozen=True)
class VersionStory:
    """A version with what it says otherwise than the one before it; before: None for the first one."""

    version: ModelVersion
    before: ModelVersion | None
    changes: list[Change]
    is_live: bool
    is_coming: bool


def changes_of(version: ModelVersion) -> list[Change]:
    """What a version says otherwise than the one before it."""
    before = ModelVersion.objects.filter(number__lt=version.number).order_by("-number").first()
    return differences(before.definition, version.definition) if before else []


def stories() -> list[VersionStory]:
    """All versions, newest first."""
    found = list(ModelVersion.objects.order_by("-number"))
    live, night = live_version(), kept_dates().night
    before: list[ModelVersion | None] = [*found[1:], None]
    return [
        VersionStory(
            version=one,
            before=old,
            changes=differences(old.definition, one.definition) if old else [],
            is_live=live is not None and one.pk == live.pk,
            is_coming=one.serves_from is not None and (night is None or one.serves_from > night),
        )
        for one, old in zip(found, before, strict=True)
    ]


def last_trial(draft: ModelDraft, kind: str) -> ModelTrial | None:
    """The newest one of a kind, finished or not."""
    return draft.trials.filter(kind=kind).select_related("job").order_by("-pk").first()


def trial_days() -> list[date]:
    """Dates that a what-if can be asked for: the last night and the closes, newest first."""
    return kept_dates().newest_first


@dataclass(frozen=True)
class CurveLine:
    """An indicator's quantiles among the clients of a kind: the least, the quarters and the largest."""

    kind: str
    indicator: str
    marks: list[Any]


MARKS = (0, 25, 50, 75, 100)


def draft_lines(draft: ModelDraft) -> list[CurveLine]:
    """The draft's breakpoints in short; none before they are taken."""
    return [
        CurveLine(one.kind, one.indicator, [one.quantiles[p] for p in MARKS])
        for one in draft.curves.order_by("kind", "indicator")
    ]


def version_lines(version: ModelVersion) -> list[CurveLine]:
    """The same of a published version."""
    found: dict[tuple[str, str], list[Any]] = {}
    points = Breakpoint.objects.filter(model_version=version, p__in=MARKS).order_by("kind", "indicator", "p")
    for point in points:
        found.setdefault((point.kind, point.indicator), []).append(point.value)
    return [CurveLine(kind, indicator, marks) for (kind, indicator), marks in found.items()]


def values_table(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every changeable value of a definition with its name, in words."""
    values = values_of(data)
    return [(label(leaf.name), written(leaf, values[leaf.name])) for leaf in leaves(data)]
