"""Versions of the scheme: drafted, proposed, published by a second person; what the database holds itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from core.errors import Conflict, Stale
from core.models import AuditEntry
from kpis import actions
from kpis.definition import definition, differences, listed
from kpis.models import SchemeDraft, SchemeVersion, Scorecard
from kpis.rules import Scheme
from kpis.rules.rewards import RewardRule
from kpis.rules.scheme import GroupRule
from kpis.rules.told_scheme import scheme_from_json, scheme_to_json
from staff.models import Notice
from tests.cast import Speak
from tests.kpis.frozen import seal
from tests.kpis.world import World

START = date(2026, 10, 1)
WEIGHTS = {"new": Decimal(15), "lost": Decimal(35), "upgraded": Decimal(25), "profitability": Decimal(25)}
PAGE = "/scorecards/schemes/"


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(Conflict) as met:
        yield
    assert met.value.code == code


def drafted(cast: SimpleNamespace, start: date | None = START, **changed: Any) -> SchemeDraft:
    """A draft of the first analyst with other weights."""
    draft = actions.begin_draft(actor=cast.value_analyst)
    scheme = replace(draft.as_rules(), **{"weights": WEIGHTS, **changed})
    return actions.change_draft(
        actor=cast.value_analyst, draft=draft, version=1, scheme=scheme, serves_from=start, reason="losses"
    )


def proposed(cast: SimpleNamespace, **more: Any) -> SchemeDraft:
    draft = drafted(cast, **more)
    return actions.propose_scheme(actor=cast.value_analyst, draft=draft, version=draft.version)


def published(cast: SimpleNamespace, **more: Any) -> SchemeVersion:
    draft = proposed(cast, **more)
    return actions.publish_scheme(actor=cast.value_analyst_2, draft=draft, version=draft.version)


def test_json_gives_the_scheme_again() -> None:
    scheme = replace(
        Scheme(), weights=WEIGHTS, cap=Decimal("112.5"), groups=(GroupRule("A", ("V5",), Decimal(1)),)
    )
    assert scheme_from_json(scheme_to_json(scheme), 1) == scheme


def test_a_second_person_publishes(world: World, cast: SimpleNamespace) -> None:
    """The next version is all the draft says; cards from its first period on follow with it."""
    world.targets()
    world.held("C1")
    for period in ("2026-06-30", "2026-09-30", "2026-12-31"):
        world.run(period)
    made = published(cast)
    assert (made.number, made.serves_from) == (2, START)
    assert (made.proposed_by, made.approved_by) == ("person:luo.tianyu", "person:zhu.simin")
    assert made.as_rules() == replace(Scheme(), number=2, weights=WEIGHTS)
    world.run("2026-12-31")
    schemes = dict(
        Scorecard.objects.filter(unit_type="firm", current=True).values_list("period", "scheme__number")
    )
    assert {period: schemes[period] for period in ("2026-09", "2026-10", "2026-Q3", "2026-Q4", "2026")} == {
        "2026-09": 1, "2026-10": 2, "2026-Q3": 1, "2026-Q4": 2, "2026": 1,
    }  # fmt: skip
    entries = AuditEntry.objects.filter(subject_type="scheme_draft").order_by("pk")
    assert list(entries.values_list("deed", flat=True)) == [
        "scheme.draft_begun", "scheme.draft_changed", "scheme.proposed", "scheme.published",
    ]  # fmt: skip
    assert Notice.objects.get(person=cast.value_analyst).kind == "scheme"
    assert [(one.version.number, len(one.changes)) for one in listed(START)] == [(2, 4), (1, 0)]


def test_writer_and_proposer_do_not_publish(cast: SimpleNamespace) -> None:
    """Neither who wrote it nor who proposed it; nor whoever holds no such right."""
    draft = drafted(cast)
    draft = actions.propose_scheme(actor=cast.value_analyst_2, draft=draft, version=draft.version)
    for person in (cast.value_analyst, cast.value_analyst_2):
        with refused("four_eyes"):
            actions.publish_scheme(actor=person, draft=draft, version=draft.version)
    with pytest.raises(PermissionDenied):
        actions.publish_scheme(actor=cast.branch_manager_1001, draft=draft, version=draft.version)
    actions.publish_scheme(actor=cast.compliance, draft=draft, version=draft.version)


def test_the_database_wants_two_persons(cast: SimpleNamespace) -> None:
    draft = proposed(cast)
    published_by = {
        "state": "published",
        "published": SchemeVersion.objects.get(),
        "decided_by": cast.value_analyst,
    }
    for change in (published_by, {"state": "published"}, {"reason": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SchemeDraft.objects.filter(pk=draft.pk).update(**change)
    two = {"proposed_by": "person:a", "approved_by": "person:b", "serves_from": START}
    for lacking in two:
        with pytest.raises(IntegrityError), transaction.atomic():
            SchemeVersion.objects.create(
                number=2, **{**two, lacking: None if lacking == "serves_from" else ""}
            )


def test_signed_periods_keep_their_version(world: World, cast: SimpleNamespace) -> None:
    """Neither a draft nor the database lets a version begin within them."""
    world.held("C1")
    world.run("2026-11-30")
    seal(cast, "2026-10")
    with pytest.raises(ValidationError, match="serves_from"):
        drafted(cast)
    later = proposed(cast, start=date(2026, 11, 1))
    seal(cast, "2026-11")
    with refused("unfit"):
        actions.publish_scheme(actor=cast.compliance, draft=later, version=later.version)
    with pytest.raises(IntegrityError), transaction.atomic():
        SchemeVersion.objects.create(number=2, serves_from=START, proposed_by="a", approved_by="b")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"weights": {**WEIGHTS, "new": Decimal(20)}}, "weights"),
        ({"weights": {**WEIGHTS, "new": Decimal(-5), "lost": Decimal(55)}}, "weights"),
        ({"cap": Decimal(121)}, "cap"),
        ({"share_needed": Decimal(0)}, "share_needed"),
        ({"undo_days": 93}, "undo_days"),
        ({"groups": ()}, "groups"),
        ({"groups": (GroupRule("A", ("V5",), Decimal("0.9")),)}, "groups"),
        ({"groups": (GroupRule("A", ("V5",), Decimal(1)), GroupRule("B", ("V5",), Decimal(0)))}, "groups"),
        ({"groups": (GroupRule("A", ("V5",), Decimal(1)), GroupRule("A", ("V4",), Decimal(0)))}, "groups"),
        ({"groups": (GroupRule("A", ("X",), Decimal(1)),)}, "groups"),
        ({"start": date(2026, 10, 2)}, "serves_from"),
        (
            {
                "rewards": {
                    "branch": RewardRule(
                        "steps", ((Decimal(80), Decimal(1)), (Decimal(60), Decimal(1))), "clients"
                    )
                }
            },
            "rewards_branch",
        ),
        (
            {"rewards": {"branch": RewardRule("steps", ((Decimal(80), Decimal(11)),), "clients")}},
            "rewards_branch",
        ),
        ({"rewards": {"branch": RewardRule("steps", (), "clients")}}, "rewards_branch"),
    ],
)
def test_what_cannot_serve_is_told_by_field(cast: SimpleNamespace, changed: Any, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        drafted(cast, **changed)
    assert set(refused.value.message_dict) == {field}


def test_what_is_incomplete_stale_or_overtaken(cast: SimpleNamespace) -> None:
    draft = drafted(cast, start=None)
    with refused("incomplete"):
        actions.propose_scheme(actor=cast.value_analyst, draft=draft, version=draft.version)
    with pytest.raises(Stale):
        actions.propose_scheme(actor=cast.value_analyst, draft=draft, version=1)
    other = drafted(cast)
    waiting = proposed(cast)
    with refused("waits_already"):
        actions.propose_scheme(actor=cast.value_analyst, draft=other, version=other.version)
    actions.publish_scheme(actor=cast.compliance, draft=waiting, version=waiting.version)
    with refused("unfit"):
        actions.propose_scheme(actor=cast.value_analyst, draft=other, version=other.version)
    with pytest.raises(ValidationError, match="serves_from"):
        drafted(cast, start=date(2026, 9, 1))


def test_declined_taken_back_and_discarded(cast: SimpleNamespace) -> None:
    draft = proposed(cast)
    with pytest.raises(ValidationError):
        actions.decline_scheme(actor=cast.compliance, draft=draft, version=draft.version, why=" ")
    draft = actions.decline_scheme(actor=cast.compliance, draft=draft, version=draft.version, why="too much")
    assert (draft.state, draft.answer, draft.decided_by) == ("draft", "too much", cast.compliance)
    draft = actions.propose_scheme(actor=cast.value_analyst, draft=draft, version=draft.version)
    assert draft.answer == ""
    draft = actions.take_back_scheme(actor=cast.value_analyst, draft=draft, version=draft.version)
    draft = actions.discard_draft(actor=cast.value_analyst, draft=draft, version=draft.version)
    assert (draft.state, SchemeVersion.objects.count()) == ("discarded", 1)
    with refused("other_state"):
        actions.discard_draft(actor=cast.value_analyst, draft=draft, version=draft.version)


def test_what_differs_is_said_in_words() -> None:
    after = replace(Scheme(), cap=Decimal(110), groups=(GroupRule("A", ("V5", "V4"), Decimal(1)),))
    told = [(one.words, one.before, one.after) for one in differences(Scheme(), after)]
    assert told == [
        ("H 组", "V5 V4 × 0.5", "–"), ("M 组", "V3 V2 × 0.3", "–"), ("L 组", "V1 NEW × 0.2", "–"),
        ("A 组", "–", "V5 V4 × 1"), ("最高得分", "100", "110"),
    ]  # fmt: skip
    assert differences(after, after) == []
    assert len([line for section in definition(after) for line in section.lines]) == 14


def form_of(draft: SchemeDraft, **changed: Any) -> dict[str, Any]:
    """What the page's form sends for a draft."""
    groups = {
        f"group_{at}_{part}": one[part]
        for at, one in enumerate(draft.content["groups"])
        for part in ("name", "weight", "tiers")
    }
    numbers = {
        name: value for name, value in draft.content.items() if name not in ("weights", "groups", "rewards")
    }
    weights = {f"weight_{name}": weight for name, weight in draft.content["weights"].items()}
    rewards = {f"rewards_{kind}": "60:0.6, 80:1" for kind in ("branch", "manager")}
    for kind in ("region", "branch", "manager"):
        rewards |= {f"reward_kind_{kind}": "linear", f"reward_base_{kind}": "equal"}
    return {
        **rewards,
        "version": draft.version,
        "from_period": "2026-Q4",
        "reason": "x",
        **groups,
        **numbers,
        **weights,
        **changed,
    }


def test_pages_from_the_draft_to_the_version(cast: SimpleNamespace, as_person: Speak) -> None:
    writer, second = as_person(cast.value_analyst), as_person(cast.value_analyst_2)
    page = writer.post(f"{PAGE}new/").url
    draft = SchemeDraft.objects.get()
    wrong = writer.post(page, form_of(draft, weight_new="30"))
    assert (wrong.status_code, "110" in wrong.content.decode()) == (422, True)
    assert writer.post(page, form_of(draft, from_period="soon")).status_code == 422
    assert writer.post(page, form_of(draft, weight_new="25", weight_lost="25", cap="110")).status_code == 302
    assert writer.post(page, form_of(draft)).status_code == 412  # of a page that is older
    draft.refresh_from_db()
    assert (draft.as_rules().cap, draft.serves_from, draft.reason) == (110, START, "x")
    assert draft.as_rules().rewards["branch"].to_json() == {
        "kind": "linear", "points": [["60", "0.6"], ["80", "1"]], "base": "equal",
    }  # fmt: skip
    assert writer.post(page, form_of(draft, rewards_branch="60=1")).status_code == 422
    writer.post(f"{page}propose/", {"version": draft.version})
    writer.post(f"{page}publish/", {"version": draft.version + 1})
    assert SchemeVersion.objects.count() == 1
    assert "publish/" in second.get(page).content.decode()
    second.post(f"{page}publish/", {"version": draft.version + 1})
    assert SchemeVersion.objects.get(number=2).cap == 110
    reader = as_person(cast.branch_manager_1001)
    for path in (PAGE, f"{PAGE}1/", f"{PAGE}2/?with=1"):
        assert reader.get(path).status_code == 200
    assert (reader.get(f"{PAGE}3/").status_code, reader.get(page).status_code) == (404, 404)


def test_rest(cast: SimpleNamespace, as_person: Speak, as_system: Speak) -> None:
    api = "/api/v1/kpi-schemes/"
    writer, second = as_person(cast.value_analyst), as_person(cast.compliance)
    made = writer.post(f"{api}drafts/", {}, content_type="application/json")
    assert (made.status_code, made.json()["based_on"]) == (201, 1)
    one, content = f"{api}drafts/{made.json()['id']}/", made.json()["content"]
    content["weights"] |= {"new": "10", "lost": "40"}
    wish = {"content": content, "from_period": "2026-Q4", "reason": "losses"}
    assert (
        writer.put(one, wish, content_type="application/json", headers={"If-Match": '"x"'}).status_code == 412
    )
    bad = writer.put(one, {**wish, "content": {**content, "cap": "130"}}, content_type="application/json")
    assert (bad.status_code, "cap" in str(bad.json())) == (400, True)
    told = writer.put(one, wish, content_type="application/json", headers={"If-Match": made["ETag"]})
    assert (told.status_code, told.json()["serves_from"]) == (200, "2026-10-01")
    for caller, deed, status in (
        (writer, "propose", 200),
        (writer, "publish", 409),
        (second, "publish", 200),
    ):
        assert caller.post(f"{one}{deed}/", {}, content_type="application/json").status_code == status
    found = as_system("scorecards:read").get(api).json()["results"]
    assert [(row["number"], row["content"]["weights"]["lost"]) for row in found] == [(2, "40"), (1, "30")]
    assert writer.get(f"{api}2/").json() == found[0]
