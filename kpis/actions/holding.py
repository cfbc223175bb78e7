"""Cards held while somebody decides on them, with all that says whether they may."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from core.errors import Conflict
from kpis.models import CardAppeal, Confirmation, PeriodBuild, Scorecard, SignOff
from kpis.queries.readiness import Readiness, of_periods
from kpis.rules import parse_period

Unit = tuple[str, str, str]  # period, unit_type, unit_code


@dataclass
class Held:
    """Locked cards: their periods too, so that no run makes another revision meanwhile."""

    cards: list[Scorecard]
    periods: Mapping[str, Readiness]
    confirmations: Mapping[int, Confirmation]
    appealed: frozenset[int]  # cards against which an appeal is open
    sign_offs: Mapping[Unit, SignOff]  # the newest of each unit and period
    _reached: dict[str, frozenset[int]] = field(default_factory=dict)

    @property
    def only(self) -> Scorecard:
        return self.cards[0]

    def frozen(self, card: Scorecard) -> SignOff | None:
        """The newest sign-off of the card's unit and period, whichever revision it froze."""
        return self.sign_offs.get(_unit(card))

    def reached(self, actor: Any, right: str) -> frozenset[int]:
        """Ids of the cards whose units lie where the actor holds the right."""
        if right not in self._reached:
            rows: Any = Scorecard.objects.filter(pk__in=[card.pk for card in self.cards])
            found = (
                rows.in_scope(actor.scope_for(right)).values_list("pk", flat=True) if actor.may(right) else ()
            )
            self._reached[right] = frozenset(found)
        return self._reached[right]

    def fault(self, card: Scorecard) -> Conflict | None:
        """Why nobody can confirm or sign this card now."""
        if card.state == Scorecard.State.FINAL:
            return Conflict(_("This card is signed already."), code="final")
        if card.state == Scorecard.State.WITHHELD:
            return Conflict(_("A withheld card cannot be confirmed or signed."), code="withheld")
        if not card.current:
            return Conflict(_("There is a newer revision of this card."), code="not_current")
        known = self.periods[card.period]
        if not known.is_required:
            return Conflict(_("Cards of this period need not be signed."), code="not_required")
        if not known.is_ready:
            words = _("The period is not ready yet: feeds are missing or still settle.")
            return Conflict(words, code="not_ready")
        return None


def hold(ids: Iterable[int]) -> Held:
    """Locks the periods, then the cards; must run inside the deed's transaction."""
    wanted = list(ids)
    names = sorted(set(Scorecard.objects.filter(pk__in=wanted).values_list("period", flat=True)))
    list(PeriodBuild.objects.select_for_update().filter(pk__in=names).order_by("pk"))
    rows = Scorecard.objects.select_for_update(of=("self",)).select_related("scheme", "unit")
    cards = list(rows.prefetch_related("scheme__groups").filter(pk__in=wanted).order_by("pk"))
    known = of_periods(parse_period(name) for name in names)
    return Held(
        cards=cards,
        periods=known,
        confirmations={one.card_id: one for one in Confirmation.objects.filter(card__in=cards)},
        appealed=frozenset(
            CardAppeal.objects.filter(card__in=cards, state=CardAppeal.State.LODGED).values_list(
                "card_id", flat=True
            )
        ),
        sign_offs=_sign_offs(cards, names),
    )


def _sign_offs(cards: list[Scorecard], names: list[str]) -> dict[Unit, SignOff]:
    units = Q(card__unit_code__in={card.unit_code for card in cards}, card__period__in=names)
    newest = SignOff.objects.filter(units, replaced_by=None).select_related("card")
    return {_unit(one.card): one for one in newest}


def _unit(card: Scorecard) -> Unit:
    return card.period, card.unit_type, card.unit_code
