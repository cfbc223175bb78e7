"""Sign-off: who confirms and signs, what a frozen card keeps, and that nothing changes it."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from core.errors import Conflict
from core.models import AuditEntry
from kpis import actions
from kpis.models import Confirmation, Scorecard, ScorecardLine, SignOff
from kpis.queries.frozen import frozen_cards, sign_off_of
from kpis.queries.members import behind
from kpis.queries.readiness import readiness
from kpis.queries.reproduce import deviations
from kpis.queries.signed_words import in_language
from kpis.rules import COUNTS, parse_period
from tests.kpis.frozen import freeze, settle
from tests.kpis.test_revisions import busy, table
from tests.kpis.world import World, day
from trading.models import FeedPackage

Q3 = "2026-Q3"


@pytest.fixture
def ready(world: World) -> World:
    """Cards of a third quarter that is over and settled."""
    busy(world).run("2026-09-30")
    settle()
    return world


def refused(deed: Any, **told: Any) -> str:
    """The code of the conflict that a deed ends in."""
    with pytest.raises(Conflict) as caught:
        deed(**told)
    return caught.value.code


def immediately() -> None:
    """Checks now what the database checks at the end of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_the_unit_confirms_and_another_person_signs(ready: World, cast: SimpleNamespace) -> None:
    card, manager = ready.card(Q3), ready.card(Q3, "manager:M1")
    before = Scorecard.objects.values().get(pk=card.pk)
    actions.confirm(actor=cast.branch_manager_1001, card=card)
    actions.confirm(
        actor=cast.branch_manager_1001, card=manager
    )  # a manager's card is the branch's to confirm
    signed = actions.sign(actor=cast.value_analyst, card=card)
    immediately()
    assert (signed.confirmed_by, signed.signed_by) == (cast.branch_manager_1001, cast.value_analyst)
    assert Scorecard.objects.values().get(pk=card.pk) == before | {"state": "final"}
    assert list(frozen_cards(cast.branch_manager_1001)) == [card]
    assert list(frozen_cards(cast.branch_manager_1002)) == []
    deeds = AuditEntry.objects.filter(subject_type="scorecard").order_by("id").values_list("deed", flat=True)
    assert list(deeds) == ["scorecard.confirmed", "scorecard.confirmed", "scorecard.signed"]


def test_who_may_not(ready: World, cast: SimpleNamespace) -> None:
    card, far = ready.card(Q3), ready.card(Q3, "branch:1005")
    for actor in (cast.agent_1001, cast.manager_1001a, cast.team_lead_1001, cast.compliance):
        with pytest.raises(PermissionDenied):
            actions.confirm(actor=actor, card=card)
    with pytest.raises(PermissionDenied):
        actions.confirm(actor=cast.region_manager_r1, card=far)  # another region
    with pytest.raises(ValidationError):
        actions.confirm(actor=cast.value_analyst, card=far)  # in the unit's place only for a reason
    actions.confirm(actor=cast.value_analyst, card=far, reason="Nobody leads this branch.")
    assert refused(actions.sign, actor=cast.value_analyst, card=far) == "four_eyes"
    for actor in (cast.branch_manager_1001, cast.compliance):
        with pytest.raises(PermissionDenied):
            actions.sign(actor=actor, card=far)
    assert refused(actions.sign, actor=cast.value_analyst, card=card) == "not_confirmed"
    actions.confirm(actor=cast.value_analyst, card=ready.card(Q3, "firm"))  # nobody else answers for the firm
    actions.sign(actor=cast.value_analyst_2, card=ready.card(Q3, "firm"))
    assert SignOff.objects.count() == 1


def test_a_confirmation_can_be_taken_back_until_it_is_signed(ready: World, cast: SimpleNamespace) -> None:
    card = ready.card(Q3)
    actions.confirm(actor=cast.branch_manager_1001, card=card)
    assert refused(actions.confirm, actor=cast.branch_manager_1001, card=card) == "confirmed"
    with pytest.raises(PermissionDenied):
        actions.take_back(actor=cast.region_manager_r1, card=card)
    actions.take_back(actor=cast.branch_manager_1001, card=card)
    assert refused(actions.take_back, actor=cast.branch_manager_1001, card=card) == "not_confirmed"
    freeze(cast, card)
    assert refused(actions.take_back, actor=cast.value_analyst, card=card) == "not_confirmed"
    assert refused(actions.confirm, actor=cast.branch_manager_1001, card=card) == "final"
    assert Confirmation.objects.count() == 1


def test_only_complete_and_settled_periods_are_ready(ready: World, cast: SimpleNamespace) -> None:
    quarter, running = readiness(parse_period(Q3)), readiness(parse_period("2026"))
    assert (quarter.is_ready, running.is_ready) == (True, False)
    holidays = day("2026-10-14")  # five trading days after the holidays that follow the quarter
    assert quarter.ready_on == holidays
    assert quarter.ready_on < quarter.confirm_by < quarter.sign_by  # type: ignore[operator]
    assert refused(actions.confirm, actor=cast.value_analyst, card=ready.card("2026", "firm")) == "not_ready"
    FeedPackage.objects.filter(trade_date="2026-08-12").update(state=FeedPackage.State.REFUSED)
    assert readiness(parse_period(Q3)).missing == (day("2026-08-12"),)
    assert refused(actions.confirm, actor=cast.branch_manager_1001, card=ready.card(Q3)) == "not_ready"


def test_a_withheld_and_an_old_revision_cannot_be_signed(ready: World, cast: SimpleNamespace) -> None:
    card = ready.card(Q3)
    actions.confirm(actor=cast.branch_manager_1001, card=card)
    Scorecard.objects.filter(pk=card.pk).update(state="withheld", total=None)
    assert refused(actions.sign, actor=cast.value_analyst, card=card) == "withheld"
    Scorecard.objects.filter(pk=card.pk).update(state="provisional", current=False)
    assert refused(actions.sign, actor=cast.value_analyst, card=card) == "not_current"


def test_the_meaning_of_the_numbers_is_kept_in_words(ready: World, cast: SimpleNamespace) -> None:
    kept = freeze(cast, ready.card(Q3)).definition
    assert kept.keys() == {"zh-hans", "en"}
    words = {section["title"]: section["lines"] for section in in_language(kept, "en")}
    assert words["Floors and targets"][1] == "Lost client rate: floor 0.08, target 0.03."
    assert [len(lines) for lines in words.values()] == [2, 4, 3, 3, 3, 1, 2, 6, 16]
    assert in_language(kept, "fr") == kept["zh-hans"]


def test_nothing_changes_a_frozen_card(ready: World, cast: SimpleNamespace) -> None:
    card = ready.card(Q3)
    signed = freeze(cast, card)
    changes = [
        lambda: Scorecard.objects.filter(pk=card.pk).update(total=99),
        lambda: Scorecard.objects.filter(pk=card.pk).update(state="provisional"),
        lambda: Scorecard.objects.filter(pk=card.pk).update(inputs={}),
        lambda: Scorecard.objects.filter(pk=card.pk)._raw_delete("default"),
        lambda: ScorecardLine.objects.filter(card=card).update(score=99),
        lambda: ScorecardLine.objects.filter(card=card).delete(),
        lambda: ScorecardLine.objects.create(card=card, indicator="new", weight=1),
        lambda: SignOff.objects.filter(pk=signed.pk).update(reason="other"),
        lambda: SignOff.objects.filter(pk=signed.pk).delete(),
    ]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    Scorecard.objects.filter(pk=card.pk).update(current=False)  # a later revision takes over: that is allowed


def test_the_database_holds_two_persons_and_the_order(ready: World, cast: SimpleNamespace) -> None:
    card, now = ready.card(Q3), "2026-11-01T00:00Z"
    told = {"definition": {}, "confirmed_at": now, "signed_at": now, "signed_by": cast.value_analyst}
    with pytest.raises(DatabaseError), transaction.atomic():
        SignOff.objects.create(card=card, confirmed_by=cast.value_analyst, **told)
    with pytest.raises(DatabaseError), transaction.atomic():  # a sign-off without the card being final
        SignOff.objects.create(card=card, confirmed_by=cast.branch_manager_1001, **told)
        immediately()
    with pytest.raises(DatabaseError), transaction.atomic():  # final without a sign-off
        Scorecard.objects.filter(pk=card.pk).update(state="final")
        immediately()
    first = freeze(cast, card)
    other = ready.card(Q3, "branch:1005")
    for late in ({"replaces": None}, {"replaces": first}):  # of another unit's: replaces nothing of its own
        with pytest.raises(DatabaseError), transaction.atomic():
            SignOff.objects.create(
                card=card if late["replaces"] is None else other, confirmed_by=cast.branch_manager_1001,
                reason="x", **told, **late,
            )  # fmt: skip


def test_late_data_makes_a_revision_beside_the_frozen_card(ready: World, cast: SimpleNamespace) -> None:
    card = ready.card(Q3)
    freeze(cast, card)
    kept = frozen_table(card, cast.value_analyst)
    ready.event("C1", "2026-09-12", "LOST", "CLOSED")
    ready.run("2026-10-20", since="2026-10", dirty={"C1": "2026-09"})
    later = ready.card(Q3)
    assert (later.revision, later.state, later.counts["L"]) == (2, "provisional", card.counts["L"] + 1)
    assert list(frozen_cards(cast.value_analyst)) == [card]
    assert frozen_table(card, cast.value_analyst) == kept
    assert deviations(Scorecard.objects.get(pk=card.pk)) == {}


def test_a_later_revision_is_adopted_by_two_persons(ready: World, cast: SimpleNamespace) -> None:
    first = freeze(cast, ready.card(Q3))
    ready.event("C1", "2026-09-12", "LOST", "CLOSED")
    ready.run("2026-10-20", since="2026-10", dirty={"C1": "2026-09"})
    settle(day("2026-11-02"), day("2026-11-02"))
    later = ready.card(Q3)
    with pytest.raises(PermissionDenied):
        actions.confirm(actor=cast.branch_manager_1001, card=later, reason="Better for us.")
    with pytest.raises(ValidationError):
        actions.confirm(actor=cast.value_analyst, card=later)
    actions.confirm(actor=cast.value_analyst, card=later, reason="A closure was told late.")
    assert refused(actions.sign, actor=cast.value_analyst, card=later) == "four_eyes"
    assert list(frozen_cards(cast.value_analyst)) == [first.card]
    adopted = actions.sign(actor=cast.compliance, card=later)
    immediately()
    assert (adopted.replaces, adopted.reason) == (first, "A closure was told late.")
    assert list(frozen_cards(cast.value_analyst)) == [later]
    assert sign_off_of(first.card) == adopted


def test_f5_a_run_as_of_an_earlier_day_leaves_signed_periods_standing(
    ready: World, cast: SimpleNamespace
) -> None:
    card = ready.card(Q3)
    freeze(cast, card)
    actions.confirm(actor=cast.branch_manager_1001, card=ready.card("2026-09"))
    kept = frozen_table(card, cast.value_analyst)
    for as_of in ("2026-09-10", "2026-06-10", "2026-09-30"):
        ready.run(as_of)
        assert frozen_table(card, cast.value_analyst) == kept
    later = ready.card(Q3)  # as it was, once the run is as of that day again
    assert (later.counts, later.total) == (card.counts, card.total)
    once = table()
    ready.run("2026-09-30")
    assert table() == once


def frozen_table(card: Scorecard, reader: Any) -> list[Any]:
    """Everything of a frozen card but whether it is the current revision, and who is behind its counts."""
    kept = Scorecard.objects.values().get(pk=card.pk)
    del kept["current"]
    lines = ScorecardLine.objects.filter(card=card).order_by("indicator").values()
    behind_it = {
        number: behind(card, number, reader).values_list("client_id", flat=True) for number in COUNTS
    }
    return [kept, list(lines), {number: sorted(clients) for number, clients in behind_it.items()}]
