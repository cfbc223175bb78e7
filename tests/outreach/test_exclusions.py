"""The firm's exclusion list: who stands on it when, and what campaigns, calls and messages make of it."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from clients.models import Client
from core import audit
from core.bulk import BulkWork
from core.models import AuditEntry
from interactions.models import Line
from outreach import bulk_exclusions as bulk
from outreach.actions import campaign_calls, campaign_messages
from outreach.actions.drawing import draw_year
from outreach.actions.exclusions import put_on, take_off
from outreach.models import Callback, Exclusion
from outreach.moments import SHANGHAI
from outreach.queries.exclusions import on_the_list
from staff.models import Unit
from tests.cast import Speak
from tests.clients.people import make_client
from tests.outreach.campaigns import make_campaign, run_campaign

pytestmark = pytest.mark.django_db
Units = dict[str, Unit]
TODAY = timezone.localdate


def _put(clients: list[Client], **told: Any) -> list[int]:
    fields = {"reason": "asked by the board", "from_on": TODAY()} | told
    return put_on(actor=audit.SYSTEM, client_ids=[one.pk for one in clients], **fields)


def test_who_stands_on_it_today(units: Units) -> None:
    day = timedelta(days=1)
    now, later, over, joined, kept = (make_client(units["1001"], f"E{number}") for number in range(5))
    _put([now, joined], until=TODAY())
    _put([later], from_on=TODAY() + day)
    _put([over], from_on=TODAY() - 2 * day, until=TODAY() - day)
    Client.objects.filter(pk=joined.pk).update(merged_into=kept)
    ids = [one.pk for one in (now, later, over, joined, kept)]
    assert on_the_list(ids) == {now.pk, kept.pk}
    assert _put([now, over]) == [over.pk]  # once at a time; what is over makes room
    assert on_the_list([over.pk]) == {over.pk}
    taken = take_off(actor=audit.SYSTEM, ids=list(Exclusion.objects.values_list("pk", flat=True)))
    assert len(taken) == 4 and not on_the_list(ids)
    assert take_off(actor=audit.SYSTEM, ids=taken) == []
    assert AuditEntry.objects.filter(deed="exclusion.ended").count() == 1


def test_running_campaigns_leave_them_alone(units: Units, cast: SimpleNamespace) -> None:
    called, listed = (make_client(units["1001"], number) for number in ("E1", "E2"))
    made = run_campaign(units["1001"], [called.pk, listed.pk], assign="queue")
    _put([listed])
    held = campaign_calls.next_call(person=cast.agent_1001, campaign=made)
    assert held is not None and held.client == called
    campaign_calls.record_call(actor=cast.agent_1001, member=held, outcome="interested")
    assert campaign_calls.next_call(person=cast.agent_1001, campaign=made) is None


@time_machine.travel(datetime(2026, 1, 6, 10, 0, tzinfo=SHANGHAI), tick=False)
def test_messages_are_not_ordered_for_them(units: Units) -> None:
    line = Line.objects.create(code="post", adapter="email", name="x", unit=units["HQ"])
    clients = [make_client(units["1001"], number) for number in ("E1", "E2")]
    made = run_campaign(units["1001"], [one.pk for one in clients], line=line, subject="x")
    _put(clients[:1])
    assert campaign_messages.order_due() == 2
    sent = made.members.filter(delivery__isnull=False).values_list("client", flat=True)
    assert list(sent) == [clients[1].pk]


def test_required_callbacks_are_made_all_the_same(units: Units) -> None:
    """The draw says of itself who is left out; the list is none of its reasons."""
    clients = [make_client(units["1001"], f"E{n}", opened_on=date(2020, 1, 1)) for n in range(3)]
    _put(clients)
    assert draw_year(2026, seed="x") == Callback.objects.filter(kind="yearly").count() == 1


def test_page_and_deeds_in_ones_own_sight(units: Units, cast: SimpleNamespace, as_person: Speak) -> None:
    for branch, number in (("1001", "NOCALL1"), ("1001", "NOCALL2"), ("1002", "NOCALL3")):
        make_client(units[branch], number)
    lead, address = as_person(cast.team_lead_1001), "/campaigns/exclusions/"
    told = {"numbers": "NOCALL1，NOCALL3", "reason": "x", "from_on": TODAY().isoformat()}
    refused = lead.post(f"{address}new/", told)
    assert refused.status_code == 422 and "NOCALL3" in refused.content.decode()
    assert lead.post(f"{address}new/", {**told, "numbers": "NOCALL1\nNOCALL2"}).status_code == 302
    assert "NOCALL2" in lead.get(f"{address}?when=now").content.decode()
    assert "NOCALL2" not in as_person(cast.agent_1002).get(address).content.decode()
    ids = [one.pk for one in Client.objects.order_by("client_no")][:2]
    work = BulkWork(1, ids, {"reason": "x", "until": None}, cast.team_lead_1001)
    assert set(bulk.put(work).failures) == set(ids)
    entries = list(Exclusion.objects.values_list("pk", flat=True))
    assert bulk.take(BulkWork(2, entries, {}, cast.team_lead_1001)).failures == {}
    done = bulk.put(work)
    assert done.undo == {"added": ids}
    bulk.put_back(BulkWork(1, ids, {}, cast.team_lead_1001, done.undo))
    assert not on_the_list(ids)


def test_by_api_once(units: Units, as_system: Speak) -> None:
    make_client(units["1001"], "E1")
    system = as_system("clients:read", "campaigns:read", "campaigns:manage")
    told, key = {"clients": ["E1", "E9"], "reason": "x"}, {"headers": {"Idempotency-Key": "k"}}
    address = "/api/v1/contact-exclusions/"
    answers = [system.post(address, told, content_type="application/json", **key) for _time in range(2)]
    assert [one.json() for one in answers] == [{"added": 1, "there": 0, "unknown": ["E9"]}] * 2
    (row,) = system.get(f"{address}?when=now").json()["results"]
    assert (row["client"], row["until"]) == ("E1", None)
    ended = system.post(f"{address}{row['id']}/end/", {}, content_type="application/json")
    assert ended.json()["ended_by"] == "system"
    assert make_campaign(units["1001"], [Client.objects.get().pk]).members.count() == 1
