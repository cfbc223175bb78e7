"""What a unit keeps, or the firm: plans of tasks and campaigns."""

from typing import Any

from django.db import models
from django.db.models import Q


class KeptByUnitQuerySet(models.QuerySet[Any]):
    """Rows with a `unit`, None for the whole firm. right: without which nobody sees any."""

    right: str

    def visible_to(self, user: Any) -> Any:
        """Those of the firm, and of units where one has a role."""
        if not user.may(self.right):
            return self.none()
        if user.reach.firm:
            return self
        units = set(user.reach.unit_ids)
        if user.actor_kind == "person":
            units |= {held.unit_id for held in user.access.memberships}
        return self.filter(Q(unit__isnull=True) | Q(unit_id__in=units))
