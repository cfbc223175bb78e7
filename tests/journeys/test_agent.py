"""A service agent's work: find the client, log the contact by keyboard, see it on the timeline, filter it."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.firm import Firm, contacts_of
from tests.journeys.steps import Site, sign_in

PALETTE = "#palette"


def test_a_client_is_found_by_pinyin_initials_and_by_two_characters(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.agent_1001)
    for typed in (firm.found.initials, firm.found.name[-2:]):
        site.page.wait_for_load_state()  # the key is heard once the scripts run
        site.page.keyboard.press("Control+k")
        expect(site.page.locator(PALETTE)).to_be_visible()
        site.page.keyboard.type(typed)
        first = site.page.locator(PALETTE).get_by_role("option", selected=True)
        expect(first).to_contain_text(firm.found.name)
        site.page.keyboard.press("Enter")
        expect(site.page.get_by_role("heading", level=1)).to_contain_text(firm.found.name)
        assert site.path == f"/clients/{firm.found}/"


def test_the_search_box_answers_arrows_and_escape(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.agent_1001)
    site.page.keyboard.press("/")
    site.page.keyboard.type("客户")
    pages = site.page.get_by_role("group", name="页面").get_by_role("option")
    expect(pages.first).to_contain_text("客户")
    site.page.keyboard.type("某某某")
    expect(site.page.get_by_role("listbox")).to_contain_text("没有找到")
    site.page.keyboard.press("Escape")
    expect(site.page.locator(PALETTE)).to_be_hidden()


def test_a_contact_is_logged_by_keyboard_and_stands_on_the_timeline_at_once(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.agent_1001)
    site.open(f"/clients/{firm.quiet}/")
    expect(site.page.locator("#timeline")).not_to_contain_text("刘思琪")
    site.page.keyboard.press("c")
    expect(site.page.get_by_label("内容", exact=True)).to_be_focused()
    site.page.keyboard.type("/企微 12 询问新股申购时间")
    site.page.keyboard.press("Enter")
    newest = site.page.locator("#timeline .event").first
    expect(newest).to_contain_text("询问新股申购时间")
    expect(newest).to_contain_text(re.compile("企业微信.*12 分钟.*刘思琪", re.DOTALL))
    expect(site.page.get_by_role("status").filter(has_text="已登记")).to_be_visible()
    expect(site.page.get_by_label("内容", exact=True)).to_have_value("")
    expect(site.page.get_by_label("内容", exact=True)).to_be_focused()


def test_a_line_that_cannot_be_read_stays_with_words_on_why(
    site: Site, firm: Firm, console_errors: list[str]
) -> None:
    sign_in(site, firm.people.agent_1001)
    site.open(f"/clients/{firm.found}/")
    site.page.get_by_role("link", name="登记联系").click()
    site.page.keyboard.type("/telex 3 喂")
    site.page.keyboard.press("Enter")
    line = site.page.get_by_label("内容", exact=True)
    expect(line).to_have_attribute("aria-invalid", "true")
    expect(line).to_have_value("/telex 3 喂")
    expect(site.page.locator("#quick-log .errorlist")).to_contain_text("telex")
    console_errors.clear()  # the browser notes the refusal


def test_the_timeline_shows_only_what_is_asked_for(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.agent_1001)
    site.open(f"/clients/{firm.found}/")
    events, contacts = site.page.locator("#timeline .event"), contacts_of(firm.found)
    whole = events.count()
    assert whole > contacts
    site.page.get_by_label("联系记录").check()
    expect(events).to_have_count(contacts)
    expect(events.last).to_contain_text("分钟")
    site.page.get_by_label("价值", exact=True).check()
    site.page.get_by_label("联系记录").uncheck()
    expect(events.first).to_contain_text("白金")
    site.page.get_by_label("价值", exact=True).uncheck()
    expect(events).to_have_count(whole)


def test_who_the_page_is_about_stays_in_sight(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.agent_1001)
    site.page.set_viewport_size({"width": 390, "height": 700})
    site.open(f"/clients/{firm.found}/")
    bar = site.page.locator("#id-bar > div")
    expect(bar).to_be_hidden()
    site.page.mouse.wheel(0, 1200)
    expect(bar).to_be_visible()
    expect(bar).to_contain_text(firm.found.name)
    site.page.mouse.wheel(0, -1200)
    expect(bar).to_be_hidden()


def test_tabs_answer_the_arrow_keys(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.agent_1001)
    site.open(f"/clients/{firm.found}/")
    site.page.get_by_role("tab", name="时间线").focus()
    site.page.keyboard.press("ArrowLeft")  # from the first round to the last
    expect(site.page.get_by_role("tab").last).to_be_focused()
    site.page.get_by_role("tab", name="归属").focus()
    site.page.keyboard.press("ArrowLeft")
    site.page.keyboard.press("ArrowRight")
    expect(site.page.get_by_role("tabpanel", name="归属")).to_contain_text("南京西路")


def test_another_branchs_client_is_not_there_and_the_page_says_what_to_do(
    site: Site, firm: Firm, console_errors: list[str]
) -> None:
    sign_in(site, firm.people.agent_1001)
    response = site.page.goto(f"{site.address}/clients/{firm.next_door}/")
    assert response is not None and response.status == 404
    _says_what_to_do(site.page)
    console_errors.clear()  # the browser notes every 404
    with site.page.expect_navigation():
        site.page.get_by_role("link", name="首页").click()
    assert site.path == "/"
    site.page.wait_for_load_state()  # the key is heard once the scripts run
    site.page.keyboard.press("Control+k")
    site.page.keyboard.type(firm.next_door.client_no)
    expect(site.page.get_by_role("listbox")).to_contain_text("没有找到")


def _says_what_to_do(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("这里没有内容")
    expect(page.get_by_role("main")).to_contain_text("不在您的可见范围内")
