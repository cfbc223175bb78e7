"""Forms of the log: the one-line quick log and the full entry."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interactions.actions.log import Entry, as_told
from interactions.models import Category, Channel, Interaction
from interactions.queries.log import categories_in_use
from interactions.quicklog import parse


class CategoryField(forms.ModelChoiceField):
    """Categories as an indented tree."""

    def label_from_instance(self, category: Category) -> str:
        return f"{'　' if category.parent_id else ''}{category}"


class QuickLogForm(forms.Form):
    """One line, category, outcome and an optional follow-up day."""

    line = forms.CharField(label=gettext_lazy("What was said"), max_length=1000)
    category = CategoryField(
        queryset=Category.objects.none(),
        to_field_name="code",
        label=gettext_lazy("Category"),
        empty_label=None,
        initial="enquiry",
    )
    outcome = forms.ChoiceField(choices=Interaction.Outcome.choices, label=gettext_lazy("Outcome"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = categories_in_use()  # type: ignore[attr-defined]
        self.fields["line"].widget.attrs |= {
            "placeholder": _("/phone 5 asked about … — type / for a channel, a number for minutes"),
            "autocomplete": "off",
            "list": "quick-log-templates",
            "data-key": "c",
        }

    def clean_line(self) -> str:
        line = parse(self.cleaned_data["line"])
        if line.unknown_word:
            words = {"word": line.unknown_word, "known": ", ".join(sorted(Channel.values))}
            raise forms.ValidationError(_("/%(word)s is no channel; use one of %(known)s.") % words)
        if not line.summary:
            raise forms.ValidationError(_("Write at least a few words on what was said."))
        return self.cleaned_data["line"]

    def entry(self, now: datetime | None = None) -> Entry:
        """The entry the line stands for; it ended now and began its minutes ago."""
        line, ended = parse(self.cleaned_data["line"]), now or timezone.now()
        return Entry(
            channel=line.channel,
            direction=line.direction,
            category=self.cleaned_data["category"].code,
            summary=line.summary,
            started_at=ended - timedelta(minutes=int(line.minutes)),
            ended_at=ended,
            minutes=line.minutes,
            messages=0 if line.channel in (Channel.PHONE, Channel.VISIT) else 1,
            outcome=self.cleaned_data["outcome"],
        )


class CorrectionForm(forms.Form):
    """A corrected entry; what was logged before stays on record."""

    channel = forms.ChoiceField(choices=Channel.choices, label=gettext_lazy("Channel"))
    direction = forms.ChoiceField(choices=Interaction.Direction.choices, label=gettext_lazy("Direction"))
    category = CategoryField(
        queryset=Category.objects.none(),
        to_field_name="code",
        label=gettext_lazy("Category"),
        empty_label=None,
    )
    subject = forms.CharField(max_length=200, required=False, label=gettext_lazy("Subject"))
    summary = forms.CharField(
        max_length=4000, widget=forms.Textarea(attrs={"rows": 4}), label=gettext_lazy("Summary")
    )
    minutes = forms.DecimalField(min_value=0, max_value=1440, decimal_places=2, label=gettext_lazy("Minutes"))
    messages = forms.IntegerField(min_value=0, label=gettext_lazy("Messages"))
    outcome = forms.ChoiceField(choices=Interaction.Outcome.choices, label=gettext_lazy("Outcome"))

    def __init__(self, data: Any = None, *, original: Interaction) -> None:
        self.original = original
        names = ["channel", "direction", "subject", "summary", "minutes", "messages", "outcome"]
        initial = {name: getattr(original, name) for name in names} | {"category": original.category.code}
        super().__init__(data, initial=initial)
        self.fields["category"].queryset = categories_in_use()  # type: ignore[attr-defined]

    def entry(self) -> Entry:
        new = self.cleaned_data
        names = ("channel", "direction", "subject", "summary", "minutes", "messages", "outcome")
        told = {name: new[name] for name in names}
        return replace(as_told(self.original), category=new["category"].code, **told)
