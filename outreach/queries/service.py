"""Reads of the service plan: its versions, how they differ, who may write and publish."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core import formats
from knowledge.queries.comparing import Line, compared
from outreach.models import ServicePlan, ServiceTier


def may_write(user: Any) -> bool:
    """The plan is the firm's: the right counts where it is held for all of it."""
    return user.may("plans.manage") and bool(user.scope_for("plans.manage").firm)


def may_publish(user: Any) -> bool:
    return user.may("plans.approve") and bool(user.scope_for("plans.approve").firm)


def versions() -> QuerySet[ServicePlan]:
    """All versions, newest first, with their tiers and people."""
    return ServicePlan.objects.select_related("author", "approved_by").prefetch_related("tiers")


def visible_versions(user: Any) -> QuerySet[ServicePlan]:
    """The published ones; what is being written only for those who write or publish."""
    found = versions()
    return found if may_write(user) or may_publish(user) else found.filter(state=ServicePlan.State.PUBLISHED)


def plan_in_force(day: date | None = None) -> ServicePlan | None:
    return versions().in_force(day or timezone.localdate())  # type: ignore[attr-defined]


def tier_in_force(tier: str) -> ServiceTier | None:
    """What today's plan says of a tier; None for clients without one."""
    plan = ServicePlan.objects.in_force(timezone.localdate()) if tier else None
    return plan.tiers.filter(tier=tier).first() if plan else None


def difference(before: ServicePlan | None, after: ServicePlan) -> list[Line]:
    """What the later version says otherwise, line by line; empty when both say the same."""
    return compared(_lines(before) if before else [], _lines(after))


def _lines(plan: ServicePlan) -> list[str]:
    return [line for tier in plan.tiers.all() for line in _tier_lines(tier)]


def _tier_lines(tier: ServiceTier) -> list[str]:
    rhythm = (
        _("contact every %(days)s days") % {"days": tier.rhythm_days} if tier.rhythm_days else formats.DASH
    )
    answer = _("first response within %(minutes)s minutes") % {"minutes": tier.first_response}
    first = f"{tier.tier} · {rhythm} · {' → '.join(tier.ways)} · {tier.get_adviser_display()} · {answer}"
    texts = (tier.products_zh, tier.products_en, tier.entitled_zh, tier.entitled_en)
    return [first, *(f"{tier.tier} · {text}" for text in texts if text)]
