"""Finding things: from the box on every page and from the list's own, by what people really type."""

import re

import pytest
from playwright.sync_api import Locator, expect

from clients import identifiers
from tests.journeys.firm import Firm
from tests.journeys.steps import Site, sign_in

PALETTE = "#palette"


def box(site: Site, typed: str = "") -> Locator:
    """Opens the search box with the keyboard, types, and gives its lines."""
    site.page.wait_for_load_state()
    site.page.keyboard.press("Control+k")
    lines = site.page.locator(PALETTE)
    expect(lines).to_be_visible()
    if typed:
        site.page.keyboard.type(typed)
    return lines


def mobile(firm: Firm) -> str:
    return identifiers.unseal(firm.found.client_no, "mobile", firm.found.mobile)


@pytest.mark.parametrize("way", ["two characters", "pinyin", "number", "mobile", "last four digits"])
def test_a_client_is_found_by_whatever_is_at_hand(site: Site, firm: Firm, way: str) -> None:
    typed = {
        "two characters": firm.found.name[-2:],
        "pinyin": firm.found.pinyin,
        "number": firm.found.client_no.lower(),
        "mobile": mobile(firm),
        "last four digits": mobile(firm)[-4:],
    }[way]
    sign_in(site, firm.people.agent_1001)
    lines = box(site, typed)
    line = lines.get_by_role("option").filter(has_text=firm.found.client_no)
    expect(line).to_contain_text(firm.found.name)
    expect(line).to_contain_text(re.compile(r"\d{3}\*{4}\d{4}"))
    expect(lines).not_to_contain_text(mobile(firm))


def test_nobody_finds_clients_of_another_branch(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.agent_1001)
    expect(box(site, firm.next_door.client_no)).to_contain_text("没有找到")


def test_pages_and_things_to_do_are_found_by_pinyin_initials(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.team_lead_1001)
    actions = box(site, "lrqzkh").get_by_role("group", name="操作")
    expect(actions.get_by_role("option", selected=True)).to_contain_text("录入潜在客户")
    site.page.keyboard.press("Enter")
    expect(site.page).to_have_url(re.compile("/prospects/new/"))


def test_what_was_opened_last_is_offered_first(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.team_lead_1002)
    site.open(f"/clients/{firm.next_door}/")
    site.open("/")
    first = box(site).get_by_role("option", selected=True)
    expect(first).to_contain_text(firm.next_door.name)
    site.page.keyboard.press("Enter")
    expect(site.page).to_have_url(re.compile(f"/clients/{firm.next_door}/"))


def test_the_lists_own_box_finds_while_one_types(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.agent_1001)
    site.open("/clients/")
    site.page.keyboard.press("f")
    site.page.keyboard.type(firm.found.initials)
    rows = site.page.locator("#list-clients tbody tr")
    expect(rows.first).to_contain_text(firm.found.name)
    assert site.query["q"] == [firm.found.initials]
    site.page.reload()
    expect(rows.first).to_contain_text(firm.found.name)
