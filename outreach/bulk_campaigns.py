"""Bulk deeds that make clients of a list, or of a worklist's entries, the audience of a campaign."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from core.bulk import BulkDeed, BulkForm, BulkResult, BulkWork
from outreach.actions.campaign_audience import choose_clients, drop_clients
from outreach.models import Campaign, DueContact
from outreach.queries.campaigns import drafts_for


class ChooseForm(BulkForm):
    campaign = forms.ModelChoiceField(
        label=pgettext_lazy("campaign", "Campaign"), queryset=Campaign.objects.none(), empty_label="–"
    )

    def __init__(self, data: Any = None, *, person: Any) -> None:
        super().__init__(data, person=person)
        field: Any = self.fields["campaign"]
        field.queryset = drafts_for(person)
        if not field.queryset.exists():
            field.help_text = _("You have no campaign in draft; begin one under Campaigns first.")

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


def choose_of_entries(work: BulkWork) -> BulkResult:
    """The clients of a worklist's entries; a client of several entries counts once."""
    clients = dict(DueContact.objects.filter(pk__in=work.ids).values_list("pk", "client_id"))
    told = choose(replace(work, ids=sorted(set(clients.values()))))
    failures = {pk: told.failures[client] for pk, client in clients.items() if client in told.failures}
    return BulkResult(undo=told.undo, failures=failures)


CHOOSE = BulkDeed(
    "campaign", "Add to a campaign", "megaphone", "campaigns.manage", apply=choose, undo=drop, form=ChooseForm
)
CHOOSE_OF_ENTRIES = BulkDeed(
    "campaign", "Add to a campaign or call list", "megaphone", "campaigns.manage", apply=choose_of_entries,
    undo=drop, form=ChooseForm,
)  # fmt: skip
