"""From a draft of the value model to a version: changed, tried, proposed, approved by somebody else."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from segmentation.models import ModelDraft, ModelVersion
from tests.journeys.axe import faults
from tests.journeys.firm import Firm
from tests.journeys.steps import Site, as_another, sign_in

NAME = "潜力权重提高"


def test_from_a_draft_to_a_version(site: Site, firm: Firm, console_errors: list[str]) -> None:
    page = site.page
    sign_in(site, firm.people.value_analyst)
    site.open("/segments/models/")
    page.get_by_role("button", name="新建草稿").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("草稿名称").fill(NAME)
    with page.expect_navigation():
        dialog.get_by_role("button", name="新建").click()
    page.locator("[name=axis__current]").fill("30")
    page.locator("[name=axis__potential]").fill("60")
    page.locator("[name=axis__loyalty]").fill("20")
    _press(site, "保存草稿")
    expect(page.get_by_text("各维度权重合计为 110.00%")).to_be_visible()
    console_errors.clear()  # the browser notes every 422
    page.locator("[name=axis__loyalty]").fill("10")
    page.get_by_role("checkbox", name="净流入占平均资产").uncheck()
    page.get_by_label("将权重调整为 100 %").check()
    _press(site, "保存草稿")
    expect(page.get_by_text("停用")).to_be_visible()
    expect(page.get_by_role("button", name="提交审批")).to_be_disabled()
    _press(site, "试算")
    site.settle()
    expect(page.get_by_role("heading", name="变动最大的客户")).to_be_visible()
    expect(page.get_by_role("region", name="草稿下的考核结果")).to_be_visible()
    page.locator("[name=serves_from]").fill((timezone.localdate() + timedelta(days=40)).isoformat())
    _press(site, "提交审批")
    expect(page.get_by_text("您已提交，须由他人批准。")).to_be_visible()
    assert not faults(page)
    draft = ModelDraft.objects.filter(name=NAME).latest("pk")
    as_another(site, firm.people.compliance)
    site.open(f"/segments/models/drafts/{draft.pk}/")
    _press(site, "批准并发布")
    expect(page.get_by_text("即将生效").first).to_be_visible()
    made = ModelVersion.objects.get(draft=draft)
    assert (made.proposed_by, made.approved_by) == (
        firm.people.value_analyst.actor_name, firm.people.compliance.actor_name,
    )  # fmt: skip
    site.open(f"/segments/models/versions/{made.number}/")
    expect(page.get_by_text("停用").first).to_be_visible()


def _press(site: Site, name: str) -> None:
    with site.page.expect_navigation():
        site.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()
