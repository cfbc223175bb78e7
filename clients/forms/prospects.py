"""Forms of prospects: entering one, what is edited later, the step to another stage."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from clients import checksums, phones
from clients.actions.prospects import Origin
from clients.models import Client, Prospect
from clients.queries import prospects as queries
from clients.queries.duplicates import LookAlike, look_alikes
from staff.forms import DateInput
from staff.models import Unit


class OriginForm(forms.Form):
    """Where a prospect comes from and when something is to be done next."""

    source = forms.ChoiceField(label=_lazy("Source"), choices=Prospect.Source.choices)
    source_detail = forms.CharField(label=_lazy("Source in detail"), max_length=200, required=False)
    referred_by = forms.CharField(label=_lazy("Recommended by client number"), max_length=30, required=False)
    next_step_on = forms.DateField(label=_lazy("Next step on"), required=False, widget=DateInput)

    def __init__(self, data: Any = None, *, person: Any, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.person = person

    def clean_referred_by(self) -> Client | None:
        number = self.cleaned_data["referred_by"].strip().upper()
        if not number:
            return None
        client = Client.objects.visible_to(self.person).filter(client_no=number, merged_into=None).first()
        if client is None:
            raise forms.ValidationError(_("There is no such client in your sight."))
        return client

    def origin(self) -> Origin:
        given = self.cleaned_data
        return Origin(given["source"], given["source_detail"], given["referred_by"])


class ProspectForm(OriginForm):
    """A new prospect. Doubts (a look-alike, an unknown mobile prefix) ask for a second word: `anyway`."""

    kind = forms.ChoiceField(label=_lazy("Kind"), choices=Client.Kind.choices)
    name = forms.CharField(label=_lazy("Name"), max_length=200)
    mobile = forms.CharField(label=_lazy("Mobile"), max_length=30, required=False)
    id_type = forms.ChoiceField(
        label=_lazy("ID type"), choices=Client.IdType.choices, initial=Client.IdType.RESIDENT_ID
    )
    id_number = forms.CharField(label=_lazy("ID number"), max_length=40, required=False)
    email = forms.EmailField(label=_lazy("Email"), max_length=200, required=False)
    branch = forms.ModelChoiceField(
        queryset=Unit.objects.none(), to_field_name="code", label=_lazy("Branch"), empty_label=None
    )
    manager_no = forms.CharField(label=_lazy("Manager number"), max_length=20, required=False)
    remark = forms.CharField(label=_lazy("Remark"), max_length=500, required=False)
    anyway = forms.BooleanField(required=False, widget=forms.HiddenInput)
    field_order = (
        "kind",
        "name",
        "mobile",
        "id_type",
        "id_number",
        "email",
        "branch",
        "manager_no",
        "source",
    )

    def __init__(self, data: Any = None, *, person: Any) -> None:
        own = next(iter(person.scope_for(queries.RIGHT).manager_nos), "")
        super().__init__(data, person=person, initial={"manager_no": own})
        self.fields["branch"].queryset = queries.enterable_branches(person)  # type: ignore[attr-defined]
        self.doubts: list[str] = []
        self.alike: list[LookAlike] = []

    def clean_mobile(self) -> str:
        mobile = self.cleaned_data["mobile"].strip()
        if mobile and (fault := phones.mobile_fault(mobile)):
            raise forms.ValidationError(fault)
        return mobile

    def clean_manager_no(self) -> str:
        return self.cleaned_data["manager_no"].strip().upper()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        number = given.get("id_number", "").strip()
        if number and not checksums.holds(given.get("id_type", ""), number):
            self.add_error(
                "id_number", _("This number cannot be right: its check digit or date does not fit.")
            )
        if not self.errors:
            self._doubt(given)
        return given

    def values(self) -> dict[str, Any]:
        """The fields of the client record."""
        names = ("kind", "name", "mobile", "id_type", "id_number", "email", "remark")
        return {name: self.cleaned_data[name] for name in names}

    @property
    def needs_a_second_word(self) -> bool:
        return bool(self.doubts or self.alike) and not self.cleaned_data.get("anyway")

    def _doubt(self, given: dict[str, Any]) -> None:
        names = ("id_type", "id_number", "mobile", "name")
        self.alike = look_alikes(self.person, **{name: given[name] for name in names})
        self.doubts = [doubt] if (doubt := phones.mobile_doubt(given["mobile"])) else []


class StageForm(forms.Form):
    stage = forms.ChoiceField(
        label=_lazy("Stage"), choices=[(stage.value, stage.label) for stage in queries.MOVES]
    )
    reason = forms.CharField(label=_lazy("Reason"), max_length=300, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_lazy("Reason"), max_length=300)
