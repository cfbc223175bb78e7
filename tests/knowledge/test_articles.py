"""Deeds on articles, four eyes held by the database, who may see them, and what readers say of them."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.errors import Conflict
from core.models import AuditEntry
from knowledge.actions import articles as actions
from knowledge.actions import using
from knowledge.models import Article, ArticleFeedback, ArticleUse, ArticleVersion, ArticleVote
from knowledge.queries.articles import difference, suggested, uses_of, votes_of
from knowledge.tasks import tend_articles
from tests.knowledge.articles import now, published, renewed, told
from tests.knowledge.words import in_force

pytestmark = pytest.mark.django_db
COLUMNS = ("article_id", "number", "state", "title_zh", "author__username", "reviewed_by__username")


def table() -> list[tuple[Any, ...]]:
    """All versions there are."""
    rows = ArticleVersion.objects.order_by("article_id", "number").values_list(*COLUMNS)
    first = Article.objects.earliest("pk").pk if rows else 0
    return [(article - first, *rest) for article, *rest in rows]


def seen(person: Any) -> list[str]:
    return sorted(version.title_zh for version in ArticleVersion.objects.visible_to(person))


def test_the_life_of_an_article(cast) -> None:
    writer, reviewer = cast.agent_hq, cast.team_lead_hq
    article = actions.draft_article(actor=writer, told=told()).article
    actions.propose(actor=writer, article=article, version=1)
    actions.send_back(actor=reviewer, article=article, version=2, reason="缺少材料清单")
    assert article.versions.get().sent_back_for == "缺少材料清单"
    actions.change_draft(
        actor=writer, article=article, version=3, told=told(body_zh="携带身份证件与银行卡。")
    )
    actions.propose(actor=writer, article=article, version=4)
    actions.publish(actor=reviewer, article=article, version=5)
    actions.change_draft(actor=writer, article=article, version=6, told=told(title_zh="开户指引"))
    actions.propose(actor=writer, article=article, version=7)
    second = actions.publish(actor=reviewer, article=article, version=8)
    assert table() == [
        (0, 1, "replaced", "开户流程", "li.jingyi", "ma.wentao"),
        (0, 2, "published", "开户指引", "li.jingyi", "ma.wentao"),
    ]
    assert article.versions.get(number=1).ended_at <= second.published_at
    actions.withdraw(actor=reviewer, article=article, version=now(article))
    assert [row[2] for row in table()] == ["replaced", "withdrawn"]
    deeds = AuditEntry.objects.filter(subject_type="article").order_by("pk").values_list("deed", flat=True)
    assert list(deeds) == [
        f"article.{deed}"
        for deed in ("drafted", "proposed", "sent_back", "changed", "proposed", "published", "changed",
                     "proposed", "published", "withdrawn")
    ]  # fmt: skip


def test_whoever_wrote_it_does_not_review_it(cast) -> None:
    lead = cast.team_lead_1001
    article = actions.draft_article(actor=lead, told=told()).article
    actions.propose(actor=lead, article=article, version=1)
    with pytest.raises(Conflict) as refused:
        actions.publish(actor=lead, article=article, version=2)
    assert refused.value.code == "four_eyes"
    assert table() == [(0, 1, "proposed", "开户流程", "song.xiaoyu", None)]


def test_the_database_holds_four_eyes_too(cast) -> None:
    draft = actions.draft_article(actor=cast.team_lead_1001, told=told())
    rows, start = ArticleVersion.objects.filter(pk=draft.pk), timezone.now()
    by_oneself = {"state": "published", "reviewed_by": cast.team_lead_1001, "published_at": start}
    by_nobody = {"state": "published", "published_at": start}
    for change, name in ((by_oneself, "article_four_eyes"), (by_nobody, "article_published_is_reviewed")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            rows.update(**change)


@pytest.mark.parametrize(
    "change", [{"body_zh": "x"}, {"valid_until": "2030-01-01"}, {"roles": ["agent"]}, {"state": "draft"}]
)
def test_a_published_version_never_changes(cast, change: dict[str, Any]) -> None:
    version = published(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        ArticleVersion.objects.filter(pk=version.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        version.article.delete()


@pytest.mark.parametrize(
    "deed", ["change_draft", "propose", "send_back", "publish", "withdraw", "drop_draft", "hand_over"]
)
def test_the_second_hears_that_somebody_was_faster(cast, deed: str) -> None:
    article = published(cast).article
    more = {"change_draft": {"told": told()}, "hand_over": {"owner": cast.agent_hq}}.get(deed, {})
    before = table()
    with pytest.raises(Conflict):
        getattr(actions, deed)(actor=cast.team_lead_1001, article=article, version=now(article) - 1, **more)
    assert table() == before


def test_a_draft_is_its_writers(cast) -> None:
    article = published(cast).article
    actions.change_draft(
        actor=cast.agent_1001, article=article, version=now(article), told=told(title_zh="二")
    )
    before = table()
    for deed, more in (("change_draft", {"told": told()}), ("propose", {}), ("drop_draft", {})):
        with pytest.raises(Conflict):
            getattr(actions, deed)(actor=cast.agent_hq, article=article, version=now(article), **more)
    assert table() == before
    assert actions.drop_draft(actor=cast.agent_1001, article=article, version=now(article))
    young = actions.draft_article(actor=cast.agent_hq, told=told()).article
    assert not actions.drop_draft(actor=cast.agent_hq, article=young, version=1)
    assert list(Article.objects.all()) == [article]


def test_what_does_not_fit_is_refused_by_field(cast) -> None:
    wrong = told(
        title_zh="", title_en="x" * 121, body_zh="x" * 12_001, category="no-such", roles=["king"],
        units=[0], scripts=["nothing"], valid_until=timezone.localdate() - timedelta(days=1),
    )  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        actions.draft_article(actor=cast.team_lead_hq, told=wrong)
    assert set(refused.value.message_dict) == {
        "title_zh", "title_en", "body_zh", "category", "roles", "units", "scripts", "valid_until",
    }  # fmt: skip
    in_force(cast, "hello")
    kept = published(cast, scripts=["hello"], category="complaint", keywords=" 投诉 ")
    assert (kept.scripts, kept.category, kept.keywords) == (["hello"], "complaint", "投诉")


def test_articles_are_for_roles_and_units_below(cast, units) -> None:
    published(cast, title_zh="全员")
    published(cast, title_zh="坐席", roles=["agent"])
    published(cast, title_zh="华东", units=[units["R1"].pk])
    published(cast, title_zh="1002", units=[units["1002"].pk])
    published(cast, title_zh="1001经理", units=[units["1001"].pk], roles=["client_manager"])
    actions.draft_article(actor=cast.agent_1001, told=told(title_zh="草稿", units=[units["1001"].pk]))
    assert seen(cast.agent_1001) == ["全员", "华东", "坐席", "草稿"]
    assert seen(cast.manager_1001a) == ["1001经理", "全员", "华东"]
    assert seen(cast.agent_hq) == ["全员", "坐席"]
    # reviewers: what is for the firm, or for units they reach
    assert seen(cast.team_lead_1001) == ["1001经理", "全员", "华东", "坐席", "草稿"]
    assert seen(cast.region_manager_r1) == ["1001经理", "1002", "全员", "华东", "坐席", "草稿"]
    assert seen(cast.compliance) == ["1001经理", "1002", "全员", "华东", "坐席", "草稿"]
    assert seen(cast.operator) == seen(cast.value_analyst) == []


def test_articles_end_after_their_last_day(cast) -> None:
    today = timezone.localdate()
    version = published(cast, valid_until=today)
    lasting = published(cast, title_zh="长期")
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert seen(cast.agent_1001) == ["长期"]
        tend_articles()
        tend_articles()
    version.refresh_from_db()
    lasting.refresh_from_db()
    assert (version.state, lasting.state) == ("expired", "published")
    assert AuditEntry.objects.filter(deed="article.expired").count() == 1
    late = actions.draft_article(actor=cast.team_lead_hq, told=told(valid_until=today)).article
    actions.propose(actor=cast.team_lead_hq, article=late, version=1)
    with time_machine.travel(timezone.now() + timedelta(days=1)), pytest.raises(Conflict):
        actions.publish(actor=cast.compliance, article=late, version=2)


def test_uses_are_counted(cast) -> None:
    version = published(cast)
    for reader in (cast.agent_1001, cast.agent_1001, cast.agent_hq):
        using.note_opened(actor=reader, version=version)
    used = using.note_inserted(
        actor=cast.agent_hq, version=version, place="answer", url="/desk/conversations/7/"
    )
    for url in ("//evil.example/", "https://evil.example/", "/" + "x" * 200, "/a\nb"):
        assert using.note_inserted(actor=cast.agent_hq, version=version, place="wrap_up", url=url).url == ""
    with pytest.raises(ValidationError):
        using.note_inserted(actor=cast.agent_hq, version=version, place="moon")
    article = Article.objects.get()
    assert (article.opened, article.inserted) == (2, 5)
    assert ArticleUse.objects.filter(kind="opened").count() == 2
    assert uses_of(article)[-1] == used and used.url == "/desk/conversations/7/"


def test_the_last_word_of_a_reader_counts(cast) -> None:
    version = published(cast)
    for reader, helpful in ((cast.agent_1001, True), (cast.agent_hq, True), (cast.agent_hq, False)):
        using.vote(actor=reader, version=version, helpful=helpful)
    assert votes_of(version.article) == {"yes": 1, "no": 1}
    assert ArticleVote.objects.count() == 2


def test_what_is_out_of_date_stands_until_it_is_dealt_with(cast) -> None:
    version = published(cast)
    with pytest.raises(ValidationError):
        using.report(actor=cast.agent_1001, version=version, text=" ")
    told_of = using.report(actor=cast.agent_1001, version=version, text="费率已调整")
    using.settle(actor=cast.team_lead_hq, feedback=told_of)
    with pytest.raises(Conflict):
        using.settle(actor=cast.team_lead_hq, feedback=told_of)
    (kept,) = ArticleFeedback.objects.all()
    assert (kept.text, kept.person, kept.settled_by) == ("费率已调整", cast.agent_1001, cast.team_lead_hq)


def test_versions_compared(cast) -> None:
    first = published(cast, body_zh="一\n二")
    actions.change_draft(
        actor=cast.team_lead_hq, article=first.article, version=now(first.article),
        told=told(body_zh="一\n三", roles=["agent"]),
    )  # fmt: skip
    second = renewed(cast, first.article)
    lines = [(line.kind, line.words) for line in difference(first, second, {"agent": "坐席"})]
    assert lines == [
        ("same", "开户流程"), ("in", "坐席"), ("same", "一"), ("out", "二"), ("in", "三"),
    ]  # fmt: skip
    assert difference(second, second, {}) == []


def test_suggested_by_category_then_by_use(cast) -> None:
    for title, category in (
        ("甲", "enquiry"),
        ("乙", "enquiry.trading"),
        ("丙", "complaint"),
        ("丁", "enquiry"),
    ):
        published(cast, title_zh=title, category=category)
    using.note_inserted(actor=cast.agent_hq, version=ArticleVersion.objects.get(title_zh="丁"))
    offered = suggested(cast.agent_1001, category="enquiry.trading")
    assert [hit.version.title_zh for hit in offered] == ["乙", "丁", "甲"]
    assert [hit.version.title_zh for hit in suggested(cast.agent_1001, category="", typed="丙")] == ["丙"]
    assert suggested(cast.agent_1001, category="") == []
    assert suggested(cast.agent_1001, category="no-such") == []
