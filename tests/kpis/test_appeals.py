"""Appeals against a line: lodged, answered, corrected in the source or adjusted by two persons."""

from collections.abc import Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from core.errors import Stale
from kpis import actions
from kpis.actions import appeals as deeds
from kpis.actions.appeals import Answer, Wish
from kpis.models import Adjustment, CardAppeal, Scorecard
from kpis.queries import appeals as queries
from kpis.queries.differences import differences as parted
from kpis.queries.reproduce import deviations
from kpis.rules.passages import identity_holds
from staff.models import Notice, UnitRecord
from tests.cast import Speak
from tests.kpis.frozen import settle
from tests.kpis.test_pages import text
from tests.kpis.test_revisions import busy
from tests.kpis.test_signing import refused
from tests.kpis.world import World, day

Q3 = "2026-Q3"
CORRECTED = Answer(text="The closure was told late.", remedy="correction", reference="2026-10-20 v2")


@pytest.fixture
def ready(world: World) -> Iterator[World]:
    """Cards of a third quarter that is over and settled, within the terms."""
    with time_machine.travel("2026-10-20T02:00:00Z"):
        busy(world).run("2026-09-30")
        settle()
        yield world


def lodged(world: World, cast: SimpleNamespace, line: str = "new", unit: str = "branch:1001") -> CardAppeal:
    wish = Wish(line=line, text="Two clients are missing.", client_nos=["C1"])
    return deeds.lodge(actor=cast.branch_manager_1001, card=world.card(Q3, unit), wish=wish)


def adjusted(cast: SimpleNamespace, appeal: CardAppeal, subject: str, amount: str) -> Adjustment:
    answer = Answer(text="Right.", remedy="adjustment", subject=subject, amount=Decimal(amount))
    deeds.accept(actor=cast.value_analyst, appeal=appeal, version=appeal.version, answer=answer)
    return deeds.decide_adjustment(actor=cast.compliance, adjustment=appeal.adjustments.get(), approved=True)


def heard(person: Any) -> int:
    return Notice.objects.filter(person=person, kind="scorecard_appeal").count()


def test_the_unit_appeals_and_headquarters_answers(ready: World, cast: SimpleNamespace) -> None:
    card = ready.card(Q3)
    actions.confirm(actor=cast.branch_manager_1001, card=card)
    made = lodged(ready, cast)
    assert (made.card, made.answer_by.isoformat()) == (card, "2026-11-03")  # ten trading days  # type: ignore[union-attr]
    assert list(made.clients.values_list("client_no", flat=True)) == ["C1"]
    assert refused(lodged, world=ready, cast=cast) == "open"
    assert refused(actions.sign, actor=cast.value_analyst, card=card) == "appealed"
    assert (heard(cast.value_analyst), heard(cast.branch_manager_1002)) == (1, 0)
    assert queries.to_answer(cast.value_analyst) == (1, False)
    done = deeds.accept(actor=cast.value_analyst, appeal=made, version=1, answer=CORRECTED)
    assert (done.state, done.remedy, done.reference, done.version) == (
        "accepted",
        "correction",
        "2026-10-20 v2",
        2,
    )
    assert heard(cast.branch_manager_1001) == 1
    assert (
        refused(deeds.decline, actor=cast.value_analyst, appeal=made, version=2, answer=CORRECTED)
        == "answered"
    )
    actions.sign(actor=cast.value_analyst, card=card)
    again = lodged(ready, cast, "lost")  # against the frozen card, while the term lasts
    assert deeds.withdraw(actor=cast.branch_manager_1001, appeal=again, version=1).state == "withdrawn"


def test_who_may_not_and_what_is_wrong(ready: World, cast: SimpleNamespace) -> None:
    card, made = ready.card(Q3), lodged(ready, cast)
    wish = Wish(line="lost", text="x")
    for actor in (cast.branch_manager_1002, cast.manager_1001a, cast.value_analyst):
        with pytest.raises(PermissionDenied):
            deeds.lodge(actor=actor, card=card, wish=wish)
    for actor in (cast.branch_manager_1001, cast.compliance):
        with pytest.raises(PermissionDenied):
            deeds.decline(actor=actor, appeal=made, version=1, answer=Answer(text="No."))
    wrong = [
        (Wish(line="rank", text="x"), {"line"}),
        (Wish(line="lost", text=" "), {"text"}),
        (Wish(line="lost", text="x", client_nos=["C1", "C2"]), {"clients"}),  # C2 is of another region
    ]
    for bad, fields in wrong:
        with pytest.raises(ValidationError) as caught:
            deeds.lodge(actor=cast.branch_manager_1001, card=card, wish=bad)
        assert set(caught.value.message_dict) == fields
    answers = [
        (Answer(text=""), "answer"), (Answer(text="x"), "remedy"),
        (Answer(text="x", remedy="correction"), "reference"),
        (Answer(text="x", remedy="adjustment", subject="total", amount=Decimal(1)), "subject"),
        (Answer(text="x", remedy="adjustment", subject="new", amount=Decimal(0)), "amount"),
        (Answer(text="x", remedy="adjustment", subject="new", amount=Decimal("0.5")), "amount"),
        (Answer(text="x", remedy="adjustment", subject="lost", amount=Decimal(-99)), "amount"),
    ]  # fmt: skip
    for answer, field in answers:
        with pytest.raises(ValidationError) as caught:
            deeds.accept(actor=cast.value_analyst, appeal=made, version=1, answer=answer)
        assert set(caught.value.message_dict) == {field}
    assert refused_stale(cast, made) == "stale"
    with time_machine.travel("2026-10-29T02:00:00Z"):
        assert refused(deeds.lodge, actor=cast.branch_manager_1001, card=card, wish=wish) == "over"
        assert not queries.is_late(made)
    with time_machine.travel("2026-11-04T02:00:00Z"):
        assert queries.is_late(made)


def refused_stale(cast: SimpleNamespace, made: CardAppeal) -> str:
    with pytest.raises(Stale) as caught:
        deeds.decline(actor=cast.value_analyst, appeal=made, version=7, answer=Answer(text="No."))
    return caught.value.code


def test_an_adjustment_enters_the_next_revision_as_a_line_of_its_own(
    ready: World, cast: SimpleNamespace, as_person: Speak
) -> None:
    before = ready.card(Q3)
    one, two = lodged(ready, cast), lodged(ready, cast, "profitability")
    adjusted(cast, one, "new", "1")
    adjusted(cast, two, "profit:M", "250.50")
    run = ready.run("2026-10-21", since="2026-10")
    works = run.steps.get().chunks.values_list("work", flat=True)
    assert Q3 in [name for work in works for name in work.get("periods", [])]
    after = ready.card(Q3)
    assert (after.revision, after.counts) == (2, before.counts) and identity_holds(after.counts)
    lines = before.lines_by_name(), after.lines_by_name()
    base = before.counts["B"]
    assert [line["new"].raw for line in lines] == [0, 0]
    shift = lines[1]["new"].used - lines[0]["new"].used
    assert shift == pytest.approx(
        Decimal(1) / (base + 100)
    )  # a small base, mixed with a hundred of the firm's
    groups = [
        next(one for one in card.profitability["groups"] if one["group"] == "M") for card in (before, after)
    ]
    assert groups[0]["profit"] == groups[1]["profit"] and groups[0]["used"] != groups[1]["used"]
    assert [note for note in after.notes if note["rule"] == "adjusted"] == [
        {"rule": "adjusted", "number": "new", "amount": "1.0000", "appeal": one.pk},
        {"rule": "adjusted", "number": "profit:M", "amount": "250.5000", "appeal": two.pk},
    ]
    assert deviations(after) == {} and deviations(before) == {}
    others = Scorecard.objects.filter(period=Q3).exclude(unit_code="1001")
    assert set(others.values_list("revision", flat=True)) == {1}
    assert f"/scorecards/appeals/{one.pk}/" in text(
        as_person(cast.branch_manager_1001), f"/scorecards/?period={Q3}&unit=branch:1001"
    )
    ready.run("2026-10-22", since="2026-10")
    assert ready.card(Q3).revision == 2
    assert "adjustments" in parted(before, ready.card(Q3)).causes


def test_adjustments_follow_the_successor_of_a_merged_branch(
    ready: World, cast: SimpleNamespace, as_person: Speak
) -> None:
    """1001 with an adjustment goes into 1005 (another region), and on into 1002, which has one of its own."""
    own, waits = (lodged(ready, cast, line, "branch:1001") for line in ("new", "lost"))
    adjusted(cast, own, "new", "1")
    answer = Answer(text="Right.", remedy="adjustment", subject="lost", amount=Decimal(1))
    deeds.accept(actor=cast.value_analyst, appeal=waits, version=1, answer=answer)
    ready.run("2026-10-21", since="2026-10")
    kept = Scorecard.objects.filter(period=Q3, unit_code="1001").order_by("revision")
    before = list(kept.values("revision", "current", "counts", "notes", "inputs", "total"))
    merge(ready, "1001", "1005", "2026-10-22")
    deeds.decide_adjustment(actor=cast.compliance, adjustment=waits.adjustments.get(), approved=True)
    ready.run("2026-10-23", since="2026-10")
    card = ready.card(Q3, "branch:1005")
    assert card.inputs["adjustments"] == {"lost": "1.0000", "new": "1.0000"}
    assert [note for note in card.notes if note["rule"] == "adjusted"] == [
        {"rule": "adjusted", "number": subject, "amount": "1.0000", "appeal": one.pk, "unit": "1001"}
        for subject, one in (("new", own), ("lost", waits))
    ]
    assert identity_holds(card.counts) and deviations(card) == {}
    assert list(kept.values("revision", "current", "counts", "notes", "inputs", "total")) == before
    page = text(as_person(cast.value_analyst), f"/scorecards/?period={Q3}&unit=branch:1005")
    assert f"/scorecards/appeals/{own.pk}/" in page and "1001" in page
    merge(ready, "1005", "1002", "2026-10-26")
    ready.run("2026-10-27", since="2026-10")
    assert ready.card(Q3, "branch:1002").inputs["adjustments"] == {"lost": "1.0000", "new": "1.0000"}
    ready.run("2026-10-21")  # as of before the mergers (F5), also where 1005 gets the next revision
    units = {
        card.unit_code: card for card in Scorecard.objects.filter(period=Q3, unit_type="branch", current=True)
    }
    told = {code: card.inputs.get("adjustments", {}) for code, card in units.items()}
    assert told == {"1001": {"lost": "1.0000", "new": "1.0000"}, "1002": {}, "1005": {}}


def merge(world: World, code: str, into: str, on: str) -> None:
    """As a feed tells it: a new record of the branch, and its clients with the successor from then on."""
    unit, closed = world.units[code], day(on)
    told = UnitRecord.objects.filter(unit=unit).latest("told_on")
    told.pk, told.told_on, told.closed_on, told.successor = None, closed, closed, world.units[into]
    told.save()


def test_adjustments_are_decided_by_another_and_then_stay(ready: World, cast: SimpleNamespace) -> None:
    made = lodged(ready, cast)
    answer = Answer(text="Right.", remedy="adjustment", subject="new", amount=Decimal(1))
    deeds.accept(actor=cast.value_analyst, appeal=made, version=1, answer=answer)
    waits = made.adjustments.get()
    assert queries.to_approve(cast.compliance) == (1, False)
    decide = {"adjustment": waits, "approved": True}
    assert refused(deeds.decide_adjustment, actor=cast.value_analyst, **decide) == "four_eyes"
    with pytest.raises(PermissionDenied):
        deeds.decide_adjustment(actor=cast.branch_manager_1001, **decide)
    deeds.decide_adjustment(actor=cast.value_analyst_2, **decide)
    assert refused(deeds.decide_adjustment, actor=cast.compliance, **decide) == "decided"
    rows = Adjustment.objects.filter(pk=waits.pk)
    changes: list[Any] = [lambda: rows.update(amount=5), rows.delete]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    bad: list[dict[str, Any]] = [
        {"answered_by": made.lodged_by}, {"answer": ""}, {"remedy": ""}, {"state": "lodged"},
    ]  # fmt: skip
    for changed in bad:
        with pytest.raises(DatabaseError), transaction.atomic():
            CardAppeal.objects.filter(pk=made.pk).update(**changed)


def test_a_period_with_an_appeal_is_not_forgotten(ready: World, cast: SimpleNamespace) -> None:
    made = lodged(ready, cast)
    for as_of in ("2026-09-10", "2026-06-10"):
        ready.run(as_of)
    assert CardAppeal.objects.get(pk=made.pk).card == made.card


def test_pages(ready: World, cast: SimpleNamespace, as_person: Speak, settings: Any, tmp_path: Any) -> None:
    settings.FILES_ROOT = tmp_path
    card, branch, headquarters = (
        ready.card(Q3),
        *map(as_person, (cast.branch_manager_1001, cast.value_analyst)),
    )
    form = f"/scorecards/{card.pk}/appeal/"
    assert form in text(branch, f"/scorecards/{card.pk}/sign-off/")
    assert text(branch, form)
    proof = SimpleUploadedFile("proof.txt", b"told by phone")
    told = {"line": "new", "text": "Two are missing.", "clients": "C1，C3"}
    assert branch.post(form, told | {"clients": "nobody"}).status_code == 422
    sent = branch.post(form, told | {"attachments": proof})
    assert sent.status_code == 302
    page = sent["Location"]
    assert branch.post(form, told).status_code == 409
    made = CardAppeal.objects.get()
    shown = text(branch, page)
    assert "proof.txt" in shown and "C1" in shown and "C3" in shown and "decline/" not in shown
    file = f"{page}files/{made.files.get().key}/"
    assert branch.get(file).content == b"told by phone"
    assert headquarters.post(f"{page}accept/", {"version": 1, "answer": "Right."}).status_code == 422
    right = {"version": 1, "answer": "Right.", "remedy": "adjustment", "subject": "new", "amount": "1"}
    assert headquarters.post(f"{page}accept/", right).status_code == 302
    assert "approve/" not in text(headquarters, page)
    second = as_person(cast.compliance)
    assert "approve/" in text(second, page)
    assert second.post(f"{page}approve/").status_code == 302
    assert Adjustment.objects.get().state == "approved"
    listed = text(headquarters, f"/scorecards/appeals/?period={Q3}&state=accepted")
    assert page in listed
    assert page not in text(headquarters, "/scorecards/appeals/?state=late")
    assert page in text(branch, f"/scorecards/{card.pk}/sign-off/")


def test_rest(ready: World, cast: SimpleNamespace, as_person: Speak, as_system: Speak) -> None:
    card, base = ready.card(Q3), "/api/v1/scorecard-appeals/"
    branch, headquarters = map(as_person, (cast.branch_manager_1001, cast.value_analyst))
    told = {"card": card.pk, "line": "upgraded", "text": "C5 rose.", "clients": ["C5"]}
    kind = {"content_type": "application/json"}
    made = branch.post(base, told, **kind)
    assert (made.status_code, made.json()["state"]) == (201, "lodged")
    assert branch.post(base, told | {"line": "rank"}, **kind).status_code == 400
    one = f"{base}{made.json()['id']}/"
    assert headquarters.post(f"{one}decline/", {}, **kind).status_code == 400
    answer = {"answer": "It did not."}
    stale = headquarters.post(f"{one}decline/", answer, headers={"If-Match": '"x"'}, **kind)
    assert stale.status_code == 412
    done = headquarters.post(f"{one}decline/", answer, headers={"If-Match": made["ETag"]}, **kind)
    assert (done.status_code, done.json()["answered_by"]) == (200, cast.value_analyst.username)
    rows = as_system("scorecards:read").get(base).json()["results"]
    assert [(row["line"], row["state"], row["unit"]["code"]) for row in rows] == [
        ("upgraded", "declined", "1001")
    ]
