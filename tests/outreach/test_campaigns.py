"""Campaigns: the draw, second person, calls, and what they brought. Who is left out: campaign_audience."""

from datetime import UTC, date, datetime, timedelta
from hashlib import md5
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from openpyxl import load_workbook

from clients.actions.consents import set_contact_stop
from clients.models import Account, Client, ClientStanding, Consent
from core import audit
from core.errors import Conflict
from interactions.models import Interaction
from outreach.actions import campaign_calls, campaign_steps, campaigns
from outreach.models import Campaign, CampaignMember, Task
from outreach.moments import day_of
from outreach.queries import campaign_results as results
from outreach.queries.campaign_report import content_of
from outreach.tasks import campaign_step
from staff.models import Unit
from tests.cast import Speak
from tests.clients.people import make_client
from tests.outreach.campaigns import make_campaign, run_campaign
from trading.feed import partitions
from trading.models import Balance, CashFlow, ClientMonth, Holding, Product, Trade

pytestmark = pytest.mark.django_db
Units = dict[str, Unit]


def _clients(units: Units, count: int, **values: Any) -> list[Client]:
    return [make_client(units["1001"], f"C{number:03}", **values) for number in range(count)]


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
    made = campaign_steps.propose(actor=cast.team_lead_1001, campaign=make_campaign(units["1001"], ids))
    assert made.state == "proposed"
    with pytest.raises(PermissionDenied):
        campaigns.approve(actor=cast.team_lead_1001, campaign=made)
    with pytest.raises(Conflict):
        campaign_steps.start(actor=cast.team_lead_1001, campaign=made)
    assert campaigns.approve(actor=cast.branch_manager_1001, campaign=made).state == "approved"
    settings.CAMPAIGN_APPROVAL_OVER = 3
    small = campaign_steps.propose(actor=cast.team_lead_1001, campaign=make_campaign(units["1001"], ids))
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
    told = results.figures(lead, made)
    assert [line.count for line in told.funnel] == [4, 4, 3, 2, 1, 0]
    assert told.cost is not None and told.cost.minutes == 15


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
    campaign_steps.evaluate(actor=audit.SYSTEM, campaign=made)
    assert set(made.members.filter(converted=True)) == set(treated[:2])
    everybody = results.figures(cast.team_lead_1001, Campaign.objects.get(pk=made.pk)).compared[0]
    assert (everybody.treated.hits, everybody.treated.size) == (2, 40)
    assert (everybody.control.hits, everybody.control.size) == (0, 40)
    assert everybody.said is not None and not everybody.said.is_clear


def _flow(client: Client, day: date, amount: int) -> None:
    CashFlow.objects.create(
        client=client, occurred_on=day, flow_no=client.client_no, feed_day=day, account=_account(client),
        occurred_at=datetime(day.year, day.month, day.day, 2, tzinfo=UTC), direction="in", amount=amount,
    )  # fmt: skip


def test_pages_from_draft_to_result(units: Units, cast: SimpleNamespace, as_person: Speak) -> None:
    clients = _clients(units, 3)
    made = make_campaign(units["1001"], [one.pk for one in clients], assign="queue")
    lead, address = as_person(cast.team_lead_1001), f"/campaigns/{made.pk}/"
    for name, state in [("propose", "approved"), ("start", "running")]:
        assert lead.post(f"{address}do/{name}/").status_code == 302
        _worked_off(made)
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
    part = {"headers": {"HX-Target": "campaign-step"}}
    assert 'role="status"' in lead.get(address, **part).content.decode()
    _worked_off(made)
    assert lead.get(address, **part)["HX-Refresh"] == "true"
    assert lead.get(address).status_code == 200
    assert made.state == "evaluated"


def _worked_off(campaign: Campaign) -> None:
    """What the worker does, twice, as messages may come twice."""
    campaign.refresh_from_db()
    assert campaign.job is not None
    for _time in range(2):
        campaign_step(campaign.job.pk)
    campaign.refresh_from_db()


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


def test_as_many_queries_for_200_clients_as_for_20(
    units: Units, cast: SimpleNamespace, as_person: Speak
) -> None:
    lead = as_person(cast.team_lead_1001)

    def asked(count: int, letter: str) -> list[int]:
        clients = [make_client(units["1001"], f"{letter}{number:03}") for number in range(count)]
        made = run_campaign(units["1001"], [one.pk for one in clients], control_share=50, name=letter)
        campaign_steps.evaluate(actor=audit.SYSTEM, campaign=campaigns.end(actor=audit.SYSTEM, campaign=made))
        paths = ("", "members/?size=200", "result.xlsx", "result.pdf", "work/")
        return [_queries(lead, f"/campaigns/{made.pk}/{path}") for path in paths]

    asked(2, "A")  # whatever is looked up once and kept
    assert asked(20, "B") == asked(200, "D")


def _queries(browser: Any, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(path)
    assert answer.status_code == 200
    return len(queries)


def test_the_file_tells_what_the_page_tells(units: Units, cast: SimpleNamespace, as_person: Speak) -> None:
    made = run_campaign(units["1001"], [one.pk for one in _clients(units, 80)], control_share=50)
    lead, address = as_person(cast.team_lead_1001), f"/campaigns/{made.pk}/result.xlsx"
    assert lead.get(address).status_code == 404
    campaign_steps.evaluate(actor=audit.SYSTEM, campaign=campaigns.end(actor=audit.SYSTEM, campaign=made))
    made.members.filter(place="treated", pk__lte=made.members.filter(place="treated")[9].pk).update(
        converted=True
    )
    book = load_workbook(BytesIO(lead.get(address).content))
    result = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert [row[1:5] for row in result] == [[40, 10, 40, 0]] * 3
    assert result[0][5] == 0.25 and 0 < result[0][6] < 0.25 < result[0][7]
    assert len(book.worksheets) == 4
    filed = lead.get(f"/campaigns/{made.pk}/result.pdf")
    assert (filed["Content-Type"], filed.content[:5]) == ("application/pdf", b"%PDF-")
    for language, words in (("zh-hans", ["结果", "联系组"]), ("en", ["Result", "Contacted group"])):
        with translation.override(language):
            told = content_of(Campaign.objects.get(pk=made.pk), cast.team_lead_1001)
        assert [told["heads"]["result"], told["columns"][1]] == words
        assert [line["treated"] for line in told["lines"]] == ["25.0%  10/40"] * 3
        assert told["lines"][0]["places"][0] > 50


@pytest.mark.parametrize(
    ("target", "told"), [("traded", {}), ("bought", {}), ("assets", {"target_amount": 50})]
)
def test_targets(units: Units, target: str, told: dict[str, Any]) -> None:
    """Window: ten days after 10 January. First and last day of it meet the target, the days around do not."""
    product = Product.objects.create(code="P", risk_level="R1", told_on=date(2026, 1, 5))
    clients = _clients(units, 6, risk_level="C3", risk_assessed_on=day_of(timezone.now()))
    made = run_campaign(
        units["1001"], [one.pk for one in clients], target=target, window_days=10, assign="queue", **told,
        product=product if target == "bought" else None,
    )  # fmt: skip
    made.members.update(first_contact_on=date(2026, 1, 10))
    for table in ("trading_trade", "trading_holding", "trading_balance"):
        partitions.ensure(table, [date(2026, 1, 1)])
    facts = {"traded": _trades, "bought": _holdings, "assets": _months}[target]
    wanted = facts(clients, product)
    campaign_steps.evaluate(actor=audit.SYSTEM, campaign=campaigns.end(actor=audit.SYSTEM, campaign=made))
    assert set(made.members.filter(converted=True).values_list("client", flat=True)) == wanted


def _account(client: Client) -> Account:
    return Account.objects.create(
        account_no=f"A{client.client_no}", client=client, system="cash", currency="CNY", status="normal",
        opened_on=date(2026, 1, 5), told_on=date(2026, 1, 5),
    )  # fmt: skip


def _trades(clients: list[Client], _product: Product) -> set[int]:
    for client, day, counts in zip(
        clients, (10, 11, 20, 21, 15), (True, True, True, True, False), strict=False
    ):
        moment = datetime(2026, 1, day, 2, tzinfo=UTC)
        Trade.objects.create(
            client=client, traded_on=moment.date(), trade_no=client.client_no, feed_day=moment.date(),
            account=_account(client), traded_at=moment, side="buy", quantity=1, price=1, amount=1,
            gross_commission=0, handling_fee=0, csrc_fee=0, transfer_fee=0, stamp_duty=0, counts=counts,
        )  # fmt: skip
    return {clients[1].pk, clients[2].pk}


def _holdings(clients: list[Client], product: Product) -> set[int]:
    """The second held it before, so that it is nothing new."""
    for client, days in zip(clients, ((11,), (9, 11), (10,), (21,), (20,)), strict=False):
        account = _account(client)
        for day in days:
            moment = date(2026, 1, day)
            Holding.objects.create(
                client=client, day=moment, account=account, market="OTC", security_code="P", product=product
            )
            Balance.objects.create(
                client=client,
                day=moment,
                account=account,
                cash=0,
                market_value=0,
                product_value=1,
                margin_debit=0,
            )
    return {clients[0].pk, clients[4].pk}


def _months(clients: list[Client], _product: Product) -> set[int]:
    """Average before and after; the window ends in January, so that January counts beside December."""
    for client, (before, after) in zip(clients, ((100, 150), (100, 149), (0, 50), (200, 100)), strict=False):
        for month, mean in ((date(2025, 12, 1), before), (date(2026, 1, 1), after)):
            ClientMonth.objects.create(
                client=client, month=month, branch=client.branch, manager_no="", days=31, trading_days=20,
                assets_sum=mean * 20, turnover=0, trades=0, net_commission=0, margin_interest=0,
                cash_spread=0, product_fee=0, other_income=0, inflow=0, outflow=0,
            )  # fmt: skip
    return {clients[0].pk, clients[2].pk}
