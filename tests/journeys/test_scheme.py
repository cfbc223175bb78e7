"""The next scheme: tried over all branches, drafted, proposed, and published by a second person."""

from playwright.sync_api import expect

from kpis.models import SchemeDraft, SchemeVersion
from tests.journeys.firm import Firm
from tests.journeys.steps import Site, sign_in

REASON = "存量客户流失影响最大，提高流失率权重。"
FAR = "2031-01"  # no period of the firm begins so late: the others' cards stay


def _as(site: Site, person: object) -> None:
    site.page.context.clear_cookies()
    sign_in(site, person)


def test_weights_tried_proposed_and_published(site: Site, firm: Firm) -> None:
    page = site.page
    SchemeDraft.objects.filter(state="proposed").update(state="draft")
    _as(site, firm.people.value_analyst)
    site.open("/scorecards/what-if/")
    trial = page.locator("#trial")
    trial.get_by_label("权重：新增率").fill("10")
    trial.get_by_label("权重：流失率").fill("40")
    trial.get_by_role("button", name="试算").click()
    expect(page.get_by_role("heading", name="各单位（从高到低）")).to_be_visible()
    assert site.query["weight_lost"] == ["40"]
    with page.expect_navigation():
        page.get_by_role("button", name="据此建立草稿").click()
    form = page.locator("#scheme-form")
    expect(form.get_by_label("权重：流失率")).to_have_value("40")
    form.get_by_label("自期间起").fill(FAR)
    form.get_by_label("原因").fill(REASON)
    with page.expect_navigation():
        form.get_by_role("button", name="保存草稿").click()
    with page.expect_navigation():
        page.get_by_role("button", name="提交审批").click()
    expect(page.get_by_text("须由另一人发布或退回")).to_be_visible()
    address = page.url

    _as(site, firm.people.value_analyst_2)
    site.open(address.removeprefix(site.address))
    expect(page.get_by_role("row").filter(has_text="权重：流失率")).to_contain_text("40")
    with page.expect_navigation():
        page.get_by_role("button", name="发布", exact=True).click()
    made = SchemeVersion.objects.latest("number")
    assert (made.weight_lost, made.approved_by) == (40, f"person:{firm.people.value_analyst_2.username}")
    _as(site, firm.people.branch_manager_1001)
    site.open("/scorecards/schemes/")
    expect(page.get_by_role("row").filter(has_text=f"第 {made.number} 版")).to_contain_text("30 → 40")
