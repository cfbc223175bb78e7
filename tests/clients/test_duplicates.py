"""Pairs that may be one client: how they are found and scored, who sees them, what is decided of them."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from clients.actions.duplicates import find_duplicates
from clients.actions.merging import join
from clients.models import Client, DuplicatePair
from clients.queries.duplicates import look_alikes
from clients.tasks import find_duplicates as search_task
from core import audit
from core.models import Job
from staff.models import Unit
from tests.cast import Speak
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
BORN = date(1980, 5, 6)


def _made(units: dict[str, Unit], number: int, name: str, **values: Any) -> Client:
    fields = {"id_number": f"X{number}", "mobile": f"139{number:08d}", "id_type": "passport"} | values
    return make_client(units[fields.pop("at", "1001")], f"C{number:06d}", name, **fields)


def _pairs() -> dict[tuple[str, str], tuple[int, list[str]]]:
    return {
        (pair.left.client_no, pair.right.client_no): (pair.likelihood, pair.reasons)
        for pair in DuplicatePair.objects.select_related("left", "right")
    }


def test_what_two_records_share_is_their_likelihood(units: dict[str, Unit]) -> None:
    _made(units, 1, "王建国", id_number="A1", mobile="13800001111", birth_date=BORN)
    _made(units, 2, "王建国", id_number="A1", mobile="13800001111", birth_date=BORN)
    _made(units, 3, "李小明", mobile="13800001111")
    _made(units, 4, "王建国", birth_date=BORN)
    _made(units, 5, "王建国", birth_date=date(1990, 1, 1))
    assert find_duplicates() == 5
    assert _pairs() == {
        ("C000001", "C000002"): (99, ["id", "mobile", "name", "birth"]),
        ("C000001", "C000003"): (35, ["mobile"]),
        ("C000002", "C000003"): (35, ["mobile"]),
        ("C000001", "C000004"): (55, ["name", "birth"]),
        ("C000002", "C000004"): (55, ["name", "birth"]),
    }
    assert find_duplicates() == 0, "nothing is new"


def test_a_number_shared_by_many_says_nothing(units: dict[str, Unit]) -> None:
    for number in range(21):
        _made(units, number, f"客户{number}", mobile="13800009999")
    assert find_duplicates() == 0


def test_pairs_go_when_they_share_nothing_and_stay_dismissed(
    units: dict[str, Unit], cast: SimpleNamespace, as_person: Speak
) -> None:
    first = _made(units, 1, "王建国", mobile="13800001111")
    _made(units, 2, "李小明", mobile="13800001111")
    third = _made(units, 3, "周平", mobile="13800001111")
    find_duplicates()
    pair = DuplicatePair.objects.get(left=first, right=third)
    url = reverse("clients:duplicate_dismiss", args=[pair.pk])
    as_person(cast.team_lead_1001).post(url, {"reason": "father and son"})
    Client.objects.filter(client_no="C000002").update(mobile_index=b"other")
    find_duplicates()
    left = DuplicatePair.objects.get()
    assert (left.state, left.dismissed_by, left.dismiss_reason) == (
        "dismissed",
        cast.team_lead_1001,
        "father and son",
    )


def test_only_pairs_in_sight_are_listed(
    units: dict[str, Unit], cast: SimpleNamespace, as_person: Speak
) -> None:
    _made(units, 1, "王建国", mobile="13800001111")
    _made(units, 2, "李小明", mobile="13800001111")
    _made(units, 3, "周平", mobile="13800001111", at="1002")
    find_duplicates()
    page = as_person(cast.team_lead_1001).get(reverse("clients:duplicates")).content.decode()
    assert ("C000001" in page, "C000002" in page, "C000003" in page) == (True, True, False)
    wide = as_person(cast.region_manager_r1).get(reverse("clients:duplicates")).content.decode()
    assert "C000003" in wide
    assert as_person(cast.agent_1001).get(reverse("clients:duplicates")).status_code == 403


def test_the_likeliest_come_first(units: dict[str, Unit], cast: SimpleNamespace, as_person: Speak) -> None:
    _made(units, 1, "王建国", mobile="13800001111")
    _made(units, 2, "李小明", mobile="13800001111", id_number="Z9")
    _made(units, 3, "赵六", id_number="Z9")
    find_duplicates()
    rows = as_person(cast.team_lead_1001).get("/api/v1/clients/duplicates/").json()["results"]
    assert [row["likelihood"] for row in rows] == [80, 35]


def test_joined_records_are_no_pair(units: dict[str, Unit]) -> None:
    first = _made(units, 1, "王建国", mobile="13800001111")
    second = _made(units, 2, "王建国", mobile="13800001111")
    join(actor=audit.SYSTEM, survivor=first, merged=second, choices=None, reason="same person")
    assert find_duplicates() == 0


def test_queries_of_the_list_do_not_grow(
    units: dict[str, Unit], cast: SimpleNamespace, as_person: Speak, django_assert_max_num_queries: Any
) -> None:
    for number in range(15):
        _made(units, number, f"客户{number}", mobile="13800001111")
    find_duplicates()
    browser = as_person(cast.team_lead_1001)
    with django_assert_max_num_queries(12):
        page = browser.get(reverse("clients:duplicates"), {"size": "200"})
    assert page.content.decode().count("clients/merges/new/") >= 105


def test_a_search_is_started_once(
    units: dict[str, Unit], cast: SimpleNamespace, as_person: Speak, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.broker.send", lambda _name, _args: None)
    _made(units, 1, "王建国", mobile="13800001111")
    _made(units, 2, "李小明", mobile="13800001111")
    for _again in range(2):
        as_person(cast.team_lead_1001).post(reverse("clients:duplicates_find"))
    job = Job.objects.get()
    search_task(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"changed": 1})


def test_the_command(units: dict[str, Unit], capsys: pytest.CaptureFixture[str]) -> None:
    _made(units, 1, "王建国", mobile="13800001111")
    _made(units, 2, "李小明", mobile="13800001111")
    call_command("find_duplicates")
    assert "1 open pairs, 1 new or changed" in capsys.readouterr().out


def test_look_alikes_of_what_is_entered(units: dict[str, Unit], cast: SimpleNamespace) -> None:
    _made(units, 1, "王建国", id_number="A1", mobile="13800001111", birth_date=BORN)
    _made(units, 2, "李小明", mobile="13800001111", at="1005")
    found = look_alikes(
        cast.agent_1001, id_type="resident_id", id_number="a1", mobile="+86 138 0000 1111", name="王建国"
    )
    assert [(item.client and item.client.client_no, item.likelihood) for item in found] == [
        ("C000001", 99),
        (None, 35),
    ], "what is out of sight is counted, not named"
    assert look_alikes(cast.agent_1001, name="王建国") == []
    assert len(look_alikes(cast.agent_1001, name="王建国", birth_date=BORN)) == 1
