"""What is asked when a consent is recorded."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Consent


class ConsentForm(forms.Form):
    """One word of the client for some channels and purposes."""

    state = forms.ChoiceField(label=_("Consent"), choices=Consent.State.choices)
    channels = forms.MultipleChoiceField(
        label=_("Channels"), choices=Consent.Channel.choices, widget=forms.CheckboxSelectMultiple
    )
    purposes = forms.MultipleChoiceField(
        label=_("Purposes"), choices=Consent.Purpose.choices, widget=forms.CheckboxSelectMultiple
    )
    source = forms.ChoiceField(label=_("How we know"), choices=Consent.Source.choices)
    evidence = forms.CharField(
        label=_("Evidence"), max_length=500, required=False, help_text=_("Form number, recording, message.")
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("state") == Consent.State.GIVEN and not told.get("evidence", "").strip():
            self.add_error("evidence", _("A consent that is given needs its evidence."))
        return told


class ContactStopForm(forms.Form):
    """Why every contact stops, or may go on again."""

    stopped = forms.BooleanField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=300)
