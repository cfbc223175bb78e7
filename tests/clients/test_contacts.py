"""Contact points kept by hand: sealed and bound to their row, masked, found by index, ended."""

from types import SimpleNamespace

import pytest
from cryptography.exceptions import InvalidTag
from django.core.exceptions import ValidationError
from django.urls import reverse

from clients import identifiers
from clients.actions import contacts as deeds
from clients.models import Client, ContactPoint
from clients.queries import contacts as queries
from core import crypto
from core.models import AuditEntry
from staff.models import Unit
from tests.cast import Speak
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
NUMBER = "13911112222"
API = "/api/v1/clients/C000001/contact-points/"


@pytest.fixture
def wang(units: dict[str, Unit]) -> Client:
    return make_client(units["1001"], "C000001")


def add(
    cast: SimpleNamespace, client: Client, value: str = NUMBER, kind: str = "mobile", **more: object
) -> ContactPoint:
    return deeds.add_contact_point(actor=cast.agent_1001, client=client, kind=kind, value=value, **more)  # type: ignore[arg-type]


def test_a_value_is_sealed_and_bound_to_its_row(wang: Client, cast: SimpleNamespace) -> None:
    first, second = add(cast, wang, "+86 139-1111-2222"), add(cast, wang, "13933334444")
    assert crypto.unseal(first.value, first.context) == NUMBER
    with pytest.raises(InvalidTag):
        crypto.unseal(first.value, second.context)
    assert bytes(first.mobile_index or b"") == identifiers.mobile_blind_index(NUMBER)
    assert bytes(first.tail_index or b"") == identifiers.tail_blind_index("2222")
    assert queries.masked(first) == "139****2222"
    assert NUMBER not in str([entry.detail for entry in AuditEntry.objects.all()])


@pytest.mark.parametrize(
    ("kind", "value"),
    [("mobile", "12"), ("mobile", "23911112222"), ("phone", "12"), ("email", "x"), ("address", " ")],
)
def test_what_cannot_be_is_refused(wang: Client, cast: SimpleNamespace, kind: str, value: str) -> None:
    with pytest.raises(ValidationError):
        add(cast, wang, value, kind)


def test_one_of_a_kind_is_preferred(wang: Client, cast: SimpleNamespace) -> None:
    first, second = add(cast, wang, preferred=True), add(cast, wang, "13933334444", preferred=True)
    assert [point.pk for point in queries.contact_points(wang) if point.preferred] == [second.pk]
    deeds.prefer_contact_point(actor=cast.agent_1001, client=wang, point=first)
    assert [point.pk for point in queries.contact_points(wang)] == [first.pk, second.pk]


def test_ended_ones_stay_on_record(wang: Client, cast: SimpleNamespace) -> None:
    point = add(cast, wang, preferred=True)
    deeds.end_contact_point(actor=cast.agent_1001, client=wang, point=point)
    assert queries.contact_points(wang) == []
    assert ContactPoint.objects.get().ended_by == "liu.siqi"


def test_the_panel_shows_them_masked(wang: Client, cast: SimpleNamespace, as_person: Speak) -> None:
    browser, url = as_person(cast.agent_1001), reverse("clients:contact_add", args=["C000001"])
    told = {"kind": "mobile", "value": NUMBER, "label": "办公室"}
    page = browser.post(url, told).content.decode()
    assert "139****2222" in page
    assert NUMBER not in page
    assert browser.post(url, told | {"value": "1"}).status_code == 422
    shown = as_person(cast.value_analyst).get(reverse("clients:contacts", args=["C000001"])).content.decode()
    assert "139****2222" not in shown


def test_rest(wang: Client, as_system: Speak) -> None:
    api = as_system("clients:read", "clients:write")
    made = api.post(API, {"kind": "email", "value": "a.b@example.com"}, content_type="application/json")
    assert (made.status_code, made.json()["value"]) == (201, "a***@example.com")
    assert api.post(API, {"kind": "email", "value": "no"}, content_type="application/json").status_code == 400
    end = f"{API}{made.json()['id']}/end/"
    assert api.post(end).status_code == 204
    assert api.post(end).status_code == 404
    assert api.get(API).json() == []
