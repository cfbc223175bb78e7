"""Pages and API of articles as people and systems meet them."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.palette import groups
from knowledge.models import Article, ArticleUse, ArticleVersion
from staff.models import Notice
from tests.knowledge.articles import now, published

pytestmark = pytest.mark.django_db


def posted(**more: Any) -> dict[str, Any]:
    return {
        "title_zh": "银证转账失败",
        "body_zh": "## 原因\n- 余额不足\n- 非**交易时间**",
        "category": "enquiry",
        **more,
    }


def test_from_the_form_to_the_answer(cast, as_person) -> None:
    agent, lead = as_person(cast.agent_hq), as_person(cast.team_lead_hq)
    assert agent.post("/knowledge/new/", posted(title_zh="")).status_code == 422
    address = agent.post("/knowledge/new/", posted())["Location"]
    article = Article.objects.get()
    assert address == f"/knowledge/{article.pk}/"
    agent.post(f"{address}propose/", {"version": "1"})
    lead.post(f"{address}send-back/", {"version": "2", "reason": "补充时间"})
    assert "补充时间" in agent.get(address).content.decode()
    agent.post(f"{address}edit/", posted(version="3", body_zh="## 原因\n- 非交易时间"))
    agent.post(f"{address}propose/", {"version": "4"})
    lead.post(f"{address}publish/", {"version": "5"})
    assert ArticleVersion.objects.get().state == "published"
    told = Notice.objects.filter(person=cast.agent_hq).order_by("pk").values_list("text", flat=True)
    assert list(told) == ["The article %(title)s was sent back", "The article %(title)s is published"]
    reader = as_person(cast.agent_1001)
    body = reader.get(address).content.decode()
    assert "<h3>原因</h3>" in body and "<li>非交易时间</li>" in body and f"{address}publish/" not in body
    offered = reader.get("/knowledge/suggested/?article_q=转账").content.decode()
    assert "银证<mark>转账</mark>失败" in offered and 'data-insert="原因\n- 非交易时间"' in offered
    page = {"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/conversations/7/?x=1"}
    reader.post(f"{address}used/", {"place": "answer"}, headers=page)
    assert list(ArticleUse.objects.filter(kind="inserted").values_list("place", "url")) == [
        ("answer", "/desk/conversations/7/")
    ]
    reader.post(f"{address}vote/", {"helpful": "1"})
    reader.post(f"{address}report/", {"text": "费率变了"})
    body = agent.get(address).content.decode()
    assert "费率变了" in body and "/desk/conversations/7/" in body
    assert Notice.objects.filter(person=cast.agent_hq, kind="knowledge").count() == 3
    agent.post(f"{address}report/{article.feedback.get().pk}/settle/")
    assert "费率变了" not in agent.get(address).content.decode()


def test_somebody_else_answers_for_it(cast, as_person) -> None:
    article = published(cast).article
    lead = as_person(cast.team_lead_hq)
    for name, owner in ((cast.value_analyst.username, cast.team_lead_hq), ("nobody", cast.team_lead_hq),
                        (cast.agent_hq.username, cast.agent_hq)):  # fmt: skip
        lead.post(f"/knowledge/{article.pk}/owner/", {"owner": name, "version": now(article)})
        article.refresh_from_db()
        assert article.owner == owner


def test_the_list_searches_and_stays_quick(cast, as_person) -> None:
    for number in range(5):
        published(cast, title_zh=f"开户{number}", category="enquiry.account")
    published(cast, title_zh="投诉", category="complaint")
    reader = as_person(cast.agent_1001)
    body = reader.get("/knowledge/?q=开户&category=enquiry").content.decode()
    assert body.count("开户") >= 5 and ">投诉</a>" not in body
    assert ">投诉</a>" in reader.get("/knowledge/?category=complaint").content.decode()
    counted = []
    for size in (20, 200):
        with CaptureQueriesContext(connection) as asked:
            reader.get(f"/knowledge/?size={size}")
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 15


def test_the_search_box_finds_articles(cast) -> None:
    published(cast, title_zh="适当性匹配")
    found = {group.title: [item.name for item in group.items] for group in groups(cast.agent_1001, "匹配")}
    assert list(found.values()) == [["适当性匹配"]]
    assert not groups(cast.operator, "匹配")


def test_articles_by_api(as_system, cast) -> None:
    published(cast, title_zh="开户", roles=["agent"])
    version = published(cast, title_zh="开户须知", keywords="新开")
    caller = as_system("knowledge:read", at=("1001",))
    rows = caller.get("/api/v1/articles/").json()["results"]
    assert [row["code"] for row in rows] == [version.article.code]
    hits = caller.get("/api/v1/articles/search/?q=开户").json()
    assert [hit["title"] for hit in hits] == ["<mark>开户</mark>须知"]
    assert caller.get(f"/api/v1/articles/{version.article_id}/").json()["keywords"] == "新开"
