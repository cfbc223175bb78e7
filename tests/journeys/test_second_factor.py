"""Setting up an authenticator app and a passkey, and signing in with each."""

import time
from base64 import b32decode
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from staff import totp
from staff.models import AuthenticatorApp, Passkey, Person, RecoveryCode
from tests.journeys.axe import faults, too_wide, untranslated
from tests.journeys.firm import Firm
from tests.journeys.steps import Site, sign_in


@pytest.fixture
def person(firm: Firm) -> Iterator[Person]:
    """Whom no other journey signs in as; leaves without a second factor."""
    yield firm.people.research_supervisor
    for table in (AuthenticatorApp, Passkey, RecoveryCode):
        table.objects.filter(person=firm.people.research_supervisor).delete()


def _readable(site: Site) -> None:
    for width in (1440, 390):
        site.page.set_viewport_size({"width": width, "height": 900})
        assert not faults(site.page)
        assert not too_wide(site.page)
    site.page.set_viewport_size({"width": 1440, "height": 900})
    assert not untranslated(site.page)


def _sign_out(site: Site) -> None:
    site.page.locator(".topbar .person").click()
    site.page.locator("[data-sign-out] button").click()
    expect(site.page.get_by_role("heading", level=1)).to_have_text("登录")


def test_an_app_is_set_up_and_asked_for(site: Site, person: Person) -> None:
    page = site.page
    sign_in(site, person)
    page.locator(".topbar .person").click()
    page.get_by_role("link", name="我的登录").click()
    page.get_by_role("link", name="绑定身份验证器").click()
    page.get_by_text("无法扫描？").click()
    key = b32decode(page.locator("details code").inner_text().replace(" ", ""))
    _readable(site)
    page.get_by_label("验证器动态码").fill(totp.code_of(key, totp.step_at(time.time())))
    page.keyboard.press("Enter")
    expect(page.locator(".codes li")).to_have_count(10)
    kept = page.locator(".codes li").first.inner_text()
    _readable(site)
    page.get_by_role("link", name="我已保存").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("我的登录")
    _readable(site)
    _sign_out(site)

    sign_in(site, person)
    assert site.path == "/sign-in/second-step/"
    _readable(site)
    page.get_by_label("验证器动态码").fill("000000")
    page.get_by_role("button", name="继续").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("验证器动态码").fill(totp.code_of(key, totp.step_at(time.time()) + 1))
    page.get_by_role("button", name="继续").click()
    expect(page.get_by_role("navigation", name="主菜单")).to_be_visible()
    _sign_out(site)

    sign_in(site, person)
    page.get_by_text("手机或通行密钥不在身边？").click()
    page.get_by_label("恢复码").fill(kept)
    page.get_by_role("button", name="使用恢复码").click()
    expect(page.get_by_role("navigation", name="主菜单")).to_be_visible()


def test_a_passkey_is_made_and_used(site: Site, person: Person) -> None:
    page = site.page
    by_name = Site(page, f"http://localhost:{urlsplit(site.address).port}")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    made_of = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    device.send("WebAuthn.addVirtualAuthenticator", {"options": made_of})
    sign_in(by_name, person)
    by_name.open("/sign-ins/")
    page.get_by_role("link", name="添加通行密钥").click()
    page.get_by_label("设备名称").fill("办公电脑")
    _readable(by_name)
    page.get_by_role("button", name="创建通行密钥").click()
    page.get_by_role("link", name="我已保存").click()
    expect(page.get_by_text("办公电脑")).to_be_visible()
    _readable(by_name)
    _sign_out(by_name)

    sign_in(by_name, person)
    _readable(by_name)
    page.get_by_role("button", name="使用通行密钥").click()
    expect(page.get_by_role("navigation", name="主菜单")).to_be_visible()
    assert Passkey.objects.get(person=person).used_at
