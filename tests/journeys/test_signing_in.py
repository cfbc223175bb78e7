"""Signing in and out, and that language and colours stay as chosen."""

import re

from playwright.sync_api import expect

from tests.journeys.firm import Firm
from tests.journeys.steps import Site, sign_in


def test_a_wrong_password_is_refused_with_words_and_the_right_one_lets_in(site: Site, firm: Firm) -> None:
    agent = firm.people.agent_1001
    sign_in(site, agent, password="not-the-password")
    expect(site.page.get_by_role("alert")).to_be_visible()
    assert site.path == "/sign-in/"
    expect(site.page.locator("[name=username]")).to_have_value(agent.username)
    site.page.locator("[name=password]").fill("correct-horse-battery")
    site.page.keyboard.press("Enter")
    expect(site.page.get_by_role("navigation", name="主菜单")).to_be_visible()
    expect(site.page.locator(".topbar .person")).to_contain_text(agent.name)


def test_the_page_asked_for_comes_after_signing_in(site: Site, firm: Firm) -> None:
    site.page.goto(f"{site.address}/clients/?tier=V5")
    assert site.path == "/sign-in/"
    site.page.locator("[name=username]").fill(firm.people.agent_1001.username)
    site.page.locator("[name=password]").fill("correct-horse-battery")
    site.page.get_by_role("button", name="登录").click()
    expect(site.page.get_by_role("heading", level=1)).to_have_text("客户")
    assert (site.path, site.query) == ("/clients/", {"tier": ["V5"]})


def test_signed_out_means_out(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.agent_1001)
    site.open("/clients/")
    site.page.locator(".topbar .person").click()
    site.page.get_by_role("button", name="退出").click()
    expect(site.page.get_by_role("heading", level=1)).to_have_text("登录")
    site.page.go_back()
    expect(site.page.locator("[name=password]")).to_be_visible()
    site.page.goto(f"{site.address}/clients/")
    assert site.path == "/sign-in/"


def test_language_is_remembered_with_the_person(site: Site, firm: Firm) -> None:
    person = firm.people.team_lead_1001
    sign_in(site, person)
    site.page.get_by_role("button", name="English").click()
    expect(site.page.locator("html")).to_have_attribute("lang", "en")
    site.open("/clients/")
    expect(site.page.get_by_role("heading", level=1)).to_have_text("Clients")
    site.page.context.clear_cookies()
    sign_in(site, person)
    expect(site.page.locator("html")).to_have_attribute("lang", "en")
    site.page.get_by_role("button", name="中文").click()
    expect(site.page.locator("html")).to_have_attribute("lang", re.compile("zh"))


def test_colours_change_at_once_and_are_remembered(site: Site, firm: Firm) -> None:
    person = firm.people.team_lead_1001
    sign_in(site, person)
    site.open("/clients/")
    assert site.ground == "rgb(244, 246, 249)"
    site.page.get_by_label("配色").click()
    with site.page.expect_response("**/theme/"):
        site.page.get_by_role("button", name="深色").click()
    assert site.ground == "rgb(14, 19, 27)"
    site.page.context.clear_cookies()
    sign_in(site, person)
    site.open("/clients/")
    assert site.ground == "rgb(14, 19, 27)"
