"""Who has to act on a sign-off hears of it, once for each period and reason."""

from collections.abc import Collection
from datetime import date
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from kpis.models import Scorecard, Stage
from kpis.queries import readiness, stages
from kpis.queries.readiness import Readiness
from staff.actions.notices import notify
from staff.models import Membership, Person
from staff.reach import read_together
from staff.roles import RIGHTS

KIND = "sign_off"
CONFIRM, SIGN = "kpis.confirm", "kpis.sign"
READY = gettext_noop("%(cards)s scorecards of %(period)s can be confirmed until %(day)s.")
CONFIRM_LATE = gettext_noop("%(cards)s scorecards of %(period)s are not confirmed; the last day was %(day)s.")
TO_SIGN = gettext_noop(
    "%(cards)s scorecards of %(period)s are confirmed and wait to be signed until %(day)s."
)
SIGN_LATE = gettext_noop("%(cards)s scorecards of %(period)s stand unsigned; the last day was %(day)s.")
REVISED = gettext_noop("%(cards)s signed scorecards of %(period)s have a newer revision: see what differs.")


@transaction.atomic
def tell_waiting(today: date | None = None) -> int:
    """Tells what became ready, waits or is late since it was told last; says how many were told."""
    day = today or timezone.localdate()
    known = readiness.all_periods()
    asked = {name: one for name, one in known.items() if one.is_required and one.is_ready}
    cards: list[Scorecard] = list(
        stages.staged(Scorecard.objects.filter(current=True, period__in=asked), asked)
        .filter(stage__in=stages.OPEN)
        .only("period", "unit_id", "unit_type", "unit_code")
    )
    return sum(
        _tell_period(one, [card for card in cards if card.period == name], day) for name, one in asked.items()
    )


def _tell_period(known: Readiness, cards: list[Scorecard], today: date) -> int:
    """What the people of one period hear; each key once."""
    waiting = [card for card in cards if _stage(card) == Stage.WAITING]
    confirmed = [card for card in cards if _stage(card) == Stage.CONFIRMED]
    told = 0
    if known.confirm_by is not None:
        late = today > known.confirm_by
        text, key = (CONFIRM_LATE, "confirm-late") if late else (READY, "ready")
        told += _tell(CONFIRM, waiting, text, f"{known.period.name}:{key}", Stage.WAITING, known.confirm_by)
    if known.sign_by is not None and today > known.sign_by:
        told += _tell(SIGN, cards, SIGN_LATE, f"{known.period.name}:sign-late", "late", known.sign_by)
    elif known.sign_by is not None and not waiting:
        told += _tell(SIGN, confirmed, TO_SIGN, f"{known.period.name}:sign", Stage.CONFIRMED, known.sign_by)
    return told


def tell_revised(cards: Collection[Scorecard]) -> int:
    """Those who answer for signed cards, and those who sign, hear that late data made other numbers."""
    told = 0
    for period in sorted({card.period for card in cards}):
        some = [card for card in cards if card.period == period]
        key = f"{period}:revised:{max(card.pk for card in some)}"
        told += sum(_tell(right, some, REVISED, key, Stage.REVISED) for right in (CONFIRM, SIGN))
    return told


def _stage(card: Scorecard) -> str:
    return str(getattr(card, "stage", ""))


def _tell(
    right: str, cards: Collection[Scorecard], text: str, key: str, stage: str, day: date | None = None
) -> int:
    """Each holder of the right hears how many of the cards lie within the own reach."""
    if not cards:
        return 0
    told, period = 0, next(iter(cards)).period
    url = f"{reverse('kpis:sign_offs')}?{urlencode({'period': period, 'stage': stage})}"
    for person in holders(right):
        reached = sum(_reaches(person, right, card) for card in cards)
        params: dict[str, str | int] = {"cards": reached, "period": period}
        if day is not None:
            params["day"] = day.isoformat()
        if reached:
            told += notify(
                people=[person.pk], kind=KIND, text=text, params=params, url=url, key=f"sign-off:{key}"
            )
    return told


def holders(right: str) -> list[Person]:
    """Everybody who holds the right anywhere today, with their reach read together."""
    roles = [role for role, rights in RIGHTS.items() if right in rights]
    held = Membership.objects.in_force(timezone.localdate()).filter(role__in=roles)
    return read_together(Person.objects.filter(pk__in=held.values("person_id"), is_active=True))


def _reaches(person: Person, right: str, card: Scorecard) -> bool:
    scope = person.scope_for(right)
    return scope.firm or card.unit_id in scope.unit_ids | scope.branch_ids
