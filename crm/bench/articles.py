"""The search of articles as one types, among twenty thousand, through the card beside conversations."""

import random
from collections.abc import Iterator

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from crm.bench.clock import seconds
from crm.bench.fill import Say
from crm.bench.pages import signed_in
from crm.bench.search import TARGET, timed
from crm.demo.articles import ARTICLES
from knowledge.actions.articles import search_texts
from knowledge.models import Article, ArticleVersion
from staff.models import Person
from staff.roles import Role

COUNT, SAMPLES, SEED = 20_000, 40, 20_261_130


def measure(say: Say) -> None:
    """p50 and p95 in milliseconds by how much was typed."""
    if ArticleVersion.objects.count() < COUNT:
        say(f"{COUNT:,} articles: {seconds(_fill):.0f} s")
    reader = signed_in(Role.TEAM_LEAD, "HQ")
    address = reverse("articles:suggested")
    for kind, texts in _typed().items():
        found = timed(reader, address, texts, name="article_q")
        verdict = "ok" if found.p95 <= TARGET else f"above {TARGET:.0f} ms"
        say(f"    {kind:<28} p50 {found.p50:6.1f} ms   p95 {found.p95:6.1f} ms   {verdict}")


def _fill() -> None:
    """The demo's articles over and over, each with words of its own."""
    writer, reviewer = (
        Person.objects.get_or_create(username=f"bench-{name}", defaults={"name": name, "employee_no": name})[
            0
        ]
        for name in ("writer", "reviewer")
    )
    articles = Article.objects.bulk_create(Article(owner=writer) for _number in range(COUNT))
    ArticleVersion.objects.bulk_create(_versions(articles, writer, reviewer), batch_size=2000)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE knowledge_articleversion, knowledge_article")


def _versions(articles: list[Article], writer: Person, reviewer: Person) -> Iterator[ArticleVersion]:
    draw, now = random.Random(SEED), timezone.now()
    for place, article in enumerate(articles):
        told = ARTICLES[place % len(ARTICLES)]
        mark = "".join(draw.choices("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥", k=6))
        fields = {
            "title_zh": f"{told.title_zh}{mark}"[:80], "title_en": "", "keywords": told.keywords,
            "body_zh": f"{told.body_zh}\n{mark}", "body_en": "",
        }  # fmt: skip
        title, text = search_texts(fields)
        yield ArticleVersion(
            article=article, number=1, state="published", category=told.category, author=writer,
            reviewed_by=reviewer, written_at=now, published_at=now, search_title=title, search_text=text,
            **fields,
        )  # fmt: skip


def _typed() -> dict[str, list[str]]:
    """Pieces of titles and texts drawn by a fixed seed."""
    draw = random.Random(SEED)
    titles = [told.title_zh for told in draw.choices(ARTICLES, k=SAMPLES)]
    bodies = ["".join(told.body_zh.split()) for told in draw.choices(ARTICLES, k=SAMPLES)]
    marks = list(ArticleVersion.objects.order_by("pk").values_list("title_zh", flat=True)[:SAMPLES])
    return {
        "1 character": [title[0] for title in titles],
        "2 characters of a title": [title[:2] for title in titles],
        "3 characters of a title": [title[:3] for title in titles],
        "4 characters of a text": [_piece(draw, body, 4) for body in bodies],
        "two words": [f"{title[:2]} {_piece(draw, title, 2)}" for title in titles],
        "one article of them all": [mark[-4:] for mark in marks],
        "nothing": [f"龘{place}" for place in range(SAMPLES)],
    }


def _piece(draw: random.Random, text: str, length: int) -> str:
    start = draw.randrange(max(len(text) - length, 1))
    return text[start : start + length]
