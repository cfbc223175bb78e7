"""People and their skills as a list: one column for each skill."""

from collections.abc import Callable, Iterable
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.lists import Column, ListFilters, ListPage
from interactions.models import Skill
from staff.models import Person


class PeopleFilters(ListFilters):
    q = django_filters.CharFilter(method="named", label=_("Search"))
    skill = django_filters.ModelChoiceFilter(
        field_name="skills__skill", queryset=Skill.objects.all(), to_field_name="code", label=_("Skill")
    )

    def named(self, rows: QuerySet, _name: str, words: str) -> QuerySet:
        return rows.filter(Q(name__icontains=words) | Q(username__icontains=words) | Q(employee_no=words))


def _address(row: Person) -> str:
    return reverse("desk_settings:levels", args=[row.pk])


def _units(row: Any) -> str:
    return ", ".join(dict.fromkeys(held.unit.name for held in row.roles_now))


def _level(skill: Skill) -> Callable[[Any], int | None]:
    return lambda row: next((one.level for one in row.skills_now if one.skill_id == skill.pk), None)


class SkillPeopleList(ListPage):
    name = "people-skills"
    caption = _("People and their skills")
    filterset = PeopleFilters
    default_sort = "name"
    empty_words = _("Nobody works at the desk of your units")
    empty_icon = "users-round"

    def __init__(self, request: HttpRequest, queryset: QuerySet, skills: Iterable[Skill]) -> None:
        super().__init__(request, queryset)
        self.columns = (
            Column("name", _("Name"), sort="name", fixed=True, link=_address),
            Column("units", _("Units"), value=_units, small=False),
            *(Column(f"s-{one.code}", str(one), value=_level(one), kind="number") for one in skills),
        )
