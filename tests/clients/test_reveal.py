"""Unmasked values: for a purpose, on record, limited an hour, never kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from clients.actions.reveal import TooManyReveals, reveal
from clients.models import Client, Reveal
from core.models import AuditEntry
from staff.models import Unit
from tests.cast import Speak
from tests.clients.people import make_client

MOBILE = "13800001234"
ASKED = {"purpose": "contact", "note": ""}


@pytest.fixture
def wang(units: dict[str, Unit]) -> Client:
    return make_client(units["1001"], "C000001")


def _url(field: str = "mobile") -> str:
    return reverse("clients:reveal", args=["C000001", field])


@pytest.mark.django_db
def test_masked_until_a_purpose_is_told(wang: Client, cast: SimpleNamespace, as_person: Speak) -> None:
    browser = as_person(cast.agent_1001)
    page = browser.get(reverse("clients:detail", args=["C000001"])).content.decode()
    assert MOBILE not in page
    assert "138****1234" in page
    assert MOBILE not in browser.get(_url()).content.decode()
    shown = browser.post(_url(), ASKED)
    assert MOBILE in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]


@pytest.mark.django_db
def test_it_goes_on_record_without_the_value(wang: Client, cast: SimpleNamespace, as_person: Speak) -> None:
    as_person(cast.agent_1001).post(_url(), {"purpose": "other", "note": "courier asks"})
    made = Reveal.objects.get()
    assert (made.client, made.person, made.field, made.purpose) == (wang, cast.agent_1001, "mobile", "other")
    entry = AuditEntry.objects.get(deed="client.revealed")
    assert entry.detail == {"field": "mobile", "purpose": "other", "note": "courier asks"}
    assert entry.client_id == wang.pk


@pytest.mark.django_db
@pytest.mark.parametrize("told", [{}, {"purpose": "curiosity"}, {"purpose": "other", "note": " "}])
def test_no_value_without_a_purpose(
    wang: Client, cast: SimpleNamespace, as_person: Speak, told: dict[str, str]
) -> None:
    answer = as_person(cast.agent_1001).post(_url(), {"note": "", **told})
    assert answer.status_code == 422
    assert MOBILE not in answer.content.decode()
    assert not Reveal.objects.exists()


@pytest.mark.django_db
def test_the_thirty_first_of_an_hour_waits(
    wang: Client, cast: SimpleNamespace, as_person: Speak, settings: Any
) -> None:
    for person in (cast.agent_1001, cast.compliance):
        for _number in range(settings.REVEALS_PER_HOUR):
            reveal(actor=person, client=wang, field="mobile", purpose="review")
        answer = as_person(person).post(_url(), ASKED)
        assert answer.status_code == 429
        assert MOBILE not in answer.content.decode()
        told = as_person(person).post(
            "/api/v1/clients/C000001/reveal/", {"field": "mobile", **ASKED}, content_type="application/json"
        )
        assert told.status_code == 429
        assert 3500 < int(told["Retry-After"]) <= 3600
    Reveal.objects.update(at=timezone.now() - timedelta(minutes=61))
    assert as_person(cast.agent_1001).post(_url(), ASKED).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_side_by_side_requests_cannot_pass_the_limit(
    wang: Client, cast: SimpleNamespace, settings: Any
) -> None:
    settings.REVEALS_PER_HOUR = 5

    def ask(_number: int) -> bool:
        try:
            reveal(actor=cast.agent_1001, client=wang, field="mobile", purpose="contact")
        except TooManyReveals:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(24)))
    assert answers.count(True) == 5
    assert Reveal.objects.count() == 5


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["id_number", "mobile", "email", "address"])
def test_the_api_gives_a_person_the_value_and_keeps_nothing(
    wang: Client, cast: SimpleNamespace, as_person: Speak, field: str
) -> None:
    answer = as_person(cast.agent_1001).post(
        "/api/v1/clients/C000001/reveal/",
        {"field": field, **ASKED},
        content_type="application/json",
        headers={"Idempotency-Key": "k1"},
    )
    values = {
        "id_number": "11010519491231002X",
        "mobile": MOBILE,
        "email": "jianguo@example.com",
        "address": "上海市静安区某路 1 号",
    }
    assert answer.json() == {"field": field, "value": values[field]}
    assert answer["Cache-Control"] == "no-store"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_idempotencyrecord")
        assert cursor.fetchone()[0] == 0


@pytest.mark.django_db
def test_what_is_not_there(wang: Client, cast: SimpleNamespace, as_person: Speak) -> None:
    for field in ("name", "contact-99", "relation-1", "contact-x"):
        assert as_person(cast.agent_1001).post(_url(field), ASKED).status_code == 404
