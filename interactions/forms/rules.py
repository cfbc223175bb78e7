"""Forms of the desk's routing rules: one rule, and a contact to try them with."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import Client
from core.templatetags.ui import tier_names
from interactions.actions.rules import LONGEST_NAME, LONGEST_WAIT, MOST_PRIORITY, Rule
from interactions.models import Channel, Line, RoutingRule, Skill
from interactions.queries.routing import TIERS
from staff.models import Unit

KNOWN = [("", _("Either")), ("yes", _("Known clients")), ("no", _("Nobody knows yet who it is"))]
KNOWN_AS = {"": None, "yes": True, "no": False}


class Boxes(forms.CheckboxSelectMultiple):
    """Boxes side by side."""

    def __init__(self) -> None:
        super().__init__(attrs={"class": "row"})


def tier_choices() -> list[tuple[str, str]]:
    """Codes of tiers with their words in the reader's language."""
    names = tier_names()
    return [(code, f"{code} {names[code]}") for code in TIERS]


class SkillField(forms.ModelChoiceField):
    """Skills by their name in the reader's language."""

    def label_from_instance(self, skill: Skill) -> str:
        return str(skill)


class LineField(forms.ModelChoiceField):
    def label_from_instance(self, line: Line) -> str:
        return f"{line.name} ({line.code})"


class RuleForm(forms.Form):
    """One rule; `version` is the one the form was made from."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=LONGEST_NAME)
    channels = forms.MultipleChoiceField(
        label=_("Channels"), choices=Channel.choices, required=False, widget=Boxes,
        help_text=_("None chosen: all."),
    )  # fmt: skip
    tiers = forms.MultipleChoiceField(
        label=_("Tiers"), choices=tier_choices, required=False, widget=Boxes, help_text=_("None chosen: all.")
    )
    lines = forms.MultipleChoiceField(label=_("Lines"), required=False, widget=Boxes)
    known = forms.ChoiceField(label=_("Client"), choices=KNOWN, required=False)
    waited_seconds = forms.IntegerField(
        label=_("Has waited (seconds)"), min_value=0, max_value=LONGEST_WAIT, initial=0,
        help_text=_("The rule holds only for what has waited so long."),
    )  # fmt: skip
    target = forms.ChoiceField(label=_("Who gets it"), choices=RoutingRule.Target.choices)
    skill = SkillField(
        Skill.objects.none(), label=_("Skill"), to_field_name="code", required=False,
        empty_label="–", help_text=_("For somebody with the skill."),
    )  # fmt: skip
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), to_field_name="code", required=False,
        empty_label=_("The conversation's own unit"), help_text=_("For somebody of the unit."),
    )  # fmt: skip
    priority = forms.IntegerField(
        label=_("Priority"), min_value=0, max_value=MOST_PRIORITY, initial=0,
        help_text=_("Higher is served first."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, lines: QuerySet[Line], units: QuerySet[Unit], firm: bool, **more: Any):
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        fields["lines"].choices = [(line.code, f"{line.name} ({line.code})") for line in lines]
        fields["lines"].required = not firm
        own = _("Rules for all lines are headquarters' matter.")
        none = _("No line fills a queue of your units; rules for other lines are headquarters' matter.")
        few = own if fields["lines"].choices else none
        fields["lines"].help_text = _("None chosen: all.") if firm else few
        fields["skill"].queryset = Skill.objects.all()
        fields["unit"].queryset = units

    def told(self) -> Rule:
        given = dict(self.cleaned_data)
        given.pop("version", None)
        return Rule(**{**given, "known": KNOWN_AS[given["known"]]})


def rule_initial(rule: RoutingRule) -> dict[str, Any]:
    """A rule as the form shows it."""
    names = ("name", "channels", "tiers", "lines", "waited_seconds", "target", "priority", "version")
    known = next(word for word, meaning in KNOWN_AS.items() if meaning is rule.known)
    codes = {"skill": rule.skill and rule.skill.code, "unit": rule.unit and rule.unit.code}
    return {name: getattr(rule, name) for name in names} | {"known": known} | codes


class TryForm(forms.Form):
    """A contact that might come in."""

    line = LineField(Line.objects.none(), label=pgettext_lazy("channel", "Line"), to_field_name="code")
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    tier = forms.ChoiceField(label=_("Tier"), required=False)
    client = forms.CharField(
        label=_("Client number"), max_length=30, required=False,
        help_text=_("Left empty: nobody knows yet who it is."),
    )  # fmt: skip
    waited_seconds = forms.IntegerField(
        label=_("Has waited (seconds)"), min_value=0, max_value=LONGEST_WAIT, required=False
    )

    def __init__(self, *args: Any, lines: QuerySet[Line], clients: QuerySet[Client], **more: Any) -> None:
        super().__init__(*args, **more)
        self.clients = clients
        fields: dict[str, Any] = self.fields
        fields["line"].queryset = lines
        fields["channel"].choices = [("", _("The line's channel")), *Channel.choices]
        fields["tier"].choices = [("", _("The client's tier")), *tier_choices()]

    def clean_client(self) -> Client | None:
        number = self.cleaned_data["client"].strip().upper()
        if not number:
            return None
        found = self.clients.filter(client_no=number).first()
        if found is None:
            raise forms.ValidationError(_("There is no client of this number."))
        return found

    def clean_waited_seconds(self) -> int:
        return self.cleaned_data["waited_seconds"] or 0
