"""Reads of articles that pages, API and the desk share: one, those listed, those found, what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When

from knowledge.models import Article, ArticleFeedback, ArticleUse, ArticleVersion, ArticleVote, Script
from knowledge.queries.comparing import Line, compared
from knowledge.queries.scripts import names, parents_of
from knowledge.searching import HasGrams, marked, snippet, words_in
from staff.models import Unit
from staff.roles import Role

State = ArticleVersion.State
BEING_WRITTEN = (State.DRAFT, State.PROPOSED)
SUGGESTED = 8
USES_SHOWN = 20


def versions_of(article: Article, reader: Any) -> list[ArticleVersion]:
    """The versions the reader may see, newest first, with their people."""
    rows = ArticleVersion.objects.visible_to(reader).filter(article=article).order_by("-number")
    return list(rows.select_related("article__owner", "author", "reviewed_by"))


def listed(reader: Any) -> QuerySet[ArticleVersion]:
    """One version of each article: the published one, else the newest; being_written: a newer one comes."""
    others = ArticleVersion.objects.filter(article=OuterRef("article"))
    newer = others.filter(number__gt=OuterRef("number"))
    first = Q(state=State.PUBLISHED) | ~Q(Exists(others.filter(state=State.PUBLISHED))) & ~Q(Exists(newer))
    reported = ArticleFeedback.objects.filter(article=OuterRef("article"), settled_at__isnull=True)
    rows = ArticleVersion.objects.visible_to(reader).filter(first)
    return rows.annotate(
        being_written=Exists(newer.filter(state__in=BEING_WRITTEN)), reported=Exists(reported)
    ).select_related("article__owner", "author")


def in_force(reader: Any) -> QuerySet[ArticleVersion]:
    """What is published and in force for this reader."""
    return ArticleVersion.objects.visible_to(reader).in_force().select_related("article")


@dataclass(frozen=True)
class Hit:
    """An article found: its version, the title with what was sought marked, and a piece of its text."""

    version: ArticleVersion
    title: Any
    text: Any


def found(reader: Any, typed: str, *, most: int = 20) -> list[Hit]:
    """What the words typed find among published articles, best first; see `matching`."""
    words = words_in(typed)
    if not words:
        return []
    rows = ordered(matching(in_force(reader), words), words)[:most]
    return [_hit(version, words) for version in rows]


def matching(rows: QuerySet[ArticleVersion], words: Sequence[str]) -> QuerySet[ArticleVersion]:
    """Those that hold every word, in title, keywords, the title's pinyin or text.

    One or two characters are answered by the index of grams alone; longer words by all their pairs and a
    last look at the text.
    """
    for word in words:
        rows = rows.filter(HasGrams(word))
        if len(word) > 2:
            rows = rows.filter(Q(search_title__contains=word) | Q(search_text__contains=word))
    return rows


def ordered(rows: QuerySet[ArticleVersion], words: Sequence[str]) -> QuerySet[ArticleVersion]:
    """Title before keywords and pinyin before text; then what is used most, then by number."""
    whole, titles, keys = Q(title_zh__iexact=" ".join(words)), Q(), Q()
    for word in words:
        titles &= Q(title_zh__icontains=word) | Q(title_en__icontains=word)
        keys &= Q(search_title__contains=word)
    rank = Case(
        When(whole, then=Value(0)), When(titles, then=Value(1)), When(keys, then=Value(2)),
        default=Value(3), output_field=IntegerField(),
    )  # fmt: skip
    return rows.annotate(rank=rank).order_by("rank", -F("article__inserted"), "article_id")


def _hit(version: ArticleVersion, words: Sequence[str]) -> Hit:
    return Hit(version, marked(version.title, words), snippet(version, words))


def suggested(reader: Any, *, category: str, typed: str = "") -> list[Hit]:
    """What to offer beside a contact: what the words find, else what stands under the category or above it.

    The own category comes before the one above; then what is used most.
    """
    if words_in(typed):
        return found(reader, typed, most=SUGGESTED)
    places = [code for code in (category, *parents_of(category)) if code]
    if not places:
        return []
    distance = Case(*(When(category=code, then=Value(number)) for number, code in enumerate(places)))
    rows = in_force(reader).filter(category__in=places)
    rows = rows.order_by(distance, -F("article__inserted"), "article_id")[:SUGGESTED]
    return [_hit(version, []) for version in rows]


def votes_of(article: Article) -> Mapping[str, int]:
    """How many found it helpful, and how many did not."""
    return ArticleVote.objects.filter(article=article).aggregate(
        yes=Count("pk", filter=Q(helpful=True)), no=Count("pk", filter=Q(helpful=False))
    )


def uses_of(article: Article) -> list[ArticleUse]:
    """What its words were put into lately, newest first."""
    rows = ArticleUse.objects.filter(article=article, kind=ArticleUse.Kind.INSERTED)
    return list(rows.select_related("person").order_by("-at")[:USES_SHOWN])


def open_feedback(article: Article) -> list[ArticleFeedback]:
    """What nobody has dealt with yet."""
    return list(ArticleFeedback.objects.filter(article=article, settled_at=None).select_related("person"))


def scripts_of(version: ArticleVersion) -> list[Script]:
    """The scripts it goes with that are in force."""
    codes = Q(code__in=version.scripts, versions__state="in_force")
    return list(Script.objects.filter(codes).order_by("code"))


def difference(before: ArticleVersion | None, after: ArticleVersion, words: Mapping[str, str]) -> list[Line]:
    """What the later version says otherwise, line by line. words: see audience_names."""
    return compared(_lines(before, words) if before else [], _lines(after, words))


def audience_names() -> dict[str, str]:
    """Words of categories, roles and units, by code or id."""
    roles = {role.value: str(role.label) for role in Role}
    units = {str(key): name for key, name in Unit.objects.order_by().values_list("pk", "name")}
    return units | roles | names()


def _lines(version: ArticleVersion, words: Mapping[str, str]) -> list[str]:
    """Everything a version says, in the order of its page."""
    audience = [words.get(str(one), str(one)) for one in (*version.roles, *version.units)]
    until = version.valid_until.isoformat() if version.valid_until else ""
    place = [words.get(version.category, version.category), " / ".join(audience), until]
    said = [version.title_zh, version.title_en, version.keywords, *place, *version.scripts]
    said += [*version.body_zh.splitlines(), *version.body_en.splitlines()]
    return [line.strip() for line in said if line.strip()]
