"""The form of a task plan: its name and its steps."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.actions.plans import FARTHEST, MOST_STEPS, Step
from outreach.models import PlanVersion, Task, TaskPlan
from outreach.queries.tasks import plans_for
from staff.models import Person


class PlanNameForm(forms.Form):
    name = forms.CharField(label=_("Name of the plan"), max_length=80)


class PlanStepForm(forms.Form):
    title = forms.CharField(label=_("What is to be done"), max_length=200, required=False)
    after = forms.IntegerField(label=_("Days after the start"), min_value=0, max_value=FARTHEST, initial=0)
    days = forms.ChoiceField(label=_("Counted in"), choices=PlanVersion.Days.choices)
    who = forms.ChoiceField(label=_("Who does it"), choices=PlanVersion.Who.choices)
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=Task.Priority.choices, coerce=int, initial=Task.Priority.NORMAL
    )


PlanStepForms = forms.formset_factory(PlanStepForm, extra=3, max_num=MOST_STEPS, validate_max=True)


def steps_of(forms_of_steps: Any) -> list[Step]:
    """What the forms say; those without a title are left out."""
    said = [form.cleaned_data for form in forms_of_steps if form.cleaned_data.get("title")]
    return [Step(**told) for told in said]


class StartForm(forms.Form):
    plan = forms.ModelChoiceField(label=_("Plan"), queryset=TaskPlan.objects.none())
    client = forms.CharField(label=_("Client number"), max_length=30)

    def __init__(self, *args: Any, user: Person, **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["plan"]
        field.queryset = plans_for(user)
