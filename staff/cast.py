"""The demo cast: one person per role in two branches and at headquarters; the tests use the same people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction

from core import audit
from staff import actions
from staff.models import Person, Unit
from staff.roles import Role

SINCE = date(2015, 1, 1)


@dataclass(frozen=True)
class Part:
    """One member of the cast; client managers carry the manager number of the feeds."""

    key: str
    role: str
    unit: str
    name: str
    username: str
    employee_no: str


CAST = (
    Part("branch_manager_1001", Role.BRANCH_MANAGER, "1001", "王海峰", "wang.haifeng", "B1001"),
    Part("team_lead_1001", Role.TEAM_LEAD, "1001", "宋小雨", "song.xiaoyu", "S1001"),
    Part("agent_1001", Role.AGENT, "1001", "刘思琪", "liu.siqi", "G1001"),
    Part("manager_1001a", Role.CLIENT_MANAGER, "1001", "周敏", "zhou.min", "M1001A"),
    Part("branch_manager_1002", Role.BRANCH_MANAGER, "1002", "赵雅文", "zhao.yawen", "B1002"),
    Part("team_lead_1002", Role.TEAM_LEAD, "1002", "田志远", "tian.zhiyuan", "S1002"),
    Part("agent_1002", Role.AGENT, "1002", "方建明", "fang.jianming", "G1002"),
    Part("manager_1002a", Role.CLIENT_MANAGER, "1002", "钱志强", "qian.zhiqiang", "M1002A"),
    Part("region_manager_r1", Role.BRANCH_MANAGER, "R1", "裴国强", "pei.guoqiang", "A0101"),
    Part("agent_hq", Role.AGENT, "HQ", "李静怡", "li.jingyi", "A0001"),
    Part("team_lead_hq", Role.TEAM_LEAD, "HQ", "马文涛", "ma.wentao", "A0002"),
    Part("value_analyst", Role.VALUE_ANALYST, "HQ", "骆天宇", "luo.tianyu", "A0003"),
    Part("value_analyst_2", Role.VALUE_ANALYST, "HQ", "祝思敏", "zhu.simin", "A0004"),
    Part("compliance", Role.COMPLIANCE, "HQ", "尹素华", "yin.suhua", "A0005"),
    Part("operator", Role.OPERATOR, "HQ", "葛明", "ge.ming", "A0006"),
    Part("administrator", Role.ADMINISTRATOR, "HQ", "严立新", "yan.lixin", "A0007"),
    Part("analyst", Role.ANALYST, "HQ", "仲晓东", "zhong.xiaodong", "A0008"),
    Part("research_supervisor", Role.RESEARCH_SUPERVISOR, "HQ", "柏青云", "bai.qingyun", "A0009"),
)


@transaction.atomic
def create_cast(password: str) -> dict[str, Person]:
    """Makes the whole cast with this password, by key; whoever is there already stays as he is.

    The units must exist: HQ, R1, 1001 and 1002.
    """
    units = {unit.code: unit for unit in Unit.objects.all()}
    encoded = make_password(password)
    return {part.key: _person(part, units[part.unit], encoded) for part in CAST}


@transaction.atomic
def create_managers(names: Mapping[str, str]) -> int:
    """People for client managers the feeds name (number -> name), without a sign-in; returns how many.

    The branch is read from the number: M1001A serves 1001.
    """
    units = {unit.code: unit for unit in Unit.objects.all()}
    known = set(Person.objects.filter(employee_no__in=names).values_list("employee_no", flat=True))
    fresh = [number for number in names if number not in known and number[1:-1] in units]
    for number in fresh:
        part = Part("", Role.CLIENT_MANAGER, number[1:-1], names[number], number.lower(), number)
        _person(part, units[part.unit], make_password(None))
    return len(fresh)


def sign_ins() -> Iterator[tuple[str, str, str, str]]:
    """(username, name, role, unit code) of the cast, for whoever prints the demo sign-ins."""
    for part in CAST:
        yield part.username, part.name, str(Role(part.role).label), part.unit


def _person(part: Part, unit: Unit, encoded: str) -> Person:
    found = Person.objects.filter(username=part.username).first()
    if found is not None:
        return found
    person, _password = actions.create_person(
        actor=audit.SYSTEM,
        username=part.username,
        name=part.name,
        employee_no=part.employee_no,
        encoded=encoded,
    )
    actions.give_role(actor=audit.SYSTEM, person=person, unit=unit, role=part.role, from_date=SINCE)
    return person
