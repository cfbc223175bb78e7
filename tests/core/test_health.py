"""Health for whoever watches the service, and the headers that keep browsers out of trouble."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as project
from django.db import DatabaseError
from django.test import Client

from core import views
from tests.cast import Speak

pytestmark = pytest.mark.django_db


def test_healthz_asks_nothing_of_the_database(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "ok"}


def test_readyz_tells_what_answers(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/readyz").json() == {"status": "ok", "database": True, "broker": True}
    monkeypatch.setattr(views.settings, "REDIS_URL", "redis://127.0.0.1:1/0")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["broker"]) == (200, False)


def test_readyz_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(views, "connection", SimpleNamespace(cursor=away))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")


def test_headers(cast: SimpleNamespace, as_person: Speak) -> None:
    answer = as_person(cast.agent_hq).get("/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert len(answer["X-Request-Id"]) == 16


def test_cookies_are_secure_where_https_is() -> None:
    assert project.SESSION_COOKIE_HTTPONLY
    assert project.SESSION_COOKIE_SECURE == project.CSRF_COOKIE_SECURE == project.HTTPS
    assert project.SESSION_COOKIE_SAMESITE == "Lax"


def test_pages_that_do_not_exist_look_alike_for_everyone(cast: SimpleNamespace, as_person: Speak) -> None:
    page = as_person(cast.agent_hq).get("/no-such-page/")
    assert page.status_code == 404
    assert b"Traceback" not in page.content
    assert Client().get("/no-such-page/").status_code == 404


def test_refused_forms_say_so(cast: SimpleNamespace) -> None:
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/sign-in/", {"username": "li.jingyi", "password": "x"})
    assert answer.status_code == 403
    assert "text/html" in answer["Content-Type"]


@pytest.mark.urls("tests.core.toys")
def test_what_rules_refuse_is_said_on_the_page(client: Client) -> None:
    for status in (409, 412):
        page = client.get(f"/toys/refuses/{status}/")
        assert page.status_code == status
        assert b"It is closed." in page.content
    hidden = client.get("/toys/refuses/404/")
    assert hidden.status_code == 404
    assert b"It is closed." not in hidden.content
