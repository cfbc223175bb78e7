"""Many entries of the log in one call: as if told one by one, all or none, and once however often sent."""

from typing import Any

import pytest

from core.models import AuditEntry
from interactions.models import Interaction
from tests.interactions.test_log import BODY, wang

__all__ = ["wang"]
pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/interactions/batch/"


def _send(api: Any, *entries: dict[str, Any], key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    told = {"entries": [{**BODY, **entry} for entry in entries]}
    return api.post(ADDRESS, told, content_type="application/json", headers=headers)


def test_many_are_written_as_one_by_one(wang, cast, as_system) -> None:
    api = as_system("interactions:read", "interactions:write", at=("1001",))
    one = api.post("/api/v1/interactions/", BODY, content_type="application/json").json()
    made = _send(api, {}, {"summary": "再次检视", "minutes": "12.50"}, {"agent": None})
    assert made.status_code == 201, made.content
    first, second, third = (Interaction.objects.get(pk=number) for number in made.json()["ids"])
    told = {row["id"]: row for row in api.get("/api/v1/interactions/").json()["results"]}
    assert {**told[first.pk], "id": 0, "recorded_at": 0} == {**one, "id": 0, "recorded_at": 0}
    assert (second.summary, str(second.minutes), third.agent) == ("再次检视", "12.50", None)
    noted = AuditEntry.objects.filter(deed="interaction.logged").order_by("position")
    assert [
        (entry.subject_id, entry.chain_id, entry.client_id, entry.detail["channel"]) for entry in noted
    ] == [(str(number), "1001", wang.pk, "email") for number in (one["id"], *made.json()["ids"])]


def test_one_that_does_not_fit_refuses_all_and_is_named(wang, cast, as_system) -> None:
    api = as_system("interactions:write", at=("1001",))
    for entries, field in (
        (({}, {"category": "none"}), "entries.1.category"),
        (({}, {}, {"started_at": "soon"}), "entries.2.started_at"),
        (({"client": "C999999"},), "entries.0.client"),
        (({}, {"agent": "nobody"}), "entries.1.agent"),
        ((), "entries"),
        (({},) * 501, "entries"),
    ):
        answer = _send(api, *entries)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    assert not Interaction.objects.exists()


def test_a_client_of_elsewhere_is_none(wang, cast, as_system) -> None:
    answer = _send(as_system("interactions:write", at=("1002",)), {})
    assert answer.json()["errors"][0]["field"] == "entries.0.client"


def test_sent_again_it_is_written_once(wang, cast, as_system) -> None:
    api = as_system("interactions:write", at=("1001",))
    first, again = _send(api, {}, {}, key="day-1"), _send(api, {}, {}, key="day-1")
    assert (again.json(), again["Idempotency-Replayed"]) == (first.json(), "true")
    assert Interaction.objects.count() == 2


def test_queries_do_not_grow(wang, cast, as_system, django_assert_max_num_queries) -> None:
    api = as_system("interactions:write", at=("1001",))
    _send(api, {})
    with django_assert_max_num_queries(24):
        assert _send(api, *({"summary": f"第 {number} 次"} for number in range(200))).status_code == 201
