"""Calling back: who may call whom, attempts, answers that are exceptions, what the log and cases get."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from cases.models import Case
from core.errors import Conflict
from core.models import OutboxMessage
from interactions.models import Interaction
from outreach.actions.callbacks import Told, keep_draft, next_try, put_back, settle, take, take_next
from outreach.models import Callback, CallbackTry
from outreach.queries.callbacks import hindrance, opened, skipped_for
from staff.models import Membership, Person, Unit
from tests.clients.people import make_client
from tests.outreach.callback_world import FINE, MORNING, REACHED, TODAY, UNANSWERED, begin, callback

pytestmark = pytest.mark.django_db
Units = dict[str, Unit]


@pytest.fixture(autouse=True)
def afterwards() -> Iterator[None]:
    """The log takes nothing that lies ahead, so all of this is told in the week after."""
    with time_machine.travel(MORNING + timedelta(days=7)):
        yield


def test_nobody_is_given_own_clients_and_is_told_of_them(units: Units, cast: SimpleNamespace) -> None:
    agent = cast.agent_1001
    own = callback(units["1001"], "C1", manager_no=agent.employee_no)
    assert take_next(actor=agent, now=MORNING) is None
    assert list(skipped_for(agent, MORNING)) == [own]
    assert hindrance(own, agent, MORNING) and not hindrance(own, cast.team_lead_1001, MORNING)
    with pytest.raises(Conflict):
        take(actor=agent, callback=own, now=MORNING)
    assert take_next(actor=cast.team_lead_1001, now=MORNING) == own
    with pytest.raises(IntegrityError, match="callback_not_by_manager"), transaction.atomic():
        Callback.objects.update(caller=agent, caller_no=agent.employee_no)


def test_whoever_became_the_manager_meanwhile_does_not_save(units: Units, cast: SimpleNamespace) -> None:
    row, agent = callback(units["1001"], "C1"), cast.agent_1001
    take_next(actor=agent, now=MORNING)
    row.client.manager_no = agent.employee_no
    row.client.save()
    with pytest.raises(Conflict):
        settle(actor=agent, callback=row, told=REACHED, now=MORNING)
    assert take_next(actor=agent, now=MORNING) is None
    row.refresh_from_db()
    assert (row.state, row.caller) == ("open", None)


def test_the_most_urgent_first_and_one_at_a_time(units: Units, cast: SimpleNamespace) -> None:
    later = callback(units["1001"], "C1")
    first = callback(units["1001"], "C2", due_on=TODAY - timedelta(days=1))
    agent, lead = cast.agent_1001, cast.team_lead_1001
    assert take_next(actor=agent, now=MORNING) == take_next(actor=agent, now=MORNING) == first
    assert take_next(actor=lead, now=MORNING) == later
    with pytest.raises(Conflict):
        settle(actor=agent, callback=later, told=REACHED, now=MORNING)
    with pytest.raises(Conflict):
        take(actor=agent, callback=later, now=MORNING)
    put_back(actor=lead, callback=later)
    assert take(actor=agent, callback=later, now=MORNING) == later
    assert list(Callback.objects.filter(caller=agent)) == [later]


def test_what_is_left_lying_two_hours_is_anybodys(units: Units, cast: SimpleNamespace) -> None:
    row = callback(units["1001"], "C1")
    take_next(actor=cast.agent_1001, now=MORNING)
    assert take_next(actor=cast.team_lead_1001, now=MORNING + timedelta(hours=2)) is None
    assert take_next(actor=cast.team_lead_1001, now=MORNING + timedelta(hours=2, minutes=1)) == row


@pytest.mark.parametrize(("hour", "called"), [(8, False), (9, True), (19, True), (20, False)])
def test_calls_are_made_within_the_programmes_hours(
    units: Units, cast: SimpleNamespace, hour: int, called: bool
) -> None:
    row = callback(units["1001"], "C1", at=MORNING - timedelta(days=1))
    now = MORNING.replace(hour=hour)
    assert (take_next(actor=cast.agent_1001, now=now) is not None) == called
    assert bool(hindrance(row, cast.team_lead_1001, now)) != called


def test_nobody_calls_where_the_right_does_not_reach(units: Units, cast: SimpleNamespace) -> None:
    callback(units["1002"], "C1")
    assert take_next(actor=cast.agent_1001, now=MORNING) is None
    assert take_next(actor=cast.agent_hq, now=MORNING) is not None


def test_passed_is_logged_and_dated(units: Units, cast: SimpleNamespace) -> None:
    row = callback(units["1001"], "C1")
    agent = cast.agent_1001
    take_next(actor=agent, now=MORNING)
    settle(actor=agent, callback=row, told=REACHED, now=MORNING + timedelta(minutes=4))
    row.refresh_from_db()
    assert (row.state, row.passed_on, row.told_by_feed, row.case) == ("passed", TODAY, False, None)
    assert opened(row) == (FINE, "")
    entry = Interaction.objects.get()
    assert (entry.category.code, entry.outcome, entry.agent, entry.minutes) == (
        "care.callback", "resolved", agent, 4,
    )  # fmt: skip
    assert list(CallbackTry.objects.values_list("outcome", "entry", "on_day")) == [
        ("passed", entry.pk, TODAY)
    ]
    assert set(OutboxMessage.objects.values_list("event", flat=True)) >= {"callback.passed"}


def test_required_questions_are_asked_of_whoever_was_reached(units: Units, cast: SimpleNamespace) -> None:
    row = callback(units["1001"], "C1")
    take_next(actor=cast.agent_1001, now=MORNING)
    told = Told(outcome="reached", answers={"q1": "yes", "q2": "perhaps"})
    with pytest.raises(ValidationError) as refused:
        settle(actor=cast.agent_1001, callback=row, told=told, now=MORNING)
    assert set(refused.value.message_dict) == {f"question_q{number}" for number in range(2, 8)}
    assert not Interaction.objects.exists()


def test_an_answer_that_is_an_exception_opens_one_case(units: Units, cast: SimpleNamespace) -> None:
    row = callback(units["1001"], "C1")
    take_next(actor=cast.agent_1001, now=MORNING)
    told = Told(outcome="reached", answers=FINE | {"q6": "yes"}, note="son trades")
    settle(actor=cast.agent_1001, callback=row, told=told, now=MORNING)
    case = Case.objects.select_related("type").get()
    assert (case.client, case.type.code, case.open_key) == (
        row.client, "callback_exception", f"callback:{row.pk}",
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.state, row.case, row.passed_on) == ("exception", case, None)
    with pytest.raises(Conflict):
        settle(actor=cast.agent_1001, callback=row, told=told, now=MORNING)
    assert Case.objects.count() == 1


def test_unanswered_calls_fall_on_different_days_until_the_limit(units: Units, cast: SimpleNamespace) -> None:
    row, agent, now = callback(units["1001"], "C1"), cast.agent_1001, MORNING
    seen = []
    for _number in range(3):
        assert take_next(actor=agent, now=now) == row
        done = settle(actor=agent, callback=row, told=UNANSWERED, now=now)
        seen.append((done.state, done.tries, done.next_at.astimezone(MORNING.tzinfo).strftime("%d %H:%M")))
        assert take_next(actor=agent, now=now + timedelta(hours=1)) is None
        now = done.next_at
    assert seen == [("open", 1, "01 13:00"), ("open", 2, "02 09:00"), ("unreachable", 3, "03 13:00")]
    assert set(Interaction.objects.values_list("category__code", "outcome")) == {
        ("care.callback", "not_reached")
    }
    assert "callback.unreachable" in OutboxMessage.objects.values_list("event", flat=True)


def test_a_second_unanswered_call_of_a_day_is_refused(units: Units, cast: SimpleNamespace) -> None:
    row, agent = callback(units["1001"], "C1"), cast.agent_1001
    take_next(actor=agent, now=MORNING)
    settle(actor=agent, callback=row, told=UNANSWERED, now=MORNING)
    Callback.objects.update(next_at=MORNING)
    take_next(actor=agent, now=MORNING)
    with pytest.raises(Conflict):
        settle(actor=agent, callback=row, told=UNANSWERED, now=MORNING + timedelta(hours=3))


def test_later_is_no_attempt_and_is_kept_to(units: Units, cast: SimpleNamespace) -> None:
    row, agent = callback(units["1001"], "C1"), cast.agent_1001
    take_next(actor=agent, now=MORNING)
    again = MORNING + timedelta(hours=3)
    with pytest.raises(ValidationError, match="again_at"):
        settle(actor=agent, callback=row, told=Told(outcome="later", again_at=MORNING), now=MORNING)
    settle(actor=agent, callback=row, told=Told(outcome="later", again_at=again), now=MORNING)
    assert take_next(actor=agent, now=again - timedelta(minutes=1)) is None
    taken = take_next(actor=agent, now=again)
    assert taken is not None and (taken.pk, taken.tries) == (row.pk, 0)


@pytest.mark.parametrize("outcome", ["refused", "exception"])
def test_what_the_client_said_is_written_down(units: Units, cast: SimpleNamespace, outcome: str) -> None:
    row = callback(units["1001"], "C1")
    take_next(actor=cast.agent_1001, now=MORNING)
    with pytest.raises(ValidationError, match="note"):
        settle(actor=cast.agent_1001, callback=row, told=Told(outcome=outcome), now=MORNING)
    settle(actor=cast.agent_1001, callback=row, told=Told(outcome=outcome, note="no"), now=MORNING)
    assert Callback.objects.values_list("state", flat=True).get() == outcome
    assert Case.objects.count() == (1 if outcome == "exception" else 0)


def test_a_draft_survives_and_is_sealed(units: Units, cast: SimpleNamespace) -> None:
    row, agent = callback(units["1001"], "C1"), cast.agent_1001
    with pytest.raises(Conflict):
        keep_draft(actor=agent, callback=row, answers={}, note="")
    take_next(actor=agent, now=MORNING)
    typed = {"q1": "yes", "q2": "maybe", "unknown": "x", "q8": "call 13900001111"}
    keep_draft(actor=agent, callback=row, answers=typed, note="so far")
    row.refresh_from_db()
    assert opened(row) == ({"q1": "yes"}, "so far")
    keep_draft(actor=agent, callback=row, answers={"q9": "call 13900001111"}, note="")
    row.refresh_from_db()
    assert b"13900001111" not in bytes(row.answers)
    assert opened(row) == ({"q9": "call 13900001111"}, "")


def test_the_next_try_is_at_another_time_of_the_next_day() -> None:
    early, noon = MORNING.time().replace(hour=9), MORNING.time().replace(hour=12)
    assert next_try(early, noon, MORNING).strftime("%d %H") == "01 09"
    assert next_try(early, early.replace(hour=20), MORNING.replace(hour=14)).strftime("%d %H") == "01 09"
    assert next_try(early, early.replace(hour=20), MORNING).strftime("%d %H") == "01 13"


@pytest.mark.django_db(transaction=True)
def test_two_callers_side_by_side_never_get_the_same_client(units: Units, cast: SimpleNamespace) -> None:
    people = [_caller(units["1001"], number) for number in range(4)]
    for number in range(12):
        callback(units["1001"], f"C{number:02}")
    taken: list[tuple[int, int]] = []
    begin_together = threading.Barrier(len(people))

    def work(person: Person) -> None:
        begin_together.wait()
        while (row := take_next(actor=person, now=MORNING)) is not None:
            taken.append((row.pk, person.pk))
            settle(actor=person, callback=row, told=REACHED, now=MORNING)
        connection.close()

    threads = [threading.Thread(target=work, args=(person,)) for person in people]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    numbers = [pk for pk, _person in taken]
    assert sorted(numbers) == sorted(Callback.objects.filter(state="passed").values_list("pk", flat=True))
    assert len(numbers) == len(set(numbers)) == 12
    assert CallbackTry.objects.count() == Interaction.objects.count() == 12


def _caller(unit: Unit, number: int) -> Person:
    person = Person.objects.create(
        username=f"caller{number}", name=f"Caller {number}", employee_no=f"X{number}"
    )
    Membership.objects.create(person=person, unit=unit, role="agent", from_date=TODAY - timedelta(days=900))
    return person


def test_one_callback_an_occasion(units: Units) -> None:
    client = make_client(units["1001"], "C1", manager_no="")
    begin(client)
    with pytest.raises(IntegrityError, match="callback_once"), transaction.atomic():
        begin(client)
