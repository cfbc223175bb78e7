"""The search of articles: fragments, ranking, marks, and the index that serves it."""

import re

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from knowledge.actions import using
from knowledge.actions.articles import search_texts
from knowledge.markup import plain, rendered
from knowledge.models import Article, ArticleVersion
from knowledge.queries.articles import found, in_force, matching, ordered
from knowledge.searching import marked, words_in
from tests.knowledge.articles import published

WORDS = ("开户", "销户", "转托管", "融资", "融券", "适当性", "密码", "投诉", "新股", "申购", "分红", "质押")
pytestmark = pytest.mark.django_db


def titles(person, typed: str) -> list[str]:
    return [hit.version.title_zh for hit in found(person, typed)]


def test_one_to_three_characters_and_more(cast) -> None:
    published(cast, title_zh="融资融券追加担保物", body_zh="维持担保比例低于平仓线时，请在次日收盘前追保。")
    published(cast, title_zh="密码重置", body_zh="凭身份证件与人脸识别办理。", title_en="Reset a password")
    agent = cast.agent_1001
    for typed in ("融", "担保", "平仓线", "维持担保比例", "担保 平仓", "rzrq", "rongzi"):
        assert titles(agent, typed) == ["融资融券追加担保物"], typed
    for typed in ("密", "脸识", "人脸识别", "RESET", "pass word", "mima"):
        assert titles(agent, typed) == ["密码重置"], typed
    for typed in ("", " ", "平仓比", "融 密", "担保线", "%", "\0", "'"):
        assert titles(agent, typed) == [], typed


def test_title_before_keywords_before_text_then_by_use(cast) -> None:
    published(cast, title_zh="甲", body_zh="适当性评估需要两年一次。")
    published(cast, title_zh="乙", body_zh="说明", keywords="适当性 风险测评")
    published(cast, title_zh="适当性匹配", body_zh="说明")
    often = published(cast, title_zh="丙", body_zh="客户适当性")
    published(cast, title_zh="适当性", body_zh="说明")
    using.note_inserted(actor=cast.agent_hq, version=often)
    assert titles(cast.agent_1001, "适当性") == ["适当性", "适当性匹配", "乙", "丙", "甲"]


def test_only_what_is_published_for_the_reader(cast, units) -> None:
    published(cast, title_zh="销户", units=[units["1002"].pk])
    assert titles(cast.agent_1002, "销户") == ["销户"]
    assert titles(cast.agent_1001, "销户") == []


def test_what_was_found_is_marked_and_the_rest_escaped(cast) -> None:
    published(cast, title_zh="<b>转托管", body_zh="一" * 60 + "办理**转托管**需要<i>本人" + "二" * 200)
    (hit,) = found(cast.agent_1001, "转托管")
    assert hit.title == "&lt;b&gt;<mark>转托管</mark>"
    assert hit.text.startswith("…") and hit.text.endswith("…")
    assert "办理<mark>转托管</mark>需要&lt;i&gt;本人" in hit.text


@given(st.text(alphabet="ab<>&\"'（）开户*`[]()/# \n", max_size=60), st.text(alphabet="ab<开&", max_size=4))
def test_nothing_written_becomes_html(text: str, typed: str) -> None:
    tags = r"</?(?:p|h3|h4|ul|ol|li|blockquote|br|strong|code|mark)>|</a>"
    allowed = tags + r"|<a href=\"[^\"]*\" rel=\"noopener noreferrer\">"
    for made in (rendered(text), marked(text, words_in(typed))):
        rest = re.sub(allowed, "", made)
        assert "<" not in re.sub(r"href=\"[^\"]*\"", "", rest)


def test_the_little_markup() -> None:
    links = "[官网](https://example.com/a) [坏](javascript:x)"
    text = f"## 材料\n- 身份证\n- 银行卡\n\n1. 取号\n2. 办理\n> 注意\n**重点** `98` {links}"
    assert rendered(text) == (
        "<h3>材料</h3>\n<ul><li>身份证</li><li>银行卡</li></ul>\n<ol><li>取号</li><li>办理</li></ol>\n"
        "<blockquote><p>注意</p></blockquote>\n<p><strong>重点</strong> <code>98</code> "
        '<a href="https://example.com/a" rel="noopener noreferrer">官网</a> [坏](javascript:x)</p>'
    )
    assert plain(text) == (
        "材料\n- 身份证\n- 银行卡\n\n1. 取号\n2. 办理\n注意\n重点 98 官网 https://example.com/a "
        "[坏](javascript:x)"
    )


def test_five_thousand_articles_are_found_by_the_index(cast) -> None:
    words = WORDS
    articles = Article.objects.bulk_create(Article(owner=cast.team_lead_hq) for _ in range(5000))
    ArticleVersion.objects.bulk_create(
        _version(cast, article, n, words) for n, article in enumerate(articles)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE knowledge_articleversion, knowledge_article")
    for typed in ("质押七", "号码七七"):
        sought = words_in(typed)
        plan = ordered(matching(in_force(cast.agent_1001), sought), sought)[:20].explain()
        assert "article_grams" in plan and "Seq Scan on knowledge_articleversion" not in plan, plan
    assert len(found(cast.agent_1001, "质押")) == 20


def _version(cast, article: Article, n: int, words: tuple[str, ...]) -> ArticleVersion:
    mark = "".join("零一二三四五六七八九"[int(digit)] for digit in str(n))
    fields = {
        "title_zh": f"{words[n % len(words)]}{mark}", "title_en": "", "keywords": "",
        "body_zh": f"办理{words[n * 7 % len(words)]}的号码{mark}。", "body_en": "",
    }  # fmt: skip
    title, text = search_texts(fields)
    return ArticleVersion(
        article=article, number=1, state="published", author=cast.team_lead_hq, reviewed_by=cast.compliance,
        written_at=article.created_at, published_at=article.created_at, search_title=title, search_text=text,
        **fields,
    )  # fmt: skip
