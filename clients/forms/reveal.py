"""What somebody is asked before a personal value is shown."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Reveal


class RevealForm(forms.Form):
    """The purpose, and words of one's own where no purpose of the list fits."""

    purpose = forms.ChoiceField(label=_("What for"), choices=Reveal.Purpose.choices)
    note = forms.CharField(label=_("In your own words"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("purpose") == Reveal.Purpose.OTHER and len(told.get("note", "").strip()) < 4:
            self.add_error("note", _("Say in a few words what it is for."))
        return told
