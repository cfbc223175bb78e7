"""Forms of quality inspection: scoring form, plan, result, appeal and its answer, calibration, period."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from knowledge.actions.inspecting import LONGEST_COMMENT, LONGEST_TEXT, Answer
from knowledge.actions.plans import MOST_CALIBRATED, MOST_ITEMS, FormTold, Item, PlanTold
from knowledge.forms.scripts import category_choices, channel_choices
from knowledge.models import InspectionAnswer, SamplingDraw, SamplingPlan, ScoringForm
from knowledge.queries.quality import GROUPS, Line, forms_in_use, inspectors_for
from staff.models import Person, Unit

SPARE_ITEMS, MOST_DAYS = 3, 400
Result = InspectionAnswer.Result


class SheetForm(forms.Form):
    """The head of a scoring form; the code is asked for once."""

    code = forms.CharField(
        label=_("Code"), max_length=40, help_text=_("Small letters, digits and dashes; it never changes.")
    )
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80, required=False)
    pass_points = forms.DecimalField(
        label=_("Passes from"), min_value=0, max_value=100, decimal_places=2, initial=80,
        help_text=_("Points of 100."),
    )  # fmt: skip

    def __init__(self, *args: Any, known: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if known:
            del self.fields["code"]


class ItemForm(forms.Form):
    """One item; without Chinese words it is left out."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=10, required=False)
    section_zh = forms.CharField(label=_("Section"), max_length=60, required=False)
    section_en = forms.CharField(label=_("Section in English"), max_length=60, required=False)
    zh = forms.CharField(label=_("Item in Chinese"), max_length=200, required=False)
    en = forms.CharField(label=_("Item in English"), max_length=200, required=False)
    weight = forms.DecimalField(
        label=_("Weight"), min_value=Decimal("0.01"), max_value=1000, decimal_places=2, required=False
    )
    fatal = forms.BooleanField(label=_("Fatal"), required=False)
    may_skip = forms.BooleanField(label=_("May not apply"), required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        for name in ("section_zh", "weight"):
            if told.get("zh") and not told.get(name) and name not in self.errors:
                self.add_error(name, _now("Fill this in too."))
        return told

    def item(self) -> Item:
        told = {name: self.cleaned_data[name] for name in Item.__dataclass_fields__}
        return Item(**told)


ItemForms = forms.formset_factory(
    ItemForm, extra=SPARE_ITEMS, max_num=MOST_ITEMS, validate_max=True, can_order=True
)


def sheet_told(form: SheetForm, items: Any) -> FormTold:
    """What two valid forms say together; items in the order of their numbers, new ones last."""
    told = {name: value for name, value in form.cleaned_data.items() if name != "code"}
    kept = [one.item() for one in items.ordered_forms if one.cleaned_data.get("zh")]
    return FormTold(**told, items=kept)


def sheet_initial(form: ScoringForm) -> dict[str, Any]:
    return {name: getattr(form, name) for name in ("name_zh", "name_en", "pass_points")}


class PlanForm(forms.Form):
    """A sampling plan; `version` is the plan's when the form was made."""

    name = forms.CharField(label=_("Name"), max_length=80)
    unit = forms.ModelChoiceField(
        label=_("Unit"), queryset=Unit.objects.none(), to_field_name="code", empty_label=None,
        help_text=_("With the units below it."),
    )  # fmt: skip
    form_code = forms.ChoiceField(label=_("Scoring form"))
    number = forms.IntegerField(label=_("Contacts a week"), min_value=1, max_value=500, required=False)
    share = forms.DecimalField(
        label=_("Or a share in percent"), min_value=Decimal("0.01"), max_value=100, decimal_places=2,
        required=False,
    )  # fmt: skip
    each_agent = forms.BooleanField(label=_("Of each agent"), required=False, initial=True)
    agent = forms.CharField(
        label=_("Only this agent"), max_length=60, required=False, help_text=_("User name")
    )
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    category = forms.ChoiceField(label=_("Category"), choices=category_choices, required=False)
    inspector = forms.ModelChoiceField(
        label=_("Inspector"), queryset=Person.objects.none(), to_field_name="username", required=False,
        empty_label=_("Whoever takes it"),
    )  # fmt: skip
    active = forms.BooleanField(label=_("Drawn every week"), required=False, initial=True)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, reader: Person, **more: Any) -> None:
        super().__init__(*args, **more)
        scope = reader.scope_for("quality.inspect")
        units = Unit.objects.filter(closed_on=None).order_by("code")
        fields: dict[str, Any] = self.fields
        fields["unit"].queryset = units if scope.firm else units.filter(pk__in=scope.unit_ids)
        fields["form_code"].choices = [(form.code, form.name) for form in forms_in_use()]
        fields["channel"].choices = [("", _("All")), *channel_choices()]
        people = Person.objects.filter(memberships__role__in=("team_lead", "branch_manager"))
        if not scope.firm:
            people = people.filter(memberships__unit_id__in=scope.unit_ids)
        fields["inspector"].queryset = people.distinct().order_by("name")

    def clean_agent(self) -> Person | None:
        name = self.cleaned_data["agent"].strip()
        found = Person.objects.filter(username=name).first() if name else None
        if name and found is None:
            raise forms.ValidationError(_("There is nobody of this user name."))
        return found

    def told(self) -> PlanTold:
        told = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        share = told["share"]
        return PlanTold(**told | {"share": share / 100 if share is not None else None})


def plan_initial(plan: SamplingPlan) -> dict[str, Any]:
    names = ("name", "form_code", "number", "each_agent", "channel", "category", "active", "version")
    told = {name: getattr(plan, name) for name in names}
    return told | {
        "unit": plan.unit.code, "agent": plan.agent.username if plan.agent else "",
        "inspector": plan.inspector.username if plan.inspector else "",
        "share": (plan.share * 100).normalize() if plan.share is not None else None,
    }  # fmt: skip


class ScoreForm(forms.Form):
    """The items of a scoring form, each with its comment; then what the agent is told."""

    comment = forms.CharField(
        label=_("Comment on the result"), max_length=LONGEST_TEXT, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    coaching = forms.CharField(
        label=_("Coaching note"), max_length=LONGEST_TEXT, required=False,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("What to do better next time, and how."),
    )  # fmt: skip

    def __init__(self, *args: Any, lines: Sequence[Line]) -> None:
        super().__init__(*args)
        self.lines = lines
        for line in lines:
            key = line.item["key"]
            results = [one for one in Result if one != Result.SKIPPED or line.item["may_skip"]]
            self.fields[f"{key}-result"] = forms.ChoiceField(
                label=line.words,
                choices=[(one.value, one.label) for one in results],
                widget=forms.RadioSelect,
            )
            self.fields[f"{key}-comment"] = forms.CharField(
                label=_("Note"), max_length=LONGEST_COMMENT, required=False
            )

    @property
    def rows(self) -> list[tuple[str, Line, Any, Any]]:
        """Section where a new one begins, line, and its two fields."""
        found, section = [], ""
        for line in self.lines:
            key = line.item["key"]
            head = line.section if line.section != section else ""
            section = line.section
            found.append((head, line, self[f"{key}-result"], self[f"{key}-comment"]))
        return found

    def answers(self) -> dict[str, Answer]:
        told = self.cleaned_data
        keys = [line.item["key"] for line in self.lines]
        return {key: Answer(told[f"{key}-result"], told[f"{key}-comment"]) for key in keys}


def _words(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}))


class AppealForm(forms.Form):
    reason = _words(_("Why the result is not right"))


class AppealAnswerForm(forms.Form):
    accepted = forms.ChoiceField(
        label=pgettext_lazy("appeal", "Decision"),
        choices=[("0", _("The result stands")), ("1", _("It is scored anew"))],
    )
    answer = _words(_("Answer to the agent"))


class CalibrationForm(forms.Form):
    """A calibration of the contacts of a draw."""

    name = forms.CharField(label=_("Name"), max_length=80)
    source = forms.ModelChoiceField(label=_("Draw"), queryset=SamplingDraw.objects.none(), empty_label=None)
    contacts = forms.IntegerField(label=_("Contacts"), min_value=1, max_value=MOST_CALIBRATED, initial=5)
    inspectors = forms.ModelMultipleChoiceField(
        label=_("Inspectors"), queryset=Person.objects.none(), to_field_name="username",
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, reader: Person) -> None:
        super().__init__(*args)
        plans = SamplingPlan.objects.visible_to(reader)
        fields: dict[str, Any] = self.fields
        draws = SamplingDraw.objects.filter(plan__in=plans, drawn__gt=0).select_related("plan")
        fields["source"].queryset = draws.order_by("-week", "plan__name")
        fields["source"].label_from_instance = lambda draw: f"{draw.plan.name} · {draw.week} · {draw.drawn}"
        people = [person.pk for unit in Unit.objects.filter(kind="hq") for person in inspectors_for(unit)]
        near = [person.pk for place in reader.access.memberships for person in inspectors_for(place.unit)]
        fields["inspectors"].queryset = Person.objects.filter(pk__in=[*people, *near]).order_by("name")


class PeriodForm(forms.Form):
    """Days of the contacts (both inside), and what to group by."""

    since = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}))
    by = forms.ChoiceField(
        label=pgettext_lazy("group", "By"), required=False,
        choices=[
            ("agent", _("Agent")), ("unit", _("Unit")), ("month", _("Month")), ("channel", _("Channel")),
        ],
    )  # fmt: skip

    def __init__(self, data: Any) -> None:
        today = timezone.localdate()
        usual = {"since": str(today - timedelta(days=90)), "until": str(today), "by": "agent"}
        super().__init__(usual | {name: data[name] for name in usual if data.get(name)})

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        first, last = told.get("since"), told.get("until")
        if first and last and not first <= last <= first + timedelta(days=MOST_DAYS):
            self.add_error(
                "until", _now("At most %(days)s days, the last after the first.") % {"days": MOST_DAYS}
            )
        return told

    def period(self) -> dict[str, date]:
        return {"first": self.cleaned_data["since"], "last": self.cleaned_data["until"]}

    @property
    def group(self) -> str:
        return self.cleaned_data.get("by") or GROUPS[0]
