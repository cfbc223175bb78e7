"""Reads of the firm's exclusion list."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from outreach.models import Exclusion


def listed(user: Any) -> QuerySet[Exclusion]:
    """Entries of clients in sight, with what lists show of them."""
    return Exclusion.objects.visible_to(user).select_related("client__branch")


def on_the_list(client_ids: Collection[int]) -> set[int]:
    """Those of these clients who stand on the list today; a client speaks for the records joined into it."""
    rows = Exclusion.objects.in_force(timezone.localdate())
    mine = Q(client_id__in=client_ids) | Q(client__merged_into_id__in=client_ids)
    return set(rows.filter(mine).values_list(Coalesce("client__merged_into_id", "client_id"), flat=True))
