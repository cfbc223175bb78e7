"""Which grid of targets is shown, what is copied into it, and a file of it."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import FIRST_DAY
from kpis.models import Target, UnitType
from kpis.rules import Period, parse_period

LARGEST_FILE = 2 * 1024 * 1024
KINDS = [
    ("", _("All")),
    (UnitType.REGION, _("Region")),
    (UnitType.BRANCH, _("Branch")),
    (UnitType.MANAGER, _("Client manager")),
]


class _PeriodField(forms.CharField):
    """2026-10, 2026-Q4 or 2026; empty is None."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip()
        try:
            return parse_period(text) if text else None
        except ValueError as error:
            raise forms.ValidationError(_("Write 2026-10, 2026-Q4 or 2026.")) from error


class GridKeyForm(forms.Form):
    """Whose targets: period type, first period (none: all periods), kind of unit."""

    period_type = forms.ChoiceField(choices=Target.PeriodType.choices, label=_("Period type"))
    from_period = _PeriodField(
        required=False, label=_("From period"), help_text=_("2026-10, 2026-Q4 or 2026; empty for all periods")
    )
    type = forms.ChoiceField(choices=KINDS, required=False, label=_("Kind of unit"))

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        for name in ("from_period", "copy_period"):
            period: Period | None = told.get(name)
            if period is not None and period.type != told.get("period_type"):
                self.add_error(name, _("A period of the same type, such as 2026-10, 2026-Q4 or 2026."))
        return told

    @property
    def start(self) -> date:
        period: Period | None = self.cleaned_data["from_period"]
        return period.start if period else FIRST_DAY


class GridForm(GridKeyForm):
    """And what is copied into the cells, times a factor, for one indicator or all."""

    copy_period = _PeriodField(required=False, label=_("Copy from period"))
    copy_unit = forms.ChoiceField(required=False, label=_("Copy from unit"))
    factor = forms.DecimalField(
        required=False, min_value=Decimal("0.01"), max_value=100, decimal_places=4, label=_("Times factor"),
        widget=forms.TextInput({"inputmode": "decimal", "placeholder": "1.05"}),
    )  # fmt: skip
    only = forms.ChoiceField(required=False, label=_("Factor for"))

    def __init__(
        self, data: Any, *, units: list[tuple[str, str]], names: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        for name, none, choices in (
            ("copy_unit", _("Each unit's own"), units),
            ("only", _("All indicators"), names),
        ):
            field: Any = self.fields[name]
            field.choices = [("", none), *choices]

    @property
    def copies(self) -> bool:
        told = self.cleaned_data
        return any(told.get(name) for name in ("copy_period", "copy_unit", "factor"))


class GridFileForm(forms.Form):
    """A table as the grid gives it out, changed."""

    file = forms.FileField(label=_("XLSX or CSV"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("At most 2 MiB."))
        return file


class ReturnForm(forms.Form):
    """From which period on the firm's targets serve a unit again."""

    period_type = forms.ChoiceField(choices=Target.PeriodType.choices, widget=forms.HiddenInput())
    unit = forms.ChoiceField(widget=forms.HiddenInput())
    from_period = _PeriodField(
        required=False, label=_("From period"), help_text=_("2026-10, 2026-Q4 or 2026; empty for all periods")
    )

    def __init__(self, data: Any = None, *, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        unit: Any = self.fields["unit"]
        unit.choices = units
