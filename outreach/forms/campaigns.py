"""Forms of campaigns: writing one, its people, who is taken out, and what came of a call."""

from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from interactions.models import Category, Line
from outreach.forms.tasks import DayInput
from outreach.models import Campaign, CampaignMember
from outreach.queries.campaigns import callers_for, lines_that_send, units_for
from staff.models import Person
from trading.models import Product


class CategoryChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return obj.name_zh if (get_language() or "").startswith("zh") else obj.name_en


class ProductChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} {obj.name} {obj.risk_level}"


class LineChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_adapter_display()} · {obj.name}"


class CampaignForm(forms.ModelForm):
    """unit: of those where the person manages campaigns; none means the firm's, at headquarters only."""

    category = CategoryChoice(
        label=_("Category in the log"), queryset=Category.objects.filter(retired_on=None)
    )
    line = LineChoice(
        label=_("How clients are contacted"), queryset=Line.objects.none(), required=False,
        empty_label=_("By telephone: people call"),
    )  # fmt: skip
    product = ProductChoice(
        label=_("Product"), queryset=Product.objects.order_by("code"), required=False,
        empty_label=_("None"),
        help_text=_("Only clients whom it suits are contacted; a second person approves."),
    )  # fmt: skip

    class Meta:
        model = Campaign
        fields = (
            "name", "unit", "category", "purpose", "line", "subject", "script", "product", "assign",
            "starts_on", "ends_on", "control_share", "pressure_days", "target", "target_amount",
            "window_days",
        )  # fmt: skip
        labels: ClassVar = {
            "name": pgettext_lazy("campaign", "Name"), "unit": _("Unit"), "purpose": _("Purpose"),
            "script": _("What to say"),
            "subject": _("Subject of an email"), "assign": _("Who calls"), "starts_on": _("Starts on"),
            "ends_on": _("Ends on"), "control_share": _("Control group in percent"),
            "pressure_days": _("Leave out who was contacted within days"), "target": _("Target"),
            "target_amount": _("Amount of the target (CNY)"), "window_days": _("Days to meet the target"),
        }  # fmt: skip
        help_texts: ClassVar = {
            "script": _("In messages {client}, {manager}, {unit} and {today} are filled in."),
            "control_share": _(
                "Of each tier; nobody contacts them, so that there is something to compare with."
            ),
            "target_amount": _("For net inflow and average assets."),
        }
        widgets: ClassVar = {
            "starts_on": DayInput, "ends_on": DayInput, "script": forms.Textarea(attrs={"rows": 6}),
        }  # fmt: skip

    def __init__(self, *args: Any, user: Person, **more: Any) -> None:
        super().__init__(*args, **more)
        fields: Any = self.fields
        fields["unit"].queryset, firm = units_for(user)
        fields["unit"].required = not firm
        fields["unit"].empty_label = _now("The firm") if firm else None
        fields["line"].queryset = lines_that_send()
        fields["subject"].required = fields["target_amount"].required = False
        if self.instance.pk is None:
            today = timezone.localdate()
            self.initial.update(starts_on=today, ends_on=today + timedelta(days=30))

    @property
    def parts(self) -> list[tuple[Any, list[Any]]]:
        """The fields in groups, each with its heading."""
        return [(words, [self[name] for name in names]) for words, names in self._parts()]

    def _parts(self) -> list[tuple[Any, tuple[str, ...]]]:
        return [
            (_("What is said"), ("name", "unit", "purpose", "category", "line", "subject", "script")),
            (_("Who is contacted, by whom and when"),
             ("product", "assign", "starts_on", "ends_on", "control_share", "pressure_days")),
            (_("What counts as success"), ("target", "target_amount", "window_days")),
        ]  # fmt: skip

    def _post_clean(self) -> None:
        """The rules are asked by the deed."""


class ShareForm(forms.Form):
    person = forms.ModelChoiceField(label=_("Person"), queryset=Person.objects.none())
    share = forms.IntegerField(label=_("Parts"), min_value=0, max_value=100, initial=1)

    def __init__(self, *args: Any, user: Person, **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["person"]
        field.queryset = callers_for(user)
        field.label_from_instance = lambda one: one.name


class ExcludeForm(forms.Form):
    numbers = forms.CharField(
        label=_("Client numbers"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_numbers(self) -> list[str]:
        return self.cleaned_data["numbers"].replace(",", " ").replace("，", " ").split()


class CallForm(forms.Form):
    outcome = forms.ChoiceField(choices=CampaignMember.Outcome.choices, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-key": "m"}),
    )
    minutes = forms.DecimalField(label=_("Minutes"), min_value=0, max_value=600, initial=Decimal(3))
    again_on = forms.DateField(label=_("Call again on"), widget=DayInput, required=False)
    follow_up_on = forms.DateField(label=_("Task for the manager, due on"), widget=DayInput, required=False)
