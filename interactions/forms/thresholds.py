"""The form of a threshold of the service levels."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interactions.actions.thresholds import LONGEST
from interactions.models import Channel, ServiceThreshold, TierBand


class ThresholdForm(forms.Form):
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    tier_band = forms.ChoiceField(label=_("Tiers"), choices=TierBand.choices)
    seconds = forms.IntegerField(label=_("Seconds until the answer"), min_value=1, max_value=LONGEST)
    hours = forms.ChoiceField(label=_("Time that counts"), choices=ServiceThreshold.Hours.choices)
    from_date = forms.DateField(
        label=_("From"), initial=timezone.localdate,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Today or later: figures of earlier days stay as they are."),
    )  # fmt: skip
