"""What is asked when a case is opened or changed; the type's own fields are made from its version."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.models import Case, TypeVersion, spoken
from cases.queries.types import versions_in_force
from clients.filters import visible_branches
from clients.models import Account, Client
from interactions.models import Channel
from staff.models import Unit

PREFIX = "field_"


class CaseForm(forms.Form):
    """The words of a case, and the fields of its type."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    text = forms.CharField(
        label=_("What the client says"), max_length=4000, required=False, widget=forms.Textarea({"rows": 5})
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=Case.Priority.choices, coerce=int, initial=0
    )

    def __init__(self, data: Any = None, *, version: TypeVersion, client: Client | None, **more: Any) -> None:
        super().__init__(data, **more)
        self.version, self.client = version, client
        for one in version.fields:
            self.fields[PREFIX + one["key"]] = _field(one, client)

    def answers(self) -> dict[str, Any]:
        """What cases.actions takes as the answers to the type's form."""
        named = {one["key"]: self.cleaned_data.get(PREFIX + one["key"]) for one in self.version.fields}
        return {key: value for key, value in named.items() if value not in (None, "")}


class NewCaseForm(CaseForm):
    """Beside the words: whose case it is, and by which channel it came."""

    channel = forms.ChoiceField(label=_("Channel"), required=False)
    unit = forms.ModelChoiceField(label=_("Branch"), queryset=Unit.objects.none(), required=False)

    def __init__(self, request: Any, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["channel"].choices = [("", _("Not said")), *Channel.choices]  # type: ignore[attr-defined]
        if self.client is None:
            self.fields["unit"].queryset = visible_branches(request)  # type: ignore[attr-defined]
        else:
            del self.fields["unit"]
        del self.fields["priority"]


def initial_of(case: Case, text: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    told = {PREFIX + key: value for key, value in answers.items()}
    return {"subject": case.subject, "text": text, "priority": case.priority, **told}


def put_errors(form: forms.Form, error: ValidationError) -> None:
    """The rules' faults on their fields; what has no field of its own stands above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, faults in error.message_dict.items():
        form.add_error(field if field in form.fields else None, faults)


def type_choices() -> list[TypeVersion]:
    return versions_in_force()


def _field(one: Mapping[str, Any], client: Client | None) -> forms.Field:
    told: dict[str, Any] = {"label": spoken(one["zh"], one["en"]), "required": one["required"]}
    if one["kind"] == "date":
        return forms.CharField(widget=forms.DateInput({"type": "date"}), **told)
    if one["kind"] == "number":
        return forms.CharField(max_length=30, widget=forms.TextInput({"inputmode": "decimal"}), **told)
    if one["kind"] in ("choice", "account"):
        values = one["choices"] if one["kind"] == "choice" else _accounts(client)
        return forms.ChoiceField(choices=[("", "—"), *((value, value) for value in values)], **told)
    return forms.CharField(max_length=500, **told)


def _accounts(client: Client | None) -> list[str]:
    if client is None:
        return []
    return list(
        Account.objects.filter(client=client).order_by("account_no").values_list("account_no", flat=True)
    )
