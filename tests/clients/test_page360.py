"""The client page: declared slots, tags, one alert, timeline filters, and what a merged record adds."""

import html
import re
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, ClientTag, Tag
from clients.queries import timeline as queries
from core.registry import Place, TimelineFilter
from interactions.actions import log as actions
from staff.models import Unit
from tests.cast import Speak
from tests.clients.people import give_standing, make_client

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def wang(units: dict[str, Unit]) -> Client:
    client = make_client(units["1001"], "C000001")
    give_standing(client)
    return client


def contact(
    client: Client, agent: Any, at: datetime, text: str, channel: str = "phone", recorded_by: Any = None
) -> None:
    entry = actions.Entry(
        channel=channel, direction="in", category="enquiry.trading", summary=text, started_at=at
    )
    actions.log_interaction(actor=recorded_by or agent, client=client, entry=entry, agent=agent)


def page(browser: Any) -> str:
    return browser.get(reverse("clients:detail", args=["C000001"])).content.decode()


def shown(browser: Any, **query: Any) -> list[str]:
    """The contacts of every page of the timeline, following the button."""
    address, texts = reverse("clients:timeline", args=["C000001"]), []
    answer = browser.get(address, query).content.decode()
    while True:
        texts += re.findall(r'<p class="event-text">([^<]*)</p>', answer)
        button = re.search(r'<button class="button" type="button" hx-get="([^"]+)"', answer)
        if button is None:
            return texts
        answer = browser.get(html.unescape(button[1])).content.decode()


def test_modules_fill_the_slots(wang: Client, cast: SimpleNamespace, as_person: Speak) -> None:
    text = page(as_person(cast.agent_1001))
    assert re.search(r'<div id="tasks" hx-get="/tasks/clients/C000001/"', text)
    assert 'hx-get="/cases/of-client/C000001/"' in text


def test_tags_and_one_alert(wang: Client, cast: SimpleNamespace, as_person: Speak) -> None:
    tag = Tag.objects.create(name="企业主")
    ClientTag.objects.create(client=wang, tag=tag, given_by="x", given_at=timezone.now())
    Client.objects.filter(pk=wang.pk).update(
        id_expires_on=timezone.localdate(), risk_level="C3", risk_assessed_on=date(2020, 1, 1)
    )
    text = page(as_person(cast.agent_1001))
    assert "企业主" in text
    assert text.count('class="note warn"') == 1
    assert 'href="#id_line"' in text


def test_the_timeline_is_narrowed(wang: Client, cast: SimpleNamespace, as_person: Speak) -> None:
    contact(wang, cast.agent_1001, NOON, "by phone")
    contact(wang, cast.team_lead_1001, NOON + timedelta(days=1), "by mail", "email")
    contact(wang, cast.agent_1001, NOON + timedelta(days=2), "by mail again", "email")
    browser = as_person(cast.agent_1001)
    assert shown(browser) == ["by mail again", "by mail", "by phone"]
    assert shown(browser, channel="email") == ["by mail again", "by mail"]
    assert shown(browser, who=cast.agent_1001.username) == ["by mail again", "by phone"]
    assert shown(browser, channel="email", who=cast.team_lead_1001.username) == ["by mail"]
    assert shown(browser, since="2026-03-03", until="2026-03-03") == ["by mail"]
    assert shown(browser, until="2026-03-02") == ["by phone"]
    assert shown(browser, kind="trade") == []
    assert shown(browser, channel="nonsense", since="yesterday") == ["by mail again", "by mail", "by phone"]


def test_narrowed_pages_lose_nothing(wang: Client, cast: SimpleNamespace, as_person: Speak) -> None:
    for number in range(70):
        contact(wang, cast.agent_1001, NOON, f"mail {number}", "email" if number % 2 else "phone")
    assert shown(as_person(cast.agent_1001), channel="email", since="2026-03-02") == [
        f"mail {number}" for number in range(69, -1, -2)
    ]


def test_a_merged_records_contacts_are_shown_once_each(
    wang: Client, units: dict[str, Unit], cast: SimpleNamespace, as_person: Speak
) -> None:
    others = [make_client(units["1001"], f"C00000{number}") for number in (2, 3)]
    for number in range(25):
        for client in (wang, *others):
            contact(client, cast.agent_1001, NOON, f"{client} {number}")
    Client.objects.filter(pk__in=[one.pk for one in others]).update(merged_into=wang)
    found = shown(as_person(cast.agent_1001))
    assert len(found) == len(set(found)) == 75


def test_other_modules_items_are_left_out_where_a_person_is_asked_for(
    wang: Client, cast: SimpleNamespace
) -> None:
    items = queries.timeline(wang, cast.agent_hq, Place(timezone.now()), TimelineFilter(who="liu.siqi"))
    assert items == []
