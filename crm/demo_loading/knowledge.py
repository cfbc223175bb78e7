"""The demo's articles and quality inspections: as written, reviewed, drawn, scored and appealed against."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from core import audit
from crm.demo.articles import ARTICLES
from crm.demo.inspections import ADVICE, APPEAL, ITEMS
from knowledge.actions import articles, inspecting, plans, using
from knowledge.actions.inspecting import Answer
from knowledge.actions.plans import FormTold, PlanTold
from knowledge.models import Article, ArticleVersion, Inspection, SamplingPlan, ScoringForm
from staff.models import Person, Unit

WRITES, REVIEWS, READS = "ma.wentao", "pei.guoqiang", ("liu.siqi", "li.jingyi", "zhou.min")
INSPECTS, LEADS = "song.xiaoyu", "wang.haifeng"
WANTED, MOST_WEEKS, WAITING = 40, 12, 8
RESULTS = ("met",) * 24 + ("partly",) * 4 + ("missed",)


def make_knowledge(seed: int, until: date) -> None:
    """Articles in force and one that waits; inspections of the last weeks; done once."""
    if Article.objects.exists():
        return
    _articles(Random(f"articles:{seed}"), until)
    _inspections(Random(f"inspections:{seed}"), until)


def _articles(random: Random, until: date) -> None:
    writer, reviewer = _person(WRITES), _person(REVIEWS)
    readers = [_person(name) for name in READS]
    for number, told in enumerate(ARTICLES):
        article = articles.draft_article(actor=writer, told=told).article
        articles.propose(actor=writer, article=article, version=1)
        if number == len(ARTICLES) - 1:
            continue  # waits for its review
        version = articles.publish(actor=reviewer, article=article, version=2)
        for reader in readers:
            _used(random, reader, version)


def _used(random: Random, reader: Person, version: ArticleVersion) -> None:
    if random.random() < 0.6:
        using.note_opened(actor=reader, version=version)
        for _time in range(random.randrange(4)):
            using.note_inserted(actor=reader, version=version, place=random.choice(("answer", "wrap_up")))
        using.vote(actor=reader, version=version, helpful=random.random() < 0.85)
    if random.random() < 0.03:
        using.report(actor=reader, version=version, text="请核对最新的业务规则和办理时间。")


def _inspections(random: Random, until: date) -> None:
    inspector, leader = _person(INSPECTS), _person(LEADS)
    branch = Unit.objects.get(code="1001")
    if not ScoringForm.objects.exists():
        told = FormTold(name_zh="客户联系评分表", name_en="Contact scoring form", items=ITEMS)
        plans.write_form(actor=inspector, code="contacts", told=told)
    near = PlanTold(name="营业部每周抽检", unit=branch, form_code="contacts", number=4, inspector=inspector)
    wide = PlanTold(
        name="全公司每周抽检", unit=Unit.objects.get(code="HQ"), form_code="contacts",
        share=Decimal("0.05"), each_agent=False, inspector=_person(WRITES),
    )  # fmt: skip
    written = [plans.write_plan(actor=_person(WRITES), told=told) for told in (near, wide)]
    _draw(random, written, plans.last_week(until + timedelta(days=1)))
    Inspection.objects.filter(inspector=None).update(inspector=leader)
    waiting = Inspection.objects.filter(state="waiting").select_related("inspector", "form").order_by("-pk")
    for one in list(waiting)[WAITING:]:
        _score(random, one)
    result = Inspection.objects.filter(state="done", passed=False).select_related("agent").first()
    if result is not None:
        inspecting.appeal(actor=result.agent, inspection=result, reason=APPEAL)


def _draw(random: Random, written: list[SamplingPlan], week: date) -> None:
    """Weeks back from this one, until there are enough."""
    for back in range(MOST_WEEKS):
        for plan in written:
            seed = f"{random.getrandbits(128):032x}"
            plans.draw(actor=audit.SYSTEM, plan=plan, week=week - timedelta(days=7 * back), seed=seed)
        if Inspection.objects.count() >= WANTED:
            return


def _score(random: Random, one: Inspection) -> None:
    answers = {
        item["key"]: Answer("na" if item["may_skip"] and random.random() < 0.5 else random.choice(RESULTS))
        for item in one.form.items
    }
    assert one.inspector is not None
    inspecting.score(actor=one.inspector, inspection=one, answers=answers, coaching=random.choice(ADVICE))


def _person(username: str) -> Person:
    return Person.objects.get(username=username)
