"""Reads of scheme versions and drafts: which serve when, who decides on a draft, what it touches."""

from datetime import date
from typing import Any

from django.db.models import Max, QuerySet

from kpis.models import SchemeDraft, SchemeVersion, Scorecard, Target
from kpis.rules import Scheme


def versions() -> QuerySet[SchemeVersion]:
    """All published ones, the newest first."""
    return SchemeVersion.objects.prefetch_related("groups").order_by("-number")


def serving_on(start: date) -> SchemeVersion:
    """The version that a period which starts on this day is worked out with."""
    found = [one for one in versions() if one.serves_from is None or one.serves_from <= start]
    return found[0]


def newest() -> SchemeVersion:
    return serving_on(date.max)


def drafts(user: Any) -> QuerySet[SchemeDraft]:
    people = ("edited_by", "proposed_by", "decided_by", "based_on", "published")
    return SchemeDraft.objects.visible_to(user).select_related(*people)


def open_drafts(user: Any) -> QuerySet[SchemeDraft]:
    return drafts(user).filter(state__in=[SchemeDraft.State.DRAFT, SchemeDraft.State.PROPOSED])


def count_waiting(user: Any) -> tuple[int, bool]:
    """How many drafts wait for a second person, for the start page."""
    return drafts(user).filter(state=SchemeDraft.State.PROPOSED).count(), False


def signed_until() -> date | None:
    """The latest start of a period that has a final card: a new version serves only later ones."""
    signed = Scorecard.objects.filter(state=Scorecard.State.FINAL)
    found: date | None = signed.aggregate(day=Max("start"))["day"]
    return found


def touched_periods(start: date) -> list[str]:
    """Periods from this day on that have cards already: publishing makes these anew, the oldest first."""
    rows = Scorecard.objects.filter(current=True, start__gte=start).values_list("period", "start").distinct()
    return [period for period, _start in sorted(rows, key=lambda row: (row[1], row[0]))]


def without_limits(scheme: Scheme) -> list[str]:
    """Groups of the scheme that no target in force names: they would have no score (K8)."""
    named = set(Target.objects.approved().filter(groups__isnull=False).values_list("groups__name", flat=True))
    return [rule.name for rule in scheme.groups if rule.name not in named]
