"""Prospects with stages and referrals, hand-overs and a finished import, as a branch would have them."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from django.db import transaction

from clients import identifiers
from clients.actions import conversion, import_work, imports
from clients.actions.ownership import Owner, hand_over
from clients.actions.prospects import Origin, enter_prospect, move_prospect
from clients.models import Client, Handover, Prospect
from core import jobs
from core.errors import Conflict
from crm.demo.names import GIVEN_FEMALE, GIVEN_MALE, MANAGERS, SURNAMES
from staff.models import Person, Unit

PROSPECTS, CONVERTED, HANDED_OVER = 30, 4, 6
SOURCES = ("referral", "walk_in", "event", "phone", "online", "partner")
STAGES = ("new", "new", "contacted", "contacted", "interested", "interested", "opening", "lost")
LOST = ("已在其他券商开户", "近期无投资打算", "佣金期望不符")
REASONS = ("客户迁居，转邻近客户经理", "客户经理调岗", "客户要求更换客户经理")


def make_owned(seed: int, until: date) -> int:
    """How many prospects and hand-overs were made; none when that was done before."""
    leader = _leader()
    if leader is None or Prospect.objects.exists():
        return 0
    maker = _Maker(Random(f"owned:{seed}"), until, leader)
    with transaction.atomic():
        made = maker.prospects() + maker.of_new_clients() + maker.hand_overs()
    conversion.match_prospects()
    maker.imported()
    return made


def _leader() -> Person | None:
    """The branch manager of the first branch, who may do all this."""
    found = Person.objects.filter(memberships__role="branch_manager", memberships__unit__kind="branch")
    return found.order_by("memberships__unit__code").first()


class _Maker:
    def __init__(self, random: Random, until: date, leader: Person) -> None:
        self.random, self.until, self.leader = random, until, leader
        self.branch: Unit = leader.access.memberships[0].unit
        self.managers = [number for number in MANAGERS if number.startswith(f"M{self.branch.code}")]
        mine = Client.objects.filter(branch=self.branch).exclude(status__in=("closed", "prospect"))
        self.clients = list(mine.order_by("client_no"))

    def prospects(self) -> int:
        """In all stages; some recommended by clients."""
        for number in range(PROSPECTS):
            source = self.random.choice(SOURCES)
            by = self.random.choice(self.clients) if source == "referral" and self.clients else None
            prospect = self._enter(
                self._name(), f"199{number:03d}0{self.random.randrange(10_000):04d}", source, by
            )
            stage = self.random.choice(STAGES)
            reason = self.random.choice(LOST) if stage == "lost" else ""
            move_prospect(actor=self.leader, prospect=prospect, stage=stage, reason=reason)
        return PROSPECTS

    def of_new_clients(self) -> int:
        """People whose account has arrived since; the matching finds them."""
        recent = [client for client in self.clients if self._is_recent(client)][-CONVERTED:]
        for client in recent:
            mobile = identifiers.unseal(client.client_no, "mobile", client.mobile)
            self._enter(client.name, mobile, "walk_in", None, client.opened_on)
        return len(recent)

    def hand_overs(self) -> int:
        """From the last loaded day on."""
        made = 0
        for client in self.random.sample(self.clients, min(HANDED_OVER, len(self.clients))):
            others = [number for number in self.managers if number != client.manager_no]
            if not others:
                continue
            try:
                made += self._hand_over(client, Owner(self.branch, self.random.choice(others)))
            except Conflict:  # nobody of that number works here
                continue
        return made

    def imported(self) -> None:
        """One file with new prospects, changes and a row with a fault, from upload to end."""
        text = "".join(f"{','.join(row)}\n" for row in self._rows())
        made = self._worked(
            lambda: imports.receive_import(actor=self.leader, name="十月沙龙来宾.csv", chunks=[text.encode()])
        )
        self._worked(
            lambda: imports.name_columns(
                actor=self.leader, made=made, mapping=made.mapping, branch=self.branch.code
            )
        )
        self._worked(lambda: imports.start_import(actor=self.leader, made=made))

    def _rows(self) -> Iterator[tuple[str, ...]]:
        yield ("客户号", "姓名", "手机", "备注")
        for number in range(6):
            yield (
                "",
                self._name(),
                f"198{number:03d}{self.random.randrange(100_000):05d}",
                "十月沙龙",
            )
        for client in self.clients[:4]:
            yield (client.client_no, "", "", "参加十月沙龙")
        yield ("", "无号码", "12", "")

    def _worked(self, deed: Any) -> Any:
        """The deed and the job that it asks for, before any worker can see it."""
        with transaction.atomic():
            made = deed()
            job = jobs.claim(made.job_id)
        if job is not None:
            with jobs.working(job):
                import_work.work(job)
        made.refresh_from_db()
        return made

    def _enter(
        self, name: str, mobile: str, source: str, by: Client | None, opened: date | None = None
    ) -> Prospect:
        entered = (opened or self.until) - timedelta(days=self.random.randrange(3, 40))
        return enter_prospect(
            actor=self.leader,
            branch=self.branch,
            manager_no=self.random.choice(self.managers or [""]),
            values={"kind": "individual", "name": name, "mobile": mobile},
            origin=Origin(source, "", by),
            entered_on=entered,
            next_step_on=self.until + timedelta(days=self.random.randrange(-3, 30)),
        )

    def _hand_over(self, client: Client, owner: Owner) -> int:
        hand_over(
            actor=self.leader,
            client=client,
            owner=owner,
            from_date=self.until,
            reason=self.random.choice(REASONS),
            today=self.until,
        )
        return Handover.objects.filter(client=client).count()

    def _is_recent(self, client: Client) -> bool:
        opened = client.opened_on
        is_person = client.kind == Client.Kind.INDIVIDUAL and client.mobile is not None
        return is_person and opened is not None and self.until - timedelta(days=60) <= opened

    def _name(self) -> str:
        given = self.random.choice((GIVEN_MALE, GIVEN_FEMALE))
        return self.random.choice(SURNAMES) + self.random.choice(given) + self.random.choice(given)
