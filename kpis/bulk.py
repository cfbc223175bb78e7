"""Deeds over many cards at once: confirm them, confirm them in their units' place, sign them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from core.bulk import BulkDeed, BulkForm, BulkResult, BulkWork
from core.errors import Refusal
from kpis import actions
from kpis.models import Confirmation, Scorecard
from kpis.models.signing import REASON


class ReasonForm(BulkForm):
    """Why headquarters answers for units that did not."""

    reason = forms.CharField(label=_lazy("Reason"), max_length=REASON)

    def summary(self) -> str:
        return str(self.cleaned_data["reason"])[:100]


def confirm(work: BulkWork) -> BulkResult:
    faults = actions.confirm_many(actor=work.person, ids=work.ids, reason=work.data.get("reason", ""))
    return BulkResult(
        undo={"confirmed": [pk for pk in work.ids if pk not in faults]}, failures=_words(faults)
    )


def take_back(work: BulkWork) -> dict[int, str]:
    """Confirmations end again, where nobody signed meanwhile."""
    given = (work.undo or {}).get("confirmed", ())
    there = set(Confirmation.objects.filter(card__in=given).values_list("card_id", flat=True))
    faults: dict[int, Exception] = {}
    for card in Scorecard.objects.filter(pk__in=there):
        try:
            actions.take_back(actor=work.person, card=card)
        except Refusal as refusal:
            faults[card.pk] = refusal
    return _words(faults)


def sign(work: BulkWork) -> BulkResult:
    return BulkResult(failures=_words(actions.sign_many(actor=work.person, ids=work.ids)))


def _words(faults: Mapping[int, Exception]) -> dict[int, str]:
    return {pk: _told(fault) for pk, fault in faults.items()}


def _told(fault: Any) -> str:
    if isinstance(fault, Refusal):
        return fault.message
    return " ".join(fault.messages) if isinstance(fault, ValidationError) else _("You may not do this here.")


SIGN_OFFS = (
    BulkDeed("confirm", gettext_noop("Confirm"), "check", "kpis.confirm", apply=confirm, undo=take_back),
    BulkDeed(
        "stand_in", gettext_noop("Confirm in the unit's place"), "user-check", "kpis.sign", apply=confirm,
        undo=take_back, form=ReasonForm,
    ),
    BulkDeed("sign", gettext_noop("Sign"), "signature", "kpis.sign", apply=sign),
)  # fmt: skip
