"""A campaign from the filter of a list to its result: written, filled, called for by keyboard, evaluated."""

from typing import Any

from playwright.sync_api import expect

from core.models import BulkRun
from core.tasks import bulk_work
from interactions.models import Interaction
from outreach.models import Campaign
from outreach.tasks import campaign_step
from tests.journeys.axe import faults
from tests.journeys.firm import Firm
from tests.journeys.steps import Site, sign_in, work_off

NAME = "金级客户年末问候"


def test_from_the_filter_to_the_result(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.team_lead_1001)
    _written(site)
    _filled(site)
    campaign = Campaign.objects.get(name=NAME)
    chosen = campaign.members.count()
    assert 0 < chosen == firm.count(standing__tier="V3")
    site.open(f"/campaigns/{campaign.pk}/")
    _worked_off(site, campaign, "提交审批")
    _worked_off(site, campaign, "开始")
    expect(site.page.locator(".badge", has_text="进行中").first).to_be_visible()
    campaign.refresh_from_db()
    left = campaign.members.filter(place="left_out").count()
    control = campaign.members.filter(place="control").count()
    assert control == round((chosen - left) * 0.2 + 1e-9)
    client = _called(site, firm, campaign)
    assert Interaction.objects.filter(client=client, reference=f"campaign:{campaign.pk}").count() == 1
    sign_in(site, firm.people.team_lead_1001)
    site.open(f"/campaigns/{campaign.pk}/")
    _press(site, "结束")
    _worked_off(site, campaign, "评估")
    expect(site.page.get_by_role("heading", name="结果")).to_be_visible()
    table = site.page.get_by_role("region", name="联系组与对照组对比")
    expect(table.locator("tbody tr").first).to_contain_text(f"/{chosen - left - control}")
    assert not faults(site.page)


def _press(site: Site, name: str) -> None:
    with site.page.expect_navigation():
        site.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def _worked_off(site: Site, campaign: Campaign, name: str) -> None:
    """The page shows how far the job is, and opens anew when it is done."""
    _press(site, name)
    expect(site.page.locator("#campaign-step progress")).to_be_visible()
    campaign.refresh_from_db()
    assert campaign.job_id is not None
    work_off(campaign_step, campaign.job_id)
    expect(site.page.locator("#campaign-step")).to_have_count(0, timeout=15_000)


def _written(site: Site) -> None:
    site.open("/campaigns/new/")
    form = site.page.get_by_role("main")
    form.locator("[name=name]").fill(NAME)
    form.locator("[name=unit]").select_option(index=0)
    form.locator("[name=category]").select_option(index=1)
    form.locator("[name=purpose]").select_option("service")
    form.locator("[name=script]").fill("您好，祝您新年快乐。")
    form.locator("[name=assign]").select_option("queue")
    form.locator("[name=starts_on]").fill("2026-01-05")
    form.locator("[name=ends_on]").fill("2099-12-31")
    form.locator("[name=control_share]").fill("20")
    form.locator("[name=pressure_days]").fill("0")
    _press(site, "保存")
    assert not faults(site.page)


def _filled(site: Site) -> None:
    """All that the filter finds, as a job."""
    site.open("/clients/?tier=V3&size=20")
    site.page.locator("[data-pick]").first.check()
    bar = site.page.locator(".bulk-bar")
    bar.get_by_role("button", name="选择全部符合条件的").click()
    with site.page.expect_navigation():
        bar.get_by_role("button", name="加入营销活动").click()
    site.page.locator("main [name=campaign]").select_option(label=NAME)
    _press(site, "预览")
    _press(site, "开始")
    work_off(bulk_work, BulkRun.objects.latest("pk").job_id)
    expect(site.page.locator("#bulk-state [role=status]")).to_contain_text("已完成", timeout=15_000)


def _called(site: Site, firm: Firm, campaign: Campaign) -> Any:
    """By the agent, without the mouse; the one who was called."""
    site.page.context.clear_cookies()
    sign_in(site, firm.people.agent_1001)
    site.open(f"/campaigns/{campaign.pk}/")
    with site.page.expect_navigation():
        site.page.keyboard.press("w")
    held = campaign.members.get(claimed_by=firm.people.agent_1001)
    expect(site.page.get_by_role("heading", level=1, name=held.client.name)).to_be_visible()
    assert not faults(site.page)
    with site.page.expect_navigation():
        site.page.keyboard.press("1")
    held.refresh_from_db()
    assert (held.outcome, held.done) == ("interested", True)
    site.page.context.clear_cookies()
    return held.client
