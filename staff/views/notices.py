"""Notices: the bell of the top bar, the page, and how each kind is told."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.fragments import fragment
from core.toasts import toast, trigger
from staff.access import PersonRequest
from staff.actions import notices as deeds
from staff.forms import NoticeForm
from staff.lists import NoticeList
from staff.models import Notice
from staff.queries import notice_settings, unread_count

BELL_ROWS = 10
CHANGED = "notices-changed"


@require_GET
def notices(request: PersonRequest) -> HttpResponse:
    rows = Notice.objects.visible_to(request.user)
    return NoticeList(request, rows).render("staff/notices/list.html", {"unread": unread_count(request.user)})


@require_GET
def count(request: PersonRequest) -> HttpResponse:
    """The number on the bell."""
    return fragment(request, "staff/notices/count.html", {"unread": unread_count(request.user)})


@require_GET
def bell(request: PersonRequest) -> HttpResponse:
    rows = Notice.objects.visible_to(request.user)[:BELL_ROWS]
    return fragment(request, "staff/notices/bell.html", {"notices": rows})


@require_POST
def follow(request: PersonRequest, pk: int) -> HttpResponse:
    """To the page that the notice tells of; it is read by that."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    deeds.mark_read(person=request.user, ids=[notice.pk])
    target = notice.url or reverse("notices:list")
    if not request.headers.get("HX-Request"):
        return redirect(target)
    response = HttpResponse()
    response["HX-Redirect"] = target
    return response


@require_POST
def read_all(request: PersonRequest) -> HttpResponse:
    """Marks all as read; can be taken back."""
    unread = Notice.objects.visible_to(request.user).filter(read_at=None)
    ids = list(unread.values_list("pk", flat=True)[:1000])
    deeds.mark_read(person=request.user)
    if not request.headers.get("HX-Request"):
        return redirect("notices:list")
    response = trigger(HttpResponse(status=204), CHANGED)
    undo = f"{reverse('notices:unread')}?ids={','.join(map(str, ids))}" if 0 < len(ids) <= 100 else ""
    return toast(response, _("All notices are read."), undo=undo)


@require_POST
def unread(request: PersonRequest) -> HttpResponse:
    """Takes back that these were read."""
    ids = [int(word) for word in request.GET.get("ids", "").split(",") if word.isdecimal()]
    deeds.mark_unread(person=request.user, ids=ids)
    return trigger(HttpResponse(status=204), CHANGED)


@require_http_methods(["GET", "POST"])
def settings_page(request: PersonRequest) -> HttpResponse:
    """How each kind of notices is told: on pages, and by mail."""
    kinds = notice_settings(request.user)
    forms = [(setting, NoticeForm(request.POST or None, setting=setting)) for setting in kinds]
    if request.method == "POST" and all(form.is_valid() for _setting, form in forms):
        for setting, form in forms:
            given: dict[str, Any] = form.cleaned_data
            deeds.choose(person=request.user, kind=setting.kind, **given)
        messages.success(request, _("Saved."))
        return redirect("notices:settings")
    context = {"forms": forms, "has_address": bool(request.user.email)}
    return render(
        request, "staff/notices/settings.html", context, status=422 if request.method == "POST" else 200
    )
