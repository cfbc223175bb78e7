"""Calling from a worklist: the result closes the entry and leads on; entries become an audience."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.bulk import BulkWork
from interactions.models import Interaction
from outreach import bulk_campaigns
from outreach.models import DueContact
from staff.models import Unit
from tests.clients.people import make_client
from tests.outreach.campaigns import make_campaign
from tests.outreach.test_due import entry

pytestmark = pytest.mark.django_db
Units = dict[str, Unit]


def _entries(units: Units, count: int, letter: str = "C") -> list[DueContact]:
    """Of the branch's queue, due one after the other."""
    day = timezone.localdate()
    return [
        entry(make_client(units["1001"], f"{letter}{n:03}"), due_on=day + timedelta(days=n % 5))
        for n in range(count)
    ]


def said(outcome: str, **more: Any) -> dict[str, Any]:
    return {"outcome": outcome, "summary": "", "minutes": 4, "category": "care.review"} | more


def test_one_client_after_the_other(units: Units, cast: SimpleNamespace, as_person: Any) -> None:
    first, second, third = _entries(units, 3)
    agent = as_person(cast.agent_1001)
    shown = agent.get(f"/worklists/{first.pk}/call/").content.decode()
    assert first.client.name in shown and "data-session" in shown and "30" in shown
    assert agent.post(f"/worklists/{first.pk}/call/", said("nothing")).status_code == 422
    answer = agent.post(f"/worklists/{first.pk}/call/", said("informed", summary="asked for papers"))
    assert answer["Location"] == f"/worklists/{second.pk}/call/"
    answer = agent.post(f"/worklists/{second.pk}/call/", said("not_reached"))
    assert answer["Location"] == f"/worklists/{third.pk}/call/"
    answer = agent.post(f"/worklists/{third.pk}/call/", said("follow_up"))
    assert answer["Location"] == "/worklists/"
    states = dict(DueContact.objects.values_list("pk", "closed_how"))
    assert states == {first.pk: "contacted", second.pk: "", third.pk: "contacted"}
    told = list(Interaction.objects.order_by("pk").values_list("agent", "channel", "direction", "outcome"))
    assert told == [
        (cast.agent_1001.pk, "phone", "out", outcome) for outcome in ("informed", "not_reached", "follow_up")
    ]
    assert all(Interaction.objects.values_list("summary", flat=True))
    assert "data-session" not in agent.get(f"/worklists/{first.pk}/call/").content.decode()


def test_a_choice_of_entries_becomes_an_audience(units: Units, cast: SimpleNamespace) -> None:
    one, other = _entries(units, 2)
    again = entry(one.client, "birthday")
    made = make_campaign(units["1001"], [other.client_id])
    work = BulkWork(1, [one.pk, other.pk, again.pk], {"campaign": made.pk}, cast.team_lead_1001)
    done = bulk_campaigns.choose_of_entries(work)
    assert set(done.failures) == {other.pk}
    assert set(made.members.values_list("client", flat=True)) == {one.client_id, other.client_id}
    back = BulkWork(1, [one.pk], {"campaign": made.pk}, cast.team_lead_1001, done.undo)
    assert bulk_campaigns.drop(back) == {}
    assert list(made.members.values_list("client", flat=True)) == [other.client_id]


def test_as_many_queries_with_200_waiting_as_with_20(
    units: Units, cast: SimpleNamespace, as_person: Any
) -> None:
    agent = as_person(cast.agent_1001)

    def asked(count: int, letter: str) -> int:
        row = _entries(units, count, letter)[0]
        with CaptureQueriesContext(connection) as queries:
            assert agent.get(f"/worklists/{row.pk}/call/").status_code == 200
        return len(queries)

    asked(1, "A")
    assert asked(20, "B") == asked(180, "D")
