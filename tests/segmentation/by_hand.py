"""Tiers by hand that two persons gave, as rows."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from clients.models import Client
from segmentation.models import TierOverride
from tests.segmentation.world import day


def give(
    cast: SimpleNamespace, client: Client, tier: str, first: str, last: str, *, cut: str = ""
) -> TierOverride:
    """From `first` to `last`, or withdrawn so that `cut` is the first day without it."""
    now, ends = timezone.now(), day(cut) if cut else day(last) + timedelta(days=1)
    closed = {"state": "withdrawn", "closed_by": cast.compliance, "closed_at": now} if cut else {}
    return TierOverride.objects.create(
        client=client, tier=tier, reason="why", from_on=day(first), until_on=day(last),
        in_force=(day(first), ends), proposed_by=cast.value_analyst, proposed_at=now,
        approved_by=cast.compliance, decided_at=now, **({"state": "approved"} | closed),
    )  # fmt: skip
