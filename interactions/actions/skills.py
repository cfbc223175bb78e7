"""Deeds on skills: the firm's list of them, and who has which at what level."""

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from interactions.models import Skill, SkillOfPerson
from staff.models import Person

CODE = re.compile(r"[a-z0-9_-]{1,30}")
LONGEST_NAME, HIGHEST = 60, 5


@transaction.atomic
def add_skill(*, actor: Person, code: str, name_zh: str, name_en: str) -> Skill:
    """A skill that rules can ask for. Raises ValidationError by field."""
    code = code.strip().lower()
    if not CODE.fullmatch(code):
        raise ValidationError({"code": _("1 to 30 small letters, digits, dashes or underscores.")})
    if Skill.objects.filter(code=code).exists():
        raise ValidationError({"code": _("There is a skill of this code already.")})
    skill = Skill.objects.create(code=code, **_names(name_zh, name_en))
    _note(actor, "skill.added", skill)
    return skill


@transaction.atomic
def rename_skill(*, actor: Person, skill: Skill, name_zh: str, name_en: str) -> Skill:
    """Other words for the same skill; its code stays. Raises ValidationError by field."""
    held = Skill.objects.select_for_update().get(pk=skill.pk)
    for name, words in _names(name_zh, name_en).items():
        setattr(held, name, words)
    held.save()
    _note(actor, "skill.renamed", held)
    return held


@transaction.atomic
def set_levels(*, actor: Person, person: Person, levels: Mapping[str, int]) -> None:
    """Level by skill code: 1 to 5, or 0 for not having it; other skills stay. Raises ValidationError."""
    known = {skill.code: skill for skill in Skill.objects.filter(code__in=levels)}
    if set(levels) - set(known) or not all(0 <= level <= HIGHEST for level in levels.values()):
        raise ValidationError(_("A level is 1 to %(most)s, of a skill on the list.") % {"most": HIGHEST})
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    gone = [code for code, level in levels.items() if not level]
    SkillOfPerson.objects.filter(person=person, skill__code__in=gone).delete()
    rows = [
        SkillOfPerson(person=person, skill=known[code], level=level)
        for code, level in levels.items()
        if level
    ]
    SkillOfPerson.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["person", "skill"], update_fields=["level"]
    )
    audit.record(
        actor=actor, deed="person.skills_set", subject_type="person", subject_id=person.pk,
        detail={"levels": dict(levels)},
    )  # fmt: skip


def _names(name_zh: str, name_en: str) -> dict[str, str]:
    names = {"name_zh": name_zh.strip(), "name_en": name_en.strip()}
    words = _("Write 1 to %(most)s characters.") % {"most": LONGEST_NAME}
    faults = {field: words for field, name in names.items() if not 0 < len(name) <= LONGEST_NAME}
    if faults:
        raise ValidationError(faults)
    return names


def _note(actor: Person, deed: str, skill: Skill) -> None:
    names = {"code": skill.code, "name_zh": skill.name_zh, "name_en": skill.name_en}
    audit.record(actor=actor, deed=deed, subject_type="skill", subject_id=skill.pk, detail=names)
