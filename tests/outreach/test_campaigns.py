"""Campaigns: who is left out and why, the draw, second person, calls, and what they brought."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from hashlib import md5
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from clients.actions.consents import record_consents, set_contact_stop
from clients.models import Account, Client, ClientStanding, Consent
from core import audit
from core.errors import Conflict
from interactions.models import Category, Interaction
from outreach.actions import campaign_calls, campaigns
from outreach.models import CampaignMember, Task
from outreach.moments import day_of
from outreach.queries import campaigns as queries
from staff.models import Unit
from tests.cast import Speak
from tests.clients.people import make_client
from tests.outreach.campaigns import make_campaign, run_campaign
from trading.models import CashFlow, Product

pytestmark = pytest.mark.django_db
Units = dict[str, Unit]
LEVELS = {"C1_lowest": 1, "C1": 1, "C2": 2, "C3": 3, "C4": 4, "C5": 5}


def _clients(units: Units, count: int, **values: Any) -> list[Client]:
    return [make_client(units["1001"], f"C{number:03}", **values) for number in range(count)]


def _anybody(units: Units, draw: random.Random, number: int) -> tuple[Client, str]:
    """A client with drawn circumstances, and in plain Python why nobody calls it about an R3 product."""
    today = day_of(timezone.now())
    status = draw.choice(["normal", "normal", "normal", "frozen", "closed", "deceased"])
    level, assessed = draw.choice(["C2", "C3", "C5", ""]), draw.choice([today, date(2020, 2, 29), None])
    client = make_client(
        units["1001"],
        f"D{number:03}",
        status=status,
        risk_level=level,
        risk_assessed_on=assessed,
        closed_on=today if status == "closed" else None,
    )
    mobile, stopped = draw.random() < 0.8, draw.random() < 0.2
    if not mobile:
        Client.objects.filter(pk=client.pk).update(mobile=None, mobile_index=None, mobile_tail_index=None)
    if stopped:
        set_contact_stop(actor=audit.SYSTEM, client=client, stopped=True, reason="x")
    words = draw.choice([[], ["given"], ["given"], ["withdrawn", "given"], ["given", "withdrawn"]])
    for word in words:
        record_consents(
            actor=audit.SYSTEM, client=client, channels=["phone"], purposes=["marketing"], state=word,
            source="counter",
        )  # fmt: skip
    days = draw.choice([0, 6, 7, None, None])
    if days is not None:
        _contact(client, today - timedelta(days=days))
    answers = [
        ("closed", status in ("closed", "deceased")), ("stopped", stopped),
        ("no_consent", words[-1:] != ["given"]), ("unreachable", not mobile),
        ("unsuitable", assessed != today or LEVELS.get(level, 0) < 3), ("pressure", days in (0, 6)),
    ]  # fmt: skip
    return client, next((reason for reason, holds in answers if holds), "")


def _contact(client: Client, day: date) -> None:
    Interaction.objects.create(
        client=client, channel="phone", direction="out", category=Category.objects.get(code="enquiry"),
        started_at=datetime(day.year, day.month, day.day, 2, tzinfo=UTC), started_on=day, summary="x",
        recorded_by="test",
    )  # fmt: skip


def test_each_is_left_out_by_the_first_reason(units: Units, cast: SimpleNamespace) -> None:
    draw = random.Random(5)
    wanted = dict(_anybody(units, draw, number) for number in range(120))
    product = Product.objects.create(code="P3", risk_level="R3", told_on=date(2026, 1, 5))
    made = make_campaign(
        units["1001"], [one.pk for one in wanted], purpose="marketing", product=product
    )  # fmt: skip
    campaigns.propose(actor=cast.team_lead_1001, campaign=made)
    found = {row.client: row.reason for row in made.members.select_related("client")}
    assert found == wanted
    counts = Counter(reason for reason in wanted.values() if reason)
    lines = queries.left_out(cast.team_lead_1001, made)
    assert {line.key: line.count for line in lines} == counts
    assert len(counts) == 6
    assert not queries.left_out(cast.agent_1002, made)


def test_control_group_is_drawn_in_each_tier_and_can_be_drawn_again(units: Units) -> None:
    clients = _clients(units, 25)
    for number, client in enumerate(clients):
        ClientStanding.objects.create(
            client=client, branch=client.branch, tier="V1" if number < 10 else "V5", as_of=date(2026, 1, 5)
        )
    made = run_campaign(units["1001"], [one.pk for one in clients], control_share=30)

    def drawn(part: list[Client], held: int) -> set[str]:
        order = sorted(part, key=lambda one: md5(f"7:{one.client_no}".encode()).hexdigest())
        return {one.client_no for one in order[:held]}

    control = made.members.filter(place="control").values_list("client__client_no", flat=True)
    assert set(control) == drawn(clients[:10], 3) | drawn(clients[10:], 5)


def test_a_product_needs_a_second_person(units: Units, cast: SimpleNamespace, settings: Any) -> None:
    ids = [one.pk for one in _clients(units, 3)]
    settings.CAMPAIGN_APPROVAL_OVER = 2
    made = campaigns.propose(actor=cast.team_lead_1001, campaign=make_campaign(units["1001"], ids))
    assert made.state == "proposed"
    with pytest.raises(PermissionDenied):
        campaigns.approve(actor=cast.team_lead_1001, campaign=made)
    with pytest.raises(Conflict):
        campaigns.start(actor=cast.team_lead_1001, campaign=made)
    assert campaigns.approve(actor=cast.branch_manager_1001, campaign=made).state == "approved"
    settings.CAMPAIGN_APPROVAL_OVER = 3
    small = campaigns.propose(actor=cast.team_lead_1001, campaign=make_campaign(units["1001"], ids))
    assert small.state == "approved"


def test_calls_go_to_the_log_and_on(units: Units, cast: SimpleNamespace) -> None:
    made = run_campaign(units["1001"], [one.pk for one in _clients(units, 4)], assign="queue")
    agent, lead = cast.agent_1001, cast.team_lead_1001
    first = campaign_calls.next_call(person=agent, campaign=made)
    other = campaign_calls.next_call(person=lead, campaign=made)
    assert first is not None and other is not None and first != other
    assert campaign_calls.next_call(person=agent, campaign=made) == first
    with pytest.raises(Conflict):
        campaign_calls.record_call(actor=lead, member=first, outcome="interested")
    day = day_of(timezone.now()) + timedelta(days=1)
    campaign_calls.record_call(actor=agent, member=first, outcome="interested", follow_up_on=day)
    campaign_calls.record_call(actor=lead, member=other, outcome="do_not_contact")
    word = Consent.objects.get()
    assert (word.client_id, word.channel, word.purpose, word.state) == (
        other.client_id, "phone", "service", "withdrawn",
    )  # fmt: skip
    task = Task.objects.get()
    assert (task.client_id, task.assignee) == (first.client_id, cast.manager_1001a)
    entries = Interaction.objects.order_by("id").values_list("client", "agent", "outcome", "direction")
    assert list(entries) == [
        (first.client_id, agent.pk, "follow_up", "out"), (other.client_id, lead.pk, "informed", "out"),
    ]  # fmt: skip
    third = campaign_calls.next_call(person=agent, campaign=made)
    assert third is not None
    set_contact_stop(actor=audit.SYSTEM, client=third.client, stopped=True, reason="x")
    fourth = campaign_calls.next_call(person=agent, campaign=made)
    assert fourth is not None and fourth != third
    for number in range(3):
        CampaignMember.objects.filter(pk=fourth.pk).update(call_again_at=None)
        row = campaign_calls.record_call(actor=agent, member=fourth, outcome="not_reached")
        assert row.done == (number == 2)
    assert campaign_calls.next_call(person=agent, campaign=made) is None
    assert [line.count for line in queries.funnel(lead, made)] == [4, 4, 3, 2, 1, 0]
    assert queries.minutes_spent(lead, made) == 15


def test_result_against_the_control_group(units: Units, cast: SimpleNamespace) -> None:
    clients = _clients(units, 80)
    told = {
        "control_share": 50,
        "target": "inflow",
        "target_amount": 100,
        "window_days": 10,
        "assign": "queue",
    }
    made = run_campaign(units["1001"], [one.pk for one in clients], **told)
    treated = list(made.members.filter(place="treated").order_by("id"))
    treated_on = date(2026, 2, 2)
    made.members.filter(pk=treated[0].pk).update(first_contact_on=treated_on)
    for row, days, amount in [(treated[0], 1, 100), (treated[1], 10, 100), (treated[2], 0, 100),
                              (treated[3], 11, 100), (treated[4], 5, 99)]:  # fmt: skip
        _flow(row.client, treated_on + timedelta(days=days), amount)
    campaigns.end(actor=audit.SYSTEM, campaign=made)
    campaigns.evaluate(actor=audit.SYSTEM, campaign=made)
    assert set(made.members.filter(converted=True)) == set(treated[:2])
    everybody = queries.compared(cast.team_lead_1001, made)[0]
    assert (everybody.treated.hits, everybody.treated.size) == (2, 40)
    assert (everybody.control.hits, everybody.control.size) == (0, 40)
    assert everybody.said is not None and not everybody.said.is_clear


def _flow(client: Client, day: date, amount: int) -> None:
    account = Account.objects.create(
        account_no=f"A{client.client_no}", client=client, system="cash", currency="CNY", status="normal",
        opened_on=day, told_on=day,
    )  # fmt: skip
    CashFlow.objects.create(
        client=client, occurred_on=day, flow_no=client.client_no, feed_day=day, account=account,
        occurred_at=datetime(day.year, day.month, day.day, 2, tzinfo=UTC), direction="in", amount=amount,
    )  # fmt: skip


def test_pages_from_draft_to_result(units: Units, cast: SimpleNamespace, as_person: Speak) -> None:
    clients = _clients(units, 3)
    made = make_campaign(units["1001"], [one.pk for one in clients], assign="queue")
    lead, address = as_person(cast.team_lead_1001), f"/campaigns/{made.pk}/"
    for name, state in [("propose", "approved"), ("start", "running")]:
        assert lead.post(f"{address}do/{name}/").status_code == 302
        made.refresh_from_db()
        assert made.state == state
    agent = as_person(cast.agent_1001)
    assert agent.get(f"{address}work/").status_code == 200
    held = made.members.get(claimed_by=cast.agent_1001)
    said = {"outcome": "interested", "minutes": "4", "note": "asked for papers"}
    assert agent.post(f"{address}work/{held.pk}/", {**said, "minutes": "x"}).status_code == 422
    assert agent.post(f"{address}work/{held.pk}/", said).status_code == 302
    assert lead.get(f"{address}members/?outcome=interested").content.decode().count("C00") >= 1
    for name in ("end", "evaluate"):
        lead.post(f"{address}do/{name}/")
    page = lead.get(address)
    assert page.status_code == 200
    made.refresh_from_db()
    assert made.state == "evaluated"


def test_a_call_by_api_counts_once(units: Units, as_system: Speak) -> None:
    clients = _clients(units, 2)
    made = run_campaign(units["1001"], [one.pk for one in clients])
    system = as_system("clients:read", "campaigns:read", "campaigns:write")
    address = f"/api/v1/campaigns/{made.pk}/members/C000/calls/"
    key = {"headers": {"Idempotency-Key": "k"}, "content_type": "application/json"}
    answers = [system.post(address, {"outcome": "not_interested"}, **key) for _time in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert Interaction.objects.count() == 1
    told = system.get(f"/api/v1/campaigns/{made.pk}/").json()
    assert (told["places"], told["left_out"], told["result"]) == ({"treated": 2}, {}, [])
