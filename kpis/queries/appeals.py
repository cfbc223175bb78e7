"""Reads of appeals: who sees which, what may be appealed against and adjusted, and by when."""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client
from core.keyset import capped_count
from kpis.exports.tables import count_words, indicator_words
from kpis.models import Adjustment, CardAppeal, Scorecard, Terms
from kpis.queries.readiness import SPAN
from kpis.rules.card import PROFIT, events_and_base
from kpis.rules.scheme import RATES
from trading.queries import trading_days

COUNTED_TO = 1000
State = CardAppeal.State


def line_words() -> dict[str, str]:
    """What an appeal may be against: an indicator, or a count of the card."""
    return {**indicator_words(), **count_words()}


def subjects(card: Scorecard) -> dict[str, str]:
    """What an adjustment may add to: events of a rate, contribution of a group."""
    words = indicator_words()
    rates = {name: _("%(name)s: events") % {"name": words[name]} for name in RATES}
    groups = {
        f"{PROFIT}{one['group']}": _("Group %(name)s") % {"name": one["group"]}
        for one in card.profitability["groups"]
    }
    return rates | groups


def limits(card: Scorecard, subject: str) -> tuple[Decimal, Decimal] | None:
    """The least and the most that may be added to a rate's events; None where nothing limits it."""
    if subject.startswith(PROFIT):
        return None
    events, base = events_and_base(subject, card.counts)
    return Decimal(-events), Decimal(base - events)


def listed(user: Any) -> Any:
    """Appeals against cards in sight, newest first."""
    rows = CardAppeal.objects.visible_to(user).select_related("card__unit", "lodged_by", "answered_by")
    return rows.prefetch_related("adjustments")


def in_sight(user: Any, pk: int) -> CardAppeal | None:
    """An appeal in sight with all that its page shows."""
    rows = listed(user).prefetch_related("files", "adjustments__proposed_by", "adjustments__decided_by")
    found: CardAppeal | None = rows.filter(pk=pk).first()
    return found


def clients_of(appeal: CardAppeal, user: Any) -> QuerySet[Client]:
    """The named clients that the reader may see."""
    return Client.objects.visible_to(user).filter(pk__in=appeal.clients.values("pk")).order_by("client_no")


def found_clients(numbers: Collection[str], user: Any) -> list[Client]:
    """Clients in sight by their numbers; fewer than asked for when one is unknown or out of sight."""
    return list(Client.objects.visible_to(user).filter(client_no__in=numbers))


def overdue(today: date) -> Q:
    return Q(state=State.LODGED, answer_by__lt=today)


def answer_by(lodged_on: date, period_end: date) -> date | None:
    """The last day to answer what was lodged on a day; None beyond the exchange's calendar."""
    terms = Terms.objects.filter(effective_on__lte=period_end).order_by("-effective_on")[0]
    days = trading_days(lodged_on + timedelta(days=1), lodged_on + SPAN)
    return days[terms.answer_days - 1] if len(days) >= terms.answer_days else None


def to_answer(user: Any) -> tuple[int, bool]:
    """How many wait for an answer where the reader may give it, for the start page."""
    rows = _where(user, "kpis.appeals_answer").filter(state=State.LODGED)
    return capped_count(rows, COUNTED_TO)


def to_approve(user: Any) -> tuple[int, bool]:
    """How many adjustments wait for a second person, for the start page."""
    rows = _where(user, "kpis.adopt").filter(adjustments__state=Adjustment.State.PROPOSED)
    return capped_count(rows, COUNTED_TO)


def is_late(appeal: CardAppeal) -> bool:
    """Whether it should have been answered by now."""
    late = appeal.answer_by is not None and timezone.localdate() > appeal.answer_by
    return appeal.state == State.LODGED and late


def _where(user: Any, right: str) -> Any:
    if not user.may(right):
        return CardAppeal.objects.none()
    return CardAppeal.objects.visible_to(user).in_scope(user.scope_for(right))
