"""The client list, the 360 page, its panels and the palette."""

import json
from datetime import date

import pytest
from django.urls import reverse

from clients.models import ClientRecord
from clients.queries import ownership
from clients.queries import record as queries
from core.models import AuditEntry
from tests.clients.people import give_standing, make_account, make_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def wang(units):
    client = make_client(units["1001"], "C000001")
    give_standing(client, flags=["at_risk"])
    make_account(client, "A0000011")
    return client


def test_the_list_shows_who_is_in_scope(wang, units, cast, as_person) -> None:
    make_client(units["1002"], "C000002", "李小明", manager_no="M1002A")
    page = as_person(cast.agent_1001).get(reverse("clients:list")).content.decode()
    assert "C000001" in page
    assert "C000002" not in page


def test_list_filters_by_tier_and_flag(wang, units, cast, as_person) -> None:
    other = make_client(units["1001"], "C000003", "周平")
    give_standing(other, tier="V1", score="12.00")
    browser = as_person(cast.agent_hq)
    for query in ({"tier": "V4"}, {"flag": "at_risk"}, {"q": "建国"}, {"tier": "V4", "branch": "1001"}):
        page = browser.get(reverse("clients:list"), query).content.decode()
        assert ("C000001" in page, "C000003" in page) == (True, False), query


def test_sorting_by_score_puts_the_best_first(wang, units, cast, as_person) -> None:
    better = make_client(units["1001"], "C000009", "周平")
    give_standing(better, tier="V5", score="91.00")
    page = as_person(cast.agent_hq).get(reverse("clients:list"), {"sort": "-score"}).content.decode()
    assert page.index("C000009") < page.index("C000001")


@pytest.mark.parametrize("rows", [20, 200])
def test_queries_of_the_list_do_not_grow(
    units, cast, as_person, django_assert_max_num_queries, rows: int
) -> None:
    for number in range(rows):
        give_standing(make_client(units["1001"], f"C{number:06d}"))
    browser = as_person(cast.agent_1001)
    with django_assert_max_num_queries(11):
        page = browser.get(reverse("clients:list"), {"size": "200"})
    assert page.content.decode().count("/clients/C") == rows


def test_the_page_of_a_client(wang, cast, as_person, django_assert_max_num_queries) -> None:
    as_person(cast.agent_hq).get(reverse("clients:detail", args=["C000001"]))  # the unit's first audit entry
    browser = as_person(cast.agent_1001)
    with django_assert_max_num_queries(15):
        page = browser.get(reverse("clients:detail", args=["C000001"])).content.decode()
    assert "王建国" in page
    assert "138****1234" in page
    for secret in ("13800001234", "11010519491231002X", "jianguo@example.com", "静安区某路"):
        assert secret not in page


def test_a_view_is_on_record_once_in_ten_minutes(wang, cast, as_person) -> None:
    browser = as_person(cast.agent_1001)
    for _again in range(3):
        browser.get(reverse("clients:detail", args=["C000001"]))
    entries = AuditEntry.objects.filter(deed="client.viewed")
    assert [(entry.actor_name, entry.client_id, entry.chain_id) for entry in entries] == [
        ("liu.siqi", wang.pk, "1001")
    ]


def test_another_branch_gets_404_and_the_administrator_403(wang, cast, as_person) -> None:
    for name in ("clients:detail", "clients:timeline", "clients:accounts", "clients:ownership"):
        url = reverse(name, args=["C000001"])
        assert as_person(cast.agent_1002).get(url).status_code == 404
        assert as_person(cast.administrator).get(url).status_code == 403


def test_the_value_analyst_sees_no_identity(wang, cast, as_person) -> None:
    page = as_person(cast.value_analyst).get(reverse("clients:detail", args=["C000001"])).content.decode()
    assert "王建国" not in page
    assert "138****1234" not in page
    assert "C000001" in page


def test_panels_show_accounts_and_ownership(wang, units, cast, as_person) -> None:
    ClientRecord.objects.filter(client=wang).update(valid_to=date(2026, 3, 2))
    ClientRecord.objects.create(
        client=wang,
        told_on=date(2026, 3, 2),
        valid_from=date(2026, 3, 2),
        branch=units["1001"],
        manager_no="M1001B",
        status="normal",
        kind="individual",
        opened_on=wang.opened_on,
    )
    browser = as_person(cast.agent_1001)
    assert "A0000011" in browser.get(reverse("clients:accounts", args=["C000001"])).content.decode()
    assert "M1001B" in browser.get(reverse("clients:ownership", args=["C000001"])).content.decode()
    timeline = browser.get(reverse("clients:timeline", args=["C000001"])).content.decode()
    assert "M1001A → M1001B" in timeline
    assert (
        "M1001A"
        not in browser.get(
            reverse("clients:timeline", args=["C000001"]), {"kind": "interaction"}
        ).content.decode()
    )
    assert [line.manager_no for line in ownership.ownership_history(wang)] == ["M1001B", "M1001A"]


def test_warnings_of_expired_documents(wang) -> None:
    today = date(2026, 11, 23)
    wang.id_expires_on, wang.risk_assessed_on = date(2026, 11, 30), date(2024, 2, 29)
    assert len(queries.warnings(wang, today)) == 2
    wang.id_expires_on, wang.risk_assessed_on = date(2030, 1, 1), date(2026, 11, 1)
    assert queries.warnings(wang, today) == []
    wang.risk_assessed_on = None
    assert queries.warnings(wang, today) == []


def test_the_palette_finds_clients_and_pages(wang, cast, as_person) -> None:
    browser = as_person(cast.agent_1001)
    assert "C000001" in browser.get(reverse("palette"), {"q": "wjg"}).content.decode()
    pages = browser.get(reverse("palette"), {"q": ""}).content.decode()
    assert reverse("clients:list") in pages
    assert "C000001" not in as_person(cast.agent_1002).get(reverse("palette"), {"q": "wjg"}).content.decode()


def test_api_lists_and_shows_clients_masked(wang, units, as_system) -> None:
    make_client(units["1002"], "C000002", "李小明")
    api = as_system("clients:read", at=("1001",))
    listed = api.get("/api/v1/clients/").json()
    assert [(row["client_no"], row["tier"], row["score"]) for row in listed["results"]] == [
        ("C000001", "V4", "73.21")
    ]
    assert api.get("/api/v1/clients/C000002/").status_code == 404
    one = api.get("/api/v1/clients/C000001/").json()
    assert one["personal"]["mobile"] == "138****1234"
    assert one["accounts"][0]["account_no"] == "A0000011"
    assert "13800001234" not in json.dumps(one)


def test_api_pages_by_cursor(units, as_system) -> None:
    for number in range(5):
        make_client(units["1001"], f"C00000{number}")
    api, seen, url = as_system("clients:read"), [], "/api/v1/clients/?page_size=2&ordering=-client_no"
    while url:
        answer = api.get(url).json()
        seen += [row["client_no"] for row in answer["results"]]
        url = answer["next"]
    assert seen == [f"C00000{number}" for number in range(4, -1, -1)]
