"""The demo's tasks: what a branch has before it today, what is late, what was done, and a plan that runs."""

import random
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from clients.models import Client
from crm.demo_loading.asked import ACTOR
from outreach.actions.beside import comment, tick
from outreach.actions.changing import finish
from outreach.actions.plans import Step, start_plan, write_plan
from outreach.actions.tasks import give_task
from outreach.models import PlanVersion, Task
from staff.models import Person, Unit

TEAMS = {
    "1001": ("song.xiaoyu", "liu.siqi", "zhou.min"),
    "1002": ("tian.zhiyuan", "fang.jianming", "qian.zhiqiang"),
}
WORDS = (
    ("回访近期资产转出原因", "客户上周转出资金，先了解用途再谈留存方案。"),
    ("预约双录补签两融合同", "请客户带身份证原件。"),
    ("提醒完善职业与税收信息", ""),
    ("发送可转债申购说明", "客户在来电中问过中签缴款时间。"),
    ("核实联系地址", ""),
    ("讲解新版手机客户端条件单", "客户习惯电话沟通，避开开盘半小时。"),
    ("确认投顾产品到期后的安排", ""),
    ("生日问候", ""),
)
DAYS = (-3, -1, 0, 0, 0, 1, 2, 4, 7, 11)
PLAN = "新客户首月关怀"
STEPS = (
    Step(title="欢迎电话，确认开户信息", after=1, days=PlanVersion.Days.TRADING),
    Step(title="讲解客户端与风险测评", after=5, days=PlanVersion.Days.TRADING),
    Step(title="首月回访", after=30, note="问清使用中的不便，记入互动记录。"),
)
STARTED = 6
"""How many clients of a branch the plan runs for."""


@transaction.atomic
def make_tasks(seed: int) -> None:
    """Unless that was done before."""
    if Task.objects.exists():
        return
    draw, today = random.Random(f"tasks {seed}"), timezone.localdate()
    for code, names in TEAMS.items():
        people = {person.username: person for person in Person.objects.filter(username__in=names)}
        unit, team = Unit.objects.get(code=code), [people[name] for name in names]
        for who in team[1:]:
            _for_clients(who, team[0], draw, today)
        _for_the_team(team, unit, today)
        _plan(team[0], unit, today)


def _clients(who: Person, unit: str = "") -> QuerySet[Client]:
    """Those in normal standing that the person may see."""
    found = Client.objects.visible_to(who).filter(status=Client.Status.NORMAL, merged_into=None)
    return (found.filter(branch__code=unit) if unit else found).order_by("client_no")


def _for_clients(who: Person, lead: Person, draw: random.Random, today: date) -> None:
    """Some late, some of today, the rest of the coming days."""
    clients = list(_clients(who)[:40])
    for number, days in enumerate(DAYS if clients else ()):
        title, note = WORDS[number % len(WORDS)]
        task = give_task(
            actor=draw.choice([who, who, lead]), client=draw.choice(clients), assignee=who,
            title=title, note=note, due_at=_due(today + timedelta(days=days), draw),
            priority=draw.choice([1, 2, 2, 2, 3]),
        )  # fmt: skip
        if number % 4 == 2:
            finish(actor=who, task=task)
        elif number % 4 == 3:
            comment(actor=lead, task=task, text="客户下午三点后方便接电话。")


def _due(day: date, draw: random.Random) -> date | datetime:
    """Half of them at a time of the day."""
    if draw.random() < 0.5:
        return day
    at = time(draw.choice([9, 10, 11, 14, 15, 16]), draw.choice([0, 30]))
    return timezone.make_aware(datetime.combine(day, at))


def _for_the_team(team: list[Person], unit: Unit, today: date) -> None:
    """What repeats, and what waits in the branch's queue."""
    lead, agent = team[0], team[1]
    report = give_task(
        actor=lead, assignee=agent, unit=unit, title="整理本周客户意见", due_at=today + timedelta(days=1),
        repeat="FREQ=WEEKLY", steps=["汇总来电与在线记录", "归纳三类常见问题", "交组长复核"],
    )  # fmt: skip
    tick(actor=agent, task=report, position=1, done=True)
    give_task(
        actor=ACTOR, unit=unit, title="核对营业部公示信息", due_at=today + timedelta(days=2),
        priority=Task.Priority.LOW,
    )  # fmt: skip
    give_task(actor=ACTOR, unit=unit, title="联系未接通的三位来电客户", due_at=today)


def _plan(lead: Person, unit: Unit, today: date) -> None:
    """For the newest clients of the branch, begun three days ago."""
    plan = write_plan(actor=lead, name=PLAN, steps=STEPS, unit=unit)
    newest = _clients(lead, unit.code).order_by("-opened_on", "client_no")
    ids = list(newest.values_list("pk", flat=True)[:STARTED])
    for client in Client.objects.filter(pk__in=ids).order_by("pk"):
        start_plan(
            actor=lead, plan=plan, client_ids=[client.pk], run=-client.pk, on=today - timedelta(days=3)
        )
