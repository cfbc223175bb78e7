"""People around a client: both directions, dates, what another's reader may see, the picture."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from clients import charts
from clients.actions import relations as deeds
from clients.models import Client, Relation
from clients.queries.relations import Around, referred_count
from core.charts import Edge, Node, network
from core.charts.network import SIZE, layout
from core.errors import Conflict
from staff.models import Unit
from tests.cast import Speak
from tests.clients.people import make_client

SINCE = date(2020, 1, 1)
API = "/api/v1/clients/C000001/relations/"


@pytest.fixture
def people(units: dict[str, Unit]) -> SimpleNamespace:
    return SimpleNamespace(
        wang=make_client(units["1001"], "C000001", "王建国"),
        li=make_client(units["1001"], "C000002", "李小明"),
        far=make_client(units["1005"], "C000003", "赵远"),
        beyond=make_client(units["1001"], "C000004", "孙平"),
    )


def relate(cast: SimpleNamespace, client: Client, kind: str, **values: Any) -> Relation:
    return deeds.add_relation(actor=cast.agent_hq, client=client, kind=kind, from_date=SINCE, **values)


def words(client: Client, reader: Any) -> list[tuple[str, str]]:
    with translation.override("en"):
        return [(line.words, line.other.name) for line in Around(client, reader).lines]


@pytest.mark.django_db
def test_a_relation_is_read_from_both_ends(people: SimpleNamespace, cast: SimpleNamespace) -> None:
    relate(cast, people.wang, "parent", other=people.li)
    assert words(people.wang, cast.agent_hq) == [("Parent", "李小明")]
    assert words(people.li, cast.agent_hq) == [("Child", "王建国")]
    relate(cast, people.li, "referred_by", other=people.beyond, backward=True)
    assert words(people.beyond, cast.agent_hq) == [("Recommended by", "李小明")]
    assert referred_count(people.li, cast.agent_hq) == 1


@pytest.mark.django_db
def test_somebody_who_is_no_client(people: SimpleNamespace, cast: SimpleNamespace) -> None:
    relate(cast, people.wang, "guardian", other_name="周平", other_mobile="139 1111 2222", backward=True)
    [line] = Around(people.wang, cast.agent_1001).lines
    with translation.override("en"):
        assert (line.other.name, line.mobile, line.other.client_no) == ("周平", "139****2222", "")
        assert words(people.wang, cast.agent_1001) == [("Ward", "周平")]
    assert Around(people.wang, cast.value_analyst).lines[0].mobile == ""
    assert Around(people.wang, cast.value_analyst).lines[0].other.name == "周*"


@pytest.mark.django_db
def test_who_is_out_of_sight_has_neither_name_nor_link(
    people: SimpleNamespace, cast: SimpleNamespace, as_person: Speak
) -> None:
    relate(cast, people.wang, "spouse", other=people.far)
    relate(cast, people.far, "household", other=people.beyond)
    page = as_person(cast.agent_1001).get(reverse("clients:relations", args=["C000001"])).content.decode()
    for hidden in ("赵远", "C000003", "孙平"):  # nor who is around somebody out of sight
        assert hidden not in page
    assert "另一位客户" in page
    assert (
        "赵远"
        in as_person(cast.agent_hq).get(reverse("clients:relations", args=["C000001"])).content.decode()
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [{}, {"other_name": " "}, {"other_name": "周", "share": Decimal(5)}, {"self": True}],
    ids=["nobody", "blank", "a share of a spouse", "itself"],
)
def test_what_cannot_be_is_refused(
    people: SimpleNamespace, cast: SimpleNamespace, values: dict[str, Any]
) -> None:
    if values.pop("self", False):
        values["other"] = people.wang
    with pytest.raises(ValidationError):
        relate(cast, people.wang, "spouse", **values)


@pytest.mark.django_db
def test_not_twice_at_a_time_and_ended_once(people: SimpleNamespace, cast: SimpleNamespace) -> None:
    row = relate(cast, people.wang, "spouse", other=people.li)
    with pytest.raises(Conflict):
        relate(cast, people.li, "spouse", other=people.wang)
    with pytest.raises(ValidationError):
        deeds.end_relation(actor=cast.agent_hq, client=people.wang, relation=row, to_date=date(2019, 1, 1))
    deeds.end_relation(actor=cast.agent_hq, client=people.wang, relation=row, to_date=date(2024, 1, 1))
    with pytest.raises(Conflict):
        deeds.end_relation(actor=cast.agent_hq, client=people.wang, relation=row, to_date=date(2025, 1, 1))
    assert Around(people.wang, cast.agent_hq).lines[0].is_over
    relate(cast, people.li, "spouse", other=people.wang)


@pytest.mark.django_db
def test_the_panel_adds_and_ends(people: SimpleNamespace, cast: SimpleNamespace, as_person: Speak) -> None:
    browser, url = as_person(cast.agent_1001), reverse("clients:relation_add", args=["C000001"])
    told = {"kind": "-parent", "other_no": "c000002", "from_date": "2020-01-01"}
    assert browser.post(url, told).status_code == 200
    assert Relation.objects.get().client == people.li
    assert browser.post(url, told).status_code == 422
    assert (
        browser.post(url, told | {"other_no": "C000003"}).status_code == 422
    )  # out of sight: no such client
    end = reverse("clients:relation_end", args=["C000001", Relation.objects.get().pk])
    assert browser.post(end).status_code == 200
    assert Relation.objects.get().to_date is not None


@pytest.mark.django_db
def test_rest(people: SimpleNamespace, as_system: Speak) -> None:
    api = as_system("clients:read", "clients:write", at=("1001",))
    told = {"kind": "beneficial_owner", "other": "C000002", "share": "30.00", "from_date": "2020-01-01"}
    made = api.post(API, told, content_type="application/json")
    assert (made.status_code, made.json()["other"], made.json()["share"]) == (201, "C000002", "30.00")
    assert api.post(API, told, content_type="application/json").status_code == 409
    assert api.post(API, told | {"other": "C000003"}, content_type="application/json").status_code == 400
    assert [row["name"] for row in api.get(API).json()] == ["李小明"]
    end = f"{API}{made.json()['id']}/end/"
    assert api.post(end, {"to_date": "2024-01-01"}, content_type="application/json").status_code == 204


@pytest.mark.django_db
def test_the_picture_has_two_rings(
    people: SimpleNamespace, cast: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    relate(cast, people.wang, "spouse", other=people.li)
    relate(cast, people.li, "parent", other=people.beyond)
    assert people.wang.record_ids
    with django_assert_max_num_queries(5):
        chart = charts.people(Around(people.wang, cast.agent_hq))
    assert chart is not None and chart.table is not None
    assert {row[0] for row in chart.table.rows} == {"王建国", "李小明"}
    assert str(chart.svg).count("<circle") == 3


@given(st.integers(0, 12), st.integers(0, 12))
def test_a_layout_is_the_same_each_time_and_inside_the_picture(near: int, far: int) -> None:
    middle = Node("m", "m")
    first = [Node(f"n{number}", "x" * number) for number in range(near)]
    second = [Node(f"f{number}", "y") for number in range(far if near else 0)]
    edges = [Edge("m", node.key, "a") for node in first]
    edges += [Edge(first[number % near].key, node.key, "b") for number, node in enumerate(second)]
    places = layout(middle, first, second, edges)
    assert places == layout(middle, first, second, edges)
    assert len(places) == len({(round(x, 3), round(y, 3)) for x, y, _ring in places.values()})
    assert all(0 <= x <= SIZE and 0 <= y <= SIZE for x, y, _ring in places.values())
    assert str(network("t", middle, first, second, edges).svg).count("<circle") == len(places)
