"""Old and new values of every change, also of those made in SQL; who looked at a client."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.urls import reverse

from clients import identifiers
from clients.actions.editing import edit_client
from clients.models import Client, ClientChange
from clients.queries.history import changes
from core import audit, history
from staff.models import Unit
from tests.cast import Speak
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def wang(units: dict[str, Unit]) -> Client:
    return make_client(units["1001"], "C000001", remark="likes tea")


def _told(client: Client, user: Any) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    return [
        (change.who, change.why, [(field.field, field.old, field.new) for field in change.fields])
        for change in changes(client, user)
    ]


def test_each_change_with_old_new_who_and_why(wang: Client, cast: SimpleNamespace) -> None:
    edit_client(
        actor=cast.agent_1001, client=wang, values={"remark": "likes water"}, version=1, reason="call"
    )
    edit_client(
        actor=cast.team_lead_1001, client=wang, values={"remark": "", "occupation": "cook"}, version=2
    )
    assert _told(wang, cast.agent_hq) == [
        (cast.team_lead_1001.username, "", [("occupation", "", "cook"), ("remark", "likes water", "")]),
        (cast.agent_1001.username, "call", [("remark", "likes tea", "likes water")]),
    ]


def test_changes_in_sql_are_kept_with_their_deed(wang: Client, units: dict[str, Unit], cast: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        history.because(actor=audit.SYSTEM, deed="feed.loaded", package=7, day="2026-01-06")
        cursor.execute("UPDATE clients_client SET branch_id = %s", [units["1002"].pk])
        assert cursor.rowcount == 1
    ((who, why, fields),) = _told(wang, cast.agent_hq)
    assert (who, fields) == ("system", [("branch", units["1001"].name, units["1002"].name)])
    assert "2026-01-06" in why


def test_a_value_sealed_anew_is_no_change(wang: Client, cast: Any) -> None:
    """Every feed row seals again with a new nonce; versions and dates of telling are no history either."""
    again = identifiers.seal("C000001", "mobile", "13800001234")
    Client.objects.update(mobile=again, version=9, told_version=2, pinyin="x")
    assert not ClientChange.objects.exists()
    Client.objects.update(address_index=identifiers.address_blind_index("上海市静安区某路 1 号"))
    assert not ClientChange.objects.exists(), "an index that only now comes says nothing"


def test_a_new_mobile_shows_masked(wang: Client, cast: Any) -> None:
    Client.objects.update(
        mobile=identifiers.seal("C000001", "mobile", "13900005678"),
        mobile_index=identifiers.mobile_blind_index("13900005678"),
        address=identifiers.seal("C000001", "address", "北京市朝阳区"),
        address_index=identifiers.address_blind_index("北京市朝阳区"),
    )
    wang.refresh_from_db()
    ((_who, _why, fields),) = _told(wang, cast.agent_hq)
    assert fields[0] == ("mobile", "138****1234", "139****5678")
    assert fields[1][0] == "address"
    assert _told(wang, cast.value_analyst)[0][2] == [], "without identity"


def test_pages_by_key(wang: Client, cast: SimpleNamespace, as_person: Speak, monkeypatch: Any) -> None:
    monkeypatch.setattr("clients.queries.history.ROWS", 3)
    for number in range(7):
        Client.objects.update(remark=f"state {number}")
    browser, url, seen = as_person(cast.agent_1001), reverse("clients:history", args=["C000001"]), []
    below: Any = ""
    while below is not None:
        answer = browser.get(url, {"below": below})
        seen += [field.new for change in answer.context["changes"] for field in change.fields]
        below = answer.context["earlier"]
    assert seen == [f"state {number}" for number in range(6, -1, -1)]


def test_queries_do_not_grow(
    wang: Client, cast: SimpleNamespace, as_person: Speak, django_assert_max_num_queries: Any
) -> None:
    for number in range(25):
        Client.objects.update(remark=f"state {number}")
    browser = as_person(cast.agent_1001)
    with django_assert_max_num_queries(12):
        browser.get(reverse("clients:history", args=["C000001"]))


def test_who_looked(wang: Client, cast: SimpleNamespace, as_person: Speak) -> None:
    browser = as_person(cast.agent_1001)
    browser.get(reverse("clients:detail", args=["C000001"]))
    browser.post(reverse("clients:reveal", args=["C000001", "mobile"]), {"purpose": "contact", "note": "x1"})
    url = reverse("clients:looks", args=["C000001"])
    assert browser.get(url).status_code == 403
    page = as_person(cast.team_lead_1001).get(url).content.decode()
    assert page.count(cast.agent_1001.username) == 2
    assert "x1" in page
    told = as_person(cast.compliance).get("/api/v1/clients/C000001/looks/").json()["results"]
    assert [row["deed"] for row in told] == ["client.revealed", "client.viewed"]


def test_the_api_tells_the_same(wang: Client, cast: SimpleNamespace, as_system: Speak) -> None:
    edit_client(actor=cast.agent_1001, client=wang, values={"remark": "new"}, version=1)
    (change,) = as_system("clients:read").get("/api/v1/clients/C000001/history/").json()["results"]
    assert change["fields_changed"] == [{"field": "remark", "old": "likes tea", "new": "new"}]
