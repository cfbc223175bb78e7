"""Deeds on articles: draft, change, propose, send back, publish, withdraw, drop; and their nightly ends."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import audit
from core.errors import Conflict
from core.files import keeping
from core.files.content import File
from core.spelling import search_keys
from knowledge.markup import plain
from knowledge.models import Article, ArticleFile, ArticleVersion, Script
from knowledge.queries.articles import BEING_WRITTEN
from knowledge.queries.scripts import CATEGORIES, words_of
from staff.actions.notices import notify
from staff.models import Person, Unit
from staff.roles import Role

LONGEST_TITLE, LONGEST_ENGLISH_TITLE, LONGEST_BODY = 80, 120, 12_000
LONGEST_KEYWORDS, LONGEST_REASON = 200, 300
MOST_FILES = 10
REMINDED = (7, 30)  # days before the last one
State = ArticleVersion.State
TEXTS = {
    "title_zh": (1, LONGEST_TITLE),
    "title_en": (0, LONGEST_ENGLISH_TITLE),
    "body_zh": (1, LONGEST_BODY),
    "body_en": (0, LONGEST_BODY),
    "keywords": (0, LONGEST_KEYWORDS),
}


@dataclass(frozen=True, kw_only=True)
class Told:
    """What an article says and for whom; roles, units (ids) empty for all; scripts by code."""

    title_zh: str
    body_zh: str
    title_en: str = ""
    body_en: str = ""
    keywords: str = ""
    category: str = ""
    roles: Sequence[str] = ()
    units: Sequence[int] = ()
    scripts: Sequence[str] = ()
    valid_until: date | None = None


@transaction.atomic
def draft_article(*, actor: Person, told: Told) -> ArticleVersion:
    """A new article of the actor's, as a draft. Raises ValidationError by field."""
    fields = _checked(told)
    article = Article.objects.create(owner=actor)
    draft = _written(actor, ArticleVersion(article=article, number=1), fields)
    _note(actor, "article.drafted", draft)
    return draft


@transaction.atomic
def change_draft(*, actor: Person, article: Article, version: int, told: Told) -> ArticleVersion:
    """Writes the article's draft; where none is being written, the next version begins with this.

    Raises Conflict when somebody changed the article since this version of it, or while it waits for review,
    and ValidationError by field.
    """
    fields = _checked(told)
    held = _held(article, version)
    draft = held.versions.filter(state__in=BEING_WRITTEN).first()
    if draft is not None and draft.state == State.PROPOSED:
        raise Conflict(_("It waits for review; send it back before you change it."))
    _demand_hand(actor, held, draft)
    if draft is None:
        newest = held.versions.order_by("-number").first()
        draft = ArticleVersion(article=held, number=newest.number + 1 if newest else 1)
    written = _written(actor, draft, fields)
    _note(actor, "article.changed", written)
    return written


@transaction.atomic
def propose(*, actor: Person, article: Article, version: int) -> None:
    """The draft waits for a second person. Raises Conflict like all deeds below when the article changed."""
    draft = _wanted(_held(article, version), State.DRAFT)
    _demand_hand(actor, article, draft)
    draft.state, draft.sent_back_for = State.PROPOSED, ""
    draft.save(update_fields=["state", "sent_back_for"])
    _note(actor, "article.proposed", draft)


@transaction.atomic
def send_back(*, actor: Person, article: Article, version: int, reason: str = "") -> None:
    """What waits for review becomes a draft again; reason (300 characters): what should be changed."""
    draft = _wanted(_held(article, version), State.PROPOSED)
    draft.state, draft.sent_back_for = State.DRAFT, reason.strip()[:LONGEST_REASON]
    draft.save(update_fields=["state", "sent_back_for"])
    _note(actor, "article.sent_back", draft, reason=draft.sent_back_for)
    _tell(draft.author_id, gettext_noop("The article %(title)s was sent back"), draft)


@transaction.atomic
def publish(*, actor: Person, article: Article, version: int) -> ArticleVersion:
    """Puts what waits in the place of the version before. Whoever wrote it raises Conflict."""
    proposed = _wanted(_held(article, version), State.PROPOSED)
    if proposed.author_id == actor.pk:
        raise Conflict(_("Whoever wrote it cannot review it; a second person has to."), code="four_eyes")
    if proposed.is_over:
        raise Conflict(_("Its last day is over; send it back for a later one."))
    _end(article, State.REPLACED)
    proposed.state, proposed.reviewed_by, proposed.published_at = State.PUBLISHED, actor, timezone.now()
    proposed.save(update_fields=["state", "reviewed_by", "published_at"])
    _note(actor, "article.published", proposed, author=proposed.author.username)
    _tell(proposed.author_id, gettext_noop("The article %(title)s is published"), proposed)
    return proposed


@transaction.atomic
def withdraw(*, actor: Person, article: Article, version: int) -> None:
    """The article is shown no more, until another version of it is published."""
    ending = _wanted(_held(article, version), State.PUBLISHED)
    _end(article, State.WITHDRAWN)
    _note(actor, "article.withdrawn", ending)


@transaction.atomic
def drop_draft(*, actor: Person, article: Article, version: int) -> bool:
    """Throws the draft away, and an article without other versions with it; True when the article stays."""
    held = _held(article, version)
    draft = _wanted(held, State.DRAFT)
    _demand_hand(actor, held, draft)
    _note(actor, "article.draft_dropped", draft)
    files = ArticleFile.objects.filter(article=held)
    files.filter(since=draft.number).delete()
    files.filter(until=draft.number - 1).update(until=None)
    draft.delete()
    if held.versions.exists():
        return True
    held.delete()
    return False


@transaction.atomic
def add_files(*, actor: Person, article: Article, version: int, uploads: Sequence[File]) -> list[ArticleFile]:
    """Files of the draft and of what comes after it. Raises ValidationError, and Conflict without a draft."""
    held = _held(article, version)
    draft = _wanted(held, State.DRAFT)
    _demand_hand(actor, held, draft)
    if not 0 < len(uploads) <= MOST_FILES:
        raise ValidationError({"files": _("1 to %(most)s files at a time.") % {"most": MOST_FILES}})
    keeping.check(uploads)
    kept = [keeping.keep(one) for one in uploads]
    made = keeping.enter(ArticleFile, kept=kept, added_by=actor.actor_name, article=held, since=draft.number)
    keeping.pass_unscanned(made)
    _note(actor, "article.files_added", draft, files=len(made))
    return made


@transaction.atomic
def take_file_off(*, actor: Person, article: Article, version: int, file: ArticleFile) -> None:
    """The draft and what comes after it have this file no more; versions before it keep theirs."""
    held = _held(article, version)
    draft = _wanted(held, State.DRAFT)
    _demand_hand(actor, held, draft)
    if file.since == draft.number:
        file.delete()
    else:
        ArticleFile.objects.filter(pk=file.pk).update(until=draft.number - 1)
    _note(actor, "article.file_taken_off", draft)


@transaction.atomic
def hand_over(*, actor: Person, article: Article, version: int, owner: Person) -> None:
    """Somebody else answers for the article from now on."""
    held = _held(article, version)
    before, held.owner = held.owner, owner
    held.save(update_fields=["owner"])
    audit.record(
        actor=actor, deed="article.handed_over", subject_type="article", subject_id=held.pk,
        detail={"from": before.username, "to": owner.username},
    )  # fmt: skip


@transaction.atomic
def expire_articles() -> int:
    """Every night: published versions past their last day end; returns how many."""
    over = ArticleVersion.objects.filter(state=State.PUBLISHED, valid_until__lt=timezone.localdate())
    ending = list(over.select_related("article").select_for_update(of=("self",), skip_locked=True))
    for version in ending:
        _note(audit.SYSTEM, "article.expired", version)
        _tell(version.article.owner_id, gettext_noop("The article %(title)s is over"), version)
    ids = [version.pk for version in ending]
    return ArticleVersion.objects.filter(pk__in=ids).update(state=State.EXPIRED, ended_at=timezone.now())


@transaction.atomic
def remind_owners() -> int:
    """Every night: owners hear 30 and 7 days before an article ends, each once; how many were told."""
    today, told = timezone.localdate(), 0
    last = today + timedelta(days=max(REMINDED))
    soon = ArticleVersion.objects.filter(state=State.PUBLISHED, valid_until__range=(today, last))
    for version in soon.select_related("article"):
        assert version.valid_until is not None
        left = (version.valid_until - today).days
        mark = next(days for days in REMINDED if left <= days)
        words = gettext_noop("The article %(title)s ends on %(day)s: renew it or let it end")
        told += _tell(version.article.owner_id, words, version, key=str(mark), day=str(version.valid_until))
    return told


def _tell(person: int, text: str, version: ArticleVersion, *, key: str = "", **params: str) -> int:
    """A notice that leads to the article; with a key once for the version."""
    return notify(
        people=[person], kind="knowledge", text=text, params={"title": version.title_zh, **params},
        url=version.article.get_absolute_url(), key=f"article:{version.pk}:{key}" if key else "",
    )  # fmt: skip


def _held(article: Article, version: int) -> Article:
    """The article, locked, its version counted on. Raises Conflict when it is another one by now."""
    held = Article.objects.select_for_update().filter(pk=article.pk, version=version).first()
    if held is None:
        raise Conflict(_("Somebody changed this article in the meantime. Look at it again."))
    held.version += 1
    held.save(update_fields=["version"])
    return held


def _demand_hand(actor: Person, article: Article, draft: ArticleVersion | None) -> None:
    """A draft is its writer's, the owner's and the reviewers': others write when it is done."""
    if draft is None or actor.pk in (draft.author_id, article.owner_id) or actor.may("knowledge.review"):
        return
    raise Conflict(_("Somebody else is writing the next version; tell the owner what should change."))


def _wanted(article: Article, state: str) -> ArticleVersion:
    found = article.versions.filter(state=state).select_related("author", "article").first()
    if found is None:
        raise Conflict(_("The article is not in a state for this. Look at it again."))
    return found


def _end(article: Article, state: str) -> None:
    """Whatever is published is so no longer."""
    published = article.versions.filter(state=State.PUBLISHED)
    published.update(state=state, ended_at=timezone.now())


def _written(actor: Person, draft: ArticleVersion, fields: dict[str, Any]) -> ArticleVersion:
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.search_title, draft.search_text = search_texts(fields)
    draft.author, draft.written_at = actor, timezone.now()
    draft.save()
    return draft


def search_texts(fields: dict[str, Any]) -> tuple[str, str]:
    """What the search reads, in small letters: titles, keywords and the title's pinyin; and the bodies."""
    pinyin, initials = search_keys(fields["title_zh"])
    title = (fields["title_zh"], fields["title_en"], fields["keywords"], pinyin, initials)
    bodies = (plain(fields["body_zh"]), plain(fields["body_en"]))
    return " ".join(filter(None, title)).lower(), "\n".join(filter(None, bodies)).lower()


def _checked(told: Told) -> dict[str, Any]:
    """The fields as they are kept; raises ValidationError by field."""
    texts = {name: getattr(told, name).replace("\0", "").strip() for name in TEXTS}
    faults = {
        name: _fault(name) for name, (least, most) in TEXTS.items() if not least <= len(texts[name]) <= most
    }
    faults |= _unknown("category", [told.category] if told.category else [], words_of(CATEGORIES))
    faults |= _unknown("roles", told.roles, Role.values)
    faults |= _unknown(
        "units", told.units, Unit.objects.filter(pk__in=told.units).values_list("pk", flat=True)
    )
    scripts = Script.objects.filter(code__in=told.scripts).values_list("code", flat=True)
    faults |= _unknown("scripts", told.scripts, scripts)
    if told.valid_until is not None and told.valid_until < timezone.localdate():
        faults["valid_until"] = _("The last day lies in the past.")
    if faults:
        raise ValidationError(faults)
    places = {"roles": sorted(told.roles), "units": sorted(told.units), "scripts": list(told.scripts)}
    return {**texts, **places, "category": told.category, "valid_until": told.valid_until}


def _fault(name: str) -> str:
    least, most = TEXTS[name]
    if least:
        return _("Write 1 to %(most)s characters.") % {"most": most}
    return _("Write at most %(most)s characters.") % {"most": most}


def _unknown(field: str, given: Iterable[Any], known: Iterable[Any]) -> dict[str, str]:
    missing = sorted(set(given) - set(known))
    if not missing:
        return {}
    return {field: _("Not known: %(values)s.") % {"values": ", ".join(map(str, missing))}}


def _note(actor: audit.Actor, deed: str, version: ArticleVersion, **detail: object) -> None:
    audit.record(
        actor=actor, deed=deed, subject_type="article", subject_id=version.article_id,
        detail={"number": version.number, "title": version.title_zh, **detail},
    )  # fmt: skip
