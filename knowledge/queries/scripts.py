"""Reads of scripts that pages, API and the desk share: which one fits, which ones there are, what changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from core.registry import Choice, choices
from knowledge.models import Script, ScriptVersion
from knowledge.queries.comparing import Line, compared

CATEGORIES, CHANNELS = "contact-category", "contact-channel"
State = ScriptVersion.State
BEING_WRITTEN = (State.DRAFT, State.PROPOSED)


def in_force() -> QuerySet[ScriptVersion]:
    """Every script's version in force."""
    return ScriptVersion.objects.filter(state=State.IN_FORCE).select_related("script")


def script_for(
    *, category: str, parents: Sequence[str] = (), tier: str = "", channel: str = ""
) -> ScriptVersion | None:
    """The version in force that fits best; None when none does.

    parents: codes of the categories above, nearest first. The own category comes before them, they before a
    script for all categories; then one for the tier before one for all, then the same for the channel; equal
    ones go by code. Without a tier or channel only scripts for all of them fit.
    """
    places = [*(code for code in (category, *parents) if code), ""]
    distance = Case(*(When(category=code, then=Value(number)) for number, code in enumerate(places)))
    alike = in_force().filter(_holds("tiers", tier), _holds("channels", channel), category__in=places)
    return alike.order_by(distance, _all_last("tiers"), _all_last("channels"), "script__code").first()


def _holds(field: str, value: str) -> Q:
    everything = Q(**{field: []})
    return everything | Q(**{f"{field}__contains": [value]}) if value else everything


def _all_last(field: str) -> Case:
    return Case(When(**{field: []}, then=Value(1)), default=Value(0))


def version_called(name: str) -> ScriptVersion | None:
    """The version of this name ("call-opening/2") that is or was in force; None for a made-up one."""
    code, _slash, number = name.rpartition("/")
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        return None
    once = ScriptVersion.objects.filter(state__in=[State.IN_FORCE, State.RETIRED])
    return once.select_related("script").filter(script__code=code, number=int(number)).first()


def parents_of(category: str) -> Sequence[str]:
    """Codes of the categories above this one, nearest first; none for a code that nobody offers."""
    return next((choice.above for choice in choices(CATEGORIES) if choice.value == category), ())


def words_of(name: str) -> dict[str, str]:
    """Words of what may be chosen, by value, in the reader's language."""
    return {choice.value: choice.words for choice in choices(name)}


def names() -> dict[str, str]:
    """Words of categories and channels, by code."""
    return words_of(CATEGORIES) | words_of(CHANNELS)


def offered(name: str) -> list[Choice]:
    """The categories or channels a script can be for."""
    return choices(name)


def shown_versions() -> QuerySet[ScriptVersion]:
    """One version of each script: the one in force, else its newest. being_written: a newer one is coming."""
    others = ScriptVersion.objects.filter(script=OuterRef("script"))
    newer = others.filter(number__gt=OuterRef("number"))
    first = Q(state=State.IN_FORCE) | ~Q(Exists(others.filter(state=State.IN_FORCE))) & ~Q(Exists(newer))
    waiting = Exists(newer.filter(state__in=BEING_WRITTEN))
    return (
        ScriptVersion.objects.filter(first).annotate(being_written=waiting).select_related("script", "author")
    )


def listed(_reader: Any) -> QuerySet[ScriptVersion]:
    """The rows of the list, the same for everybody who may open it."""
    return shown_versions()


def versions_of(script: Script) -> list[ScriptVersion]:
    """All versions, newest first, with their people."""
    rows = ScriptVersion.objects.filter(script=script).order_by(F("number").desc())
    return list(rows.select_related("script", "author", "approved_by"))


def difference(before: ScriptVersion | None, after: ScriptVersion, words: Mapping[str, str]) -> list[Line]:
    """What the later version says otherwise, line by line; empty when both say the same.

    words: of categories and channels, by code (`names`).
    """
    old, new = _lines(before, words) if before else [], _lines(after, words)
    return compared(old, new)


def _lines(version: ScriptVersion, words: Mapping[str, str]) -> list[str]:
    """Everything a version says, in the order of its page."""
    category, *channels = (words.get(code, code) for code in (version.category, *version.channels))
    places = [category, " / ".join(version.tiers), " / ".join(channels)]
    said = [version.title_zh, version.title_en, *places, *version.body_zh.splitlines()]
    said += version.body_en.splitlines()
    for step in version.steps:
        said += [f"{'☑' if step['required'] else '☐'} {step['zh']}", step["en"]]
    return [line.strip() for line in said if line.strip()]
