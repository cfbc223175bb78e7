"""What is asked of a saved segment beside its rule."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import formats
from segmentation.models import Segment
from staff.models import Unit


def units_for(user: Any) -> Any:
    """The units with which somebody may share segments."""
    scope = user.scope_for("segments.share")
    units = Unit.objects.filter(closed_on__isnull=True).order_by("kind", "code")
    return units if scope.firm else units.filter(pk__in=scope.unit_ids)


class SegmentForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("segment", "Name"), max_length=80)
    note = forms.CharField(
        label=_("What it is for"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    sharing = forms.ChoiceField(label=_("Shared with"), choices=Segment.Sharing.choices, initial="person")
    unit = forms.ModelChoiceField(
        label=_("Unit to share with"), queryset=Unit.objects.none(), required=False, empty_label=formats.DASH
    )
    is_kept = forms.BooleanField(
        label=_("Keep who comes and leaves every night"), required=False, initial=True
    )
    tells = forms.BooleanField(label=_("Tell other systems who comes and leaves"), required=False)

    def __init__(self, data: Any = None, *, user: Any, initial: Any = None, ownerless: bool = False) -> None:
        super().__init__(data, initial=initial)
        unit: Any = self.fields["unit"]
        unit.queryset = units_for(user)
        if not user.may("segments.share"):
            for name in ("sharing", "unit", "tells"):
                del self.fields[name]
        elif ownerless:
            sharing: Any = self.fields["sharing"]
            sharing.choices = Segment.Sharing.choices[1:]


def initial_of(segment: Segment) -> dict[str, Any]:
    names = ("name", "note", "sharing", "unit", "is_kept", "tells")
    return {name: getattr(segment, name) for name in names}
