"""What the one box finds, and for whom."""

import pytest
from django.db import connection

from clients.models import Client
from clients.queries import record as queries
from clients.search import LONGEST, matching, understand
from tests.clients.people import make_account, make_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(units):
    wang = make_client(units["1001"], "C000001")
    li = make_client(
        units["1002"],
        "C000002",
        "李小明",
        pinyin="lixiaoming",
        initials="lxm",
        manager_no="M1002A",
        mobile="13911112222",
        id_number="110105194912310038",
    )
    make_account(wang, "A0000011")
    make_account(li, "A0000021")
    return {"wang": wang, "li": li}


def numbers(typed: str) -> list[str]:
    found = matching(Client.objects.all(), typed).order_by("client_no")
    return list(found.values_list("client_no", flat=True))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("王", ["C000001"]),
        ("建国", ["C000001"]),
        ("王建国", ["C000001"]),
        ("小明", ["C000002"]),
        ("明小", []),
        ("wangj", ["C000001"]),
        ("WJG", ["C000001"]),
        ("li xiao", ["C000002"]),
        ("c0000", ["C000001", "C000002"]),
        ("A000002", ["C000002"]),
        ("13911112222", ["C000002"]),
        ("2222", ["C000002"]),
        ("139-1111-2222", ["C000002"]),
        ("11010519491231002x", ["C000001"]),
        ("%", []),
        ("zzz", []),
        ("", ["C000001", "C000002"]),
        ("\x00", ["C000001", "C000002"]),
    ],
)
def test_one_box_finds(people, typed: str, found: list[str]) -> None:
    assert numbers(typed) == found


def test_results_stay_in_scope(people, cast) -> None:
    assert [client.client_no for client in queries.found(cast.agent_1001, "c0000")] == ["C000001"]
    assert [client.client_no for client in queries.found(cast.manager_1002a, "c0000")] == ["C000002"]
    assert [client.client_no for client in queries.found(cast.agent_hq, "c0000")] == ["C000001", "C000002"]
    assert queries.found(cast.administrator, "c0000") == []


def test_without_identity_only_the_client_number_finds(people, cast) -> None:
    assert queries.found(cast.value_analyst, "建国") == []
    found = queries.found(cast.value_analyst, "C000001")
    assert [queries.shown_name(client, cast.value_analyst) for client in found] == ["王**"]


def test_long_text_is_cut_and_spaces_fold() -> None:
    wanted = understand("a" * 500)
    assert wanted is not None
    assert len(wanted.text) == LONGEST
    assert understand("  ") is None


def test_two_characters_are_served_by_the_pairs_index(people) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            f"EXPLAIN {matching(Client.objects.all(), '建国').values('pk').query}".replace(
                "['建国']", "'{建国}'"
            )
        )
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "client_name_pairs" in plan
