"""A team lead builds a segment with a group and a relative date, shares it and opens it as a list."""

from playwright.sync_api import expect

from segmentation.models import Segment
from tests.journeys.firm import Firm
from tests.journeys.steps import Site, sign_in

NAME = "重点维护客户"


def test_build_count_save_share_and_open_as_list(site: Site, firm: Firm) -> None:
    wanted = firm.count(standing__tier="V4")
    sign_in(site, firm.people.team_lead_1001)
    site.open("/segments/saved/")
    site.page.get_by_role("link", name="新建分群").click()
    page = site.page
    page.get_by_label("白金").check()
    expect(page.locator("#segment-count .value.big")).to_have_text(str(wanted))
    page.get_by_role("button", name="条件组").click()
    page.locator("[name='n-1-0.field']").select_option(label="开户日")
    site.settle()
    page.locator("[name='n-1-0.op']").select_option(label="早于…以前")
    site.settle()
    page.locator("[name='n-1-0.value']").fill("1")
    page.locator("[name='n-1.join']").select_option("any")
    site.settle()
    expect(page.locator("#segment-count .rule-words").first).to_contain_text("开户日：1 天以前")
    expect(page.locator("#segment-count .value.big")).to_have_text(str(wanted))
    page.get_by_label("名称").fill(NAME)
    page.get_by_label("共享范围").select_option("unit")
    page.get_by_label("共享机构").select_option(label=firm.found.branch.name)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    expect(page.locator("#segment-now")).to_have_text(str(wanted))
    page.get_by_role("link", name="在列表中打开").click()
    expect(page.get_by_role("status").filter(has_text="条")).to_have_text(f"{wanted} 条")
    page.context.clear_cookies()
    sign_in(site, firm.people.agent_1001)
    segment = Segment.objects.get(name=NAME)
    site.open(f"/segments/saved/{segment.pk}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    Segment.objects.filter(pk=segment.pk).delete()
