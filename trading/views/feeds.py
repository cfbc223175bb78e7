"""Pages of the feeds: packages with what became of them, the quarantine with correction and release."""

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Conflict
from staff.access import PersonRequest, needs
from trading import actions, queries
from trading.feed.shown import shown_values
from trading.filters import QuarantineFilters
from trading.forms import CorrectionForm, UploadForm
from trading.lists import PackageList, QuarantineList, package_badge, row_badge
from trading.models import FeedPackage, QuarantinedRow

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # begin a formula in a spreadsheet
CSV_HEAD = ("trade_date", "version", "file", "line", "key", "column", "state", "reason", "raw")


@require_http_methods(["GET", "POST"])
@needs("feeds.view")
def packages(request: PersonRequest) -> HttpResponse:
    """All deliveries; POST uploads one (needs feeds.load)."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        _demand(request, "feeds.load")
        if form.is_valid():
            upload = form.cleaned_data["package"]
            package = actions.receive_package(name=upload.name, chunks=upload.chunks(), actor=request.user)
            messages.success(request, _("%(name)s is being loaded.") % {"name": package.name})
            return redirect("trading:package", package.pk)
    context = {"form": form, "can_load": _may(request, "feeds.load")}
    return PackageList(request, queries.packages_listed(request.user)).render(
        "trading/packages.html", context
    )


@require_GET
@needs("feeds.view")
def package(request: PersonRequest, pk: int) -> HttpResponse:
    """One delivery: its files, and why it was refused; renews itself by htmx while it waits."""
    found = get_object_or_404(FeedPackage.objects.visible_to(request.user), pk=pk)
    context = {
        "package": found,
        "badge": package_badge(found),
        "files": [{"name": name, **counts} for name, counts in found.files.items()],
        "is_waiting": found.state == FeedPackage.State.WAITING,
        "quarantine_url": f"{reverse('trading:quarantine')}?package={found.pk}",
        "crumbs": [(_("Feed packages"), reverse("trading:packages")), (str(found.pk), "")],
    }
    part = request.headers.get("HX-Target") == "package-state"
    return render(request, "trading/package_state.html" if part else "trading/package.html", context)


@require_GET
@needs("feeds.view")
def quarantine(request: PersonRequest) -> HttpResponse:
    return QuarantineList(request, queries.quarantine_listed(request.user)).render("trading/quarantine.html")


@require_GET
@needs("feeds.view")
def quarantine_csv(request: PersonRequest) -> StreamingHttpResponse:
    """The filtered quarantine as a file; personal numbers masked."""
    rows = QuarantinedRow.objects.visible_to(request.user).select_related("package").order_by("pk")
    filters = QuarantineFilters(request.GET, rows, request=request)
    found = filters.qs if filters.form.is_valid() else rows.none()
    answer = StreamingHttpResponse(
        _csv_lines(found.iterator(chunk_size=2000)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="quarantine.csv"'
    return answer


@require_http_methods(["GET", "POST"])
@needs("feeds.view")
def quarantined_row(request: PersonRequest, pk: int) -> HttpResponse:
    """One row with its reason; POST corrects it (needs feeds.release)."""
    row = _row(request, pk)
    may_release = _may(request, "feeds.release") and row.is_open
    form = CorrectionForm(row, request.POST or None) if may_release else None
    if request.method == "POST":
        _demand(request, "feeds.release")
        if form is not None and form.is_valid() and _corrected(request, row, form):
            return redirect("trading:quarantined_row", row.pk)
    context = {
        "row": row,
        "badge": row_badge(row),
        "values": shown_values(row),
        "form": form,
        "crumbs": [(_("Quarantine"), reverse("trading:quarantine")), (f"{row.file}, {row.line}", "")],
    }
    return render(
        request, "trading/quarantined_row.html", context, status=422 if form and form.errors else 200
    )


@require_POST
@needs("feeds.view")
def release(request: PersonRequest, pk: int) -> HttpResponse:
    """Takes a row in as it stands (needs feeds.release)."""
    _demand(request, "feeds.release")
    row = _row(request, pk)
    try:
        actions.release_row(row=row, actor=request.user)
        messages.success(request, _("The row is taken in."))
    except Conflict as refusal:
        messages.error(request, refusal.message)
    return redirect("trading:quarantined_row", row.pk)


def _row(request: PersonRequest, pk: int) -> QuarantinedRow:
    return get_object_or_404(QuarantinedRow.objects.visible_to(request.user).select_related("package"), pk=pk)


def _may(request: PersonRequest, right: str) -> bool:
    return request.user.scope_for(right).firm


def _demand(request: PersonRequest, right: str) -> None:
    if not _may(request, right):
        raise PermissionDenied


def _corrected(request: PersonRequest, row: QuarantinedRow, form: CorrectionForm) -> bool:
    try:
        actions.correct_row(row=row, values=form.changed_values(), actor=request.user)
    except actions.StillHeld as refusal:
        form.add_error(_field_of(form, refusal.fault.column), refusal.message)
        return False
    except Conflict as refusal:
        form.add_error(None, refusal.message)
        return False
    messages.success(request, _("The row is taken in."))
    return True


def _field_of(form: CorrectionForm, column: str) -> str | None:
    name = f"column_{column}"
    return name if name in form.fields else None


class _Line:
    """A file whose write gives the text back, so that csv writes one line at a time."""

    def write(self, text: str) -> str:
        return text


def _csv_lines(rows: Iterator[QuarantinedRow]) -> Iterator[str]:
    writer: Any = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(CSV_HEAD)
    for row in rows:
        package = row.package
        raw = ",".join(value.shown for value in shown_values(row))
        cells = (
            package.trade_date,
            package.version,
            row.file,
            row.line,
            row.key,
            row.column,
            row.state,
            row.reason,
            raw,
        )
        yield writer.writerow([_harmless(str(cell)) for cell in cells])


def _harmless(text: str) -> str:
    """No spreadsheet takes the cell for a formula."""
    return f"'{text}" if text.startswith(DANGEROUS) else text
