"""The demo's campaigns: one that ended and was evaluated, one that runs today."""

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from clients.models import Client
from crm.demo_loading.asked import ACTOR
from interactions.actions.log import Entry, import_interactions
from interactions.models import Category
from outreach.actions import campaign_audience, campaign_steps, campaigns
from outreach.actions.campaign_calls import next_call, record_call
from outreach.actions.exclusions import put_on
from outreach.models import Campaign, CampaignMember
from outreach.moments import SHANGHAI
from staff.models import Person, Unit

ENDED, RUNNING = "三季度账户体检回访", "年末持仓梳理与服务提醒"
SCRIPT = (
    "您好，我是营业部的服务人员。本次来电想与您核对账户与联系方式，"
    "了解近期服务需求，并介绍新版客户端的条件单功能。"
)
AUDIENCE, TODAY = 160, 40
"""At most so many clients, and never more than half of the branch: some stay whom nobody contacted."""
REACHED = (("interested", 3), ("not_interested", 4), ("not_reached", 3))
NEVER = (("客户书面要求不接受任何营销", 0), ("关联方员工账户，合规要求", 0), ("监管核查期间暂停营销", 90))
CALLED = (
    ("interested", "客户愿意周五到营业部面谈。"),
    ("not_reached", ""),
    ("not_interested", "暂无需求，下季度再联系。"),
    ("call_again", "开会中，约明天上午。"),
    ("interested", "想了解条件单，已约客户经理回电。"),
)


@transaction.atomic
def make_campaigns(seed: int, until: date) -> None:
    """Unless that was done before; the ended one is evaluated after the night (evaluate_campaigns)."""
    if Campaign.objects.exists():
        return
    lead = Person.objects.filter(username="song.xiaoyu").first()
    branch = Unit.objects.filter(code="1001").first()
    found = Client.objects.filter(branch=branch, status=Client.Status.NORMAL, merged_into=None)
    found = found.exclude(standing__tier__in=["V4", "V5"])  # whom their own managers care for
    ids = list(found.order_by("client_no").values_list("pk", flat=True))
    if lead is None or len(ids) < 10:
        return
    _ended(lead, ids[: min(AUDIENCE, len(ids) // 2)], seed, until)
    audience = ids[: min(TODAY, len(ids) // 4)]
    for (reason, days), client in zip(NEVER, audience[1::3], strict=False):
        last = timezone.localdate() + timedelta(days=days) if days else None
        put_on(actor=lead, client_ids=[client], reason=reason, from_on=until, until=last)
    _running(lead, audience)


def evaluate_campaigns() -> None:
    """Looks for the target once the last night is known."""
    for campaign in Campaign.objects.filter(state=Campaign.State.ENDED):
        campaign_steps.evaluate(actor=ACTOR, campaign=campaign)


def _write(lead: Person, ids: list[int], seed: int, **told: object) -> Campaign:
    fields = {
        "unit": Unit.objects.get(code="1001"), "category": Category.objects.get(code="care"),
        "purpose": "service", "script": SCRIPT, "control_share": 30, "assign": "queue",
    } | told  # fmt: skip
    made = campaigns.write_campaign(actor=lead, told=fields, seed=seed)
    campaign_audience.choose_clients(actor=lead, campaign=made, client_ids=ids)
    made = campaign_steps.propose(actor=lead, campaign=made)
    if made.state == Campaign.State.PROPOSED:
        made = campaigns.approve(actor=Person.objects.get(username="wang.haifeng"), campaign=made)
    return campaign_steps.start(actor=lead, campaign=made)


def _ended(lead: Person, ids: list[int], seed: int, until: date) -> None:
    begun = until - timedelta(days=60)
    made = _write(
        lead, ids, seed, name=ENDED, starts_on=begun, ends_on=begun + timedelta(days=20), pressure_days=0,
        window_days=30,
    )  # fmt: skip
    draw, agent = random.Random(f"campaign {seed}"), Person.objects.get(username="liu.siqi")
    members = list(made.members.filter(place="treated").select_related("client").order_by("id"))
    outcomes = [key for key, weight in REACHED for _time in range(weight)]
    entries = []
    for member in members:
        day, outcome = begun + timedelta(days=draw.randint(0, 18)), draw.choice(outcomes)
        entries.append((member.client, agent, _call(made, day, outcome, draw)))
        member.first_contact_on, member.outcome, member.attempts, member.done = day, outcome, 1, True
        member.reached = outcome != "not_reached"
    CampaignMember.objects.bulk_update(
        members, ["first_contact_on", "outcome", "attempts", "done", "reached"], batch_size=500
    )
    import_interactions(actor=ACTOR, rows=entries, source=ENDED)
    campaigns.end(actor=lead, campaign=made)
    Campaign.objects.filter(pk=made.pk).update(frozen_at=datetime.combine(begun, time(9), SHANGHAI))


def _call(campaign: Campaign, day: date, outcome: str, draw: random.Random) -> Entry:
    missed = outcome == "not_reached"
    return Entry(
        channel="phone", direction="out", category=campaign.category.code, subject=campaign.name,
        started_at=datetime.combine(day, time(draw.randint(9, 16), draw.randint(0, 59)), SHANGHAI),
        minutes=Decimal(1 if missed else draw.randint(2, 9)),
        summary=f"{campaign.name}：{CampaignMember.Outcome(outcome).label}",
        outcome="not_reached" if missed else "informed", reference=f"campaign:{campaign.pk}",
    )  # fmt: skip


def _running(lead: Person, ids: list[int]) -> None:
    today = timezone.localdate()
    made = _write(
        lead, ids, 5, name=RUNNING, starts_on=today, ends_on=today + timedelta(days=21), control_share=20,
        pressure_days=0,
    )  # fmt: skip
    agent = Person.objects.get(username="liu.siqi")
    for outcome, note in CALLED:
        member = next_call(person=agent, campaign=made)
        if member is None:
            return
        due = today + timedelta(days=3) if outcome == "interested" else None
        record_call(actor=agent, member=member, outcome=outcome, note=note, follow_up_on=due)
