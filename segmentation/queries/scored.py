"""The rows of the last night as a list."""

from typing import Any

from django.db.models import QuerySet

from segmentation.models import ClientScore


def listed(user: Any) -> QuerySet[ClientScore]:
    """Clients in sight that have a tier, with what a list shows of them."""
    rows = ClientScore.objects.visible_to(user).exclude(tier="")
    return rows.select_related("client", "branch")
