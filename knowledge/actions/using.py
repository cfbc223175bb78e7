"""What readers do with articles: open them, use their words, say whether they help or what is wrong."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import audit
from core.errors import Conflict
from knowledge.models import Article, ArticleFeedback, ArticleUse, ArticleVersion, ArticleVote
from staff.actions.notices import notify
from staff.models import Person

LONGEST_FEEDBACK = 500
Kind, Place = ArticleUse.Kind, ArticleUse.Place


@transaction.atomic
def note_opened(*, actor: Person, version: ArticleVersion) -> None:
    """Counts that somebody read it; once a day for each reader."""
    use = _use(actor, version, Kind.OPENED)
    before = ArticleUse.objects.filter(
        article_id=version.article_id, person=actor, used_on=use.used_on, kind=Kind.OPENED
    )
    if before.exists():
        return
    ArticleUse.objects.bulk_create([use], ignore_conflicts=True)
    Article.objects.filter(pk=version.article_id).update(opened=F("opened") + 1)


@transaction.atomic
def note_inserted(*, actor: Person, version: ArticleVersion, place: str = "", url: str = "") -> ArticleUse:
    """Its words were put into something. Raises ValidationError for a place that is none.

    url: the page of what they were put into, within the house; anything else is left out.
    """
    if place not in Place.values:
        raise ValidationError(
            {"place": _("Choose one of: %(choices)s.") % {"choices": ", ".join(Place.values[1:])}}
        )
    use = _use(actor, version, Kind.INSERTED)
    use.place, use.url = place, url if _is_own(url) else ""
    use.save()
    Article.objects.filter(pk=version.article_id).update(inserted=F("inserted") + 1)
    return use


@transaction.atomic
def vote(*, actor: Person, version: ArticleVersion, helpful: bool) -> None:
    """Whether it helped; said again, the new word counts."""
    told = {"helpful": helpful, "number": version.number, "at": timezone.now()}
    ArticleVote.objects.update_or_create(article_id=version.article_id, person=actor, defaults=told)


@transaction.atomic
def report(*, actor: Person, version: ArticleVersion, text: str) -> ArticleFeedback:
    """What is wrong or out of date; it stands on the article's page until somebody has dealt with it."""
    words = text.replace("\0", "").strip()
    if not 1 <= len(words) <= LONGEST_FEEDBACK:
        raise ValidationError({"text": _("Write 1 to %(most)s characters.") % {"most": LONGEST_FEEDBACK}})
    article = version.article
    told = ArticleFeedback.objects.create(
        article=article, number=version.number, person=actor, text=words, at=timezone.now()
    )
    audit.record(
        actor=actor, deed="article.reported", subject_type="article", subject_id=article.pk,
        detail={"number": version.number, "feedback": told.pk},
    )  # fmt: skip
    notify(
        people=[article.owner_id], kind="knowledge", params={"title": version.title_zh},
        text=gettext_noop("Somebody found the article %(title)s out of date"), url=article.get_absolute_url(),
    )  # fmt: skip
    return told


@transaction.atomic
def settle(*, actor: Person, feedback: ArticleFeedback) -> None:
    """It was dealt with. Raises Conflict when somebody has said so already."""
    held = ArticleFeedback.objects.select_for_update().get(pk=feedback.pk)
    if held.settled_at is not None:
        raise Conflict(_("Somebody has dealt with it already."))
    held.settled_by, held.settled_at = actor, timezone.now()
    held.save(update_fields=["settled_by", "settled_at"])
    audit.record(
        actor=actor, deed="article.report_settled", subject_type="article", subject_id=held.article_id,
        detail={"feedback": held.pk},
    )  # fmt: skip


def _use(actor: Person, version: ArticleVersion, kind: str) -> ArticleUse:
    return ArticleUse(
        article_id=version.article_id, number=version.number, person=actor, kind=kind,
        used_on=timezone.localdate(), at=timezone.now(),
    )  # fmt: skip


def _is_own(url: str) -> bool:
    """A path of this house, short enough to be kept."""
    return url.startswith("/") and not url.startswith("//") and len(url) <= 200 and url.isprintable()
