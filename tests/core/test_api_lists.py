"""The list envelope: cursors there and back, sizes, orderings, and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import Job
from tests.cast import Speak

pytestmark = [pytest.mark.urls("tests.core.toys"), pytest.mark.django_db]
JOBS = "/api/v1/toys/jobs/"
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def caller(as_system: Speak) -> Client:
    Job.objects.bulk_create(
        Job(
            kind="toy",
            title=f"{place % 4}",
            owner_name="toy",
            started_at=BEGUN + timedelta(place) if place % 3 else None,
        )
        for place in range(23)
    )
    return as_system("units:read")


def _walk(caller: Client, url: str | None, way: str) -> list[int]:
    """Ids of all rows from this page on, in the order they are met."""
    found: list[int] = []
    while url:
        body = caller.get(url).json()
        found += [row["id"] for row in body["results"]][:: 1 if way == "next" else -1]
        url = body[way]
    return found


@pytest.mark.parametrize("ordering", ["title", "-title", "begun", "-begun", "title,-begun"])
def test_every_row_comes_once_there_and_back(caller: Client, ordering: str) -> None:
    everything = [
        row["id"] for row in caller.get(f"{JOBS}?ordering={ordering}&page_size=500").json()["results"]
    ]
    assert sorted(everything) == sorted(Job.objects.values_list("pk", flat=True))
    assert _walk(caller, f"{JOBS}?ordering={ordering}&page_size=5", "next") == everything
    last = f"{JOBS}?ordering={ordering}&page_size=5"
    while (body := caller.get(last).json())["next"]:
        last = body["next"]
    assert _walk(caller, last, "previous") == everything[::-1]


def test_sizes(caller: Client) -> None:
    assert len(caller.get(f"{JOBS}?page_size=3").json()["results"]) == 3
    assert len(caller.get(f"{JOBS}?page_size=100000").json()["results"]) == 23
    for wrong in ("0", "-1", "ten"):
        assert caller.get(f"{JOBS}?page_size={wrong}").json()["errors"][0]["field"] == "page_size"


def test_unknown_orderings_and_broken_cursors_are_refused(caller: Client) -> None:
    for ordering in ("owner_name", "title,kind", "-"):
        assert caller.get(f"{JOBS}?ordering={ordering}").json()["errors"][0]["field"] == "ordering"
    for cursor in ("nonsense", "WzEsMl0", "%00"):
        assert caller.get(f"{JOBS}?cursor={cursor}").json()["errors"][0]["field"] == "cursor"


def test_no_count_and_no_offset(caller: Client) -> None:
    cursor = caller.get(f"{JOBS}?page_size=5").json()["next"]
    with CaptureQueriesContext(connection) as captured:
        caller.get(cursor)
    said = " ".join(query["sql"] for query in captured.captured_queries)
    assert "LIMIT 6" in said
    assert "COUNT(" not in said
    assert "OFFSET" not in said
