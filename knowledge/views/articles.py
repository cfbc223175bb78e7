"""Pages of articles: the list, one article with its history, writing, deciding, and what readers say."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Refusal
from knowledge.actions import articles as actions
from knowledge.actions import using
from knowledge.forms.articles import ArticleForm, FeedbackForm, FilesForm, OwnerForm, initial_of
from knowledge.lists.articles import ArticleList
from knowledge.markup import plain, rendered
from knowledge.models import Article, ArticleFeedback, ArticleVersion
from knowledge.queries import articles as queries
from knowledge.queries.files import files_of
from staff.access import PersonRequest, needs

WRITING: dict[str, Callable[..., Any]] = {"propose": actions.propose, "drop": actions.drop_draft}
REVIEWING: dict[str, Callable[..., Any]] = {
    "send-back": actions.send_back,
    "publish": actions.publish,
    "withdraw": actions.withdraw,
}
State = ArticleVersion.State


def visible(request: PersonRequest, pk: int) -> Article:
    """The article, or 404 when the reader may see no version of it."""
    return get_object_or_404(Article.objects.visible_to(request.user), pk=pk)


def _shown(request: PersonRequest, article: Article) -> tuple[ArticleVersion, list[ArticleVersion]]:
    """The version the page shows (the published one, else the newest), and all the reader may see."""
    versions = queries.versions_of(article, request.user)
    return next((one for one in versions if one.state == State.PUBLISHED), versions[0]), versions


@require_GET
@needs("knowledge.view")
def article_list(request: PersonRequest) -> HttpResponse:
    return ArticleList(request, queries.listed(request.user)).render("knowledge/articles/list.html")


@require_GET
@needs("knowledge.view")
def detail(request: PersonRequest, pk: int) -> HttpResponse:
    """The article; that a published one was opened is counted."""
    article = visible(request, pk)
    shown, versions = _shown(request, article)
    if shown.state == State.PUBLISHED:
        using.note_opened(actor=request.user, version=shown)
    return render(request, "knowledge/articles/detail.html", _context(request, article, shown, versions))


def _context(
    request: PersonRequest, article: Article, shown: ArticleVersion, versions: list[ArticleVersion]
) -> dict[str, Any]:
    words = queries.audience_names()
    written = next((one for one in versions if one.is_being_written), None)
    reader = request.user
    return {
        "article": article, "shown": shown, "written": written, "body": rendered(shown.body),
        "category": words.get(shown.category, shown.category),
        "audience": [words.get(str(one), str(one)) for one in (*shown.roles, *shown.units)],
        "changes": queries.difference(_before(written, versions), written, words) if written else [],
        "written_body": rendered(written.body) if written else "",
        "history": [(one, queries.difference(_before(one, versions), one, words)) for one in versions],
        "own": written is not None and written.author_id == reader.pk,
        "may_write": reader.may("knowledge.write"), "may_review": reader.may("knowledge.review"),
        "answers": reader.may("knowledge.review") or article.owner_id == reader.pk,
        "votes": queries.votes_of(article), "uses": queries.uses_of(article),
        "feedback": queries.open_feedback(article), "scripts": queries.scripts_of(shown),
        "files": files_of(shown), "written_files": files_of(written) if written else [],
        "files_form": FilesForm(), "feedback_form": FeedbackForm(), "may_scripts": reader.may("desk.work"),
    }  # fmt: skip


def _before(version: ArticleVersion, versions: list[ArticleVersion]) -> ArticleVersion | None:
    return next((one for one in versions if one.number < version.number), None)


@require_http_methods(["GET", "POST"])
@needs("knowledge.write")
def article_new(request: PersonRequest) -> HttpResponse:
    """A new one; `title` and `category` may come along from where somebody missed it."""
    begun = {name: request.GET.get(name, "").replace("\0", "") for name in ("title_zh", "category")}

    def write(form: ArticleForm) -> ArticleVersion:
        return actions.draft_article(actor=request.user, told=form.told())

    return _write(request, None, begun, write)


@require_http_methods(["GET", "POST"])
@needs("knowledge.write")
def article_edit(request: PersonRequest, pk: int) -> HttpResponse:
    """Changes the draft, or begins the next version from the newest one."""
    article = visible(request, pk)
    newest = queries.versions_of(article, request.user)[0]

    def write(form: ArticleForm) -> ArticleVersion:
        version = form.cleaned_data["version"] or 0
        return actions.change_draft(actor=request.user, article=article, version=version, told=form.told())

    return _write(request, article, initial_of(newest), write)


def _write(
    request: PersonRequest,
    article: Article | None,
    initial: dict[str, Any],
    write: Callable[[ArticleForm], ArticleVersion],
) -> HttpResponse:
    """Shows the form, or does what it says and goes to the article."""
    form = ArticleForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                written = write(form)
            except ValidationError as error:
                for field, faults in error.message_dict.items():
                    form.add_error(field if field in form.fields else None, faults)
            except Refusal as refusal:
                form.add_error(None, refusal.message)
                status = refusal.status
            else:
                messages.success(request, _("Saved."))
                return redirect(written.article)
    back = article.get_absolute_url() if article else reverse("articles:list")
    context = {"form": form, "article": article, "back": back}
    return render(request, "knowledge/articles/edit.html", context, status=status)


@require_POST
@needs("knowledge.view")
def article_deed(request: PersonRequest, pk: int, deed: str) -> HttpResponse:
    """Propose and drop for writers; send back, publish and withdraw for reviewers; each with its version."""
    if deed not in WRITING and deed not in REVIEWING:
        raise Http404
    article = visible(request, pk)
    if not request.user.may("knowledge.write" if deed in WRITING else "knowledge.review"):
        raise PermissionDenied
    more = {"reason": request.POST.get("reason", "")} if deed == "send-back" else {}
    try:
        stays = (WRITING | REVIEWING)[deed](
            actor=request.user, article=article, version=number(request.POST.get("version", "")), **more
        )
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Saved."))
        if stays is False:
            return redirect("articles:list")
    return redirect(article)


@require_POST
@needs("knowledge.review")
def hand_over(request: PersonRequest, pk: int) -> HttpResponse:
    """Somebody else answers for it."""
    article, form = visible(request, pk), OwnerForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["owner"])))
        return redirect(article)
    version = number(request.POST.get("version", ""))
    try:
        actions.hand_over(
            actor=request.user, article=article, version=version, owner=form.cleaned_data["owner"]
        )
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Saved."))
    return redirect(article)


@require_POST
@needs("knowledge.view")
def vote(request: PersonRequest, pk: int) -> HttpResponse:
    """Whether it helped."""
    article = visible(request, pk)
    using.vote(
        actor=request.user, version=_shown(request, article)[0], helpful=request.POST.get("helpful") == "1"
    )
    messages.success(request, _("Thank you; it is counted."))
    return redirect(article)


@require_POST
@needs("knowledge.view")
def report(request: PersonRequest, pk: int) -> HttpResponse:
    """What is wrong or out of date goes to the owner."""
    article = visible(request, pk)
    try:
        using.report(
            actor=request.user, version=_shown(request, article)[0], text=request.POST.get("text", "")
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Thank you; whoever answers for the article is told."))
    return redirect(article)


@require_POST
@needs("knowledge.view")
def settle(request: PersonRequest, pk: int, feedback: int) -> HttpResponse:
    """For the owner and for reviewers: what was reported is dealt with."""
    article = visible(request, pk)
    told = get_object_or_404(ArticleFeedback, pk=feedback, article=article)
    if not (request.user.may("knowledge.review") or article.owner_id == request.user.pk):
        raise PermissionDenied
    try:
        using.settle(actor=request.user, feedback=told)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect(article)


@require_POST
@needs("knowledge.view")
def used(request: PersonRequest, pk: int) -> HttpResponse:
    """Its words were put into something; said by the page that did it."""
    found = queries.in_force(request.user).filter(article_id=pk).first()
    if found is None:
        raise Http404
    place, url = request.POST.get("place", ""), _page_of(request)
    try:
        using.note_inserted(actor=request.user, version=found, place=place, url=url)
    except ValidationError as error:
        return HttpResponse(" ".join(error.messages), status=422, content_type="text/plain")
    return HttpResponse(status=204)


def _page_of(request: PersonRequest) -> str:
    """The page that htmx asked from, without its query."""
    details: Any = getattr(request, "htmx", None)
    return urlsplit((details and details.current_url_abs_path) or "").path


@require_GET
@needs("knowledge.view")
def beside(request: PersonRequest, conversation: int) -> HttpResponse:
    """The card beside any conversation: it tells nothing of it, and what it offers comes with `suggested`."""
    return render(request, "knowledge/articles/beside.html")


@require_GET
@needs("knowledge.view")
def suggested(request: PersonRequest) -> HttpResponse:
    """What may help now: by the words typed, else by category; each with its text to be put in."""
    asked = {name: request.GET.get(name, "").replace("\0", "") for name in ("category", "article_q")}
    hits = queries.suggested(request.user, category=asked["category"], typed=asked["article_q"])
    context = {
        "hits": [(hit, plain(hit.version.body)) for hit in hits], "typed": asked["article_q"].strip(),
        "category": asked["category"], "may_write": request.user.may("knowledge.write"),
    }  # fmt: skip
    return render(request, "knowledge/articles/suggested.html", context)


def number(given: str) -> int:
    """A whole number somebody sent; 0 for anything else."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
