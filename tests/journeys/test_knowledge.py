"""From a draft to an answer, and from an inspection to an answered appeal."""

from datetime import timedelta

from playwright.sync_api import expect

from interactions.models import Conversation
from knowledge.actions.plans import PlanTold, draw, last_week, write_plan
from knowledge.models import Article, ArticleUse, Inspection
from staff.models import Person, Unit
from tests.journeys.firm import AS_OF, Firm
from tests.journeys.steps import Site, as_another, sign_in


def drawn_for(lead: Person, agent: Person) -> Inspection:
    """A contact of this agent, drawn from the newest week that has one."""
    told = PlanTold(
        name="journey",
        unit=Unit.objects.get(code="1001"),
        form_code="contacts",
        number=1,
        agent=agent,
        inspector=lead,
    )
    plan, week = write_plan(actor=lead, told=told), last_week(AS_OF)
    while not draw(actor=lead, plan=plan, week=week).drawn:
        week -= timedelta(days=7)
    return Inspection.objects.get(draw__plan=plan)


def test_from_a_draft_to_an_answer(site: Site, firm: Firm) -> None:
    """Written by an agent, reviewed by a lead, found while typing beside a chat, put into the answer."""
    page, chat = site.page, Conversation.objects.filter(line__code="chat").latest("pk")
    sign_in(site, firm.people.agent_hq)
    site.open("/knowledge/new/")
    page.locator("[name=title_zh]").fill("两融合约展期办理时限")
    page.locator("[name=body_zh]").fill("## 时限\n- 到期前 **10 个交易日** 起可申请")
    page.get_by_role("button", name="保存草稿").click()
    page.get_by_role("button", name="提交审批").click()
    address = site.path
    as_another(site, firm.people.team_lead_hq)
    site.open(address)
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.locator(".lead")).to_contain_text("已发布")
    as_another(site, firm.people.agent_hq)
    site.open(f"/desk/conversations/{chat.pk}/")
    if page.get_by_role("button", name="接入").count():
        page.get_by_role("button", name="接入").click()
    page.locator("#id_text").fill("")  # what others began to write to this client may still stand there
    page.locator("#article-q").fill("展期办理时")
    hit = page.locator(".article-hit").filter(has_text="两融合约展期办理时限")
    expect(hit.locator("mark").first).to_have_text("展期办理时")
    with page.expect_response("**/used/"):
        hit.get_by_role("button").click()
    expect(page.locator("#id_text")).to_have_value("时限\n- 到期前 10 个交易日 起可申请")
    used = ArticleUse.objects.filter(kind="inserted").latest("pk")
    assert (used.place, used.url) == ("answer", f"/desk/conversations/{chat.pk}/")
    assert Article.objects.get(pk=used.article_id).inserted == 1


def test_from_an_inspection_to_an_answered_appeal(site: Site, firm: Firm) -> None:
    """Scored by the lead, appealed against by the agent, answered by the branch manager."""
    page, lead, agent = site.page, firm.people.team_lead_1001, firm.people.manager_1001a
    one = drawn_for(lead, agent)
    sign_in(site, lead)
    site.open(one.get_absolute_url())
    for choice in page.locator(".quality-item").all():
        choice.locator("input[value=met]").check()
    page.locator(".quality-item").first.locator("input[value=missed]").check()
    page.locator("[name=coaching]").fill("开场请报明身份。")
    page.get_by_role("button", name="提交结果").click()
    expect(page.locator(".quality-points")).to_contain_text("95.00")
    as_another(site, agent)
    site.open(one.get_absolute_url())
    page.locator("summary", has_text="对结果申诉").click()
    page.locator("[name=reason]").fill("录音开头已报明身份。")
    page.get_by_role("button", name="申诉", exact=True).click()
    as_another(site, firm.people.branch_manager_1001)
    site.open(one.get_absolute_url())
    page.locator("[name=accepted]").select_option("1")
    page.locator("[name=answer]").fill("确有报明，重新评分。")
    page.get_by_role("button", name="答复申诉").click()
    assert Inspection.objects.get(supersedes=one).not_by == lead
    expect(page.locator(".quality-score")).to_be_visible()
