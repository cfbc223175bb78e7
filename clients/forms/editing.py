"""Forms of single fields that are edited in their place."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from staff.forms import DateInput

MOBILE = RegexValidator(r"^(\+?86)?1[3-9]\d{9}$", _("A mobile has 11 digits and begins with 13 to 19."))


def _text(length: int, *, required: bool = False, **more: Any) -> forms.CharField:
    return forms.CharField(max_length=length, required=required, **more)


FIELDS: dict[str, Any] = {
    "short_name": lambda: _text(60),
    "occupation": lambda: _text(60),
    "remark": lambda: _text(500, widget=forms.Textarea(attrs={"rows": 3})),
    "declared_outside_assets": lambda: forms.DecimalField(
        required=False, min_value=0, max_digits=20, decimal_places=4
    ),
    "name": lambda: _text(200, required=True),
    "id_type": lambda: forms.ChoiceField(choices=Client.IdType.choices),
    "id_number": lambda: _text(40),
    "id_expires_on": lambda: forms.DateField(required=False, widget=DateInput),
    "birth_date": lambda: forms.DateField(required=False, widget=DateInput),
    "sex": lambda: forms.ChoiceField(
        choices=[("", "–"), ("M", _("Male")), ("F", _("Female"))], required=False
    ),
    "mobile": lambda: _text(20, validators=[MOBILE]),
    "email": lambda: forms.EmailField(max_length=200, required=False),
    "address": lambda: _text(300),
}


class FieldForm(forms.Form):
    """One field under the name `value`, with the version of the record that it was opened on."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, field: str, label: str, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["value"] = FIELDS[field]()
        self.fields["value"].label = label
        self.fields["value"].widget.attrs["autocomplete"] = "off"
