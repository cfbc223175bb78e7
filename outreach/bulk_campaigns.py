"""The bulk deed that makes clients of a list the audience of a campaign."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from core.bulk import BulkDeed, BulkForm, BulkResult, BulkWork
from outreach.actions.campaign_audience import choose_clients, drop_clients
from outreach.models import Campaign
from outreach.queries.campaigns import drafts_for


class ChooseForm(BulkForm):
    campaign = forms.ModelChoiceField(label=_lazy("Campaign"), queryset=Campaign.objects.none())

    def __init__(self, data: Any = None, *, person: Any) -> None:
        super().__init__(data, person=person)
        field: Any = self.fields["campaign"]
        field.queryset = drafts_for(person)

    def frozen(self) -> dict[str, Any]:
        return {"campaign": self.cleaned_data["campaign"].pk}

    def summary(self) -> str:
        return str(self.cleaned_data["campaign"])


def choose(work: BulkWork) -> BulkResult:
    campaign = drafts_for(work.person).get(pk=work.data["campaign"])
    added = choose_clients(actor=work.person, campaign=campaign, client_ids=work.ids)
    there = set(work.ids) - set(added)
    return BulkResult(undo={"added": added}, failures=dict.fromkeys(there, _("In the audience already.")))


def drop(work: BulkWork) -> dict[int, str]:
    """Out of the audience again, while the campaign is a draft."""
    campaign = drafts_for(work.person).filter(pk=work.data["campaign"]).first()
    if campaign is None:
        return dict.fromkeys(work.ids, _("The campaign is no draft any more."))
    drop_clients(actor=work.person, campaign=campaign, client_ids=(work.undo or {}).get("added", ()))
    return {}


CHOOSE = BulkDeed(
    "campaign", "Add to a campaign", "megaphone", "campaigns.manage", apply=choose, undo=drop, form=ChooseForm
)
