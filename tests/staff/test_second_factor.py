"""The second step of signing in: asked for, proven, refused when used before, locked, lost and reset."""

import base64
import json
import re
import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from time_machine import travel

from core import crypto
from core.models import AuditEntry
from staff import totp
from staff.actions import second_factor
from staff.models import AuthenticatorApp, Passkey, Person, RecoveryCode, Session
from tests.cast import PASSWORD, Speak
from tests.staff.doors import SoftKey, code_at, give_app

pytestmark = pytest.mark.django_db
STEP = "/sign-in/second-step/"


def _sign_in(browser: Client, username: str = "li.jingyi") -> Any:
    return browser.post("/sign-in/", {"username": username, "password": PASSWORD, "next": "/jobs/"})


def _inside(browser: Client) -> bool:
    return browser.get("/").status_code == 200


def _deeds() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("deed", flat=True))


def _asked(page: Any) -> dict[str, Any]:
    """What the page asks the browser's passkeys."""
    return json.loads(page.context["asked"])  # type: ignore[no-any-return]


def _codes(page: Any) -> list[str]:
    return re.findall(r"<code>([a-z0-9-]{14})</code>", page.content.decode())


def _set_up_app(browser: Client) -> tuple[list[str], bytes]:
    """Through the page; the recovery codes shown, and the app's key."""
    browser.get("/sign-ins/app/")
    kept = browser.session["new_app_key"]
    person = Person.objects.get(pk=browser.session["_auth_user_id"])
    key = crypto.unseal_bytes(base64.b64decode(kept), f"new-app:{person.pk}")
    page = browser.post("/sign-ins/app/", {"code": totp.code_of(key, totp.step_at(time.time()))})
    return _codes(page), key


def test_the_password_alone_lets_nobody_in_who_has_an_app(cast: SimpleNamespace, client: Client) -> None:
    give_app(cast.agent_hq)
    assert _sign_in(client).url == STEP
    assert not _inside(client)
    assert client.get("/api/v1/people/").status_code == 401
    now = time.time()
    answer = client.post(STEP, {"code": code_at(now)[:3] + " " + code_at(now)[3:]})
    assert answer.url == "/jobs/"  # type: ignore[attr-defined]
    assert _inside(client)
    row = Session.objects.get(person=cast.agent_hq)
    assert (row.first_step, row.second_step) == ("password", "app")
    assert _deeds() == ["second_factor.used", "signed_in"]
    told = AuditEntry.objects.get(deed="signed_in").detail
    assert (told["first"], told["second"]) == ("password", "app")


def test_a_code_is_good_once(cast: SimpleNamespace) -> None:
    give_app(cast.agent_hq)
    with travel(1_700_000_010, tick=False):
        first, second = Client(), Client()
        _sign_in(first), _sign_in(second)
        first.post(STEP, {"code": code_at(time.time())})
        assert _inside(first)
        for steps in (0, -1):  # the same, and an older one that was never used
            assert second.post(STEP, {"code": code_at(time.time(), steps=steps)}).status_code == 200
        assert not _inside(second)
        assert second.post(STEP, {"code": code_at(time.time(), steps=1)}).status_code == 302
    assert _deeds().count("second_factor.failed") == 2


def test_nobody_takes_the_second_step_without_the_first(cast: SimpleNamespace, client: Client) -> None:
    give_app(cast.agent_hq)
    assert client.post(STEP, {"code": code_at(time.time())}).url == "/sign-in/"  # type: ignore[attr-defined]
    _sign_in(client)
    with travel(time.time() + 301, tick=False):
        assert client.post(STEP, {"code": code_at(time.time())}).url == "/sign-in/"  # type: ignore[attr-defined]
    _sign_in(client)
    cast.agent_hq.set_password("another-horse-battery")
    cast.agent_hq.save()
    assert client.get(STEP).url == "/sign-in/"  # type: ignore[attr-defined]
    assert _deeds() == []


def test_the_first_step_changes_the_sessions_key(cast: SimpleNamespace, client: Client) -> None:
    give_app(cast.agent_hq)
    _sign_in(client)
    half = client.cookies["sessionid"].value
    client.post(STEP, {"code": code_at(time.time())})
    assert client.cookies["sessionid"].value != half
    assert Session.objects.count() == 1


def test_guessing_is_locked_for_the_address_and_for_the_person(cast: SimpleNamespace) -> None:
    give_app(cast.agent_hq)
    tries = []
    for guess in range(12):
        browser = Client(REMOTE_ADDR=f"10.0.0.{guess % 3}")
        _sign_in(browser)
        tries.append(browser.post(STEP, {"code": "12345"}).status_code)
    assert tries == [200] * 10 + [429] * 2
    assert _deeds().count("second_factor.failed") == 10
    locked = Client(REMOTE_ADDR="10.0.0.9")
    _sign_in(locked)
    assert locked.post(STEP, {"code": code_at(time.time())}).status_code == 429
    assert not _inside(locked)
    same = Client(REMOTE_ADDR="10.9.9.9")
    with travel(time.time() + 901):
        _sign_in(same)
        statuses = [same.post(STEP, {"code": "12345"}).status_code for _guess in range(8)]
        assert statuses[7] == 429  # eight from one address
        assert same.post("/sign-in/", {"username": "li.jingyi", "password": PASSWORD}).status_code == 429


def test_setting_up_an_app_shows_recovery_codes_once(cast: SimpleNamespace, client: Client) -> None:
    _sign_in(client)
    wrong = client.post("/sign-ins/app/", {"code": "000000x"})
    assert wrong.status_code == 200 and not AuthenticatorApp.objects.exists()
    codes, key = _set_up_app(client)
    assert len(set(codes)) == 10
    app = AuthenticatorApp.objects.get(person=cast.agent_hq)
    assert app.key == key and key not in bytes(app.secret)
    assert "new_app_key" not in client.session
    assert not any(code in str(list(AuditEntry.objects.values())) for code in codes)
    assert codes[0] not in client.get("/sign-ins/").content.decode()
    assert Session.objects.get().second_step == "app"
    client.post("/sign-out/")
    assert _sign_in(client).url == STEP


def test_a_recovery_code_lets_in_once(cast: SimpleNamespace, client: Client) -> None:
    _sign_in(client)
    codes, _key = _set_up_app(client)
    for expected in (302, 200):
        browser = Client()
        _sign_in(browser)
        assert browser.post(STEP, {"code": codes[3].upper()}).status_code == expected
        assert _inside(browser) == (expected == 302)
    assert RecoveryCode.objects.filter(used_at=None).count() == 9
    other = Client()
    give_app(cast.team_lead_hq)
    _sign_in(other, cast.team_lead_hq.username)
    assert other.post(STEP, {"code": codes[4]}).status_code == 200  # somebody else's
    renewed = _codes(client.post("/sign-ins/recovery-codes/"))
    assert len(set(renewed) - set(codes)) == 10
    browser = Client()
    _sign_in(browser)
    assert browser.post(STEP, {"code": codes[5]}).status_code == 200


def test_a_passkey_proves_the_person(cast: SimpleNamespace, client: Client) -> None:
    _sign_in(client)
    key = SoftKey(count=1)
    made = key.make(_asked(client.get("/sign-ins/passkeys/new/")))
    assert len(_codes(client.post("/sign-ins/passkeys/new/", {"name": "Desk", "answer": made}))) == 10
    assert Passkey.objects.get().name == "Desk"
    browser = Client()
    assert _sign_in(browser).url == STEP
    asked = _asked(browser.get(STEP))
    assert [one["type"] for one in asked["allowCredentials"]] == ["public-key"]
    answer = key.use(asked)
    assert browser.post(STEP, {"passkey": answer}).status_code == 302
    assert _inside(browser)
    assert Session.objects.filter(second_step="passkey").count() == 2
    again = Client()
    _sign_in(again)
    again.get(STEP)
    assert again.post(STEP, {"passkey": answer}).status_code == 200  # an old challenge
    assert not _inside(again)


@pytest.mark.parametrize(
    "false",
    [
        {"origin": "http://testserver.evil.example"},
        {"origin": "https://testserver"},
        {"site": "evil.example"},
        {"name": b"another-credent!"},
        {"count": 0},
        {"key": SoftKey().key},
    ],
    ids=lambda false: str(next(iter(false))),
)
def test_false_passkeys_are_refused(cast: SimpleNamespace, client: Client, false: dict[str, Any]) -> None:
    _sign_in(client)
    key = SoftKey(count=7)
    made = key.make(_asked(client.get("/sign-ins/passkeys/new/")))
    client.post("/sign-ins/passkeys/new/", {"name": "Desk", "answer": made})
    browser = Client()
    _sign_in(browser)
    wrong = SoftKey(**{"count": key.count, "key": key.key} | false)
    answer = wrong.use(_asked(browser.get(STEP)))
    assert browser.post(STEP, {"passkey": answer}).status_code == 200
    assert not _inside(browser)
    assert "second_factor.failed" in _deeds()


@pytest.mark.parametrize("answer", ["{", "[]", "null", '{"id": 1}', '{"id": "!", "response": {}}'])
def test_nonsense_is_no_passkey(cast: SimpleNamespace, client: Client, answer: str) -> None:
    _sign_in(client)
    page = client.post("/sign-ins/passkeys/new/", {"name": "x", "answer": answer})
    assert page.status_code == 200
    assert not Passkey.objects.exists()
    give_app(cast.agent_hq)
    browser = Client()
    _sign_in(browser)
    assert browser.post(STEP, {"passkey": answer}).status_code == 200


def test_roles_that_must_have_one_see_nothing_before(
    cast: SimpleNamespace, client: Client, settings: Any
) -> None:
    settings.SECOND_FACTOR_ROLES = frozenset({"administrator"})
    _sign_in(client, cast.administrator.username)
    for path in ("/", "/people/", "/sign-ins/", "/jobs/"):
        assert client.get(path).url == "/sign-ins/second-factor/"  # type: ignore[attr-defined]
    assert client.get("/api/v1/people/").status_code == 401
    assert client.get("/sign-ins/second-factor/").status_code == 200
    codes, _key = _set_up_app(client)
    assert len(codes) == 10
    assert client.get("/people/").status_code == 200
    assert client.get("/api/v1/people/").status_code == 200
    other = Client()
    _sign_in(other)  # an agent need not
    assert _inside(other)


def test_an_open_session_proves_itself_when_the_role_begins_to_ask(
    cast: SimpleNamespace, as_person: Speak, settings: Any
) -> None:
    browser = as_person(cast.administrator)
    give_app(cast.administrator)
    settings.SECOND_FACTOR_ROLES = frozenset({"administrator"})
    assert browser.get("/").url == "/sign-ins/second-factor/"  # type: ignore[attr-defined]
    assert browser.get("/sign-ins/second-factor/").url == STEP  # type: ignore[attr-defined]
    assert browser.post(STEP, {"code": code_at(time.time())}).url == "/"  # type: ignore[attr-defined]
    assert _inside(browser)


def test_the_last_one_stays_where_the_role_needs_it(
    cast: SimpleNamespace, client: Client, settings: Any
) -> None:
    _sign_in(client, cast.administrator.username)
    _set_up_app(client)
    settings.SECOND_FACTOR_ROLES = frozenset({"administrator"})
    client.post("/sign-ins/app/remove/")
    assert AuthenticatorApp.objects.exists()
    made = SoftKey().make(_asked(client.get("/sign-ins/passkeys/new/")))
    client.post("/sign-ins/passkeys/new/", {"name": "Desk", "answer": made})
    client.post("/sign-ins/app/remove/")
    assert not AuthenticatorApp.objects.exists()
    settings.SECOND_FACTOR_ROLES = frozenset()
    client.post(f"/sign-ins/passkeys/{Passkey.objects.get().pk}/remove/")
    assert not Passkey.objects.exists() and not RecoveryCode.objects.exists()
    assert _deeds().count("second_factor.removed") == 2


def test_changing_the_way_in_asks_for_the_password_after_a_while(
    cast: SimpleNamespace, client: Client
) -> None:
    _sign_in(client)
    with travel(time.time() + 901, tick=False):
        assert client.get("/sign-ins/app/").url == "/sign-ins/confirm/?next=%2Fsign-ins%2Fapp%2F"  # type: ignore[attr-defined]
        wrong = client.post("/sign-ins/confirm/?next=/sign-ins/app/", {"password": "wrong"})
        assert wrong.status_code == 200
        right = client.post("/sign-ins/confirm/?next=//evil.example/", {"password": PASSWORD})
        assert right.url == "/sign-ins/"  # type: ignore[attr-defined]
        assert client.get("/sign-ins/app/").status_code == 200


@pytest.mark.parametrize("required", [frozenset(), frozenset({"administrator"})])
def test_a_session_older_than_the_factor_changes_nothing_before_it_proves_itself(
    cast: SimpleNamespace, client: Client, settings: Any, required: frozenset[str]
) -> None:
    """Who has the password alone cannot add a way in of their own."""
    _sign_in(client, cast.administrator.username)
    give_app(cast.administrator)
    settings.SECOND_FACTOR_ROLES = required
    for path in ("/sign-ins/app/", "/sign-ins/passkeys/new/"):
        assert client.get(path).url == STEP  # type: ignore[attr-defined]
    for path in ("/sign-ins/app/remove/", "/sign-ins/recovery-codes/", "/sign-ins/passkeys/new/"):
        assert client.post(path).url in (STEP, "/sign-ins/second-factor/")  # type: ignore[attr-defined]
    assert AuthenticatorApp.objects.exists()
    assert client.post(STEP, {"code": code_at(time.time())}).url == "/"  # type: ignore[attr-defined]
    assert client.get("/sign-ins/passkeys/new/").status_code == 200


def test_administrators_reset_what_was_lost(cast: SimpleNamespace, client: Client, as_person: Speak) -> None:
    _sign_in(client)
    _set_up_app(client)
    admin, path = as_person(cast.administrator), f"/people/{cast.agent_hq.pk}/second-factor/reset/"
    for short in ("", "lost", "lost his phone", "手机丢"):
        assert admin.post(path, {"reason": short}).status_code == 422
    assert AuthenticatorApp.objects.exists()
    admin.post(path, {"reason": "手机丢失，已当面核实"})
    assert not AuthenticatorApp.objects.exists() and not RecoveryCode.objects.exists()
    assert not _inside(client)
    entry = AuditEntry.objects.get(deed="second_factor.reset")
    assert (entry.actor_id, entry.detail) == (cast.administrator.pk, {"reason": "手机丢失，已当面核实"})
    assert _sign_in(client).url == "/jobs/"


def test_nobody_resets_their_own(cast: SimpleNamespace, as_person: Speak) -> None:
    give_app(cast.administrator)
    browser = as_person(cast.administrator)
    browser.post(
        f"/people/{cast.administrator.pk}/second-factor/reset/", {"reason": "my phone is quite lost"}
    )
    assert AuthenticatorApp.objects.exists()


def test_the_command_line_resets_the_last_administrators(cast: SimpleNamespace) -> None:
    give_app(cast.administrator)
    name = cast.administrator.username
    with pytest.raises(CommandError, match="four words"):
        call_command("reset_second_factor", name, reason="lost")
    with pytest.raises(CommandError, match="nobody"):
        call_command("reset_second_factor", "nobody.here", reason="the phone was stolen yesterday")
    call_command("reset_second_factor", name, reason="the phone was stolen yesterday")
    assert not AuthenticatorApp.objects.exists()
    assert AuditEntry.objects.get(deed="second_factor.reset").actor_kind == "system"


def test_keys_are_sealed_anew_with_the_others(cast: SimpleNamespace, settings: Any) -> None:
    settings.DATA_KEYS = {1: b"1" * 32}
    app = give_app(cast.agent_hq)
    settings.DATA_KEYS = {1: b"1" * 32, 2: b"2" * 32}
    call_command("rotate_keys")
    settings.DATA_KEYS = {2: b"2" * 32}
    app.refresh_from_db()
    assert app.key == b"12345678901234567890"
    assert second_factor.use_code(person=cast.agent_hq, code=code_at(time.time())) == "app"
