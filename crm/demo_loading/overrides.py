"""The demo's tiers by hand: in force, ending soon, waiting, declined and over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from clients.models import Client
from core import audit
from outreach.moments import SHANGHAI
from segmentation.models import TierOverride
from staff.models import Person

PROPOSERS = {"1001": "wang.haifeng", "1002": "zhao.yawen"}
APPROVERS = ("luo.tianyu", "yin.suhua")
FEW = 200
SKIP = 3
"""Every third client of a branch, so that the others stay as the rules have them."""


@dataclass(frozen=True)
class Given:
    """What was asked: days before the demo's last day, how long, and what became of it."""

    branch: str
    tier: str
    began: int
    lasts: int
    reason: str
    state: str = "approved"
    answer: str = ""


GIVEN: Sequence[Given] = (
    Given("1001", "V4", 75, 300, "与配偶（V5 客户）同为一户，按家庭资产服务，保持专属客户经理。"),
    Given("1001", "V3", 50, 62, "企业主，公司账户已约定月内转入，先按金级提供服务。"),
    Given("1001", "V5", 20, 330, "上市公司实控人，股权解禁前由总部与营业部共同服务。"),
    Given("1002", "V4", 80, 250, "高净值客户推荐人，近期资产暂转托管于他行。"),
    Given("1002", "V2", 40, 55, "长期病假，期间不按交易活跃度下调。"),
    Given("1001", "V4", -1, 180, "机构年金客户，下月起受托规模扩大，申请按白金级响应。", "proposed"),
    Given(
        "1002",
        "V5",
        -1,
        300,
        "客户要求按钻石级享受费率。",
        "declined",
        "费率优惠不是定级理由，请走费率审批。",
    ),
    Given("1002", "V3", 190, 90, "开户首季活动客户，按活动约定提供金级服务。"),
)


@transaction.atomic
def make_overrides(until: date) -> None:
    """Of clients who have been there for two years, before the first picture; unless that was done before.

    A demo of few clients has none: they would be too many of its clients.
    """
    if TierOverride.objects.exists() or Client.objects.count() < FEW:
        return
    people = {
        one.username: one for one in Person.objects.filter(username__in=[*PROPOSERS.values(), *APPROVERS])
    }
    for branch in PROPOSERS:
        told = [one for one in GIVEN if one.branch == branch]
        for number, (client, one) in enumerate(zip(_clients(branch, until), told, strict=False)):
            _give(client, one, until, people, people[APPROVERS[number % 2]])


def _clients(branch: str, until: date) -> list[Client]:
    since = until - timedelta(days=730)
    rows = Client.objects.filter(
        branch__code=branch, status=Client.Status.NORMAL, kind=Client.Kind.INDIVIDUAL, opened_on__lt=since
    )
    return list(rows.order_by("client_no")[SKIP : SKIP * (len(GIVEN) + 1) : SKIP])


def _give(client: Client, one: Given, until: date, people: dict[str, Person], second: Person) -> None:
    first = until - timedelta(days=one.began)
    last = first + timedelta(days=one.lasts)
    proposer, at = people[PROPOSERS[one.branch]], datetime.combine(first, time(9, 30), SHANGHAI)
    made = TierOverride.objects.create(
        client=client, tier=one.tier, reason=one.reason, state=one.state, from_on=first, until_on=last,
        proposed_by=proposer, proposed_at=min(at, datetime.combine(until, time(9, 30), SHANGHAI)),
        **_decided(one, first, last, at, second),
    )  # fmt: skip
    audit.record(
        actor=proposer, deed="tier_override.proposed", subject_type="tier_override", subject_id=made.pk,
        client_id=client.pk, unit_code=one.branch, detail={"tier": one.tier, "reason": one.reason},
    )  # fmt: skip


def _decided(one: Given, first: date, last: date, at: datetime, second: Person) -> dict[str, Any]:
    """What a second person said of it, an hour later."""
    if one.state == "approved":
        days = DateRange(first, last + timedelta(days=1))
        return {"in_force": days, "approved_by": second, "decided_at": at + timedelta(hours=1)}
    if one.state == "declined":
        return {"closed_by": second, "closed_at": at - timedelta(days=1), "closed_for": one.answer}
    return {}
