"""Articles: what the firm knows, in versions that a second person reviews, and how they are used."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from staff.models import Person
from staff.tree import UnitTree


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, user: Any) -> "ArticleQuerySet":
        """Articles of which the reader may see at least one version."""
        seen = ArticleVersion.objects.visible_to(user).filter(article=OuterRef("pk"))
        return self.filter(Exists(seen))


class Article(models.Model):
    """An article; all that it says stands in its versions. owner: answers for it, is told of what is wrong.

    version counts the deeds done on it, so that a page notices when somebody else was faster. opened and
    inserted count its uses (ArticleUse).
    """

    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    version = models.IntegerField(default=1)
    opened = models.IntegerField(default=0)
    inserted = models.IntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """How people name it: "K00012"."""
        return f"K{self.pk:05}"

    def get_absolute_url(self) -> str:
        return reverse("articles:detail", args=[self.pk])


class ArticleVersionQuerySet(models.QuerySet["ArticleVersion"]):
    def in_force(self) -> "ArticleVersionQuerySet":
        """Published and not past its last day, whether or not the nightly work has been there."""
        lasting = Q(valid_until__isnull=True) | Q(valid_until__gte=timezone.localdate())
        return self.filter(lasting, state=ArticleVersion.State.PUBLISHED)

    def visible_to(self, user: Any) -> "ArticleVersionQuerySet":
        """What is in force for the reader's roles and units; and every version of what one wrote or owns,
        or may review: of articles for the firm or for units in one's reach."""
        if not user.may("knowledge.view"):
            return self.none()
        today = timezone.localdate()
        lasting = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
        seen = Q(state=ArticleVersion.State.PUBLISHED) & lasting & _audience(user)
        if user.actor_kind == "person":
            seen |= Q(author_id=user.pk) | Q(article__owner_id=user.pk)
        if user.may("knowledge.review"):
            scope = user.scope_for("knowledge.review")
            seen |= Q() if scope.firm else Q(units__contained_by=sorted(scope.unit_ids))
            if scope.firm:
                return self
        return self.filter(seen)


class ArticleVersion(models.Model):
    """What an article says, under which category, and for whom: roles and units, each empty for all.

    units: ids; those below one are meant too. English may be empty; then the Chinese is shown. valid_until:
    the last day, None for no end. scripts: codes of scripts it goes with. search_title and search_text are
    what the search reads (knowledge.actions.articles). Once published it never changes (a trigger sees to
    it) but for its end. author is who wrote on it last, and never the one who reviews.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Waits for review")
        PUBLISHED = "published", pgettext_lazy("article", "Published")
        REPLACED = "replaced", _("Replaced")
        EXPIRED = "expired", pgettext_lazy("article", "Expired")
        WITHDRAWN = "withdrawn", pgettext_lazy("article", "Withdrawn")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.IntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=120, blank=True)
    body_zh = models.TextField(max_length=12_000)
    body_en = models.TextField(max_length=12_000, blank=True)
    keywords = models.CharField(max_length=200, blank=True)
    category = models.CharField(max_length=40, blank=True)  # code of what a conversation is about
    roles = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    units = ArrayField(models.BigIntegerField(), default=list, blank=True)
    scripts = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    search_title = models.TextField(blank=True)
    search_text = models.TextField(blank=True)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    sent_back_for = models.CharField(max_length=300, blank=True)
    reviewed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = ArticleVersionQuerySet.as_manager()

    class Meta:
        ordering = ["article", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="article_version_once"),
            models.UniqueConstraint(
                fields=["article"], condition=Q(state="published"), name="article_one_published"
            ),
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(state__in=["draft", "proposed"]),
                name="article_one_being_written",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("author")),
                name="article_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["draft", "proposed"], reviewed_by__isnull=True, published_at__isnull=True
                )
                | Q(
                    state__in=["published", "replaced", "expired", "withdrawn"],
                    reviewed_by__isnull=False,
                    published_at__isnull=False,
                ),
                name="article_published_is_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["replaced", "expired", "withdrawn"], ended_at__gte=F("published_at"))
                | (Q(state__in=["draft", "proposed", "published"]) & Q(ended_at__isnull=True)),
                name="article_ended_has_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["category"], name="article_category", condition=Q(state="published")),
            models.Index(fields=["valid_until"], name="article_valid", condition=Q(state="published")),
        ]

    def __str__(self) -> str:
        return f"{self.article.code}/{self.number}"

    @property
    def title(self) -> str:
        return _spoken(self.title_zh, self.title_en)

    @property
    def body(self) -> str:
        return _spoken(self.body_zh, self.body_en)

    @property
    def is_being_written(self) -> bool:
        return self.state in (self.State.DRAFT, self.State.PROPOSED)

    @property
    def is_over(self) -> bool:
        """Past its last day, though the nightly work may not have been there."""
        return self.valid_until is not None and self.valid_until < timezone.localdate()


class ArticleUse(models.Model):
    """That somebody opened an article (once a day) or put its words into an answer, a wrap-up or a case.

    place: what it was put into; url: the page of that, for those who may open it.
    """

    class Kind(models.TextChoices):
        OPENED = "opened", _("Opened")
        INSERTED = "inserted", _("Inserted")

    class Place(models.TextChoices):
        NOWHERE = "", "—"
        ANSWER = "answer", pgettext_lazy("used in", "Answer")
        WRAP_UP = "wrap_up", _("Wrap-up")
        CASE = "case", pgettext_lazy("used in", "Case")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="uses", db_index=False)
    number = models.IntegerField()  # of the version
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    place = models.CharField(max_length=8, choices=Place.choices, blank=True)
    url = models.CharField(max_length=200, blank=True)
    used_on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "person", "used_on"],
                condition=Q(kind="opened"),
                name="article_opened_once_a_day",
            )
        ]
        indexes = [
            models.Index(fields=["article", "-at"], name="article_inserted", condition=Q(kind="inserted"))
        ]


class ArticleVote(models.Model):
    """Whether the article helped this person; the last word counts. number: the version it was said of."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="votes", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    helpful = models.BooleanField()
    number = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "person"], name="article_vote_once")]


class ArticleFeedback(models.Model):
    """What somebody found wrong or out of date in an article, until somebody has dealt with it."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="feedback")
    number = models.IntegerField()  # of the version
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=500)
    at = models.DateTimeField()
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True, settled_at__isnull=True)
                | Q(settled_by__isnull=False, settled_at__isnull=False),
                name="article_feedback_settled_by_somebody",
            )
        ]


def _spoken(chinese: str, english: str) -> str:
    return english if english and get_language() == "en" else chinese


def _audience(user: Any) -> Q:
    """Versions for the reader: for all roles or one of these, for all units or one at or above these."""
    if user.scope.firm and user.actor_kind == "api":
        return Q()
    roles, units = _of_person(user) if user.actor_kind == "person" else ([], sorted(user.scope.unit_ids))
    tree = UnitTree.load() if units else None
    above = {place for unit in units for place in tree.line(unit)} if tree else set()
    return (Q(roles=[]) | Q(roles__overlap=roles)) & (Q(units=[]) | Q(units__overlap=sorted(above)))


def _of_person(person: Any) -> tuple[list[str], list[int]]:
    held = person.access.memberships
    return sorted({one.role for one in held}), sorted({one.unit_id for one in held})
