"""The demo's saved segments: four that people work with, known at the last closes and on the last night."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from segmentation.actions.segments import SegmentTold, write_segment
from segmentation.dates import earlier_closes
from segmentation.models import ScoreClose, Segment
from segmentation.recompute.segments import work_out
from staff.cast import CAST
from staff.models import Person, Unit

CLOSES = 6
AT_RISK = {
    "all": [
        {"field": "tier", "op": "in", "value": ["V5", "V4", "V3"]},
        {"field": "flags", "op": "any", "value": ["at_risk"]},
        {"field": "contact", "op": "not_in_last", "value": 30, "unit": "days"},
    ]
}
ASLEEP = {
    "all": [
        {"field": "assets_end", "op": "gte", "value": "50000"},
        {
            "any": [
                {"field": "last_trade_on", "op": "not_in_last", "value": 60, "unit": "days"},
                {"field": "trades", "op": "lte", "value": "2", "months": 3},
            ]
        },
    ]
}
GROWING = {
    "all": [
        {"field": "potential", "op": "gte", "value": "60"},
        {"field": "current", "op": "lt", "value": "60"},
        {"field": "inflow", "op": "gt", "value": "0", "months": 6},
        {"none": [{"field": "complaint", "op": "in_last", "value": 6, "unit": "months"}]},
    ]
}
FIRST_YEAR = {
    "all": [
        {"field": "opened_on", "op": "in_last", "value": 12, "unit": "months"},
        {"field": "kind", "op": "in", "value": ["individual"]},
    ]
}
SEGMENTS: tuple[tuple[str, str, str, Any, dict[str, Any]], ...] = (
    (
        "value_analyst", "高价值流失预警", "黄金以上、资产或贡献骤降且近一月无人联系，由客户经理优先回访。",
        AT_RISK, {"sharing": "firm", "tells": True},
    ),
    (
        "team_lead_1001", "沉睡资产唤醒", "资产五万以上而少有交易，外呼了解需求。",
        ASLEEP, {"sharing": "unit", "unit": "1001"},
    ),
    (
        "value_analyst", "潜力客户培育", "潜力高、当前价值尚低且近半年有资金流入。",
        GROWING, {"sharing": "firm"},
    ),
    ("agent_1001", "新客户首年", "开户一年内的个人客户，逐月回访。", FIRST_YEAR, {}),
)  # fmt: skip


@transaction.atomic
def make_segments(until: date) -> None:
    """Unless that was done before; worked out as of the last closes and of the night of `until`."""
    if Segment.objects.exists():
        return
    names = {part.key: part.username for part in CAST}
    people = {one.username: one for one in Person.objects.filter(username__in=names.values())}
    units = {unit.code: unit for unit in Unit.objects.all()}
    known = set(ScoreClose.objects.filter(as_of__lt=until).values_list("as_of", flat=True).distinct())
    closes = [
        close for close in reversed(earlier_closes(until + timedelta(days=1), CLOSES)) if close in known
    ]
    for key, name, note, rule, told in SEGMENTS:
        shared = told | ({"unit": units.get(told["unit"])} if "unit" in told else {})
        if names[key] in people and shared.get("unit", 0) is not None:
            segment = write_segment(
                actor=people[names[key]], told=SegmentTold(name=name, note=note, rule=rule, **shared)
            )
            for close in closes:
                work_out(segment, close, at_close=True)
            work_out(segment, until)
