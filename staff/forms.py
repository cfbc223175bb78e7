"""Forms of people, roles, units and the person's own account; every field is named, nothing else gets in."""

import re
from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.registry import api_scopes
from staff.models import Notice, NoticeSetting, Person, Unit
from staff.roles import Role

DIGITS = {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True, "class": "code"}
USERNAME = r"^[a-z0-9][a-z0-9._-]{1,59}$"


class DateInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class NewPerson(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    username = forms.RegexField(
        USERNAME,
        label=_("User name"),
        help_text=_("Small letters, digits, dots and dashes, such as li.jingyi."),
    )
    employee_no = forms.CharField(
        label=_("Employee number"),
        max_length=20,
        help_text=_("For client managers the manager number of the feeds."),
    )
    email = forms.EmailField(label=_("E-mail"), required=False)

    def clean_username(self) -> str:
        return self._unused("username", _("This user name is taken."))

    def clean_employee_no(self) -> str:
        return self._unused("employee_no", _("This employee number is taken."))

    def _unused(self, field: str, message: Any) -> str:
        value: str = self.cleaned_data[field]
        if Person.objects.filter(**{field: value}).exists():
            raise ValidationError(message, code="taken")
        return value


class EditPerson(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    email = forms.EmailField(label=_("E-mail"), required=False)
    is_active = forms.BooleanField(label=_("May sign in"), required=False)


class NewRole(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), to_field_name="code")
    from_date = forms.DateField(label=_("From"), widget=DateInput, initial=timezone.localdate)
    to_date = forms.DateField(label=_("To (exclusive)"), widget=DateInput, required=False)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        begin, end = given.get("from_date"), given.get("to_date")
        if begin and end and end <= begin:
            self.add_error("to_date", _("A role ends after it begins."))
        return given


class EndRole(forms.Form):
    to_date = forms.DateField(label=_("Ends on"), widget=DateInput, initial=timezone.localdate)


class NewUnit(forms.Form):
    code = forms.RegexField(r"^[A-Za-z0-9_-]{1,20}$", label=_("Code"))
    name = forms.CharField(label=_("Name"), max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), choices=Unit.Kind.choices[1:], initial=Unit.Kind.TEAM)
    parent = forms.ModelChoiceField(Unit.objects.none(), label=_("Belongs to"), to_field_name="code")
    opened_on = forms.DateField(label=_("Open since"), widget=DateInput, initial=timezone.localdate)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = units  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if Unit.objects.filter(code=code).exists():
            raise ValidationError(_("This code is taken."), code="taken")
        return code

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        kind, parent = given.get("kind"), given.get("parent")
        if kind and parent and not parent.may_hold(kind):
            self.add_error("parent", _("A unit belongs to one of the level above."))
        return given


class RenameUnit(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)


class NewApiClient(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=150)
    scopes = forms.MultipleChoiceField(label=_("Scopes"), widget=forms.CheckboxSelectMultiple)
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label=_("Units"), to_field_name="code", required=False
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes = [(scope, f"{scope}: {_(text)}") for scope, text in sorted(api_scopes().items())]
        self.fields["scopes"].choices = scopes  # type: ignore[attr-defined]
        self.fields["units"].queryset = units  # type: ignore[attr-defined]


class OwnPassword(forms.Form):
    """The present password, and twice the new one."""

    old = forms.CharField(label=_("Present password"), strip=False, widget=forms.PasswordInput)
    new = forms.CharField(
        label=_("New password"), strip=False, widget=forms.PasswordInput,
        help_text=password_validators_help_text_html,
    )  # fmt: skip
    again = forms.CharField(label=_("New password again"), strip=False, widget=forms.PasswordInput)

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        for name, hint in (("old", "current-password"), ("new", "new-password"), ("again", "new-password")):
            self.fields[name].widget.attrs["autocomplete"] = hint

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self.person.check_password(old):
            raise ValidationError(_("This is not your present password."), code="wrong_password")
        return old

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new, self.person)
        return new

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("new") and given.get("again") and given["new"] != given["again"]:
            self.add_error("again", _("The two new passwords differ."))
        if given.get("new") and given.get("new") == given.get("old"):
            self.add_error("new", _("Choose a password other than the present one."))
        return given


class NoticeForm(forms.Form):
    """How one kind of notices is told."""

    shown = forms.BooleanField(label=_("On pages"), required=False)
    mail = forms.ChoiceField(label=_("By mail"), choices=Notice.Mail.choices)

    def __init__(self, data: Any = None, *, setting: NoticeSetting) -> None:
        initial = {"shown": setting.shown, "mail": setting.mail}
        super().__init__(data, prefix=setting.kind, initial=initial)


class PresentPassword(forms.Form):
    """The password once more; wrong ones count as failed sign-ins do."""

    password = forms.CharField(
        label=_("Password"), strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )  # fmt: skip

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self) -> str:
        given: str = self.cleaned_data["password"]
        found = authenticate(self.request, username=self.request.user.get_username(), password=given)
        if found != self.request.user:
            raise ValidationError(_("This is not your present password."), code="wrong_password")
        return given


class FirstCode(forms.Form):
    """The first code of an authenticator app; spaces that apps show may be typed."""

    code = forms.CharField(label=_("Code of the app"), max_length=9, widget=forms.TextInput(attrs=DIGITS))

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split())


class PasskeyName(forms.Form):
    name = forms.CharField(label=_("Name of the device"), max_length=60)
    answer = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20_000)


class Reason(forms.Form):
    """Why, in four words; a Chinese character is taken for a word."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("At least four words; it is kept on record.")
    )

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"].strip()
        if len(re.findall(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+", reason)) < 4:
            raise ValidationError(_("Say in at least four words why."), code="too_short")
        return reason
