"""REST of units and people, and the lists' query counts."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import audit
from staff.models import Membership, Person, Unit
from tests.cast import Speak

pytestmark = pytest.mark.django_db


def test_units_of_the_callers_scope(cast: SimpleNamespace, as_person: Speak, as_system: Speak) -> None:
    def codes(caller: Client, query: str = "") -> list[str]:
        return [row["code"] for row in caller.get(f"/api/v1/units/{query}").json()["results"]]

    assert codes(as_system("units:read")) == ["1001", "1002", "1005", "1099", "HQ", "R1", "R2"]
    assert codes(as_system("units:read", at=("1002", "R2"), name="two")) == ["1002", "1005", "1099", "R2"]
    assert codes(as_system("units:read", at=(), name="none")) == []
    assert codes(as_person(cast.branch_manager_1002)) == ["1002"]
    assert codes(as_person(cast.manager_1001a)) == []
    firm = as_person(cast.compliance)
    assert codes(firm, "?kind=region&ordering=-code") == ["R2", "R1"]
    assert codes(firm, "?open=true&parent=R2") == ["1005"]


def test_one_unit(as_system: Speak) -> None:
    caller = as_system("units:read", at=("1001",))
    assert caller.get("/api/v1/units/1099/").json() == {
        "code": "1099", "name": "上海旧营业部", "kind": "branch", "parent": "R2", "opened_on": "2000-01-01",
        "closed_on": "2024-06-30", "successor": "1001",
    }  # fmt: skip
    for code in ("1002", "HQ", "none"):
        assert caller.get(f"/api/v1/units/{code}/").status_code == 404


def test_people_of_the_callers_units(cast: SimpleNamespace, as_person: Speak, as_system: Speak) -> None:
    caller = as_system("people:read", at=("1002",))
    rows = caller.get("/api/v1/people/").json()["results"]
    assert [row["employee_no"] for row in rows] == ["G1002", "M1002A", "S1002", "B1002"]
    assert rows[0]["roles"] == [
        {"role": "agent", "unit": "1002", "from_date": "2015-01-01", "to_date": None},
    ]  # fmt: skip
    assert caller.get(f"/api/v1/people/{cast.agent_1002.pk}/").status_code == 200
    assert caller.get(f"/api/v1/people/{cast.agent_1001.pk}/").status_code == 404
    firm = as_person(cast.administrator)
    found = firm.get("/api/v1/people/?role=client_manager&unit=1001").json()["results"]
    assert [row["employee_no"] for row in found] == ["M1001A"]
    assert "password" not in str(firm.get("/api/v1/people/").json())


def _crowd(units: dict[str, Unit], size: int) -> None:
    people = Person.objects.bulk_create(
        Person(username=f"p{place:04}", name=f"人{place}", employee_no=f"E{place:04}")
        for place in range(size)
    )
    Membership.objects.bulk_create(
        Membership(person=person, unit=units["1002"], role="agent", from_date=timezone.localdate())
        for person in people
    )
    for place in range(size):
        Unit.objects.create(
            code=f"T{place:04}",
            name=f"组{place}",
            kind="team",
            parent=units["1001"],
            opened_on=timezone.localdate(),
        )
        audit.record(actor=audit.SYSTEM, deed="test", subject_type="test", subject_id=place)


LISTS = [
    ("administrator", "/people/?size=200", 9),
    ("administrator", "/units/", 9),
    ("compliance", "/audit/?size=200", 9),
    ("administrator", "/api/v1/people/?page_size=200", 9),
    ("administrator", "/api/v1/units/?page_size=200", 9),
]


@pytest.mark.parametrize(("key", "path", "most"), LISTS)
def test_lists_cost_the_same_at_20_and_200_rows(
    cast: SimpleNamespace, units: dict[str, Unit], as_person: Speak, key: str, path: str, most: int
) -> None:
    browser = as_person(getattr(cast, key))

    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        return [query["sql"] for query in captured]

    _crowd(units, 20)
    few = queries()
    Person.objects.filter(username__startswith="p").delete()
    Unit.objects.filter(kind="team").delete()
    _crowd(units, 200)
    assert len(queries()) == len(few)
    assert len(few) <= most, "\n".join(few)
