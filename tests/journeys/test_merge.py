"""Two records of one client: found, proposed by one, approved by another, and taken apart again."""

from playwright.sync_api import expect

from clients.actions.duplicates import find_duplicates
from clients.models import Client, Merge
from staff.models import Person
from tests.journeys.firm import Firm
from tests.journeys.steps import Site, sign_in


def _two() -> tuple[Client, Client]:
    """Two clients of branch 1001 whom no other journey looks at, now with one mobile."""
    own = Client.objects.filter(branch__code="1001", kind="individual", standing__tier="V2", merged_into=None)
    first, second = own.order_by("-client_no")[:2]
    Client.objects.filter(pk=second.pk).update(mobile_index=first.mobile_index, occupation="律师")
    return first, second


def _as(site: Site, person: Person) -> None:
    site.page.context.clear_cookies()
    sign_in(site, person)


def test_joined_by_two_people_and_taken_apart(site: Site, firm: Firm) -> None:
    first, second = _two()
    find_duplicates()
    _as(site, firm.people.team_lead_1001)
    site.open("/clients/duplicates/")
    row = site.page.get_by_role("row").filter(has_text=first.client_no).filter(has_text=second.client_no)
    row.get_by_role("link").click()
    expect(site.page.get_by_role("heading", name="两条记录")).to_be_visible()
    site.page.get_by_label(f"{first.name} {first.client_no}").check()
    site.page.get_by_role("button", name="采用").first.click()
    expect(site.page.get_by_label("职业")).to_have_value("律师")
    site.page.get_by_label("为何是同一客户").fill("证件照片一致")
    site.page.get_by_role("button", name="申请合并").click()
    expect(site.page.get_by_text("待审批")).to_be_visible()
    merge = Merge.objects.get(survivor=first, merged=second)
    expect(site.page.get_by_role("heading", name="审批", exact=True)).to_have_count(0)

    _as(site, firm.people.branch_manager_1001)
    site.open(f"/clients/merges/{merge.pk}/")
    with site.page.expect_navigation():
        site.page.locator("form").filter(has_text="合并记录").get_by_role("button", name="合并记录").click()
    site.open(f"/clients/{second}/")
    assert site.path == f"/clients/{first}/"
    expect(site.page.locator("#profile-title").locator("xpath=../..")).to_contain_text(second.client_no)

    site.open(f"/clients/merges/{merge.pk}/")
    site.page.get_by_label("原因").fill("原来是兄弟两人")
    with site.page.expect_navigation():
        site.page.get_by_role("button", name="撤销合并").click()
    site.open(f"/clients/{second}/")
    assert site.path == f"/clients/{second}/"
    merge.refresh_from_db()
    assert merge.state == "undone"
