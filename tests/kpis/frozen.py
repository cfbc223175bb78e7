"""Cards signed off for tests, by the deeds themselves."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from core.models import Run
from kpis import actions
from kpis.models import Scorecard, SignOff
from trading.models import FeedPackage
from trading.queries import trading_days

SETTLED = date(2026, 10, 31)


def settle(first: date = date(2026, 7, 1), last: date = SETTLED) -> None:
    """Loaded packages on every trading day, and a finished run as of the last one."""
    FeedPackage.objects.bulk_create(
        FeedPackage(
            name=f"{day:%F}", trade_date=day, version=1, state=FeedPackage.State.LOADED, sent_by="test"
        )
        for day in trading_days(first, last)
    )
    Run.objects.filter(finished_at=None).update(finished_at=timezone.now())
    Run.objects.create(as_of=last, requested_by="test", state=Run.State.DONE, finished_at=timezone.now())


def freeze(cast: SimpleNamespace, card: Scorecard, **reason: Any) -> SignOff:
    """The card confirmed in the unit's place and signed by another."""
    actions.confirm(actor=cast.value_analyst, card=card, reason=reason.get("reason", "Nobody there."))
    return actions.sign(actor=cast.value_analyst_2, card=card)


def seal(cast: SimpleNamespace, period: str, **which: str) -> None:
    """All current cards of a period, or some, as signed, whether or not it is ready."""
    cards, now = Scorecard.objects.filter(period=period, current=True, **which), timezone.now()
    SignOff.objects.bulk_create(
        SignOff(
            card=card, definition={}, confirmed_by=cast.value_analyst, confirmed_at=now,
            signed_by=cast.value_analyst_2, signed_at=now,
        )
        for card in cards
    )  # fmt: skip
    cards.update(state=Scorecard.State.FINAL)
