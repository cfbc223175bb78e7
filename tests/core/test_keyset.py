"""Keyset paging walks every row once, forwards and backwards, whatever the ordering."""

import base64
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import chain, product

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from django.db.models import F, OrderBy, QuerySet
from django.test.utils import CaptureQueriesContext

from clients.models import Client, ClientStanding
from core.keyset import InvalidCursor, capped_count, capped_counts, paginate
from core.models import Job
from staff.models import Unit

pytestmark = pytest.mark.django_db
START = datetime(2026, 1, 1, tzinfo=UTC)
ORDERINGS = [
    ["percent"],
    ["-percent"],
    ["started_at"],
    ["-started_at"],
    ["-percent", "title"],
    ["kind", "-percent"],
    ["percent", "-started_at"],
    ["started_at", "finished_at"],
    ["-started_at", "kind"],
    [],
]


@pytest.fixture
def jobs() -> QuerySet[Job]:
    """18 jobs with many ties and many nulls."""
    combinations = product((10, 20, 30), (None, START, START + timedelta(hours=1)), ("a", "b"))
    for number, (percent, started, kind) in enumerate(combinations):
        Job.objects.create(
            percent=percent,
            started_at=started,
            finished_at=None if number % 3 else START,
            kind=kind,
            title=f"任务 {number % 5}",
            owner_name="x",
        )
    return Job.objects.all()


def _expected(jobs: QuerySet[Job], ordering: Sequence[str]) -> list[int]:
    def term(name: str) -> OrderBy:
        field = F(name.removeprefix("-"))
        return field.desc(nulls_last=True) if name.startswith("-") else field.asc(nulls_last=True)

    tie = "-pk" if ordering and ordering[-1].startswith("-") else "pk"
    return list(jobs.order_by(*map(term, ordering), tie).values_list("pk", flat=True))


def _walk(
    jobs: QuerySet[Job], ordering: Sequence[str], size: int, start: str = "", back: bool = False
) -> list[list[int]]:
    pages, cursor = [], start
    while True:
        page = paginate(jobs, ordering, size=size, cursor=cursor)
        pages.append([job.pk for job in page.rows])
        cursor = page.previous if back else page.next
        if not cursor:
            return pages


@pytest.mark.parametrize("ordering", ORDERINGS, ids=str)
@pytest.mark.parametrize("size", [1, 4, 5])
def test_walks_every_row_once_in_order(jobs: QuerySet[Job], ordering: list[str], size: int) -> None:
    pages = _walk(jobs, ordering, size)
    assert list(chain.from_iterable(pages)) == _expected(jobs, ordering)
    assert all(len(page) == size for page in pages[:-1])


@pytest.mark.parametrize("ordering", ORDERINGS, ids=str)
def test_walks_back_to_the_first_row(jobs: QuerySet[Job], ordering: list[str]) -> None:
    cursor, pages = "", 0
    while page := paginate(jobs, ordering, size=5, cursor=cursor):
        pages += 1
        if not page.next:
            break
        cursor = page.next
    assert pages == 4
    before = _walk(jobs, ordering, 5, page.previous, back=True)
    assert list(chain.from_iterable(reversed(before))) == _expected(jobs, ordering)[: 18 - len(page.rows)]


def test_first_page_has_no_previous_and_last_no_next(jobs: QuerySet[Job]) -> None:
    page = paginate(jobs, ["percent"], size=100)
    assert (page.next, page.previous, len(page.rows)) == ("", "", 18)


def test_rows_that_vanish_leave_no_gap(jobs: QuerySet[Job]) -> None:
    first = paginate(jobs, ["percent"], size=5)
    rest = _expected(jobs, ["percent"])[5:]
    Job.objects.filter(pk=first.rows[-1].pk).delete()
    assert [job.pk for job in paginate(jobs, ["percent"], size=50, cursor=first.next).rows] == rest


def test_one_index_range_serves_a_page(jobs: QuerySet[Job]) -> None:
    """Terms of one direction become a row comparison, which PostgreSQL can seek to."""
    first = paginate(jobs, ["-percent"], size=5)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        paginate(jobs, ["-percent"], size=5, cursor=first.next)
    assert len(queries) == 1
    assert '("core_job"."percent", "core_job"."id") < (' in queries[0]["sql"]


def test_ordering_by_annotation_and_dictionary_rows(jobs: QuerySet[Job]) -> None:
    rows = jobs.annotate(double=F("percent") * 2).values("pk", "id", "double")
    first = paginate(rows, ["-double"], size=7)
    second = paginate(rows, ["-double"], size=7, cursor=first.next)
    assert [row["double"] for row in first.rows + second.rows] == [60] * 6 + [40] * 6 + [20] * 2


def test_never_null_drops_the_null_words(jobs: QuerySet[Job]) -> None:
    filled = jobs.filter(started_at__isnull=False)
    with CaptureQueriesContext(connection) as queries:
        paginate(filled, ["-started_at"], size=5, never_null=["started_at"])
    assert "NULLS" not in queries[0]["sql"]


def test_unknown_ordering_is_an_error(jobs: QuerySet[Job]) -> None:
    with pytest.raises(FieldError):
        paginate(jobs, ["nothing"], size=5)
    with pytest.raises(FieldError):
        paginate(jobs, ["percent__nothing"], size=5)


def _cursor(*values: object, of: str) -> str:
    signature, *_rest = json.loads(base64.urlsafe_b64decode(of + "=="))
    return base64.urlsafe_b64encode(json.dumps([signature, 0, *values]).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "values",
    [("x", 1), (1, "y"), (None, 1), (1,), (1, 2, 3), ([1], 1), ({}, 1), ("1\x00", 1)],
    ids=repr,
)
def test_forged_values_are_refused(jobs: QuerySet[Job], values: tuple[object, ...]) -> None:
    good = paginate(jobs, ["percent"], size=5).next
    with pytest.raises(InvalidCursor):
        paginate(jobs, ["percent"], size=5, cursor=_cursor(*values, of=good))


@pytest.mark.parametrize("cursor", ["x", "%%%", "é", "W10", "bnVsbA", "A" * 2000, "W1tbW1s"])
def test_damaged_cursors_are_refused(jobs: QuerySet[Job], cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        paginate(jobs, ["percent"], size=5, cursor=cursor)


def test_cursor_of_another_ordering_is_refused(jobs: QuerySet[Job]) -> None:
    with pytest.raises(InvalidCursor):
        paginate(jobs, ["percent"], size=5, cursor=paginate(jobs, ["-percent"], size=5).next)


def test_huge_numbers_find_nothing(jobs: QuerySet[Job]) -> None:
    good = paginate(jobs, ["percent"], size=5).next
    assert paginate(jobs, ["percent"], size=5, cursor=_cursor(10**30, 1, of=good)).rows == []


def test_count_stops_at_the_cap(jobs: QuerySet[Job]) -> None:
    assert capped_count(jobs, 18) == (18, False)
    assert capped_count(jobs, 17) == (17, True)
    nothing = Job.objects.none()
    told = capped_counts({"all": jobs, "none": nothing, "some": jobs.filter(pk__in=jobs[:3])}, 17)
    assert told == {"all": (17, True), "none": (0, False), "some": (3, False)}
    assert capped_counts({"none": nothing}, 17) == {"none": (0, False)}


def test_ordering_along_a_relation_that_may_be_empty() -> None:
    day = date(2026, 1, 2)
    unit = Unit.objects.create(code="1", name="部", kind="branch", opened_on=day)
    shared = {"kind": "individual", "branch": unit, "opened_on": day, "told_on": day, "status": "normal"}
    for number, score in enumerate([None, "70.25", "", "70.25", "9.5", ""]):
        client = Client.objects.create(client_no=f"C{number}", name="王", **shared)
        if score != "":
            ClientStanding.objects.create(client=client, branch=unit, score=score, as_of=day)
    seen, cursor = [], ""
    while True:
        page = paginate(
            Client.objects.select_related("standing"), ["-standing__score"], size=1, cursor=cursor
        )
        seen += [client.client_no for client in page.rows]
        if not (cursor := page.next):
            break
    assert seen == ["C3", "C1", "C4", "C5", "C2", "C0"]
