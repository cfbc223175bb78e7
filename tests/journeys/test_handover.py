"""A branch manager hands clients over, one and all of a manager who leaves, and takes it back."""

from django.db.models import Count
from playwright.sync_api import expect

from clients.models import Client, Handover
from core.models import BulkRun
from core.tasks import bulk_work
from tests.journeys.axe import faults
from tests.journeys.firm import Firm
from tests.journeys.steps import Site, sign_in, work_off


def test_one_client_goes_to_another_manager_and_back(site: Site, firm: Firm) -> None:
    client = firm.quiet
    managers = Client.objects.filter(branch=client.branch).exclude(manager_no__in=["", client.manager_no])
    other = managers.values_list("manager_no", flat=True).first()
    sign_in(site, firm.people.branch_manager_1001)
    site.open(f"/clients/{client.client_no}/")
    site.page.get_by_role("tab", name="归属").click()
    site.page.locator("#ownership").get_by_role("link", name="移交").click()
    assert not faults(site.page)
    site.page.get_by_label("新客户经理").fill(other or "")
    site.page.get_by_label("原因").fill("客户迁居")
    with site.page.expect_navigation():
        site.page.get_by_role("button", name="移交").click()
    client.refresh_from_db()
    assert client.manager_no == other
    site.page.get_by_role("tab", name="归属").click()
    expect(site.page.locator("#ownership")).to_contain_text("客户迁居")
    site.page.locator("#ownership").get_by_role("button", name="撤回").first.click()
    expect(site.page.locator("#ownership")).to_contain_text("已撤回的移交")
    client.refresh_from_db()
    assert client.manager_no != other


def test_a_leaving_managers_clients_are_shared_and_come_back(site: Site, firm: Firm) -> None:
    mine = (
        Client.objects.filter(branch__code="1001", merged_into=None)
        .exclude(manager_no="")
        .exclude(status="closed")
    )
    by_manager = mine.values("manager_no").annotate(clients=Count("pk")).order_by("clients")
    leaving, *others = [row["manager_no"] for row in by_manager]
    before = mine.filter(manager_no=leaving).count()
    sign_in(site, firm.people.branch_manager_1001)
    site.open(f"/clients/hand-over/?manager={leaving}")
    expect(site.page.locator(".figure .value").first).to_have_text(str(before))
    site.page.get_by_label("新客户经理").fill("，".join(others[:2]))
    site.page.get_by_label("原因").fill("离职")
    site.page.get_by_role("button", name="预览").click()
    expect(site.page.locator("table tbody tr")).to_have_count(min(2, len(others)))
    assert not faults(site.page)
    with site.page.expect_navigation():
        site.page.get_by_role("button", name="开始").click()
    work_off(bulk_work, BulkRun.objects.latest("pk").job_id)
    assert mine.filter(manager_no=leaving).count() == 0
    site.page.reload()
    with site.page.expect_navigation():
        site.page.get_by_role("button", name="撤回").click()
    work_off(bulk_work, BulkRun.objects.latest("pk").job_id)
    assert mine.filter(manager_no=leaving).count() == before
    Handover.objects.filter(batch=BulkRun.objects.latest("pk").pk).delete()
