"""Tasks by API: given once for a key, changed as they were read, ended and opened again."""

from types import SimpleNamespace

import pytest

from outreach.models import Task
from staff.models import Unit
from tests.cast import Speak
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/tasks/"
JSON = {"content_type": "application/json"}


def test_a_life_of_a_task(units: dict[str, Unit], cast: SimpleNamespace, as_system: Speak) -> None:
    make_client(units["1001"], "C1")
    system = as_system("clients:read", "tasks:read", "tasks:write")
    told = {"title": "回访", "due_on": "2100-01-04", "client": "C1", "repeat": "FREQ=WEEKLY", "steps": ["a"]}
    key = {"headers": {"Idempotency-Key": "k1"}, **JSON}
    first, again = (system.post(ADDRESS, told, **key) for _time in range(2))
    assert (first.status_code, again.json(), Task.objects.count()) == (201, first.json(), 1)
    given = first.json()
    assert (given["assignee"], given["unit"], given["repeat"], given["all_day"]) == (
        cast.manager_1001a.username, "1001", "FREQ=WEEKLY", True,
    )  # fmt: skip
    one = f"{ADDRESS}{given['id']}/"
    tag = system.get(one)["ETag"]
    changed = system.patch(one, {"title": "再次回访"}, headers={"If-Match": tag}, **JSON)
    assert (changed.status_code, changed.json()["title"], changed.json()["due_at"]) == (
        200, "再次回访", given["due_at"],
    )  # fmt: skip
    assert changed.json()["all_day"] is True
    assert system.patch(one, {"title": "x"}, headers={"If-Match": tag}, **JSON).status_code == 412
    assert system.post(f"{one}done/", {}, **JSON).json()["state"] == "done"
    assert system.post(f"{one}done/", {}, **JSON).status_code == 409
    listed = system.get(ADDRESS, {"state": "open"}).json()["results"]
    assert [row["due_at"][:10] for row in listed] == ["2100-01-11"]
    assert system.post(f"{one}reopen/", {}, **JSON).json()["state"] == "open"


def test_what_cannot_be_is_refused(units: dict[str, Unit], as_system: Speak) -> None:
    system = as_system("clients:read", "tasks:read", "tasks:write")
    for told in (
        {"title": "x"},
        {"title": "x", "due_on": "2100-01-04", "due_at": "2100-01-04T10:00:00+08:00"},
        {"title": "x", "due_on": "2100-01-04", "assignee": "nobody"},
        {"title": "x", "due_on": "2100-01-04", "repeat": "FREQ=HOURLY"},
        {"title": "x", "due_on": "2100-01-04"},  # nobody to do it
    ):
        assert system.post(ADDRESS, told, **JSON).status_code == 400, told
    assert not Task.objects.exists()
