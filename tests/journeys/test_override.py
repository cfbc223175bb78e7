"""A tier by hand: the branch proposes it on the client page, headquarters approves it, everybody sees why."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from clients.models import Client
from segmentation.models import TierOverride
from staff.models import Person
from tests.journeys.firm import Firm
from tests.journeys.steps import Site, sign_in

REASON = "客户为本地龙头企业财务总监，年内转入公司年金账户。"


def _as(site: Site, person: Person) -> None:
    site.page.context.clear_cookies()
    sign_in(site, person)


def _client(firm: Firm) -> Client:
    """A client of branch 1001 whom the other journeys leave alone."""
    rows = Client.objects.filter(branch__code="1001", standing__held=True, tier_overrides=None)
    return rows.exclude(pk__in=[firm.found.pk, firm.quiet.pk]).order_by("client_no")[20]


def test_proposed_by_the_branch_and_approved_at_headquarters(site: Site, firm: Firm) -> None:
    client, page = _client(firm), site.page
    until = timezone.localdate() + timedelta(days=120)
    _as(site, firm.people.branch_manager_1001)
    site.open(f"/clients/{client.client_no}/")
    panel = page.locator("#tier-override")
    panel.get_by_text("提出人工定级").click()
    panel.get_by_label("等级").select_option("V4")
    panel.get_by_label("直到").fill(until.isoformat())
    panel.get_by_label("原因").fill(REASON)
    panel.get_by_role("button", name="提交审批").click()
    expect(panel).to_contain_text("待审批")
    expect(panel).to_contain_text("已提出，经另一人批准后生效")

    _as(site, firm.people.value_analyst)
    site.open("/")
    page.get_by_role("link", name="待审批的人工定级").click()
    site.settle()
    assert site.query["state"] == ["proposed"]
    page.get_by_role("row").filter(has_text=client.client_no).get_by_role("link").first.click()
    with page.expect_navigation():
        page.get_by_role("button", name="批准").click()
    expect(page.get_by_text("下一次夜间计算将按此执行")).to_be_visible()
    held = TierOverride.objects.get(client=client)
    assert (held.state, held.approved_by, held.until_on) == ("approved", firm.people.value_analyst, until)

    site.open("/segments/overrides/?state=in_force")
    expect(page.get_by_role("row").filter(has_text=client.client_no)).to_contain_text("生效中")
    _as(site, firm.people.agent_1001)
    site.open(f"/clients/{client.client_no}/")
    expect(page.locator("#tier-override")).to_contain_text(REASON)
    expect(page.locator("#tier-override").get_by_text("提出人工定级")).to_have_count(0)
