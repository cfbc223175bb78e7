"""Cases on the client's timeline."""

import math
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from cases.queries.listed import cases_of
from core.registry import EVERYTHING, Place, TimelineChoices, TimelineFilter, TimelineItem
from trading.business_time import SHANGHAI

KIND = SOURCE = "case"


def opened_cases(
    client_id: int, reader: Any, below: Place, limit: int, wanted: TimelineFilter = EVERYTHING
) -> list[TimelineItem]:
    """Each case where it was opened, with where it stands now."""
    if not reader.may("cases.view") or not wanted.wants(KIND):
        return []
    number = below.number_below(SOURCE)
    same = Q(opened_at=below.at) & (Q() if number == math.inf else Q(id__lt=number))
    rows = cases_of(reader).filter(Q(opened_at__lt=below.at) | same, client_id=client_id)
    if wanted.since:
        rows = rows.filter(opened_at__gte=datetime.combine(wanted.since, time(0), SHANGHAI))
    return [_item(case) for case in rows.order_by("-opened_at", "-id")[:limit]]


def case_choices(_client_ids: Sequence[int], reader: Any) -> TimelineChoices:
    return TimelineChoices(kinds=[(KIND, _("Cases"))] if reader.may("cases.view") else [])


def _item(case: Any) -> TimelineItem:
    title = f"{case.number} {case.subject}"
    notes = [str(case.type_version), str(case.get_state_display())]
    who = case.owner.name if case.owner else ""
    icon = "shield-alert" if case.is_complaint else "briefcase"
    return TimelineItem(case.opened_at, KIND, icon, title, "", notes, who, source=SOURCE, number=case.pk)
