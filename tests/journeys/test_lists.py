"""What every list offers: views kept in the rail, rows chosen and dealt with together, files taken out."""

import pytest
from playwright.sync_api import expect

from clients.models import ClientTag
from core.bulk import choosing
from core.bulk.outcome import outcome
from core.models import BulkRun, Export, SavedView
from core.tasks import bulk_work, make_export
from tests.journeys.axe import faults
from tests.journeys.firm import Firm
from tests.journeys.steps import Site, sign_in, work_off


def test_a_view_is_kept_found_in_the_rail_and_removed(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.branch_manager_1001)
    site.open("/clients/?tier=V4&sort=-score&col=tier&col=score&size=20")
    _menu(site, "视图")
    assert not faults(site.page)
    site.page.locator(".views-menu [name=name]").fill("白金客户")
    with site.page.expect_navigation():
        site.page.get_by_role("button", name="保存", exact=True).click()
    link = site.page.locator("#my-views").get_by_role("link", name="白金客户")
    expect(link.locator(".count")).to_have_text(str(firm.count(standing__tier="V4")))
    site.open("/")
    with site.page.expect_navigation():
        site.page.locator("#my-views").get_by_role("link", name="白金客户").click()
    expect(site.page.locator("thead th:not(.pick)")).to_have_text(["客户号", "姓名", "等级", "评分"])
    expect(site.page.locator("#my-views [aria-current]")).to_contain_text("白金客户")
    _menu(site, "视图")
    site.page.get_by_role("button", name="移除").click()
    expect(link).to_have_count(0)
    site.page.locator(".toast").get_by_role("button", name="撤销").click()
    expect(link).to_have_count(1)
    SavedView.objects.all().delete()


def test_a_shared_view_is_met_by_colleagues_with_their_own_rows(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.team_lead_1001)
    site.open("/clients/?tier=V3")
    _menu(site, "视图")
    site.page.locator(".views-menu [name=name]").fill("金级客户")
    site.page.locator(".views-menu").get_by_label("与可打开此列表的所有人共享").check()
    with site.page.expect_navigation():
        site.page.get_by_role("button", name="保存", exact=True).click()
    site.page.context.clear_cookies()
    sign_in(site, firm.people.agent_hq)
    link = site.page.locator("#my-views").get_by_role("link", name="金级客户")
    expect(link.locator(".count")).not_to_have_text(str(firm.count(standing__tier="V3")))
    SavedView.objects.all().delete()


def test_everything_that_matches_is_tagged_and_taken_back(
    site: Site, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "CHUNK", 10)
    everyone = firm.count(standing__isnull=False)
    sign_in(site, firm.people.team_lead_1001)
    site.open("/clients/?size=20&sort=-score")
    bar = site.page.locator(".bulk-bar")
    expect(bar).to_be_hidden()
    boxes = site.page.locator("[data-pick]")
    boxes.nth(1).check()
    boxes.nth(4).click(modifiers=["Shift"])
    expect(bar.get_by_role("status")).to_have_text("已选 4 条")
    site.page.locator("tbody tr").nth(6).hover()
    site.page.keyboard.press("x")
    expect(bar.get_by_role("status")).to_have_text("已选 5 条")
    site.page.get_by_role("link", name="下一页").click()
    expect(site.page.get_by_role("link", name="上一页")).to_be_visible()
    expect(bar.get_by_role("status")).to_have_text("已选 5 条")
    bar.get_by_role("button", name="选择全部符合条件的").click()
    expect(bar.get_by_role("status")).to_have_text(f"已选全部符合条件的 {everyone} 条")
    with site.page.expect_navigation():
        bar.get_by_role("button", name="标签").click()
    expect(site.page.get_by_role("main")).to_contain_text(f"已选 {everyone} 条")
    assert not faults(site.page)
    site.page.locator("main [name=tag]").fill("年末回访")
    with site.page.expect_navigation():
        site.page.get_by_role("button", name="预览").click()
    with site.page.expect_navigation():
        site.page.get_by_role("button", name="开始").click()
    expect(site.page.locator("#bulk-state")).to_contain_text("进行中")
    work_off(bulk_work, BulkRun.objects.latest("pk").job_id)
    expect(site.page.locator("#bulk-state [role=status]")).to_contain_text("已完成", timeout=15_000)
    assert not faults(site.page)
    assert ClientTag.objects.filter(tag__name="年末回访").count() == everyone
    with site.page.expect_navigation():
        site.page.locator("#bulk-state").get_by_role("button", name="撤回").click()
    work_off(bulk_work, BulkRun.objects.latest("pk").job_id)
    expect(site.page.locator("#bulk-state [role=status]")).to_contain_text("已撤回", timeout=15_000)
    came = outcome(BulkRun.objects.latest("pk"))
    assert (came.undone, came.failed, came.stayed) == (everyone, 0, 0)
    assert not ClientTag.objects.filter(tag__name="年末回访").exists()


def test_a_list_is_taken_out_as_a_file(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.agent_1001)
    site.open("/clients/?tier=V4")
    with site.page.expect_navigation():
        site.page.get_by_role("link", name="导出", exact=True).click()
    site.page.get_by_label("用途").fill("四季度回访名单")
    site.page.get_by_label("CSV").check()
    with site.page.expect_navigation():
        site.page.get_by_role("button", name="生成文件").click()
    expect(site.page.locator("#my-exports")).to_contain_text("生成中")
    export = Export.objects.latest("pk")
    work_off(make_export, export.job_id)
    link = site.page.locator("#my-exports").get_by_role("link", name="CSV")
    with site.page.expect_download(timeout=15_000) as download:
        link.click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) == 1 + firm.count(standing__tier="V4")
    assert "四季度回访名单" in text
    export.delete()


def _menu(site: Site, words: str) -> None:
    """Opens a menu over the list and waits for what it holds."""
    site.page.locator(".list-bar summary", has_text=words).click()
    site.settle()
