"""Targets of all units as a grid or a file: filled in, copied, looked at, then set."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from core.errors import Refusal
from core.sheets import XLSX
from kpis import actions
from kpis.exports.targets import faults_xlsx, grid_xlsx
from kpis.forms.target_grid import GridFileForm, GridForm, GridKeyForm
from kpis.models import Target
from kpis.queries import target_grid as queries
from kpis.queries.pages import units_to_set
from kpis.queries.target_grid import GridUnit
from kpis.rules import Targets
from kpis.target_preview import Preview, Row, preview, read_file, seal, unseal
from kpis.target_table import TargetColumn, cell_text, columns
from staff.access import PersonRequest, needs

RIGHT = "kpis.targets"


@require_GET
@needs(RIGHT)
def target_grid(request: PersonRequest) -> HttpResponse:
    """Every unit with what serves it; empty cells of the address' copy keep that."""
    form, found = _form(request, request.GET)
    if not form.is_valid():
        return render(
            request, "kpis/targets/grid.html", {"form": form, "file_form": GridFileForm()}, status=422
        )
    return render(request, "kpis/targets/grid.html", _grid(request, form, found, {}, []))


@require_GET
@needs(RIGHT)
def target_grid_xlsx(request: PersonRequest) -> HttpResponse:
    """The same as a file: change it, and bring it back."""
    form, found = _form(request, request.GET)
    if not form.is_valid():
        raise Http404
    units = _units(request, form)
    content = grid_xlsx(units, _copied(form, units), found)
    period = form.cleaned_data["from_period"]
    return _file(
        content, f"targets-{form.cleaned_data['period_type']}-{period.name if period else 'all'}.xlsx"
    )


@require_POST
@needs(RIGHT)
def target_preview(request: PersonRequest) -> HttpResponse:
    """What the filled-in grid, or the file, would change; nothing is written."""
    form, found = _form(request, request.POST)
    if not form.is_valid():
        return render(
            request, "kpis/targets/grid.html", {"form": form, "file_form": GridFileForm()}, status=422
        )
    if "sheet" not in request.POST:
        rows = _typed(request.POST, found)
        made = preview(rows, _units(request, form), found)
        if made.faults:
            typed = {label: cells for _number, label, cells in rows}
            return render(
                request, "kpis/targets/grid.html", _grid(request, form, found, typed, made.faults), status=422
            )
        return _preview_page(request, form, made)
    file_form = GridFileForm(request.POST, request.FILES)
    if not file_form.is_valid():
        context = _grid(request, form, found, {}, []) | {"file_form": file_form}
        return render(request, "kpis/targets/grid.html", context, status=422)
    rows, faults = read_file(file_form.cleaned_data["file"].read(), found)
    made = preview(rows, _units(request, form), found)
    made.faults = [*faults, *made.faults]
    return _preview_page(request, form, made)


@require_POST
@needs(RIGHT)
def set_targets(request: PersonRequest) -> HttpResponse:
    """Writes what the preview showed, all or none."""
    wish = unseal(request.user, request.POST.get("sealed", ""))
    if wish is None:
        messages.error(request, _("The preview is too old; look at it again."))
        return redirect("kpis:target_grid")
    try:
        told = actions.tell_many(actor=request.user, **wish)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("kpis:target_grid")
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("kpis:target_grid")
    messages.success(request, _said(told))
    return redirect("kpis:targets")


@require_POST
@needs(RIGHT)
def target_faults(request: PersonRequest) -> HttpResponse:
    """The fault sheet of a file: row, unit, column, what to do."""
    names = ("row", "unit", "column", "words")
    rows = list(zip(*(request.POST.getlist(name) for name in names), strict=False))
    return _file(faults_xlsx(rows), "targets-faults.xlsx")


def _form(request: PersonRequest, data: QueryDict) -> tuple[GridForm, list[TargetColumn]]:
    """The form of what is asked, and the columns of the scheme that scores it."""
    told = data if data.get("period_type") else QueryDict(f"period_type={Target.PeriodType.MONTH}")
    key = GridKeyForm(told)
    found = columns(queries.group_names(key.start) if key.is_valid() else [])
    names = [(column.name, column.words.rpartition(",")[0]) for column in found[::2]]
    shown = [*units_to_set(request.user), *queries.managers_of(request.user, told.get("type", ""))]
    return GridForm(told, units=shown, names=names), found


def _units(request: PersonRequest, form: GridForm) -> list[GridUnit]:
    told = form.cleaned_data
    return queries.grid_units(request.user, told["period_type"], form.start, told["type"])


def _copied(form: GridForm, units: list[GridUnit]) -> dict[str, Targets]:
    told = form.cleaned_data
    earlier = told["copy_period"]
    wish = queries.Copied(
        earlier.start if earlier else None, told["copy_unit"], told["factor"] or Decimal(1), told["only"]
    )
    return queries.copied(units, told["period_type"], form.start, wish)


def _grid(
    request: PersonRequest,
    form: GridForm,
    found: list[TargetColumn],
    typed: dict[str, Any],
    faults: list[Any],
) -> dict[str, Any]:
    units = _units(request, form)
    copied = _copied(form, units)
    wrong = {(fault.unit, fault.column) for fault in faults}
    rows = [
        (unit, [
            {
                "name": f"{unit.label}/{column.key}",
                "was": cell_text(unit.serving, column),
                "text": typed.get(unit.label, {}).get(column.key) or cell_text(copied[unit.label], column),
                "words": f"{unit.name}: {column.words}",
                "wrong": (unit.label, column.words) in wrong,
            }
            for column in found
        ])
        for unit in units
    ]  # fmt: skip
    query = request.GET.urlencode() or f"period_type={form.cleaned_data['period_type']}"
    return {"form": form, "columns": found, "rows": rows, "faults": faults, "query": query,
            "file_form": GridFileForm()}  # fmt: skip


def _typed(data: QueryDict, found: list[TargetColumn]) -> list[Row]:
    """The cells that were sent, by unit; rows are numbered as they stand."""
    keys, rows = {column.key for column in found}, dict[str, dict[str, str]]()
    for name, text in data.items():
        label, slash, key = name.rpartition("/")
        if slash and key in keys and isinstance(text, str):
            rows.setdefault(label, {})[key] = text
    return [(number, label, cells) for number, (label, cells) in enumerate(rows.items(), 1)]


def _preview_page(request: PersonRequest, form: GridForm, made: Preview) -> HttpResponse:
    told = form.cleaned_data
    period = told["from_period"].name if told["from_period"] else ""
    context = {
        "preview": made,
        "period": period,
        "type_words": dict(Target.PeriodType.choices)[told["period_type"]],
        "waits": actions.has_cards(told["period_type"], form.start),
        "sealed": seal(request.user, told["period_type"], period, made.changes) if not made.faults else "",
        "back": f"?period_type={told['period_type']}&from_period={period}&type={told['type']}",
    }
    return render(request, "kpis/targets/preview.html", context, status=422 if made.faults else 200)


def _said(told: Iterable[Target]) -> str:
    states = [target.state for target in told]
    proposed = states.count(Target.State.PROPOSED)
    if proposed:
        words = ngettext(
            "%(count)s unit proposed; a second person must approve.",
            "%(count)s units proposed; a second person must approve.",
            proposed,
        )
        return words % {"count": proposed}
    words = ngettext("%(count)s unit set.", "%(count)s units set.", len(states))
    return words % {"count": len(states)}


def _file(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)
