"""Lists, board and pages of cases ask as often for 200 rows as for 20."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.actions.incidents import open_incident
from cases.models import Case, CaseEvent, CaseLink, CaseNote, Complaint, Incident
from clients.models import Client
from interactions.models import Conversation, Line, Message
from staff.models import Person, Unit
from tests.cases.world import make_case
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db


def _asked(browser: Browser, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(path)
    assert answer.status_code == 200, path
    return len(queries)


class Growing:
    """Cases, complaints and incidents like a first one, and a case to which more and more belongs."""

    def __init__(self, cast: SimpleNamespace, units: dict[str, Unit]) -> None:
        self.lead, self.unit, now = cast.team_lead_1001, units["1001"], timezone.now()
        self.clients = [make_client(self.unit, f"C{number:06d}") for number in range(20)]
        self.case = make_case(cast.agent_1001, self.clients[0])
        self.complaint = make_case(cast.agent_1001, self.clients[0], "complaint")
        self.incident = open_incident(actor=self.lead, title="行情中断")
        self.line = Line.objects.create(code="chat", adapter="chat", name="Chat", unit=self.unit)
        self.at = now

    def add(self, count: int) -> None:
        for model in (self.case, self.complaint):
            made = Case.objects.bulk_create(
                self._like(model, self.clients[number % 20]) for number in range(count)
            )
        Complaint.objects.bulk_create(Complaint(case=case, received_on=self.at.date()) for case in made)
        Incident.objects.bulk_create(
            Incident(title=f"{number}", opened_by=self.lead) for number in range(count)
        )
        self._belonging(count)
        self._people(count)

    def _like(self, case: Case, client: Client) -> Case:
        return Case(
            type=case.type, type_version=case.type_version, is_complaint=case.is_complaint, client=client,
            unit=case.unit, subject="对账单", state_since=self.at, opened_at=self.at, opened_by="x",
            owner=case.owner, next_due_at=self.at, incident=None if case.is_complaint else self.incident,
        )  # fmt: skip

    def _belonging(self, count: int) -> None:
        """Notes, history and conversations with a message each."""
        already = Conversation.objects.count()
        talks = Conversation.objects.bulk_create(
            Conversation(
                line=self.line, channel="chat", thread=f"t{already + number}", direction="in",
                unit=self.unit, client=self.clients[0], opened_at=self.at,
            )
            for number in range(count)
        )  # fmt: skip
        messages = (
            Message(conversation=one, event_id="1", direction="out", author=self.lead, at=self.at)
            for one in talks
        )
        Message.objects.bulk_create(messages)
        for case in (self.case, self.complaint):
            CaseLink.objects.bulk_create(CaseLink(case=case, conversation=one) for one in talks)
            CaseNote.objects.bulk_create(
                CaseNote(case=case, author=self.lead, author_name="x", written_at=self.at) for _one in talks
            )
            CaseEvent.objects.bulk_create(
                CaseEvent(case=case, at=self.at, kind="edited", who="x", person=self.lead) for _one in talks
            )

    def _people(self, count: int) -> None:
        """Those who may be given a case."""
        role, already = self.lead.memberships.get(), Person.objects.count()
        people = Person.objects.bulk_create(
            Person(username=f"p{already + number}", name="x", employee_no=f"P{already + number}")
            for number in range(count)
        )
        for person in people:
            role.pk, role.person = None, person
            role.save(force_insert=True)


def test_as_many_queries_at_200_as_at_20(
    client: Browser, cast: SimpleNamespace, units: dict[str, Unit]
) -> None:
    world: Any = Growing(cast, units)
    paths = [
        "/cases/?size=200", "/cases/board/", "/cases/complaints/?size=200", "/cases/incidents/?size=200",
        f"{world.incident.get_absolute_url()}?size=200", world.case.get_absolute_url(),
        world.complaint.get_absolute_url(), "/cases/of-client/C000000/", "/api/v1/cases/?limit=200",
        "/api/v1/complaints/?limit=200",
    ]  # fmt: skip
    client.force_login(cast.team_lead_1001)
    world.add(20)
    few = {path: (client.get(path), _asked(client, path))[1] for path in paths}
    world.add(180)
    assert {path: _asked(client, path) for path in paths} == few
