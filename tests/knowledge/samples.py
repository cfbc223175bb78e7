"""Contacts, forms and plans of quality inspection for tests."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from clients.models import Client
from interactions.models import Category, Interaction
from knowledge.actions import inspecting, plans
from knowledge.actions.inspecting import Answer
from knowledge.actions.plans import FormTold, Item, PlanTold
from knowledge.models import Inspection, SamplingDraw, SamplingPlan, ScoringForm
from staff.models import Person, Unit

WEEK = date(2026, 10, 12)  # a Monday
ITEMS = (
    Item(section_zh="开场", zh="核对身份", weight=Decimal(30), fatal=True),
    Item(section_zh="开场", zh="礼貌用语", weight=Decimal(20)),
    Item(section_zh="解答", zh="内容准确", weight=Decimal("37.5")),
    Item(section_zh="解答", zh="适当性提示", weight=Decimal("12.5"), may_skip=True),
)
FINE = {"i1": "met", "i2": "partly", "i3": "met", "i4": "na"}


def sheet(cast: SimpleNamespace, code: str = "calls") -> ScoringForm:
    told = FormTold(name_zh="通话评分表", items=ITEMS, pass_points=Decimal(80))
    return plans.write_form(actor=cast.team_lead_hq, code=code, told=told)


def plan(cast: SimpleNamespace, unit: Unit, **more: Any) -> SamplingPlan:
    told = PlanTold(**{"name": "每周抽检", "unit": unit, "form_code": "calls", "number": 2, **more})
    return plans.write_plan(actor=cast.team_lead_hq, told=told)


def talked(client: Client, agent: Person, count: int, *, day: date = WEEK, **more: Any) -> list[Interaction]:
    """Entries of this agent, one an hour from nine on."""
    start = datetime.combine(day, time(9), ZoneInfo("Asia/Shanghai"))
    told = {"channel": "phone", "direction": "in", "category": Category.objects.get(code="enquiry"), **more}
    return [
        Interaction.objects.create(
            client=client, agent=agent, started_at=start + timedelta(hours=number), started_on=day,
            summary="asked", recorded_by="system", **told,
        )
        for number in range(count)
    ]  # fmt: skip


def drawn(cast: SimpleNamespace, plan: SamplingPlan, seed: str = "5eed") -> SamplingDraw:
    return plans.draw(actor=cast.team_lead_hq, plan=plan, week=WEEK, seed=seed)


def scored(inspector: Person, inspection: Inspection, results: dict[str, str] = FINE) -> Inspection:
    answers = {key: Answer(result) for key, result in results.items()}
    return inspecting.score(actor=inspector, inspection=inspection, answers=answers, comment="好")
