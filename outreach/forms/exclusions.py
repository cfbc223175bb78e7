"""Putting clients on the exclusion list by their numbers."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import Client
from outreach.forms.tasks import DayInput
from staff.models import Person

MOST = 1_000


class ExclusionForm(forms.Form):
    """numbers: of clients in the person's sight, apart by blanks, commas or lines, as copied from a table."""

    numbers = forms.CharField(
        label=_("Client numbers"), max_length=40_000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Up to 1,000, one under the other or apart by commas, as copied from a table."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Why"), max_length=300)
    from_on = forms.DateField(label=pgettext_lazy("exclusion", "From"), widget=DayInput)
    until = forms.DateField(
        label=pgettext_lazy("exclusion", "Until"), widget=DayInput, required=False,
        help_text=_("Empty: until somebody takes them off."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: Person, **more: Any) -> None:
        super().__init__(*args, **more)
        self.user = user
        self.fields["from_on"].initial = timezone.localdate()

    def clean_numbers(self) -> list[int]:
        """The clients' ids."""
        typed = self.cleaned_data["numbers"]
        for sign in ",，;；、":
            typed = typed.replace(sign, " ")
        numbers = set(typed.split())
        if len(numbers) > MOST:
            raise forms.ValidationError(_now("At most 1,000 at once."))
        rows = Client.objects.visible_to(self.user).filter(client_no__in=numbers).order_by()
        known = dict(rows.values_list("client_no", "pk"))
        if missing := sorted(numbers - known.keys()):
            words = _now("Not among your clients: %(numbers)s")
            raise forms.ValidationError(words % {"numbers": ", ".join(missing[:10])})
        return sorted(known.values())
