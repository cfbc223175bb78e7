"""The form of a canned reply."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from interactions.actions.replies import LONGEST_BODY, LONGEST_TITLE, Reply
from interactions.models import CannedReply, Channel
from interactions.queries.replies import VARIABLES
from staff.models import Unit


class ReplyForm(forms.Form):
    """A reply; whose it is, is chosen once."""

    code = forms.CharField(label=_("Code"), max_length=30, help_text=_("What is typed after “/”."))
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    body = forms.CharField(label=_("Text"), max_length=LONGEST_BODY, widget=forms.Textarea(attrs={"rows": 6}))
    channels = forms.MultipleChoiceField(
        label=_("Channels"), choices=Channel.choices, required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "row"}), help_text=_("None chosen: all."),
    )  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        known = " ".join(f"{{{name}}}" for name in VARIABLES)
        self.fields["body"].help_text = _("Filled in when it is used: %(known)s.") % {"known": known}

    def told(self) -> Reply:
        names = ("code", "title", "body", "channels")
        return Reply(**{name: self.cleaned_data[name] for name in names})


class NewReplyForm(ReplyForm):
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("For whom"), to_field_name="code", required=False,
        empty_label=_("For me alone"), help_text=_("A unit's replies serve everybody there and below."),
    )  # fmt: skip

    def __init__(self, *args: Any, units: QuerySet[Unit], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


def reply_initial(reply: CannedReply) -> dict[str, Any]:
    """A reply as the form shows it."""
    return {name: getattr(reply, name) for name in ("code", "title", "body", "channels")}
