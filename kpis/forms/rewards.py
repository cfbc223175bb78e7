"""A pool to share, and bases where the scheme asks for a number for each unit."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import gettext_lazy as _


class RewardForm(forms.Form):
    pool = forms.DecimalField(
        max_digits=14, decimal_places=2, min_value=Decimal("0.01"), label=_("Pool, CNY"),
        widget=forms.TextInput({"inputmode": "decimal"}),
    )  # fmt: skip
    reason = forms.CharField(max_length=300, label=_("Reason"), widget=forms.Textarea({"rows": 2}))
    bases = forms.CharField(
        required=False, label=_("Bases by unit"), widget=forms.Textarea({"rows": 4}),
        help_text=_("A line a unit, its code and a number: 1001 1.5; where the scheme asks for it"),
    )  # fmt: skip

    def clean_bases(self) -> dict[str, Decimal]:
        """Code -> number."""
        found: dict[str, Decimal] = {}
        for line in self.cleaned_data["bases"].splitlines():
            parts: list[str] = line.replace("\t", " ").split()
            if not parts:
                continue
            found |= _base(parts)
        return found


def _base(parts: list[str]) -> dict[str, Decimal]:
    try:
        code, text = parts
        value = Decimal(text)
        fits = value.is_finite() and 0 <= value < 10**10
    except (ValueError, InvalidOperation):
        fits = False
    if not fits:
        raise forms.ValidationError(_("Write a code and a number in each line."))
    return {code: value}
