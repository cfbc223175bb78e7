"""Files of articles: brought to a draft, taken off it, and opened."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.errors import Refusal
from core.files.forms import uploads
from core.files.serving import download
from knowledge.actions import articles as actions
from knowledge.forms.articles import FilesForm
from knowledge.models import Article, ArticleFile
from knowledge.queries.files import readable
from knowledge.views.articles import number, visible
from staff.access import PersonRequest, needs


@require_POST
@needs("knowledge.write")
def add(request: PersonRequest, pk: int) -> HttpResponse:
    article, form = visible(request, pk), FilesForm(request.POST, request.FILES)
    form.is_valid()
    version = number(request.POST.get("version", ""))
    return _done(request, article, lambda: actions.add_files(
        actor=request.user, article=article, version=version, uploads=uploads(form)
    ))  # fmt: skip


@require_POST
@needs("knowledge.write")
def take_off(request: PersonRequest, pk: int, key: UUID) -> HttpResponse:
    article = visible(request, pk)
    file = get_object_or_404(ArticleFile, article=article, key=key)
    version = number(request.POST.get("version", ""))
    return _done(request, article, lambda: actions.take_file_off(
        actor=request.user, article=article, version=version, file=file
    ))  # fmt: skip


def _done(request: PersonRequest, article: Article, deed: Callable[[], object]) -> HttpResponse:
    try:
        deed()
        messages.success(request, _("Saved."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect(article)


@require_GET
@needs("knowledge.view")
def file(request: PersonRequest, pk: int, key: UUID) -> HttpResponse:
    """A file of a version that the reader may see, to be saved."""
    found = readable(request.user, pk, key)
    if found is None:
        raise Http404
    return download(found)
