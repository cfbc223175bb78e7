"""Forms of surveys: the client's answer, and the rules by which clients are asked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from interactions.actions.survey_rules import BOUNDS, Asking
from interactions.actions.surveys import LONGEST_COMMENT
from interactions.models import Category, Line, SurveyKind

MARKS = [
    (5, _("Very satisfied")),
    (4, _("Satisfied")),
    (3, _("So-so")),
    (2, _("Dissatisfied")),
    (1, _("Very dissatisfied")),
]


class AnswerForm(forms.Form):
    """What the client fills in."""

    satisfaction = forms.TypedChoiceField(
        label=_("How satisfied are you with this service?"), choices=MARKS, coerce=int,
        widget=forms.RadioSelect,
    )  # fmt: skip
    recommend = forms.TypedChoiceField(
        label=_("Would you recommend us to friends?"), choices=[(mark, str(mark)) for mark in range(11)],
        coerce=int, required=False, empty_value=None, widget=forms.RadioSelect,
        help_text=_("0 not at all, 10 certainly; may be left out."),
    )  # fmt: skip
    comment = forms.CharField(
        label=_("What should we know?"), required=False, max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, recommend: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not recommend:
            del self.fields["recommend"]


class AskingForm(forms.Form):
    """How it is asked."""

    share = forms.IntegerField(label=_("Share asked, per cent"), initial=100)
    quiet_days = forms.IntegerField(
        label=_("Days until the same client is asked again"), initial=30, min_value=BOUNDS["quiet_days"][0]
    )
    valid_days = forms.IntegerField(label=_("Days the link holds"), initial=7)
    recommend = forms.BooleanField(
        label=_("Ask for the recommendation too (NPS)"), required=False, initial=True
    )
    active = forms.BooleanField(
        label=_("Switched on"), required=False, initial=True,
        help_text=_("Switched off, nobody is asked where this rule counts."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def asking(self) -> Asking:
        told = self.cleaned_data
        return Asking(**{name: told[name] for name in (*BOUNDS, "recommend", "active")})


class NewSurveyRule(AskingForm):
    """A rule for a line and topic; left empty it holds for all."""

    kind = forms.ChoiceField(label=_("When"), choices=SurveyKind.choices)
    line = forms.ModelChoiceField(
        Line.objects.none(), label=pgettext_lazy("channel", "Line"), to_field_name="code", required=False,
        empty_label=_("All lines"),
    )  # fmt: skip
    category = forms.ModelChoiceField(
        Category.objects.none(), label=_("Category"), to_field_name="code", required=False,
        empty_label=_("All categories"), help_text=_("With everything below it; of conversations only."),
    )  # fmt: skip

    field_order = ("kind", "line", "category")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        fields["line"].queryset = Line.objects.filter(active=True).order_by("code")
        fields["category"].queryset = Category.objects.filter(retired_on__isnull=True).order_by("code")
