"""The client's timeline: paged by moment and key, so that nothing of one moment is shown twice or never."""

import html
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone, translation

from clients.models import Client, ClientRecord
from clients.queries import timeline as queries
from clients.timeline import record_changes
from core.registry import Place, TimelineFilter
from interactions.actions import log as actions
from segmentation.models import LifecycleEvent
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
EIGHT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # 20:00 in Shanghai, the moment of lifecycle events
MIDNIGHT = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)  # of 2 March in Shanghai, the moment of record changes


@pytest.fixture
def wang(units) -> Client:
    return make_client(units["1001"], "C000001")


def contact(client: Client, cast, at: datetime, text: str) -> None:
    entry = actions.Entry(
        channel="phone", direction="in", category="enquiry.trading", summary=text, started_at=at
    )
    actions.log_interaction(actor=cast.agent_1001, client=client, entry=entry, agent=cast.agent_1001)


def told(client: Client, on: date, **changed: str) -> None:
    """A feed row of that day with these values and otherwise those of the row before."""
    before = client.records.latest("told_on")
    values = {
        "branch": before.branch, "manager_no": before.manager_no, "status": before.status,
        "kind": before.kind, "opened_on": before.opened_on,
    }  # fmt: skip
    ClientRecord.objects.filter(client=client, told_on=before.told_on).update(valid_to=on)
    ClientRecord.objects.create(client=client, told_on=on, valid_from=on, **(values | changed))


def paged(browser: Browser, query: str = "") -> list[list[str]]:
    """The texts of every page, following the button."""
    address, pages = reverse("clients:timeline", args=["C000001"]) + query, []
    while address:
        page = browser.get(address).content.decode()
        pages.append(re.findall(r'<p class="event-text">([^<]*)</p>', page))
        button = re.search(r'<button class="button" type="button" hx-get="([^"]+)"', page)
        address = html.unescape(button[1]) if button else ""
    return pages


def test_items_of_the_same_moment_are_neither_lost_nor_doubled(wang, units, cast, as_person) -> None:
    for number in range(64):
        contact(wang, cast, EIGHT, f"same {number}")
    contact(wang, cast, EIGHT + timedelta(hours=1), "later")
    contact(wang, cast, MIDNIGHT, "midnight")
    told(wang, date(2026, 3, 2), manager_no="M1001B")
    LifecycleEvent.objects.create(
        client=wang, on_date=date(2026, 3, 2), event="LOST", reason="CLOSED", month=date(2026, 3, 1),
        branch=units["1001"],
    )  # fmt: skip
    pages = paged(as_person(cast.agent_1001))
    same = [f"same {number}" for number in range(63, -1, -1)]
    shown = [text for page in pages for text in page]
    assert [len(page) for page in pages] == [30, 30, 8]
    assert shown == ["later", *same, "销户", "客户经理：M1001A → M1001B", "midnight"]


def test_changes_behind_many_rows_without_a_change_are_found(wang, cast) -> None:
    told(wang, date(2026, 2, 2), manager_no="M1001B")
    for number in range(40):
        told(wang, date(2026, 3, 1) + timedelta(days=number))
    told(wang, date(2026, 5, 6), status="frozen")
    with translation.override("en"):
        items = record_changes(wang.pk, None, Place(timezone.now()), 2)
    assert [item.text for item in items] == ["Status: Normal → Frozen", "Manager: M1001A → M1001B"]


def test_what_the_first_row_told_is_no_change_and_the_branch_is_named(wang, units, cast) -> None:
    told(wang, date(2026, 2, 2), branch=units["1002"], manager_no="")
    only_record = TimelineFilter(frozenset({"record"}))
    with translation.override("en"):
        [item] = queries.timeline(wang, cast.agent_hq, Place(timezone.now()), only_record)
    assert item.text == "Branch: 上海南京西路营业部 → 上海陆家嘴营业部; Manager: M1001A → –"
    assert queries.timeline(wang, cast.agent_hq, item.place, TimelineFilter(frozenset({"record"}))) == []


@pytest.mark.parametrize("below", ["nonsense", "2026-03-02T20:00:00+08:00,interaction:many", ""])
def test_an_unreadable_place_is_now(wang, cast, as_person, below: str) -> None:
    contact(wang, cast, EIGHT, "hello")
    assert paged(as_person(cast.agent_1001), f"?below={below}") == [["hello"]]


def test_a_moment_alone_is_a_place_and_kinds_stay_chosen(wang, cast, as_person) -> None:
    contact(wang, cast, EIGHT, "hello")
    told(wang, date(2026, 3, 2), manager_no="M1001B")
    browser = as_person(cast.agent_1001)
    assert paged(browser, "?below=2026-03-02T20:00:01") == [["hello", "客户经理：M1001A → M1001B"]]
    assert paged(browser, "?below=2026-03-02T20:00:00&kind=interaction") == [[]]
