"""Forms of skills: the list of them, and one person's levels."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from interactions.actions.skills import HIGHEST, LONGEST_NAME
from interactions.models import Skill
from staff.models import Person

PREFIX = "skill-"


class RenameSkill(forms.Form):
    name_zh = forms.CharField(label=_("Chinese name"), max_length=LONGEST_NAME)
    name_en = forms.CharField(label=_("English name"), max_length=LONGEST_NAME)


class NewSkill(RenameSkill):
    code = forms.SlugField(
        label=_("Code"), max_length=30, help_text=_("Small letters, digits and dashes, such as margin.")
    )
    field_order = ("code", "name_zh", "name_en")


class LevelsForm(forms.Form):
    """One choice for each skill; fields are named by the skills' codes."""

    def __init__(self, *args: Any, skills: Iterable[Skill], person: Person, **more: Any) -> None:
        held = {one.skill_id: one.level for one in person.skills.all()}
        super().__init__(*args, **more)
        choices = [("", _("Does not have it")), *((str(level), level) for level in range(1, HIGHEST + 1))]
        for skill in skills:
            level = str(held.get(skill.pk, ""))
            field = forms.ChoiceField(label=str(skill), choices=choices, required=False, initial=level)
            self.fields[f"{PREFIX}{skill.code}"] = field

    def levels(self) -> dict[str, int]:
        """Level by code of the skills on the form; 0 for not having it."""
        given = self.cleaned_data.items()
        return {name.removeprefix(PREFIX): int(level or 0) for name, level in given}
