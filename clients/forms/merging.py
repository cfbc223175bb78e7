"""The three columns of a join: what either record says, and what shall stand afterwards."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.forms.editing import FIELDS
from clients.models import Client
from clients.queries.merging import HAND_KEPT, field_labels, shown


class ReasonForm(forms.Form):
    """Why; for dismissing, rejecting and taking apart."""

    reason = forms.CharField(label=_("Reason"), max_length=300, min_length=4)


class NoteForm(forms.Form):
    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class PairForm(forms.Form):
    """Two client numbers to compare."""

    left = forms.CharField(label=_("First client number"), max_length=30)
    right = forms.CharField(label=_("Second client number"), max_length=30)


@dataclass(frozen=True)
class Row:
    """A hand-kept field: what stands left and right, and the field for the result."""

    label: str
    left: str
    right: str
    left_value: str
    right_value: str
    result: Any


class MergeForm(forms.Form):
    """Which record survives, the result of each hand-kept field, and why they are one client."""

    survivor = forms.ChoiceField(label=_("Survivor"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Why they are one client"), max_length=500, min_length=4)

    def __init__(self, left: Client, right: Client, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.left, self.right = left, right
        choices = [(client.client_no, f"{client.name} {client.client_no}") for client in (left, right)]
        survivor: Any = self.fields["survivor"]
        survivor.choices = choices
        survivor.initial = usual_survivor(left, right).client_no
        for name in HAND_KEPT:
            self.fields[name] = FIELDS[name]()
            self.fields[name].label = field_labels()[name]
            self.fields[name].initial = _first(getattr(left, name), getattr(right, name))

    def rows(self) -> list[Row]:
        return [
            Row(
                label=str(self.fields[name].label),
                left=shown(self.left, name),
                right=shown(self.right, name),
                left_value=_typed(getattr(self.left, name)),
                right_value=_typed(getattr(self.right, name)),
                result=self[name],
            )
            for name in HAND_KEPT
        ]

    def terms(self) -> dict[str, Any]:
        """survivor, merged, choices and reason, as clients.actions.merging.propose takes them."""
        told = self.cleaned_data
        is_left = told["survivor"] == self.left.client_no
        survivor, merged = (self.left, self.right) if is_left else (self.right, self.left)
        choices = {name: told[name] for name in HAND_KEPT}
        return {"survivor": survivor, "merged": merged, "choices": choices, "reason": told["reason"]}


def usual_survivor(left: Client, right: Client) -> Client:
    """The one with an account; of two the one that is not closed, else the older."""
    ended = {Client.Status.CLOSED, Client.Status.DECEASED}

    def rank(client: Client) -> tuple[bool, bool, Any, int]:
        return (
            client.status == Client.Status.PROSPECT,
            client.status in ended,
            str(client.opened_on or ""),
            client.pk,
        )

    return min((left, right), key=rank)


def _first(left: Any, right: Any) -> Any:
    return right if left in ("", None) else left


def _typed(value: Any) -> str:
    return "" if value is None else str(value)
