"""From the worklist to the contact: the entry says why and what to do, and closes itself."""

from playwright.sync_api import expect

from interactions.models import Interaction
from outreach.models import DueContact
from tests.journeys.firm import Firm
from tests.journeys.steps import Site, sign_in


def _waiting(firm: Firm) -> DueContact:
    """The plan's first entry of branch 1001 whose client others do not need."""
    rows = DueContact.objects.filter(list="plan", state="open", branch__code="1001")
    return rows.exclude(client__in=[firm.found, firm.quiet]).earliest("due_on", "pk")


def test_an_entry_closes_itself_when_the_client_was_contacted(site: Site, firm: Firm) -> None:
    entry = _waiting(firm)
    client, page = entry.client, site.page
    sign_in(site, firm.people.agent_1001)
    site.open("/")
    page.get_by_role("link", name="按服务计划联系").first.click()
    site.settle()
    assert site.query["list"] == ["plan"]
    site.open(f"/worklists/?list=plan&client={client.client_no}")
    row = page.get_by_role("row").filter(has_text=client.client_no)
    expect(row).to_contain_text("致电问候")
    row.get_by_role("link", name="处理").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(client.name)
    dialog.get_by_label("内容").fill("回访资产情况，客户满意，下月再联系。")
    page.keyboard.press("Control+Enter")
    expect(dialog).to_be_hidden()
    expect(row).to_contain_text("已联系客户")
    entry.refresh_from_db()
    written = Interaction.objects.filter(client=client).latest("pk")
    assert (entry.state, entry.closed_how, written.agent) == ("done", "contacted", firm.people.agent_1001)
    site.open(f"/clients/{client.client_no}/")
    expect(page.get_by_text("下月再联系").first).to_be_visible()


def test_a_day_later_and_back(site: Site, firm: Firm) -> None:
    entry = _waiting(firm)
    sign_in(site, firm.people.agent_1001)
    site.open(f"/worklists/?list=plan&client={entry.client.client_no}")
    row = site.page.get_by_role("row").filter(has_text=entry.client.client_no)
    row.get_by_role("link", name="处理").click()
    site.page.get_by_role("dialog").get_by_role("button", name="明天").click()
    expect(row).to_contain_text("已推迟")
    site.page.locator("#toasts").get_by_role("button", name="撤销").click()
    expect(row).not_to_contain_text("已推迟")
    entry.refresh_from_db()
    assert entry.state == "open"


def test_called_at_once_by_keyboard(site: Site, firm: Firm) -> None:
    entry, page = _waiting(firm), site.page
    sign_in(site, firm.people.agent_1001)
    site.open(f"/worklists/?list=plan&client={entry.client.client_no}")
    with page.expect_navigation():
        page.get_by_role("link", name=f"立即致电 {entry.client.name}").click()
    expect(page.locator("#client-title")).to_contain_text(entry.client.name)
    expect(page.locator(".session-say")).to_contain_text("致电问候")
    page.wait_for_load_state()
    page.keyboard.press("m")
    page.keyboard.type("客户满意，约定下季度见面。")
    page.keyboard.press("Escape")
    with page.expect_navigation():
        page.keyboard.press("1")
    entry.refresh_from_db()
    written = Interaction.objects.filter(client=entry.client).latest("pk")
    assert (entry.closed_how, written.outcome, written.agent) == (
        "contacted", "informed", firm.people.agent_1001,
    )  # fmt: skip
