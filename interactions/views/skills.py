"""Skills of the desk, and who has which."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from interactions.actions import skills as deeds
from interactions.forms.skills import LevelsForm, NewSkill, RenameSkill
from interactions.lists.skills import SkillPeopleList
from interactions.queries import routing as queries
from staff.access import PersonRequest, needs


@require_GET
@needs("desk.rules")
def skills(request: PersonRequest) -> HttpResponse:
    """The firm's list of skills, and the people of the reader's units with their levels."""
    known = list(queries.skills())
    page = SkillPeopleList(request, queries.people_served_by(request.user), known)
    return page.render("interactions/settings/skills.html", {"skills": known})


@require_http_methods(["GET", "POST"])
@needs("desk.rules")
def skill_new(request: PersonRequest) -> HttpResponse:
    form = NewSkill(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            deeds.add_skill(actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _saved(request)
    return _page(request, form, str(_("New skill")))


@require_http_methods(["GET", "POST"])
@needs("desk.rules")
def skill_edit(request: PersonRequest, pk: int) -> HttpResponse:
    skill = get_object_or_404(queries.skills(), pk=pk)
    names = {"name_zh": skill.name_zh, "name_en": skill.name_en}
    form = RenameSkill(request.POST if request.method == "POST" else None, initial=names)
    if form.is_valid():
        deeds.rename_skill(actor=request.user, skill=skill, **form.cleaned_data)
        return _saved(request)
    return _page(request, form, str(skill))


@require_http_methods(["GET", "POST"])
@needs("desk.rules")
def levels(request: PersonRequest, person_id: int) -> HttpResponse:
    """One person's skills, of the units where the reader writes rules."""
    person = get_object_or_404(queries.people_served_by(request.user), pk=person_id)
    data = request.POST if request.method == "POST" else None
    form = LevelsForm(data, skills=queries.skills(), person=person)
    if form.is_valid():
        deeds.set_levels(actor=request.user, person=person, levels=form.levels())
        return _saved(request)
    return _page(request, form, person.name)


def _saved(request: PersonRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("desk_settings:skills")


def _page(request: PersonRequest, form: RenameSkill | LevelsForm, title: str) -> HttpResponse:
    context = {"form": form, "title": title}
    return render(request, "interactions/settings/skill.html", context, status=422 if form.errors else 200)
