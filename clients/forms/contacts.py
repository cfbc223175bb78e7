"""What is asked when a contact point is added."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import ContactPoint


class ContactPointForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=ContactPoint.Kind.choices)
    value = forms.CharField(
        label=_("Number or address"), max_length=200, widget=forms.TextInput({"autocomplete": "off"})
    )
    label = forms.CharField(
        label=_("Label"), max_length=40, required=False, help_text=_("Such as office or daughter's home.")
    )
    preferred = forms.BooleanField(label=_("Preferred"), required=False)
