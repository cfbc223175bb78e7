"""Personal values for a minute, edits in their place, two people at one field, and what history tells."""

from playwright.sync_api import Page, expect

from clients import identifiers
from clients.models import Client
from tests.journeys.firm import Firm
from tests.journeys.steps import Site, sign_in


def _client() -> Client:
    """A client of branch 1001 with a mobile whom no other journey looks at."""
    own = Client.objects.filter(branch__code="1001", merged_into=None, mobile_index__isnull=False)
    return own.filter(standing__tier="V1").order_by("client_no")[0]


def _mobile(client: Client) -> str:
    return identifiers.unseal(client.client_no, "mobile", client.mobile)


def _reveal(site: Site) -> None:
    site.page.get_by_role("button", name="查看手机明文").first.click()
    form = site.page.locator(".reveal-form")
    form.get_by_label("用途").select_option("contact")
    form.get_by_role("button", name="显示").click()


def test_a_mobile_is_shown_for_a_purpose_and_hides_again(site: Site, firm: Firm) -> None:
    client = _client()
    site.page.clock.install()
    sign_in(site, firm.people.agent_1001)
    site.open(f"/clients/{client}/")
    expect(site.page.locator("body")).not_to_contain_text(_mobile(client))
    _reveal(site)
    expect(site.page.get_by_text(_mobile(client))).to_be_visible()
    site.page.clock.run_for(500)  # the piece settles, and its minute begins
    site.page.clock.fast_forward(61_000)
    expect(site.page.get_by_text(_mobile(client))).to_have_count(0)
    expect(site.page.get_by_role("button", name="查看手机明文").first).to_be_visible()


def test_who_looked_is_seen_by_the_leader(site: Site, firm: Firm) -> None:
    client = _client()
    sign_in(site, firm.people.agent_1001)
    site.open(f"/clients/{client}/")
    _reveal(site)
    expect(site.page.get_by_text(_mobile(client))).to_be_visible()
    site.page.context.clear_cookies()
    sign_in(site, firm.people.team_lead_1001)
    site.open(f"/clients/{client}/")
    site.page.get_by_role("tab", name="查阅记录").click()
    expect(site.page.locator("#panel-looks")).to_contain_text("查看明文：手机（联系客户）")


def _start_editing(page: Page) -> None:
    page.get_by_role("button", name="修改职业").click()
    expect(page.get_by_label("职业", exact=True)).to_be_focused()


def test_enter_saves_and_escape_leaves(site: Site, firm: Firm) -> None:
    client = _client()
    sign_in(site, firm.people.agent_1001)
    site.open(f"/clients/{client}/")
    _start_editing(site.page)
    site.page.keyboard.type("教师")
    site.page.keyboard.press("Escape")
    expect(site.page.get_by_role("button", name="修改职业")).to_be_visible()
    _start_editing(site.page)
    site.page.keyboard.type("医生")
    site.page.keyboard.press("Enter")
    expect(site.page.locator(".by-hand")).to_contain_text("医生")
    client.refresh_from_db()
    assert client.occupation == "医生"


def test_two_people_at_one_field_see_both_values(site: Site, firm: Firm, console_errors: list[str]) -> None:
    client = _client()
    Client.objects.filter(pk=client.pk).update(remark="")
    sign_in(site, firm.people.agent_1001)
    site.open(f"/clients/{client}/")
    site.page.get_by_role("button", name="修改备注").click()
    site.page.get_by_label("备注", exact=True).fill("喜欢喝茶")
    other = site.page.context.browser.new_context()  # type: ignore[union-attr]
    second = Site(other.new_page(), site.address)
    sign_in(second, firm.people.team_lead_1001)
    second.open(f"/clients/{client}/")
    second.page.get_by_role("button", name="修改备注").click()
    second.page.get_by_label("备注", exact=True).fill("喜欢咖啡")
    second.page.keyboard.press("Control+Enter")
    expect(second.page.locator(".by-hand")).to_contain_text("喜欢咖啡")
    other.close()
    site.page.keyboard.press("Control+Enter")
    both = site.page.locator(".edit-conflict")
    expect(both.locator("[data-yours]")).to_have_text("喜欢喝茶")
    expect(both.locator("[data-theirs]")).to_have_text("喜欢咖啡")
    expect(both).to_contain_text(firm.people.team_lead_1001.username)
    both.get_by_role("button", name="保留我的").click()
    expect(both).to_have_count(0)
    expect(site.page.locator(".by-hand")).to_contain_text("喜欢喝茶")
    console_errors.clear()  # the browser writes a line for every 409
    site.page.get_by_role("tab", name="变更记录").click()
    newest = site.page.locator("#panel-records .event").first
    expect(newest.locator("del")).to_have_text("喜欢咖啡")
    expect(newest.locator("ins")).to_have_text("喜欢喝茶")
