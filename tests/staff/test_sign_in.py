"""Signing in and out, lockout, the own password, language and colours."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client

from core.models import AuditEntry
from staff.models import Person
from tests.cast import PASSWORD, Speak

pytestmark = pytest.mark.django_db
NEW = "another-horse-battery"


def _try(browser: Client, username: str, password: str, **more: Any) -> Any:
    return browser.post("/sign-in/", {"username": username, "password": password}, **more)


def _deeds() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("deed", flat=True))


def test_in_and_out(cast: SimpleNamespace, client: Client) -> None:
    Person.objects.filter(pk=cast.agent_hq.pk).update(language="en", theme="dark")
    assert client.get("/").url == "/sign-in/?next=/"  # type: ignore[attr-defined]
    assert client.get("/sign-in/").status_code == 200
    answer = _try(client, "li.jingyi", PASSWORD)
    assert (answer.status_code, answer.url) == (302, "/")
    assert (answer.cookies["django_language"].value, answer.cookies["theme"].value) == ("en", "dark")
    assert answer.cookies["sessionid"]["httponly"]
    page = client.get("/")
    assert b"Service agent" in page.content
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").url == "/sign-in/"  # type: ignore[attr-defined]
    assert client.get("/").status_code == 302
    assert _deeds() == ["signed_in", "signed_out"]


def test_sign_in_leads_only_within_the_site(cast: SimpleNamespace, client: Client) -> None:
    form = {"username": "li.jingyi", "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post("/sign-in/", form).url == "/"  # type: ignore[attr-defined]


def test_wrong_names_and_passwords_look_alike(cast: SimpleNamespace, client: Client) -> None:
    pages = [_try(client, name, "wrong") for name in ("li.jingyi", "nobody.here")]
    said = [re.sub(r'value="[^"]*"|content="[^"]*"', "", page.content.decode()) for page in pages]
    assert said[0] == said[1]
    assert {page.status_code for page in pages} == {200}


def test_brute_force_is_locked_out(cast: SimpleNamespace, client: Client) -> None:
    statuses = [_try(client, "li.jingyi", f"wrong {attempt}").status_code for attempt in range(8)]
    assert statuses[:7] == [200] * 7
    assert statuses[7] == 429
    assert _try(client, "li.jingyi", PASSWORD).status_code == 429
    assert client.get("/").status_code == 302
    forged = _try(client, "li.jingyi", PASSWORD, headers={"X-Forwarded-For": "9.9.9.9"})
    assert forged.status_code == 429
    assert _deeds() == ["sign_in.locked"]
    assert AccessAttempt.objects.get().failures_since_start >= 8
    assert _try(client, "ma.wentao", PASSWORD).status_code == 302


def test_a_success_forgets_the_failures(cast: SimpleNamespace, client: Client) -> None:
    for _round in range(3):
        for _attempt in range(6):
            _try(client, "li.jingyi", "wrong")
        assert _try(client, "li.jingyi", PASSWORD).status_code == 302
        client.post("/sign-out/")


def test_who_is_switched_off_cannot_sign_in_and_falls_out(cast: SimpleNamespace, as_person: Speak) -> None:
    browser = as_person(cast.agent_hq)
    Person.objects.filter(pk=cast.agent_hq.pk).update(is_active=False)
    assert browser.get("/").status_code == 302
    assert _try(browser, "li.jingyi", PASSWORD).status_code == 200
    assert browser.get("/").status_code == 302


def test_a_handed_over_password_must_be_changed_first(cast: SimpleNamespace, as_person: Speak) -> None:
    Person.objects.filter(pk=cast.agent_hq.pk).update(must_change_password=True)
    browser = as_person(cast.agent_hq)
    for path in ("/", "/people/", "/jobs/"):
        assert browser.get(path).url == "/password/"  # type: ignore[attr-defined]
    assert browser.get("/password/").status_code == 200
    answer = browser.post("/password/", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert answer.url == "/"  # type: ignore[attr-defined]
    assert browser.get("/").status_code == 200


def test_changing_the_password_ends_other_sessions(cast: SimpleNamespace, as_person: Speak) -> None:
    here, there = as_person(cast.agent_hq), as_person(cast.agent_hq)
    here.post("/password/", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302
    assert _try(Client(), "li.jingyi", NEW).status_code == 302
    assert "password.changed" in _deeds()
    assert NEW not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("wrong", NEW, NEW),
        (PASSWORD, NEW, "different-horse-battery"),
        (PASSWORD, "short", "short"),
        (PASSWORD, "password1234", "password1234"),
        (PASSWORD, "298347298347298", "298347298347298"),
        (PASSWORD, PASSWORD, PASSWORD),
    ],
)
def test_unfit_passwords_are_refused(
    cast: SimpleNamespace, as_person: Speak, old: str, new: str, again: str
) -> None:
    answer = as_person(cast.agent_hq).post("/password/", {"old": old, "new": new, "again": again})
    assert answer.status_code == 200
    assert Person.objects.get(pk=cast.agent_hq.pk).check_password(PASSWORD)


def test_language_and_colours_are_remembered(cast: SimpleNamespace, as_person: Speak, client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "/sign-in/"})
    assert (answer.url, answer.cookies["django_language"].value) == ("/sign-in/", "en")  # type: ignore[attr-defined]
    assert client.get("/sign-in/")["Content-Language"] == "en"
    browser = as_person(cast.agent_hq)
    browser.post("/language/", {"language": "en"})
    browser.post("/theme/", {"theme": "dark"})
    person = Person.objects.get(pk=cast.agent_hq.pk)
    assert (person.language, person.theme) == ("en", "dark")
    assert b'data-theme="dark"' in browser.get("/").content
    for path, form in (("/language/", {"language": "xx"}), ("/theme/", {"theme": "<script>"})):
        assert not browser.post(path, form).cookies
    assert client.post("/language/", {"language": "en", "next": "//evil.example"}).url == "/"  # type: ignore[attr-defined]
    assert client.get("/language/").status_code == 405
