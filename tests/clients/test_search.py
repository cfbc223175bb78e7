"""What the one box finds, in which order, and for whom."""

from datetime import date
from typing import Any

import pytest
from django.db import connection

from clients.actions.viewing import note_view
from clients.models import Client, Reading
from clients.queries import record as queries
from clients.search import LONGEST, Search, matching
from core.spelling import search_keys
from tests.clients.people import make_account, make_client

pytestmark = pytest.mark.django_db


def named(unit: Any, client_no: str, name: str, **values: Any) -> Client:
    """A client with the search keys that the feed would give it."""
    pinyin, initials = search_keys(name)
    return make_client(unit, client_no, name, pinyin=pinyin, initials=initials, **values)


@pytest.fixture
def people(units):
    wang = make_client(units["1001"], "C000001")
    li = named(
        units["1002"],
        "C000002",
        "李小明",
        manager_no="M1002A",
        mobile="13911112222",
        id_number="110105194912310038",
    )
    firm = named(
        units["1001"],
        "C000003",
        "上海华信贸易有限公司",
        kind="institution",
        short_name="沪华信",
        mobile="",
        id_number="91310000631696382C",
    )
    make_account(wang, "A0000011")
    make_account(li, "A0000021")
    return {"wang": wang, "li": li, "firm": firm}


@pytest.fixture
def everyone(people, cast):
    return cast.agent_hq


def numbers(user: Any, typed: str) -> list[str]:
    """What the box finds and what the list finds must be the same clients."""
    boxed = [client.client_no for client in queries.found(user, typed, 50)]
    listed = matching(queries.listed(user), user, typed)
    assert sorted(boxed) == sorted(listed.values_list("client_no", flat=True))
    return boxed


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("王", ["C000001"]),
        ("国", ["C000001"]),
        ("建国", ["C000001"]),
        ("王建国", ["C000001"]),
        ("小明", ["C000002"]),
        ("李 小明", ["C000002"]),
        ("明小", []),
        ("华信", ["C000003"]),
        ("华信贸", ["C000003"]),
        ("信华", []),
        ("沪华信", ["C000003"]),
        ("wangj", ["C000001"]),
        ("WJG", ["C000001"]),
        ("li xiao", ["C000002"]),
        ("shhx", ["C000003"]),
        ("c0000", ["C000001", "C000002", "C000003"]),
        ("C000002", ["C000002"]),
        ("A000002", ["C000002"]),
        ("13911112222", ["C000002"]),
        ("2222", ["C000002"]),
        ("139-1111-2222", ["C000002"]),
        ("139 1111 2222", ["C000002"]),
        ("11010519491231002x", ["C000001"]),
        ("91310000631696382c", ["C000003"]),
        ("1234", ["C000001"]),
        ("%", []),
        ("_", []),
        ("zzz", []),
        ("'; DROP TABLE", []),
    ],
)
def test_one_box_finds(everyone, typed: str, found: list[str]) -> None:
    assert numbers(everyone, typed) == found


@pytest.mark.parametrize("typed", ["", "  ", "\x00"])
def test_empty_text_leaves_the_list_whole_and_the_box_empty(everyone, typed: str) -> None:
    assert queries.found(everyone, typed) == []
    assert matching(queries.listed(everyone), everyone, typed).count() == 3


@pytest.mark.parametrize("typed", ["zengjianguo", "cengjianguo", "zjg", "cjg"])
def test_every_reading_of_a_character_finds(units, cast, typed: str) -> None:
    zeng = named(units["1001"], "C000001", "曾建国")
    Reading.objects.create(client=zeng, of="name", pinyin="cengjianguo", initials="cjg")
    assert numbers(cast.agent_1001, typed) == ["C000001"]
    assert numbers(cast.agent_1002, typed) == []


def test_exact_matches_stand_first_then_own_clients(units, cast) -> None:
    for number, (name, manager) in enumerate(
        [
            ("王建国强", "M1001B"),
            ("王建", "M1001B"),
            ("李王建", "M1001A"),
            ("王建军", "M1001A"),
            ("王建", "M1001A"),
        ]
    ):
        named(units["1001"], f"C00000{number}", name, manager_no=manager)
    boss = cast.branch_manager_1001
    assert numbers(boss, "王建") == ["C000001", "C000004", "C000000", "C000003", "C000002"]
    cast.agent_1001.employee_no = "M1001A"  # serves clients of her own beside the branch's
    assert numbers(cast.agent_1001, "王建")[:4] == ["C000001", "C000004", "C000002", "C000003"]
    assert numbers(cast.manager_1001a, "王建") == ["C000004", "C000002", "C000003"]


def test_results_stay_in_scope(people, cast) -> None:
    assert numbers(cast.agent_1001, "c0000") == ["C000001", "C000003"]
    assert numbers(cast.manager_1002a, "c0000") == ["C000002"]
    assert numbers(cast.agent_hq, "c0000") == ["C000001", "C000002", "C000003"]
    assert numbers(cast.agent_1001, "A0000021") == []
    assert queries.found(cast.administrator, "c0000") == []


def test_without_identity_only_the_client_number_finds(people, cast) -> None:
    for typed in ("建国", "wjg", "13911112222", "2222", "A0000011", "11010519491231002x"):
        assert numbers(cast.value_analyst, typed) == []
    found = queries.found(cast.value_analyst, "C000001")
    assert [queries.shown_name(client, cast.value_analyst) for client in found] == ["王**"]


def test_a_merged_number_finds_the_record_it_went_into(people, everyone) -> None:
    people["li"].merged_into = people["wang"]
    people["li"].save()
    for typed in ("C000002", "13911112222", "李小明", "A0000021"):
        assert [client.client_no for client in queries.found(everyone, typed)] == ["C000001"]


def test_a_list_shows_the_best_matches_and_says_so(units, cast, as_person, monkeypatch) -> None:
    monkeypatch.setattr("clients.filters.LISTED", 3)
    monkeypatch.setattr("clients.lists.clients.LISTED", 3)
    for number in range(6):
        named(units["1001"], f"C00000{number}", "王建" if number == 4 else "王建军")
    page = as_person(cast.agent_1001).get("/clients/", {"q": "王建"}).content.decode()
    assert "C000004" in page
    assert page.count("王建军") == 2
    assert "最匹配的 3 位客户" in page


def test_filters_are_applied_before_the_best_are_taken(units, cast, as_person, monkeypatch) -> None:
    monkeypatch.setattr("clients.filters.LISTED", 2)
    for number in range(6):
        named(units["1001"], f"C00000{number}", "王建", status="frozen" if number > 3 else "normal")
    page = as_person(cast.agent_1001).get("/clients/", {"q": "王", "status": "frozen"}).content.decode()
    assert ("C000004" in page, "C000005" in page, "C000000" in page) == (True, True, False)


def test_searching_costs_one_statement_and_the_rows(people, everyone, django_assert_num_queries) -> None:
    everyone.scope  # noqa: B018  # read once a request
    for typed in ("王", "wjg", "C0000", "13911112222", "2222"):
        with django_assert_num_queries(2):
            queries.found(everyone, typed)


def test_long_text_is_cut_and_spaces_fold(cast) -> None:
    assert len(Search(cast.agent_hq, "a" * 500).text) == LONGEST
    assert Search(cast.agent_hq, " 王  建 ").text == "王 建"


@pytest.mark.parametrize("typed", ["国", "建国", "王建国"])
def test_characters_are_served_by_the_grams_index(people, everyone, typed: str) -> None:
    rows = Client.objects.filter(Search(everyone, typed)._conditions()[-1]).values("pk")  # its last stage
    statement, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {statement}", values)
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "client_name_grams" in plan


def test_the_box_offers_what_was_opened_last(people, cast) -> None:
    for key in ("wang", "firm", "wang"):
        note_view(actor=cast.agent_1001, client=people[key])
    assert [client.client_no for client in queries.opened_last(cast.agent_1001)] == ["C000001", "C000003"]
    assert queries.opened_last(cast.agent_1002) == []
    Client.objects.filter(pk=people["firm"].pk).update(branch=people["li"].branch, opened_on=date(2020, 1, 1))
    assert [client.client_no for client in queries.opened_last(cast.agent_1001)] == ["C000001"]
