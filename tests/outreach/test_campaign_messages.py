"""Campaigns that write: each message is ordered once, by day, and counted by what became of it."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError

from clients.models import Client
from core import audit, crypto
from interactions.models import ChannelRate, Delivery, Line
from outreach.actions import campaign_messages, campaigns
from outreach.actions.campaign_calls import next_call
from outreach.models import Campaign
from outreach.moments import SHANGHAI
from outreach.queries import campaign_results as results
from staff.models import Unit
from tests.clients.people import make_client
from tests.outreach.campaigns import make_campaign, run_campaign

pytestmark = pytest.mark.django_db
Units = dict[str, Unit]
TEXT = "{client}您好，{unit}{manager}提醒您更新测评，{today}。"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 1, 6, 10, 0, tzinfo=SHANGHAI), tick=False) as traveller:
        yield traveller


def _line(units: Units, adapter: str = "sms") -> Line:
    return Line.objects.create(code=adapter, adapter=adapter, name="x", unit=units["HQ"])


def _run(units: Units, numbers: int = 3) -> tuple[Campaign, list[Client]]:
    clients = [make_client(units["1001"], f"C{number:03}") for number in range(numbers)]
    return run_campaign(units["1001"], [one.pk for one in clients], line=_line(units), script=TEXT), clients


def test_each_message_is_ordered_once(units: Units, cast: SimpleNamespace, clock: Any) -> None:
    made, _clients = _run(units)
    assert [campaign_messages.order_due(2) for _time in range(3)] == [2, 1, 0]
    made.members.update(done=False)  # as after a worker that died before its word was in
    campaign_messages.order_due()
    first, *others = Delivery.objects.order_by("id")
    assert len(others) == 2
    words = f"王建国您好，{units['1001'].name}{cast.manager_1001a.name}提醒您更新测评，2026-01-06。"
    assert crypto.unseal(first.body, first.context("body")) == words
    assert next_call(person=cast.team_lead_1001, campaign=made) is None


def test_nothing_is_ordered_in_quiet_hours_while_paused_or_too_early(units: Units, clock: Any) -> None:
    made, _clients = _run(units)
    clock.move_to(datetime(2026, 1, 6, 21, 0, tzinfo=SHANGHAI))
    assert campaign_messages.order_due() == 0
    clock.move_to(datetime(2026, 1, 7, 10, 0, tzinfo=SHANGHAI))
    campaigns.pause(actor=audit.SYSTEM, campaign=made)
    assert campaign_messages.order_due() == 0
    campaigns.go_on(actor=audit.SYSTEM, campaign=made)
    Campaign.objects.update(starts_on=date(2026, 1, 8))
    assert campaign_messages.order_due() == 0
    clock.move_to(datetime(2026, 1, 8, 10, 0, tzinfo=SHANGHAI))
    assert campaign_messages.order_due() == 3


def test_who_lost_the_address_is_passed_over(units: Units, clock: Any) -> None:
    made, clients = _run(units)
    Client.objects.filter(pk=clients[0].pk).update(mobile=None, mobile_index=None, mobile_tail_index=None)
    campaign_messages.order_due()
    rows = made.members.order_by("id").values_list("done", "attempts", "outcome")
    assert list(rows) == [(True, 0, "not_reached"), (True, 1, ""), (True, 1, "")]
    assert Delivery.objects.count() == 2


def test_what_went_out_counts_and_costs(units: Units, cast: SimpleNamespace, clock: Any) -> None:
    ChannelRate.objects.filter(channel="sms").delete()
    for day, rate in [(date(2025, 1, 1), "0.0500"), (date(2026, 1, 7), "9.0000")]:
        ChannelRate.objects.create(channel="sms", effective_on=day, per_minute=0, per_message=Decimal(rate))
    made, _clients = _run(units, 4)
    campaign_messages.order_due()
    for row, state in zip(
        Delivery.objects.order_by("id"), ["sent", "delivered", "failed", "waiting"], strict=True
    ):
        Delivery.objects.filter(pk=row.pk).update(state=state)
    made.members.filter(delivery__state="sent").update(converted=True)
    told = results.figures(cast.team_lead_1001, made)
    assert [line.count for line in told.funnel] == [4, 4, 4, 2, 1]
    spent = told.cost
    assert spent is not None
    assert (spent.messages, spent.total, spent.each) == (2, Decimal("0.1"), Decimal("0.1"))


def test_a_message_must_fit_its_line(units: Units) -> None:
    wrong = [
        ({"line": _line(units, "hotline")}, "line"), ({"line": _line(units, "weibo")}, "line"),
        ({"line": _line(units, "email")}, "subject"),
        ({"line": _line(units, "sms"), "script": "{name}"}, "script"),
    ]  # fmt: skip
    for told, field in wrong:
        with pytest.raises(ValidationError) as caught:
            make_campaign(units["1001"], [], **told)
        assert set(caught.value.message_dict) == {field}


def test_campaigns_end_by_themselves_after_their_last_day(units: Units, clock: Any) -> None:
    made, _clients = _run(units)
    clock.move_to(datetime(2026, 3, 31, 23, 59, tzinfo=SHANGHAI))
    assert campaigns.end_over() == 0
    clock.move_to(datetime(2026, 4, 1, 0, 5, tzinfo=SHANGHAI))
    assert (campaigns.end_over(), campaigns.end_over()) == (1, 0)
    made.refresh_from_db()
    assert made.state == "ended"
