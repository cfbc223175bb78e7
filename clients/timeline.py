"""Changes of the client record on the client's timeline."""

import itertools
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from clients.models import FIRST_DAY, ClientRecord
from core.registry import EVERYTHING, Place, TimelineChoices, TimelineFilter, TimelineItem

SHANGHAI = ZoneInfo("Asia/Shanghai")


def record_changes(
    client_id: int, _reader: Any, below: Place, limit: int, wanted: TimelineFilter = EVERYTHING
) -> list[TimelineItem]:
    """Days on which the feeds told of another branch, manager or status; most rows tell of neither."""
    if not wanted.wants("record"):
        return []
    last = below.at.astimezone(SHANGHAI).date()
    records = ClientRecord.objects.filter(client_id=client_id, valid_from__lte=last)
    pairs = itertools.pairwise(records.select_related("branch").order_by("-told_on"))
    first = wanted.since or FIRST_DAY  # the row before it tells what the first one changed
    told = itertools.takewhile(lambda pair: pair[0].valid_from >= first, pairs)
    items = (_item(newer, older) for newer, older in told)
    return list(itertools.islice((item for item in items if item and item.place < below), limit))


def record_choices(_client_ids: Sequence[int], _reader: Any) -> TimelineChoices:
    return TimelineChoices(kinds=[("record", _("Record"))])


def _item(newer: ClientRecord, older: ClientRecord) -> TimelineItem | None:
    changes = []
    if newer.branch_id != older.branch_id:
        changes.append(_("Branch: %(old)s → %(new)s") % {"old": older.branch.name, "new": newer.branch.name})
    if newer.manager_no != older.manager_no:
        words = {"old": older.manager_no or "–", "new": newer.manager_no or "–"}
        changes.append(_("Manager: %(old)s → %(new)s") % words)
    if newer.status != older.status:
        words = {"old": older.get_status_display(), "new": newer.get_status_display()}
        changes.append(_("Status: %(old)s → %(new)s") % words)
    if not changes or newer.valid_from == FIRST_DAY:
        return None
    at = datetime.combine(newer.valid_from, time(0), SHANGHAI)
    title, text = _("Record changed"), "; ".join(changes)
    return TimelineItem(at, "record", "file-pen-line", title, text, who=_("Feed"), source="record")
