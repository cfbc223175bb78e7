"""Bulk deeds of the exclusion list: put clients of a list on it, take entries off."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from core.bulk import BulkDeed, BulkForm, BulkResult, BulkWork
from outreach.actions.exclusions import put_on, take_off
from outreach.forms.tasks import DayInput
from outreach.models import Exclusion


class PutOnForm(BulkForm):
    reason = forms.CharField(label=_lazy("Why"), max_length=300)
    until = forms.DateField(label=pgettext_lazy("exclusion", "Until"), widget=DayInput, required=False)

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if until is not None and until < timezone.localdate():
            raise forms.ValidationError(_("It ends before it starts."))
        return until

    def frozen(self) -> dict[str, Any]:
        until = self.cleaned_data["until"]
        return {"reason": self.cleaned_data["reason"], "until": until.isoformat() if until else None}


def put(work: BulkWork) -> BulkResult:
    """From today on; who stands on the list already stays as told there."""
    until = date.fromisoformat(work.data["until"]) if work.data["until"] else None
    added = put_on(
        actor=work.person, client_ids=work.ids, reason=work.data["reason"], from_on=timezone.localdate(),
        until=until,
    )  # fmt: skip
    there = set(work.ids) - set(added)
    return BulkResult(undo={"added": added}, failures=dict.fromkeys(there, _("On the list already.")))


def put_back(work: BulkWork) -> dict[int, str]:
    """Off again, unless somebody did that already."""
    added = (work.undo or {}).get("added", ())
    rows = Exclusion.objects.filter(client_id__in=added, ended_at__isnull=True)
    take_off(actor=work.person, ids=list(rows.values_list("pk", flat=True)))
    return {}


def take(work: BulkWork) -> BulkResult:
    ended = take_off(actor=work.person, ids=work.ids)
    return BulkResult(failures=dict.fromkeys(set(work.ids) - set(ended), _("It is over already.")))


PUT_ON = BulkDeed(
    "exclude", "Put on the exclusion list", "shield-alert", "campaigns.exclude", apply=put, undo=put_back,
    form=PutOnForm,
)  # fmt: skip
TAKE_OFF = BulkDeed("take_off", "Take off the list", "undo-2", "campaigns.exclude", apply=take)
