"""The form of a target of the service levels; shares are typed in per cent."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interactions.models import Channel, LevelTarget
from staff.models import Unit

MEASURE = _("Per cent of shares, seconds of times, points of the net promoter score.")


class TargetForm(forms.Form):
    figure = forms.ChoiceField(label=_("Figure"), choices=LevelTarget.Figure.choices)
    channel = forms.ChoiceField(
        label=_("Channel"), required=False, choices=[("", _("All channels")), *Channel.choices]
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), to_field_name="code", required=False, empty_label=_("The firm")
    )
    target = forms.DecimalField(label=_("Target"), decimal_places=4, help_text=MEASURE)
    limit = forms.DecimalField(
        label=_("Near until"),
        decimal_places=4,
        help_text=_("Between target and this it is near, beyond it missed."),
    )
    from_date = forms.DateField(
        label=_("From"), initial=timezone.localdate,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Today or later: figures of earlier days stay as they are."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, units: QuerySet[Unit], firm: bool) -> None:
        """firm: whether the person speaks for the whole firm, and so need not name a unit."""
        super().__init__(data)
        field: Any = self.fields["unit"]
        field.queryset = units
        if not firm:
            field.required, field.empty_label = True, None

    def clean(self) -> dict[str, Any]:
        """Shares of 1 from per cent."""
        told = dict(self.cleaned_data)
        if told.get("figure") not in (*LevelTarget.IN_SECONDS, LevelTarget.Figure.NPS):
            told |= {
                name: told[name] / 100 for name in ("target", "limit") if isinstance(told.get(name), Decimal)
            }
        return told
