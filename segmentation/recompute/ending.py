"""Tiers by hand that end soon: whoever proposed or approved one is told in time to look at it again."""

from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from segmentation.models import OverrideState, TierOverride
from staff.actions.notices import notify

ENDS = gettext_noop("Tier %(tier)s of client %(client)s, set by hand, ends on %(day)s.")


@transaction.atomic
def tell_ending(as_of: date) -> int:
    """Tells both persons once of each override that ends within 30 days; says how many were told."""
    rows = TierOverride.objects.standing(OverrideState.ENDING, as_of)
    return sum(_tell(row) for row in rows.select_related("client").order_by("pk"))


def _tell(row: TierOverride) -> int:
    people = [pk for pk in (row.proposed_by_id, row.approved_by_id) if pk is not None]
    told = {"tier": row.tier, "client": row.client.client_no, "day": row.until_on.isoformat()}
    return notify(
        people=people, kind="tier_override", text=ENDS, params=told,
        url=reverse("segmentation:override", args=[row.pk]), key=f"tier-override:{row.pk}:ends",
    )  # fmt: skip
