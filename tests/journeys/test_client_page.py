"""The client page at work: a consent, a relation, a suitability answer, the filtered timeline."""

import re

from playwright.sync_api import expect

from clients.models import Client
from tests.journeys.firm import Firm
from tests.journeys.steps import Site, sign_in
from trading.models import Product


def a_client(level: str) -> Client:
    """A client of branch 1001 with a valid assessment of this level whom no other journey looks at."""
    found = Client.objects.filter(branch__code="1001", risk_level=level, risk_assessed_on__gte="2025-06-01")
    return found.latest("client_no")


def test_a_consent_is_recorded_with_its_evidence(site: Site, firm: Firm, console_errors: list[str]) -> None:
    sign_in(site, firm.people.agent_1001)
    site.open(f"/clients/{a_client('C2')}/")
    panel = site.page.locator("#consents")
    panel.get_by_text("登记授权").click()
    panel.get_by_label("电话").check()
    panel.get_by_label("营销").check()
    panel.get_by_role("button", name="保存").click()
    expect(panel).to_contain_text("登记授权须填写凭证")
    console_errors.clear()  # the browser notes every 422
    panel.get_by_label("凭证").fill("录音 20261123-17")
    panel.get_by_role("button", name="保存").click()
    expect(panel.get_by_role("status")).to_have_text("已保存")
    panel.get_by_text("历史", exact=True).click()
    expect(panel).to_contain_text("录音 20261123-17")


def test_somebody_is_added_to_the_people_around(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.agent_1001)
    client = a_client("C3")
    site.open(f"/clients/{client}/")
    panel = site.page.locator("#people")
    panel.get_by_text("添加关联人").click()
    panel.get_by_label("对方是客户的").select_option(label="配偶")
    panel.get_by_label("姓名").fill("林静")
    panel.get_by_role("button", name="添加", exact=True).click()
    expect(panel.get_by_role("listitem").filter(has_text="林静").filter(has_text="配偶")).to_be_visible()
    expect(panel.get_by_role("img", name=re.compile("关联人"))).to_be_visible()


def test_suitability_answers_while_typing(site: Site, firm: Firm) -> None:
    product = Product.objects.filter(risk_level__in=["R4", "R5"]).earliest("code")
    sign_in(site, firm.people.agent_1001)
    site.open(f"/clients/{a_client('C2')}/")
    panel = site.page.locator("#suitability")
    panel.get_by_label("产品", exact=True).fill(product.code)
    expect(panel.locator("#fits")).to_contain_text("警示后方可")
    panel.get_by_role("radio", name="我方推介").check()
    expect(panel.locator("#fits")).to_contain_text("禁止")
    panel.get_by_role("radio", name="客户主动").check()
    panel.get_by_text("登记风险警示").click()
    panel.get_by_label("凭证").fill("双录 88")
    panel.get_by_role("button", name="登记", exact=True).click()
    expect(panel.get_by_role("status")).to_have_text("已保存")
    panel.get_by_text("已做的风险警示").click()
    expect(panel).to_contain_text("双录 88")


def test_the_timeline_is_narrowed_by_channel(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.agent_1001)
    site.open(f"/clients/{firm.found}/")
    timeline = site.page.locator("#timeline")
    expect(timeline).to_contain_text("交割单导出缺少手续费明细")
    timeline.get_by_text("更多筛选").click()
    timeline.get_by_label("渠道").select_option(label="企业微信")
    expect(timeline).not_to_contain_text("交割单导出缺少手续费明细")
    expect(timeline).to_contain_text("四季度资产配置建议")
