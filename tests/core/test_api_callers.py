"""Who gets into the API: tokens, sessions, scopes, rights; and how it says no."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from core import audit
from staff.clients import create_api_client, remove_api_client
from staff.models import ApiClient
from tests.cast import PASSWORD, Speak, token_for

pytestmark = [pytest.mark.urls("tests.core.toys"), pytest.mark.django_db]
JOBS = "/api/v1/toys/jobs/"


def _problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert set(body) == {"type", "title", "status", "detail", "errors", "request_id"}
    return body


def test_strangers_are_asked_to_sign_in() -> None:
    response = Client().get(JOBS)
    _problem(response, 401)
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'


def test_unknown_and_expired_tokens_are_refused(units: Any) -> None:
    made = create_api_client(actor=audit.SYSTEM, name="old", scopes=["units:read"], unit_codes=["HQ"])
    token = token_for(made.client)
    get_access_token_model().objects.update(expires=timezone.now() - timedelta(seconds=1))
    for word in (token, "nonsense", "", "ü"):
        body = _problem(Client(headers={"Authorization": f"Bearer {word}"}).get(JOBS), 401)
        assert body["type"] == "urn:problem:invalid-token"


def test_a_scope_opens_its_methods_only(as_system: Speak) -> None:
    assert as_system("units:read").get(JOBS).status_code == 200
    _problem(as_system("people:read", name="other").get(JOBS), 403)


def test_a_right_opens_its_methods_only(cast: SimpleNamespace, as_person: Speak) -> None:
    assert as_person(cast.administrator).get(JOBS).status_code == 200
    _problem(as_person(cast.agent_1001).get(JOBS), 403)


def test_what_says_nothing_is_closed(cast: SimpleNamespace, as_person: Speak, as_system: Speak) -> None:
    _problem(as_person(cast.administrator).get("/api/v1/toys/undeclared/"), 403)
    _problem(as_system("units:read").get("/api/v1/toys/undeclared/"), 403)


def test_sessions_need_the_csrf_token(cast: SimpleNamespace) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.administrator, backend="django.contrib.auth.backends.ModelBackend")
    _problem(browser.post(JOBS, {"title": "a"}, "application/json"), 403)


def test_a_handed_over_password_opens_nothing(cast: SimpleNamespace, as_person: Speak) -> None:
    cast.administrator.must_change_password = True
    cast.administrator.save()
    _problem(as_person(cast.administrator).get(JOBS), 401)


def test_people_without_a_sign_in_get_nowhere(cast: SimpleNamespace, as_person: Speak) -> None:
    browser = as_person(cast.administrator)
    cast.administrator.is_active = False
    cast.administrator.save()
    _problem(browser.get(JOBS), 401)


def test_token_page_gives_a_token_of_an_hour(units: Any, client: Client) -> None:
    made = create_api_client(
        actor=audit.SYSTEM, name="erp", scopes=["units:read", "people:read"], unit_codes=["1001"]
    )
    answer = _ask(client, made.client, made.secret, scope="units:read")
    body = answer.json()
    assert (answer.status_code, body["expires_in"], body["scope"]) == (200, 3600, "units:read")
    bearer = Client(headers={"Authorization": f"Bearer {body['access_token']}"})
    codes = [row["code"] for row in bearer.get("/api/v1/units/").json()["results"]]
    assert codes == ["1001", "1099"]
    _problem(bearer.get("/api/v1/people/"), 403)
    stored = get_access_token_model().objects.get()
    assert body["access_token"] not in (stored.token, stored.token_checksum)


def _ask(client: Client, asking: ApiClient, secret: str, **more: str) -> Any:
    form = {"grant_type": "client_credentials", "client_id": asking.client_id, "client_secret": secret}
    return client.post("/o/token/", {**form, **more})


def test_token_page_gives_no_more_than_the_client_has(units: Any, client: Client) -> None:
    made = create_api_client(actor=audit.SYSTEM, name="erp", scopes=["units:read"], unit_codes=["1001"])
    assert _ask(client, made.client, made.secret, scope="people:read").json()["error"] == "invalid_scope"
    assert _ask(client, made.client, "wrong").status_code == 401
    assert _ask(client, made.client, made.secret).json()["scope"] == "units:read"
    assert made.secret not in ApiClient.objects.get().client_secret


@pytest.mark.parametrize("grant", ["password", "authorization_code", "refresh_token", "implicit"])
def test_other_grants_are_closed(cast: SimpleNamespace, client: Client, grant: str) -> None:
    made = create_api_client(actor=audit.SYSTEM, name="erp", scopes=["units:read"], unit_codes=["1001"])
    answer = _ask(
        client, made.client, made.secret, grant_type=grant, username="li.jingyi", password=PASSWORD, code="x",
        refresh_token="x", redirect_uri="https://example.com/",
    )  # fmt: skip
    assert answer.status_code in {400, 401}
    assert not get_access_token_model().objects.exists()


def test_taking_scopes_or_the_client_away_works_at_once(as_system: Speak) -> None:
    caller = as_system("units:read")
    client = ApiClient.objects.get()
    ApiClient.objects.update(scopes=["people:read"])
    _problem(caller.get(JOBS), 403)
    remove_api_client(actor=audit.SYSTEM, client=client)
    _problem(caller.get(JOBS), 401)


def test_errors_are_problems(as_system: Speak) -> None:
    caller = as_system("units:read")
    body = _problem(
        caller.post(JOBS, {"title": "far too long a title", "lines": [{}]}, "application/json"), 400
    )
    assert [(error["field"], error["code"]) for error in body["errors"]] == [
        ("title", "max_length"), ("lines.0.amount", "required"),
    ]  # fmt: skip
    body = _problem(caller.get("/api/v1/toys/fails/rule/"), 400)
    assert body["errors"] == [{"field": "name", "code": "short", "message": "Too short."}]
    body = _problem(caller.get("/api/v1/toys/fails/conflict/"), 409)
    assert (body["type"], body["detail"]) == ("urn:problem:closed", "It is closed.")
    _problem(caller.post(JOBS, "{", "application/json"), 400)
    _problem(caller.post(JOBS, {"title": "a"}, "text/csv"), 415)
    _problem(caller.delete(JOBS), 403)
    _problem(caller.get("/api/v1/nothing/"), 404)
    _problem(caller.get("/api/v1/units/9999/"), 404)


def test_a_crash_tells_nothing(as_system: Speak) -> None:
    caller = as_system("units:read")
    caller.raise_request_exception = False
    response = caller.get("/api/v1/toys/fails/crash/")
    _problem(response, 500)
    assert b"secret" not in response.content
    page = caller.get("/toys/crash/")
    assert page.status_code == 500
    assert b"secret" not in page.content
    assert page["X-Request-Id"].encode() in page.content


def test_oversize_bodies_are_refused(as_system: Speak, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    _problem(as_system("units:read").post(JOBS, {"title": "a" * 200}, "application/json"), 413)


def test_stale_versions_are_refused(as_system: Speak) -> None:
    caller = as_system("units:read")
    tag = caller.get(f"{JOBS}7/")["ETag"]
    one = f"{JOBS}7/"
    assert caller.put(one, headers={"If-Match": tag}).status_code == 200
    assert caller.put(one, headers={"If-Match": f'"x", {tag}'}).status_code == 200
    assert caller.put(one).status_code == 200
    _problem(caller.put(one, headers={"If-Match": '"old"'}), 412)
