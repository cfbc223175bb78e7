"""Forms of articles: what one says and for whom, what is wrong with it, and who answers for it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.files.forms import ManyFiles
from knowledge.actions.articles import (
    LONGEST_BODY,
    LONGEST_ENGLISH_TITLE,
    LONGEST_KEYWORDS,
    LONGEST_TITLE,
    Told,
)
from knowledge.actions.using import LONGEST_FEEDBACK
from knowledge.forms.scripts import category_choices
from knowledge.models import ArticleVersion, Script
from staff.models import Person, Unit
from staff.roles import RIGHTS, Role

Boxes = forms.CheckboxSelectMultiple
READERS = [role for role in Role if "knowledge.view" in RIGHTS[role]]


def reader_choices() -> list[tuple[str, str]]:
    """Roles that read articles at all."""
    return [(role.value, str(role.label)) for role in READERS]


def unit_choices() -> list[tuple[str, str]]:
    return [(str(unit.pk), unit.name) for unit in Unit.objects.filter(closed_on=None).order_by("code")]


def script_choices() -> list[tuple[str, str]]:
    codes = Script.objects.filter(versions__state="in_force").order_by("code").values_list("code", flat=True)
    return [(code, code) for code in codes]


def _body(label: Any, rows: int, **more: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=LONGEST_BODY, widget=area, **more)


class ArticleForm(forms.Form):
    """An article's words; `version` is the article's when the form was made."""

    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=LONGEST_TITLE)
    title_en = forms.CharField(label=_("Title in English"), max_length=LONGEST_ENGLISH_TITLE, required=False)
    body_zh = _body(
        _("Text in Chinese"),
        14,
        help_text=_("## heading, - list, 1. steps, > note, **bold**, [words](address)"),
    )
    body_en = _body(_("Text in English"), 8, required=False, help_text=_("Left empty, the Chinese is shown."))
    category = forms.ChoiceField(label=_("Category"), choices=category_choices, required=False)
    keywords = forms.CharField(
        label=_("Keywords"), max_length=LONGEST_KEYWORDS, required=False,
        help_text=_("Other words people look for, with spaces between them."),
    )  # fmt: skip
    valid_until = forms.DateField(
        label=_("Valid until"), required=False, help_text=_("You are told 30 and 7 days before."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=reader_choices, required=False, widget=Boxes,
        help_text=_("None chosen: all."),
    )  # fmt: skip
    units = forms.MultipleChoiceField(
        label=_("Units"), choices=unit_choices, required=False, widget=Boxes, help_text=_("None chosen: all.")
    )
    scripts = forms.MultipleChoiceField(
        label=_("Goes with these scripts"), choices=script_choices, required=False, widget=Boxes
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def told(self) -> Told:
        """What the valid form says."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return Told(**told | {"units": [int(one) for one in told["units"]]})


def initial_of(version: ArticleVersion) -> dict[str, Any]:
    """A version as the form shows it."""
    names = ("title_zh", "title_en", "body_zh", "body_en", "category", "keywords", "valid_until", "roles")
    told = {name: getattr(version, name) for name in names}
    return told | {
        "scripts": version.scripts, "units": [str(one) for one in version.units],
        "version": version.article.version,
    }  # fmt: skip


class FeedbackForm(forms.Form):
    """What is wrong or out of date."""

    text = forms.CharField(
        label=_("What is wrong or out of date?"), max_length=LONGEST_FEEDBACK,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class OwnerForm(forms.Form):
    """Who answers for the article, by user name, among those who write articles."""

    owner = forms.CharField(label=_("User name"), max_length=60)

    def clean_owner(self) -> Person:
        name = self.cleaned_data["owner"].strip()
        found = Person.objects.filter(username=name, is_active=True).first()
        if found is None or not found.may("knowledge.write"):
            raise forms.ValidationError(_("Nobody of this user name writes articles."))
        return found


class FilesForm(forms.Form):
    attachments = ManyFiles(label=_("Files"))
