"""Reads of due contacts for pages, panels and API."""

from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client
from core import formats
from core.keyset import capped_count
from outreach.models import DueContact, DueList, Suggestion

AHEAD = timedelta(days=7)
COUNTED_TO = 1000
PANEL_ROWS = 5


def listed(user: Any) -> QuerySet[DueContact]:
    """The entries somebody may see, with what a list shows of them."""
    return DueContact.objects.visible_to(user).select_related("client", "owner", "branch")


def to_do(user: Any) -> QuerySet[DueContact]:
    """What is due within a week or overdue, and not put off."""
    return listed(user).to_do(timezone.localdate() + AHEAD)  # type: ignore[attr-defined]


def count_of(user: Any, name: str) -> tuple[int, bool]:
    return capped_count(to_do(user).filter(list=name), COUNTED_TO)


def of_client(user: Any, client: Client) -> list[DueContact]:
    """The client's waiting entries, the first due on top."""
    rows = DueContact.objects.visible_to(user).waiting()  # type: ignore[attr-defined]
    return list(rows.filter(client=client).select_related("owner").order_by("due_on", "id")[:PANEL_ROWS])


def counted(rows: QuerySet, kept: bool, until: date) -> QuerySet:
    """The plan's entries behind its figures: fell due by a day, contacted by their day or not."""
    due_then = rows.filter(list=DueList.PLAN, due_on__lte=until)
    stood = due_then.exclude(closed_how=DueContact.Closed.GONE, closed_on__lte=F("due_on"))
    done = Q(contacted_on__isnull=False, contacted_on__lte=F("due_on"))
    return stood.filter(done if kept else ~done)


def next_after(user: Any, row: DueContact) -> DueContact | None:
    """The next entry of the same list and owner that is due, in the order of the list."""
    later = Q(due_on__gt=row.due_on) | Q(due_on=row.due_on, pk__gt=row.pk)
    rows = to_do(user).filter(later, list=row.list, owner_id=row.owner_id)
    return rows.order_by("due_on", "pk").first()


def count_left(user: Any, row: DueContact) -> tuple[int, bool]:
    """How many of the same list and owner are due, with this one."""
    return capped_count(to_do(user).filter(list=row.list, owner_id=row.owner_id), COUNTED_TO)


def suggestions() -> dict[str, str]:
    """What to do about the entries of each list, in the reader's language."""
    return {row.list: str(row) for row in Suggestion.objects.all()}


def reason(row: DueContact) -> str:
    """Why the entry is there, with its numbers, in the reader's language."""
    return _REASONS[row.why]() % _facts(row)


def _facts(row: DueContact) -> dict[str, str]:
    money = ("now", "before", "assets")
    return {name: formats.money_short(v) if name in money else str(v) for name, v in row.facts.items()}


_REASONS = {
    "never": lambda: _("Nobody has spoken with the client yet; the plan asks for it every %(days)s days."),
    "rhythm": lambda: _("Last spoken with on %(last)s; the plan asks for it every %(days)s days."),
    "assets_fell": lambda: _("Assets of the month %(now)s, at their highest %(before)s."),
    "earns_less": lambda: _("Contribution of three months times four %(now)s, of twelve months %(before)s."),
    "dormant": lambda: _("Assets of %(assets)s and no trade in twelve months."),
    "trade_more": lambda: _("%(points)s points below %(tier)s: trading services help most."),
    "ask_outside": lambda: _("%(points)s points below %(tier)s: ask what the client holds elsewhere."),
    "bring_assets": lambda: _("%(points)s points below %(tier)s: money brought in helps most."),
    "one_more_family": lambda: _("%(points)s points below %(tier)s: one more kind of product helps most."),
    "stay_active": lambda: _("%(points)s points below %(tier)s: a trade each month helps most."),
    "day_3": lambda: _("Effective since %(start)s: day 3, welcome and sign-in."),
    "day_30": lambda: _("Effective since %(start)s: day 30, first trade and questions."),
    "day_60": lambda: _("Effective since %(start)s: day 60, products that fit."),
    "day_85": lambda: _("Effective since %(start)s: day 85, is the client content?"),
    "birthday": lambda: _("Turns %(turns)s."),
    "id_30": lambda: _("Identity document runs out on %(ends)s."),
    "id_7": lambda: _("Identity document runs out within a week, on %(ends)s."),
    "id_over": lambda: _("Identity document ran out on %(ends)s."),
    "risk_30": lambda: _("Risk assessment ends on %(ends)s."),
    "risk_7": lambda: _("Risk assessment ends within a week, on %(ends)s."),
    "risk_over": lambda: _("Risk assessment ended on %(ends)s."),
}
