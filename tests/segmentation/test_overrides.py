"""Tiers by hand (decision 0070): what the nights make of them, and the deeds that lead there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clients.models import Client, ClientStanding
from core.errors import Conflict, Stale
from core.models import AuditEntry
from segmentation import recompute
from segmentation.actions import overrides as deeds
from segmentation.actions.overrides import Wish
from segmentation.dates import add_months
from segmentation.models import ClientScore, ModelVersion, RescoredTier, ScoreClose, TierOverride
from segmentation.queries.overrides import effect, with_and_without
from segmentation.recompute.ending import tell_ending
from staff.models import Notice
from tests.cast import Speak, make_cast
from tests.segmentation.by_hand import give
from tests.segmentation.test_scores import publish_ladder
from tests.segmentation.test_tiers import base, closes, spans
from tests.segmentation.world import World, day
from trading.models import StaleMark

D = Decimal


@pytest.fixture
def cast(world: World) -> SimpleNamespace:
    return make_cast(world.units)


@pytest.fixture
def ladder(world: World) -> World:
    """The step `tiers` alone, over scores written by hand."""
    world.steps = (recompute.tiers,)
    return world


@pytest.fixture
def given(cast: SimpleNamespace) -> Callable[..., TierOverride]:
    """An override that two persons gave."""
    return partial(give, cast)


def climbed(world: World, until: str) -> list[tuple[str, str, str]]:
    """(tier, rule, since) at each close."""
    world.run(until)
    return [
        (row.tier, row.tier_reason, row.tier_since.isoformat())
        for row in ScoreClose.objects.order_by("as_of")
    ]


def test_it_wins_while_it_lasts_and_the_rules_go_on_from_it(ladder: World, given: Any) -> None:
    client = closes(ladder, 40, 40, 40, 40, 40, 40)
    given(client, "V3", "2024-02-10", "2024-04-29")
    assert climbed(ladder, "2024-06-30") == [
        ("V2", "first", "2024-01-31"), ("V3", "override", "2024-02-10"), ("V3", "override", "2024-02-10"),
        # S3 from the tier of the close before: 40 stands below 47 for the third time and more
        ("V2", "down", "2024-04-30"), ("V2", "stay", "2024-04-30"), ("V2", "stay", "2024-04-30"),
    ]  # fmt: skip
    assert spans(client) == [
        ("2024-01-31", "2024-02-10", "V2", "first"), ("2024-02-10", "2024-04-30", "V3", "override"),
        ("2024-04-30", None, "V2", "down"),
    ]  # fmt: skip
    assert with_and_without([client.pk], [day("2024-03-31"), day("2024-04-30")]) == {
        (client.pk, day("2024-03-31")): ("V3", "V2"), (client.pk, day("2024-04-30")): ("V2", "V2"),
    }  # fmt: skip


def test_it_wins_for_new_and_unscored_clients_too(ladder: World, given: Any) -> None:
    client = closes(ladder, "new", None, 95)
    given(client, "V1", "2024-01-05", "2024-03-31")
    assert [row[:2] for row in climbed(ladder, "2024-03-31")] == [("V1", "override")] * 3
    found = with_and_without([client.pk], [day(text) for text in ("2024-01-31", "2024-02-29", "2024-03-31")])
    assert [without for _given, without in found.values()] == ["NEW", "NEW", "V5"]


def test_a_night_takes_it_from_its_first_day_on(ladder: World, given: Any) -> None:
    client = closes(ladder, 60, tonight=60)
    given(client, "V5", "2024-02-12", "2024-02-20", cut="2024-02-15")
    found = []
    for night in ("2024-02-11", "2024-02-12", "2024-02-14", "2024-02-15"):
        ClientScore.objects.update(as_of=day(night))
        ladder.run(night, since="2024-02" if found else None)
        row = ladder.tonight(client)
        found.append((row.tier, row.tier_reason, row.tier_since.isoformat()))
    held = ("V5", "override", "2024-02-12")
    assert found == [("V3", "stay", "2024-01-31"), held, held, ("V3", "stay", "2024-01-31")]


def test_run_again_nothing_is_written(ladder: World, given: Any) -> None:
    client = closes(ladder, 40, 40, tonight=40)
    given(client, "V4", "2024-02-10", "2024-12-31")
    ladder.run("2024-03-12")
    first = (spans(client), ladder.tonight(client).tier_since)
    run = ladder.run("2024-03-12")
    assert run.steps.get(name="tiers").rows == 0
    assert (spans(client), ladder.tonight(client).tier_since) == first
    assert first[0][-1] == ("2024-02-10", None, "V4", "override")


def test_it_wins_under_a_version_that_came_later(ladder: World, given: Any) -> None:
    client = closes(ladder, 40, 40, tonight=40)
    given(client, "V4", "2024-02-01", "2024-12-31")
    publish_ladder()
    first = ModelVersion.objects.first_version()
    ModelVersion.objects.create(
        number=2, definition=first.definition, serves_from=day("2024-03-05"),
        breakpoints_as_of=day("2024-02-29"), published_at=timezone.now(),
    )  # fmt: skip
    ladder.run("2024-03-12")
    assert RescoredTier.objects.get(as_of=day("2024-02-29")).tier == "V4"


def test_the_effect_counts_clients_in_sight(
    ladder: World, given: Any, cast: SimpleNamespace, as_person: Speak
) -> None:
    client = closes(ladder, 40, tonight=40)
    given(client, "V4", "2024-02-02", "2024-12-31")
    ladder.run("2024-02-12")
    seen = effect(cast.value_analyst, day("2024-02-12"))
    assert (seen.moves, seen.clients) == ({("V2", "V4"): 1}, 1)
    assert effect(cast.value_analyst, day("2024-02-12"), branch="1002").moves == {}
    assert effect(cast.branch_manager_1002, day("2024-02-12")).moves == {}


# the deeds


@contextmanager
def refused(code: str) -> Iterator[None]:
    """The deed is a conflict with this code."""
    with pytest.raises(Conflict) as caught:
        yield
    assert caught.value.code == code


@pytest.fixture
def client(world: World) -> Client:
    found = world.client()
    ClientStanding.objects.create(
        client=found, branch=found.branch, held=True, tier="V2", as_of=day("2024-01-31")
    )
    return found


def wish(**more: Any) -> Wish:
    today = timezone.localdate()
    told: dict[str, Any] = {"tier": "V4", "reason": "Family of a V5 client", "from_on": today}
    return Wish(**(told | {"until_on": today + timedelta(days=90)} | more))


def marks() -> list[tuple[int | None, date, date]]:
    return list(StaleMark.objects.values_list("client_id", "month", "told_on"))


def test_two_persons_and_the_trail(client: Client, cast: SimpleNamespace) -> None:
    today = timezone.localdate()
    made = deeds.propose(actor=cast.branch_manager_1001, client=client, wish=wish())
    assert (made.state, made.in_force, marks()) == ("proposed", None, [])
    held = deeds.approve(actor=cast.value_analyst, override=made, version=1)
    held.refresh_from_db()
    assert (held.in_force.lower, held.in_force.upper) == (today, today + timedelta(days=91))
    assert marks() == [(client.pk, today.replace(day=1), today)]
    found = AuditEntry.objects.filter(subject_type="tier_override").order_by("id")
    assert [entry.deed for entry in found] == ["tier_override.proposed", "tier_override.approved"]
    assert Notice.objects.get().person_id == cast.branch_manager_1001.pk


def test_the_same_person_cannot_approve_and_the_database_holds_it(
    client: Client, cast: SimpleNamespace
) -> None:
    made = deeds.propose(actor=cast.value_analyst, client=client, wish=wish())
    with refused("four_eyes"):
        deeds.approve(actor=cast.value_analyst, override=made, version=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        TierOverride.objects.update(
            state="approved", approved_by=made.proposed_by, in_force=(made.from_on, made.until_on)
        )


def test_twelve_months_at_most_and_the_database_holds_it(client: Client, cast: SimpleNamespace) -> None:
    today = timezone.localdate()
    last = add_months(today, 12)
    with pytest.raises(ValidationError) as caught:
        deeds.propose(actor=cast.value_analyst, client=client, wish=wish(until_on=last))
    assert list(caught.value.message_dict) == ["until_on"]
    made = deeds.propose(
        actor=cast.value_analyst, client=client, wish=wish(until_on=last - timedelta(days=1))
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        TierOverride.objects.filter(pk=made.pk).update(until_on=last)


def test_one_in_force_and_the_database_holds_it(client: Client, cast: SimpleNamespace, given: Any) -> None:
    today = timezone.localdate()
    given(client, "V5", today.isoformat(), (today + timedelta(days=40)).isoformat())
    made = deeds.propose(actor=cast.branch_manager_1001, client=client, wish=wish())
    with refused("overlaps"):
        deeds.approve(actor=cast.value_analyst, override=made, version=1)
    with refused("waits_already"):
        deeds.propose(actor=cast.branch_manager_1001, client=client, wish=wish())


@pytest.mark.parametrize(
    ("more", "field"),
    [({"tier": "NEW"}, "tier"), ({"tier": "V9"}, "tier"), ({"reason": "  "}, "reason"),
     ({"from_on": date(2020, 1, 1), "until_on": date(2020, 2, 1)}, "from_on"),
     ({"until_on": date(2020, 1, 1)}, "until_on")],
)  # fmt: skip
def test_what_cannot_be_proposed(
    client: Client, cast: SimpleNamespace, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        deeds.propose(actor=cast.value_analyst, client=client, wish=wish(**more))
    assert list(caught.value.message_dict) == [field]


def test_who_may_not(client: Client, cast: SimpleNamespace, world: World) -> None:
    for person in (cast.agent_1001, cast.branch_manager_1002, cast.compliance):
        with pytest.raises(PermissionDenied):
            deeds.propose(actor=person, client=client, wish=wish())
    made = deeds.propose(actor=cast.value_analyst, client=client, wish=wish())
    for person in (cast.branch_manager_1001, cast.agent_1001):
        with pytest.raises(PermissionDenied):
            deeds.approve(actor=person, override=made, version=1)
    with refused("not_held"):
        deeds.propose(actor=cast.value_analyst, client=world.client("C2"), wish=wish())


def test_an_approval_that_comes_late_begins_today_and_one_too_late_not_at_all(
    client: Client, cast: SimpleNamespace
) -> None:
    today = timezone.localdate()
    made = deeds.propose(actor=cast.branch_manager_1001, client=client, wish=wish())
    TierOverride.objects.update(from_on=today - timedelta(days=5))
    assert deeds.approve(actor=cast.compliance, override=made, version=1).from_on == today
    TierOverride.objects.update(
        state="proposed", in_force=None, approved_by=None,
        from_on=today - timedelta(days=9), until_on=today - timedelta(days=1),
    )  # fmt: skip
    with refused("over"):
        deeds.approve(actor=cast.compliance, override=made, version=2)


def test_declined_withdrawn_and_too_late(client: Client, cast: SimpleNamespace) -> None:
    first = deeds.propose(actor=cast.branch_manager_1001, client=client, wish=wish())
    with pytest.raises(ValidationError):
        deeds.decline(actor=cast.compliance, override=first, version=1, why=" ")
    with pytest.raises(Stale):
        deeds.decline(actor=cast.compliance, override=first, version=2, why="no")
    assert deeds.decline(actor=cast.compliance, override=first, version=1, why="no").closed_for == "no"
    with refused("decided"):
        deeds.withdraw(actor=cast.branch_manager_1001, override=first, version=2, why="x")
    second = deeds.propose(actor=cast.branch_manager_1001, client=client, wish=wish())
    deeds.approve(actor=cast.compliance, override=second, version=1)
    with pytest.raises(PermissionDenied):
        deeds.withdraw(actor=cast.agent_1001, override=second, version=2, why="x")
    ended = deeds.withdraw(actor=cast.branch_manager_1001, override=second, version=2, why="over")
    ended.refresh_from_db()
    assert (ended.state, ended.in_force.isempty) == ("withdrawn", True)


def test_where_it_stands() -> None:
    row = TierOverride(state="approved", from_on=day("2026-03-01"), until_on=day("2026-06-30"))
    told = ["2026-02-28", "2026-03-01", "2026-05-30", "2026-05-31", "2026-06-30", "2026-07-01"]
    found = [row.standing_on(day(text)).value for text in told]
    assert found == ["coming", "in_force", "in_force", "ending", "ending", "expired"]


def test_states_of_the_list_are_those_of_the_rows(client: Client, given: Any) -> None:
    today = timezone.localdate()
    for first, last in ((-400, -300), (-20, 10), (20, 30)):
        spot = [(today + timedelta(days=number)).isoformat() for number in (first, last)]
        given(client, "V3", *spot)
    for state in ("coming", "in_force", "ending", "expired", "proposed"):
        rows: Any = TierOverride.objects.all()
        listed = set(rows.standing(state, today))
        by_row = {
            row for row in rows if row.standing in ({state} | ({"ending"} if state == "in_force" else set()))
        }
        assert listed == by_row


def test_both_persons_are_told_once_before_it_ends(client: Client, cast: SimpleNamespace, given: Any) -> None:
    given(client, "V4", "2026-03-01", "2026-06-30")
    assert tell_ending(day("2026-05-30")) == 0
    assert (tell_ending(day("2026-05-31")), tell_ending(day("2026-06-01"))) == (2, 0)
    told = {notice.person_id for notice in Notice.objects.filter(kind="tier_override")}
    assert told == {cast.value_analyst.pk, cast.compliance.pk}


def test_pages_take_the_same_queries_for_few_and_many(
    ladder: World, given: Any, cast: SimpleNamespace, as_person: Speak
) -> None:
    counts = []
    for first, last in ((1, 4), (4, 30)):
        for number in range(first, last):
            one = ladder.client(f"C{number}")
            for close in ("2024-01-31", "2024-02-29"):
                ScoreClose.objects.create(**base(ladder, one, day(close), 40))
            ClientScore.objects.create(**base(ladder, one, day("2024-03-12"), 40))
            given(one, "V4", "2024-02-10", "2024-12-31")
        ladder.run("2024-03-12")
        browser = as_person(cast.value_analyst)
        with CaptureQueriesContext(connection) as queries:
            page = browser.get("/segments/overrides/")
        assert page.context["effect"].moves == {("V2", "V4"): last - 1}
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_panel_proposes_and_the_api_decides(
    client: Client, cast: SimpleNamespace, as_person: Speak
) -> None:
    until = timezone.localdate() + timedelta(days=30)
    asked = {"tier": "V4", "from_on": timezone.localdate(), "until_on": until, "reason": "asked"}
    manager, analyst = as_person(cast.branch_manager_1001), as_person(cast.value_analyst)
    url = "/segments/clients/C1/override/propose/"
    assert manager.post(url, asked | {"until_on": "2020-01-01"}).status_code == 422
    assert manager.post(url, asked).status_code == 200
    assert manager.post(url, asked).status_code == 409
    row = manager.get("/api/v1/tier-overrides/?state=proposed").json()["results"][0]
    address = f"/api/v1/tier-overrides/{row['id']}/"
    tag = analyst.get(address).headers["ETag"]
    assert analyst.post(f"{address}decline/", {}, "application/json").status_code == 400
    told = analyst.post(f"{address}approve/", {}, "application/json", headers={"If-Match": tag})
    assert (told.status_code, told.json()["standing"], told.json()["approved_by"]) == (
        200, "ending", cast.value_analyst.username,
    )  # fmt: skip
    again = analyst.post(f"{address}withdraw/", {"why": "x"}, "application/json", headers={"If-Match": tag})
    assert again.status_code == 412
    made = manager.post(
        "/api/v1/tier-overrides/",
        {"client": "C1", "tier": "V3", "reason": "x", "from": "2020-01-01", "until": "2020-02-01"},
        "application/json",
    )
    assert made.json()["errors"][0]["field"] == "from"
