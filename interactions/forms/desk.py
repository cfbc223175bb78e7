"""Forms of the desk: the wrap-up, and who it is."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from interactions.actions.desk import Wrap
from interactions.forms.log import CategoryField
from interactions.models import Category, Conversation, Interaction
from interactions.queries.log import categories_in_use


class WrapUpForm(forms.Form):
    """What is written down at the end; Ctrl+Enter saves."""

    category = CategoryField(
        queryset=Category.objects.none(), to_field_name="code", label=_("Category"), initial="enquiry",
        empty_label=None,
    )  # fmt: skip
    summary = forms.CharField(
        label=_("What was said"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3, "autofocus": True})
    )
    outcome = forms.ChoiceField(choices=Interaction.Outcome.choices, label=_("Outcome"))
    minutes = forms.DecimalField(
        label=_("Minutes"), min_value=0, max_value=1440, decimal_places=2, required=False,
        help_text=_("Left empty, a call counts from its answer to its end."),
    )  # fmt: skip
    follow_up_on = forms.DateField(
        label=_("Follow up on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    confidentiality = forms.ChoiceField(
        choices=Interaction.Confidentiality.choices, label=_("Confidentiality"), required=False
    )

    def __init__(self, *args: Any, first: bool = True, **kwargs: Any) -> None:
        """first: whether typing begins here; after a call it does, beside a chat it does not."""
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = categories_in_use()  # type: ignore[attr-defined]
        if not first:
            del self.fields["summary"].widget.attrs["autofocus"]

    def wrap(self, *, script: str = "", ticked: Sequence[str] = (), reason: str = "") -> Wrap:
        """script, ticked, reason: of the checklist beside the form."""
        told = self.cleaned_data
        steps = {"script": script[:80], "ticked": [key[:80] for key in ticked[:50]], "reason": reason}
        return Wrap(
            category=told["category"].code, summary=told["summary"], outcome=told["outcome"],
            minutes=told["minutes"], follow_up_on=told["follow_up_on"],
            confidentiality=told["confidentiality"] or Interaction.Confidentiality.NORMAL, steps=steps,
        )  # fmt: skip


class ClientForm(forms.Form):
    """The client a conversation is about, by number."""

    client = forms.CharField(label=_("Client number"), max_length=30)


def title_of(conversation: Conversation) -> str:
    """A conversation's heading: its client, or that nobody knows yet."""
    return conversation.client.name if conversation.client else str(_("Not known yet"))
