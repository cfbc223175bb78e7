"""Signing in with the company account, against a real provider over HTTP that signs what it says."""

import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from django.test import Client
from jwcrypto.jwk import JWK
from time_machine import travel

from core.models import AuditEntry
from staff import provider as oidc
from staff.models import Person, Session
from tests.cast import PASSWORD
from tests.staff.doors import code_at, give_app
from tests.staff.small_provider import CLIENT, SECRET, SmallProvider, small_provider

pytestmark = pytest.mark.django_db
OUT, BACK, STEP = "/sign-in/company/", "/sign-in/company/back/", "/sign-in/second-step/"


@pytest.fixture
def provider(settings: Any) -> Iterator[SmallProvider]:
    with small_provider() as running:
        settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = (
            running.issuer,
            CLIENT,
            SECRET,
        )
        oidc.forget()
        yield running
        oidc.forget()


class _Stay(HTTPRedirectHandler):
    def http_error_302(self, _request: Any, answer: Any, *_rest: Any) -> Any:
        return answer


def _there(door: str) -> dict[str, str]:
    """What the provider sends the browser back with."""
    with build_opener(_Stay).open(door) as answer:
        way = urlsplit(answer.headers["Location"])
    assert way.path == BACK
    return dict(parse_qsl(way.query))


def _through(browser: Client, next_url: str = "") -> Any:
    left = browser.get(OUT, {"next": next_url} if next_url else {})
    return browser.get(BACK, _there(left.url))  # type: ignore[attr-defined]


def _inside(browser: Client) -> bool:
    return browser.get("/").status_code == 200


def test_in_with_the_company_account(cast: SimpleNamespace, client: Client, provider: SmallProvider) -> None:
    assert OUT in client.get("/sign-in/").content.decode()
    answer = _through(client, "/jobs/")
    assert answer.url == "/jobs/"
    assert _inside(client)
    row = Session.objects.get(person=cast.agent_hq)
    assert (row.first_step, row.second_step) == ("provider", "")
    assert AuditEntry.objects.get(deed="signed_in").detail["first"] == "provider"
    assert set(provider.asked[0]) == {"grant_type", "code", "redirect_uri", "code_verifier"}


def test_the_way_there_asks_for_code_and_challenge(client: Client, provider: SmallProvider) -> None:
    asked = dict(parse_qsl(urlsplit(client.get(OUT).url).query))  # type: ignore[attr-defined]
    assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
    assert asked["client_id"] == CLIENT and asked["redirect_uri"] == f"http://testserver{BACK}"
    other = dict(parse_qsl(urlsplit(client.get(OUT).url).query))  # type: ignore[attr-defined]
    assert not {asked[name] for name in ("state", "nonce", "code_challenge")} & set(other.values())


HOUR = 3600
LIES: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "made-up"},
    "no nonce": {"nonce": None},
    "another issuer": {"iss": "https://evil.example"},
    "another audience": {"aud": "other-site"},
    "no audience": {"aud": None},
    "two audiences, nobody authorized": {"aud": [CLIENT, "other-site"]},
    "somebody else authorized": {"azp": "other-site"},
    "expired": {"exp": int(time.time()) - HOUR},
    "no expiry": {"exp": None},
    "expiry in words": {"exp": "never"},
    "issued in the future": {"iat": int(time.time()) + HOUR},
}


@pytest.mark.parametrize("lie", LIES)
def test_what_is_not_true_lets_nobody_in(
    cast: SimpleNamespace, client: Client, provider: SmallProvider, lie: str
) -> None:
    provider.lies = LIES[lie]
    assert _through(client).status_code == 403
    assert not _inside(client)
    assert AuditEntry.objects.get(deed="sign_in.refused").detail["address"] == "127.0.0.1"
    provider.lies = {}
    assert _through(client).status_code == 302  # only the lie stood in the way


def test_only_the_providers_keys_sign(cast: SimpleNamespace, client: Client, provider: SmallProvider) -> None:
    provider.signing = JWK.generate(kty="RSA", size=2048, kid="first")
    assert _through(client).status_code == 403
    provider.signing = JWK.from_password(SECRET * 4)
    provider.signing["kid"] = "first"
    assert _through(client).status_code == 403
    assert not _inside(client)


def test_new_keys_are_fetched(cast: SimpleNamespace, client: Client, provider: SmallProvider) -> None:
    assert _through(client).status_code == 302
    provider.key = JWK.generate(kty="RSA", size=2048, kid="second")
    assert _through(Client()).status_code == 302


def test_answers_to_another_attempt_are_refused(
    cast: SimpleNamespace, client: Client, provider: SmallProvider
) -> None:
    mine, theirs = client.get(OUT).url, Client().get(OUT).url  # type: ignore[attr-defined]
    assert client.get(BACK, _there(theirs)).status_code == 403
    assert client.get(BACK, _there(mine)).url == "/sign-in/"  # type: ignore[attr-defined]  # one try an attempt
    given = _there(client.get(OUT).url)  # type: ignore[attr-defined]
    assert client.get(BACK, given | {"iss": "https://evil.example"}).status_code == 403
    assert client.get(BACK, {"state": given["state"], "error": "access_denied"}).status_code == 302
    late = _there(client.get(OUT).url)  # type: ignore[attr-defined]
    with travel(time.time() + 601, tick=False):
        assert client.get(BACK, late).status_code == 403
    assert not _inside(client)


def test_a_code_is_worth_nothing_without_the_verifier(
    cast: SimpleNamespace, client: Client, provider: SmallProvider
) -> None:
    """Somebody else's code under the own state: PKCE tells them apart."""
    theirs = _there(Client().get(OUT).url)  # type: ignore[attr-defined]
    mine = _there(client.get(OUT).url)  # type: ignore[attr-defined]
    assert client.get(BACK, mine | {"code": theirs["code"]}).status_code == 403
    assert not _inside(client)


@pytest.mark.parametrize("who", [{"preferred_username": "nobody.here"}, {"preferred_username": ""}, {}])
def test_only_people_who_exist_come_in(
    cast: SimpleNamespace, client: Client, provider: SmallProvider, who: dict[str, Any]
) -> None:
    people = Person.objects.count()
    provider.who = who
    assert _through(client).status_code == 403
    assert Person.objects.count() == people
    assert AuditEntry.objects.get(deed="sign_in.refused").detail["why"] == "unknown"


def test_only_active_people_come_in(cast: SimpleNamespace, client: Client, provider: SmallProvider) -> None:
    Person.objects.filter(pk=cast.agent_hq.pk).update(is_active=False)
    assert _through(client).status_code == 403
    assert not _inside(client)


def test_people_may_be_named_by_employee_number(
    cast: SimpleNamespace, client: Client, provider: SmallProvider, settings: Any
) -> None:
    settings.OIDC_FIELD, settings.OIDC_CLAIM = "employee_no", "staff_id"
    provider.who = {"staff_id": cast.agent_hq.employee_no, "preferred_username": "somebody"}
    assert _through(client).status_code == 302
    assert Session.objects.get(person=cast.agent_hq).first_step == "provider"


def test_the_second_step_follows_unless_the_provider_took_it(
    cast: SimpleNamespace, provider: SmallProvider, settings: Any
) -> None:
    give_app(cast.agent_hq)
    browser = Client()
    assert _through(browser, "/jobs/").url == STEP
    assert not _inside(browser)
    assert browser.post(STEP, {"code": code_at(time.time())}).url == "/jobs/"  # type: ignore[attr-defined]
    settings.SECOND_FACTOR_ROLES = frozenset({"agent"})
    provider.who["amr"] = ["pwd", "mfa"]
    other = Client()
    assert _through(other, "/jobs/").url == "/jobs/"
    assert _inside(other)


def test_a_handed_over_password_does_not_stand_in_the_way(
    cast: SimpleNamespace, client: Client, provider: SmallProvider
) -> None:
    Person.objects.filter(pk=cast.agent_hq.pk).update(must_change_password=True)
    _through(client)
    assert _inside(client)


def test_local_passwords_can_be_switched_off(
    cast: SimpleNamespace, client: Client, provider: SmallProvider, settings: Any
) -> None:
    settings.LOCAL_PASSWORD = False
    page = client.get("/sign-in/")
    assert 'name="password"' not in page.content.decode() and OUT in page.content.decode()
    form = {"username": "li.jingyi", "password": PASSWORD}
    assert client.post("/sign-in/", form).status_code == 403
    assert not _inside(client)
    _through(client)
    assert client.get("/password/").status_code == 403


def test_confirming_asks_the_provider_to_sign_in_anew(
    cast: SimpleNamespace, client: Client, provider: SmallProvider
) -> None:
    _through(client)
    later = time.time() + 901
    with travel(later, tick=False):
        confirm = client.get("/sign-ins/app/").url  # type: ignore[attr-defined]
        assert f"{OUT}?next=/sign-ins/app/" in client.get(confirm).content.decode()
        provider.lies = {"auth_time": int(later) - HOUR}
        assert _through(client, "/sign-ins/app/").status_code == 403
        assert client.get("/sign-ins/app/").status_code == 302
        provider.lies = {}
        assert _through(client, "/sign-ins/app/").url == "/sign-ins/app/"
        assert client.get("/sign-ins/app/").status_code == 200


def test_a_provider_that_is_away_is_said_to_be(cast: SimpleNamespace, client: Client, settings: Any) -> None:
    settings.OIDC_ISSUER = "http://127.0.0.1:1"
    oidc.forget()
    assert client.get(OUT).status_code == 503
    settings.HTTPS = True
    assert client.get(OUT).status_code == 503  # and over plain HTTP nobody is asked at all
    settings.OIDC_ISSUER = ""
    assert client.get(OUT).status_code == 404
    assert client.get(BACK).status_code == 404
    assert OUT not in client.get("/sign-in/").content.decode()
