"""The firm the journeys happen in: the cast, a branch with more clients than a page shows, a client next door."""

from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django.core.management import call_command
from django.utils import timezone
from pypinyin import lazy_pinyin

from clients.models import Client, ClientRecord
from core.models import Run
from interactions.actions import Entry, log_interaction
from staff.cast import CAST
from staff.models import Person
from tests.cast import make_cast, make_units
from tests.clients.people import give_standing, make_account, make_client

SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫", ("雅文", "志强", "海燕", "文博", "丽华", "建国", "思远", "玉兰")
TIERS = ("V5", "V4", "V3", "V3", "V2", "V2", "V2", "V1")
STAGES = ("advocate", "client", "repeat", "first")
CROWD = 120
AS_OF = date(2026, 10, 30)
MOVED_ON = date(2026, 9, 14)
CONTACTS = (
    (1, "phone", "in", "enquiry.trading", 6, "咨询科创板新股申购上限与缴款时间，已说明 T+2 日 16:00 前需备足资金。"),
    (1, "wecom", "out", "care.review", 3, "发送《四季度资产配置建议》，客户已读并回复周一电话详谈。"),
    (4, "visit", "in", "request.opening", 25, "营业部现场办理两融合同续签，双录完成。"),
    (9, "email", "in", "complaint", 12, "交割单导出缺少手续费明细，已转产品部处理。"),
)
"""Days ago, channel, direction, category, minutes and words of what happened with the client that is found."""
FOUND = "10010001"
"""The client that the agent looks for: 欧阳晓明, of branch 1001."""
LOGGED = "10010002"
"""The client whose contact is logged."""
NEXT_DOOR = "10020001"
"""A client of branch 1002."""


@dataclass(frozen=True)
class Firm:
    """Who and what there is; people by key, such as firm.people.agent_1001."""

    people: SimpleNamespace

    @classmethod
    def load(cls) -> "Firm":
        known = {person.username: person for person in Person.objects.all()}
        return cls(SimpleNamespace(**{part.key: known[part.username] for part in CAST}))


def found_firm() -> None:
    """Makes the tables and the firm in the database that the connection points at."""
    call_command("migrate", verbosity=0)
    units = make_units()
    make_cast(units)
    named = (
        (FOUND, "欧阳晓明", "1001", "V4"),
        (LOGGED, "司马若兰", "1001", "V5"),
        (NEXT_DOOR, "诸葛邻居", "1002", "V3"),
    )
    for client_no, name, branch, tier in named:
        _client(units[branch], client_no, name, tier)
    for number in range(CROWD):
        name = SURNAMES[number % len(SURNAMES)] + GIVEN[number % len(GIVEN)]
        _client(units["1001"], f"1001{1000 + number}", name, TIERS[number % len(TIERS)], number)
    _past_of(Client.objects.get(client_no=FOUND), Person.objects.get(username="liu.siqi"))
    Run.objects.create(
        as_of=AS_OF, state="done", requested_by="night", started_at=timezone.now(), finished_at=timezone.now()
    )


def _past_of(client: Client, agent: Person) -> None:
    """Contacts of the last days, and a manager before the present one."""
    for days, channel, direction, category, minutes, words in CONTACTS:
        ended = timezone.now() - timedelta(days=days)
        entry = Entry(
            channel=channel, direction=direction, category=category, summary=words,
            started_at=ended - timedelta(minutes=minutes), ended_at=ended,
        )  # fmt: skip
        log_interaction(actor=agent, client=client, entry=entry, agent=agent)
    first = ClientRecord.objects.get(client=client)
    ClientRecord.objects.filter(client=client).update(valid_to=MOVED_ON, manager_no="M1001B")
    ClientRecord.objects.create(
        client=client, told_on=MOVED_ON, valid_from=MOVED_ON, branch=client.branch, manager_no="M1001A",
        status=first.status, kind=first.kind, id_index=first.id_index, opened_on=first.opened_on,
    )  # fmt: skip


def _client(branch: Any, client_no: str, name: str, tier: str, number: int = 0) -> Client:
    sounds = lazy_pinyin(name)
    client = make_client(
        branch, client_no, name,
        pinyin="".join(sounds), initials="".join(sound[0] for sound in sounds),
        mobile=f"139{int(client_no):08}", risk_level="C4", risk_assessed_on=date(2025, 3, 2),
        manager_no=f"M{branch.code}A", birth_date=date(1971, 5, 4), opened_on=date(2019, 3, 4),
    )  # fmt: skip
    make_account(client, f"8{client_no}")
    give_standing(
        client, tier=tier, stage=STAGES[number % len(STAGES)], as_of=AS_OF,
        score=f"{95 - number * 0.7:.2f}", assets=12_880_000 - number * 99_000,
        contribution_12m=68_400 - number * 500, tier_since=AS_OF - timedelta(days=120),
        last_trade_on=AS_OF - timedelta(days=number), flags=["at_risk"] if number % 10 == 9 else [],
    )  # fmt: skip
    return client
