"""What is asked when a relation is added or ended."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from clients.queries.relations import BACKWARD, Kind, word

DAY = {"type": "date"}
BACK = "-"  # before the kind: the client is that of the other


def kind_choices() -> list[tuple[str, str]]:
    """What the other is to the client: every kind, and its other direction where that has a word."""
    choices = []
    for kind in Kind:
        choices.append((kind.value, word(kind, backward=False)))
        if kind in BACKWARD:
            choices.append((BACK + kind.value, word(kind, backward=True)))
    return choices


class RelationForm(forms.Form):
    """The other is a client whom the person may see, or somebody with a name."""

    kind = forms.ChoiceField(label=_("The other is its"))
    other_no = forms.CharField(
        label=_("Client number"), max_length=30, required=False, help_text=_("Or the name, if no client.")
    )
    other_name = forms.CharField(label=_("Name"), max_length=200, required=False)
    other_mobile = forms.CharField(label=_("Mobile"), max_length=20, required=False)
    share = forms.DecimalField(
        label=_("Share, %"),
        max_digits=5,
        decimal_places=2,
        required=False,
        help_text=_("Of beneficial owners."),
    )
    from_date = forms.DateField(label=_("Since"), widget=forms.DateInput(DAY, format="%Y-%m-%d"))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, user: Any, data: Any = None) -> None:
        super().__init__(data, initial={"from_date": timezone.localdate()}, auto_id="relation_%s")
        self.user = user
        self.fields["kind"].choices = kind_choices()  # type: ignore[attr-defined]

    def clean_other_no(self) -> Client | None:
        number = self.cleaned_data["other_no"].strip().upper()
        if not number:
            return None
        found = Client.objects.visible_to(self.user).filter(client_no=number).first()
        if found is None:
            raise forms.ValidationError(_("There is no such client."))
        return found

    def relation(self) -> dict[str, Any]:
        """What clients.actions.relations.add_relation takes."""
        told = dict(self.cleaned_data)
        kind: str = told.pop("kind")
        other = told.pop("other_no")
        if other is not None:
            told["other_name"] = told["other_mobile"] = ""
        return {**told, "kind": kind.removeprefix(BACK), "backward": kind.startswith(BACK), "other": other}
