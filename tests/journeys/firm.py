"""The firm the journeys happen in: a small demo, fed day by day and reckoned by the nightly run."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from cases.models import Case
from clients.models import Client
from crm.demo_loading import Asked, make
from interactions.actions.log import Entry, log_interaction
from interactions.models import Interaction
from outreach.models import Task
from staff.cast import CAST
from staff.models import Person
from tests.cast import PASSWORD

AS_OF = date(2026, 10, 31)
DEMO = Asked(clients=400, months=3, seed=11, until=AS_OF)
CONTACTS = (
    (1, "phone", "in", "enquiry.trading", 6, "咨询科创板新股申购上限与缴款时间。"),
    (1, "wecom", "out", "care.review", 3, "发送《四季度资产配置建议》，客户已读并回复周一电话详谈。"),
    (4, "visit", "in", "request.opening", 25, "营业部现场办理两融合同续签，双录完成。"),
    (9, "email", "in", "complaint", 12, "交割单导出缺少手续费明细，已转产品部处理。"),
)
"""Days ago, channel, direction, category, minutes, words: what happened with the client that is found."""


@dataclass(frozen=True)
class Firm:
    """Who and what there is.

    people: by key, such as firm.people.agent_1001.
    found: a V4 client of branch 1001 whose initials and last two characters no other client there has.
    quiet: a client of branch 1001 whom nobody has contacted yet, without cases and tasks. Journeys use them
    up, so it is another one after each.
    next_door: a client of branch 1002.
    """

    people: SimpleNamespace
    found: Client
    quiet: Client
    next_door: Client

    @classmethod
    def load(cls) -> "Firm":
        known = {person.username: person for person in Person.objects.all()}
        return cls(
            people=SimpleNamespace(**{part.key: known[part.username] for part in CAST}),
            found=_found(),
            quiet=_quiet(),
            next_door=_branch("1002").earliest("client_no"),
        )

    def count(self, **conditions: Any) -> int:
        """How many clients of branch 1001 are so."""
        return _branch("1001").filter(**conditions).count()


def found_firm() -> None:
    """Makes the tables and the firm in the database that the connection points at."""
    call_command("migrate", verbosity=0)
    make(DEMO, report=lambda _words, _share: None, password=PASSWORD, say=lambda _words: None)
    _talk_with(_found(), Person.objects.get(username="liu.siqi"))


def _branch(code: str) -> Any:
    return Client.objects.filter(branch__code=code, merged_into=None)


def _quiet() -> Client:
    busy = (Case.objects.exclude(client=None), Task.objects.exclude(client=None))
    rows = _branch("1001").filter(interactions=None, standing__isnull=False, status=Client.Status.NORMAL)
    for done in busy:
        rows = rows.exclude(pk__in=done.values("client"))
    return rows.latest("client_no")


def _found() -> Client:
    clients = list(
        _branch("1001").filter(standing__isnull=False).select_related("standing").order_by("client_no")
    )
    initials = Counter(client.initials for client in clients)
    given = Counter(client.name[-2:] for client in clients)
    return next(
        client
        for client in clients
        if client.standing.tier == "V4" and len(client.name) == 3
        and initials[client.initials] == given[client.name[-2:]] == 1
    )  # fmt: skip


def _talk_with(client: Client, agent: Person) -> None:
    for days, channel, direction, category, minutes, words in CONTACTS:
        ended = timezone.now() - timedelta(days=days)
        entry = Entry(
            channel=channel, direction=direction, category=category, summary=words,
            started_at=ended - timedelta(minutes=minutes), ended_at=ended,
        )  # fmt: skip
        log_interaction(actor=agent, client=client, entry=entry, agent=agent)


def contacts_of(client: Client) -> int:
    """How many contacts stand in its log."""
    return Interaction.objects.filter(client=client).count()
