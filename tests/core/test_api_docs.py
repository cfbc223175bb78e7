"""The API's description: complete, valid, closed to strangers; its page runs under the strict CSP."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from tests.cast import Speak, make_cast, make_units

pytestmark = pytest.mark.django_db


def test_schema_is_valid_openapi_without_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, format="openapi-json", file="/dev/null")
    assert "Warning" not in capsys.readouterr().err


def test_schema_says_scopes_errors_and_keys(cast: SimpleNamespace, as_person: Speak) -> None:
    browser = as_person(cast.administrator)
    schema = browser.get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}).json()
    assert schema["openapi"].startswith("3.1")
    units = schema["paths"]["/api/v1/units/"]["get"]
    assert units["security"][0] == {"client_credentials": ["units:read"]}
    assert "application/problem+json" in units["responses"]["default"]["content"]
    flow = schema["components"]["securitySchemes"]["client_credentials"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == "/o/token/"
    assert {"units:read", "clients:read"} <= set(flow["scopes"])
    assert "present tier and score" in flow["scopes"]["clients:read"]  # explained scores ask for scores:read
    score = schema["paths"]["/api/v1/clients/{client_no}/score/"]["get"]
    assert score["security"][0] == {"client_credentials": ["scores:read"]}
    for path in schema["paths"].values():
        named = [parameter["name"] for parameter in path.get("post", {}).get("parameters", [])]
        assert "post" not in path or "Idempotency-Key" in named


def test_strangers_learn_nothing(client: Client) -> None:
    assert client.get("/api/v1/schema/").status_code == 401
    assert client.get("/api/v1/docs/").status_code == 302


def test_page_shows_the_operations_under_the_csp(page: Any, live_server: Any, as_person: Speak) -> None:
    """The fixture `page` fails on any complaint in the console, such as a refused script or style."""
    people = make_cast(make_units())
    session = as_person(people.administrator).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(f"{live_server.url}/api/v1/docs/")
    page.get_by_text("/api/v1/articles/", exact=True).first.wait_for()
    units = page.get_by_text("/api/v1/units/", exact=True).first
    while not units.is_visible():  # of a long description only what is in sight is drawn
        page.mouse.wheel(0, 1500)
        page.wait_for_timeout(100)
    page.locator("#operations-units-units_list button.opblock-summary-control").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    page.get_by_text("上海南京西路营业部").first.wait_for()
