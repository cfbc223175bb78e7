"""Forms of campaigns: writing one, and what came of a call."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from interactions.models import Category
from outreach.forms.tasks import DayInput
from outreach.models import Campaign, CampaignMember
from staff.models import Person, Unit
from trading.models import Product


class CategoryChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return obj.name_zh if (get_language() or "").startswith("zh") else obj.name_en


class ProductChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} {obj.name} {obj.risk_level}"


class CampaignForm(forms.ModelForm):
    """unit: of those where the person manages campaigns; none means the firm's, at headquarters only."""

    category = CategoryChoice(
        label=_("Category in the log"), queryset=Category.objects.filter(retired_on=None)
    )
    product = ProductChoice(label=_("Product"), queryset=Product.objects.order_by("code"), required=False)

    class Meta:
        model = Campaign
        fields = (
            "name", "unit", "category", "purpose", "script", "product", "assign", "starts_on", "ends_on",
            "control_share", "pressure_days", "target", "target_amount", "window_days",
        )  # fmt: skip
        labels: ClassVar = {
            "name": _("Name"), "unit": _("Unit"), "purpose": _("Purpose"), "script": _("What to say"),
            "assign": _("Who calls"), "starts_on": _("Starts on"), "ends_on": _("Ends on"),
            "control_share": _("Control group in percent"),
            "pressure_days": _("Leave out who was contacted within days"), "target": _("Target"),
            "target_amount": _("Net inflow from (CNY)"), "window_days": _("Days to meet the target"),
        }  # fmt: skip
        widgets: ClassVar = {
            "starts_on": DayInput, "ends_on": DayInput, "script": forms.Textarea(attrs={"rows": 6}),
        }  # fmt: skip

    def __init__(self, *args: Any, user: Person, **more: Any) -> None:
        super().__init__(*args, **more)
        scope = user.scope_for("campaigns.manage")
        units = Unit.objects.order_by("code")
        field: Any = self.fields["unit"]
        field.queryset = units if scope.firm else units.filter(pk__in=scope.unit_ids)
        field.required, field.empty_label = not scope.firm, _now("The firm") if scope.firm else None

    def _post_clean(self) -> None:
        """The rules are asked by the deed."""


class CallForm(forms.Form):
    outcome = forms.ChoiceField(choices=CampaignMember.Outcome.choices, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    minutes = forms.DecimalField(label=_("Minutes"), min_value=0, max_value=600, initial=Decimal(3))
    again_on = forms.DateField(label=_("Call again on"), widget=DayInput, required=False)
    follow_up_on = forms.DateField(label=_("Task for the manager, due on"), widget=DayInput, required=False)
