"""Quality inspection: draws that can be repeated, points, appeals, figures reckoned slowly, calibration."""

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from random import Random

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict
from core.models import AuditEntry
from core.samples import Sample
from interactions.actions.log import Entry, correct_interaction
from interactions.models import Category
from knowledge import drawing
from knowledge.actions import inspecting, plans
from knowledge.drawing import Rule
from knowledge.models import Appeal, Inspection, SamplingDraw, ScoringForm
from knowledge.queries import quality as queries
from knowledge.scoring import points_of
from knowledge.tasks import draw_samples
from staff.models import Notice
from tests.clients.people import make_client
from tests.knowledge.samples import FINE, WEEK, drawn, plan, scored, sheet, talked

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 10, 12, tzinfo=timezone.get_default_timezone())
PERIOD = {"first": WEEK, "last": WEEK + timedelta(days=13)}
cent = Decimal("0.01")


@pytest.fixture
def worked(cast, units):
    """Two agents of 1001 with ten and three contacts, one of 1002 with four; and a form."""
    client, other = make_client(units["1001"], "C000001"), make_client(units["1002"], "C000002")
    talked(client, cast.agent_1001, 10)
    talked(client, cast.team_lead_1001, 3)
    talked(other, cast.agent_1002, 4)
    sheet(cast)
    return cast


def samples(count: int, agents: int) -> list[Sample]:
    return [Sample(n, n % agents, 1, "phone", "enquiry", MOMENT) for n in range(1, count + 1)]


@given(
    st.text(max_size=8),
    st.integers(0, 60),
    st.integers(1, 5),
    st.integers(1, 12),
    st.booleans(),
    st.randoms(),
)
def test_a_draw_is_the_same_in_whatever_order_and_has_no_holes(
    seed: str, count: int, agents: int, number: int, each: bool, random: Random
) -> None:
    rows, rule = samples(count, agents), Rule(number=number, each_agent=each)
    chosen = drawing.drawn(seed, rows, rule)
    shuffled = random.sample(rows, len(rows))
    assert drawing.drawn(seed, shuffled, rule) == chosen == sorted(set(chosen), key=lambda one: one.number)
    groups = defaultdict(list)
    for one in rows:
        groups[one.agent_id if each else 0].append(one)
    for group in groups.values():
        taken = [one for one in group if one in chosen]
        assert len(taken) == min(number, len(group))
        # whoever is taken comes before whoever is not, in the order that the seed alone makes
        order = drawing.in_order(seed, group)
        assert set(order[: len(taken)]) == set(taken)
    # another candidate more changes nothing but by taking a place itself
    more = drawing.drawn(seed, [*rows, Sample(count + 1, 0, 1, "phone", "enquiry", MOMENT)], rule)
    assert len(set(chosen) - set(more)) <= 1


@given(st.integers(0, 500), st.decimals("0.0001", "1", places=4))
def test_a_share_is_rounded_up(count: int, share: Decimal) -> None:
    size = Rule(share=share).size(count)
    assert size - 1 < share * count <= size <= count or size == count == 0


def test_every_candidate_is_drawn_about_as_often() -> None:
    rows, hits = samples(20, 1), defaultdict(int)
    for seed in range(2000):
        for one in drawing.drawn(str(seed), rows, Rule(number=5)):
            hits[one.number] += 1
    assert len(hits) == 20 and all(400 < times < 600 for times in hits.values())


def test_the_draw_of_a_week_is_logged_and_can_be_repeated(worked, units) -> None:
    client = make_client(units["1001"], "C000003")
    talked(client, worked.agent_1001, 2, day=WEEK + timedelta(days=7))  # the next week
    talked(client, worked.agent_1001, 2, day=WEEK - timedelta(days=1))
    made = drawn(worked, plan(worked, units["R1"], inspector=worked.team_lead_1001))
    assert (made.population, made.drawn) == (17, 6)
    rows = Inspection.objects.order_by("agent__username").values_list(
        "agent__username", "unit__code", "inspector"
    )
    lead = worked.team_lead_1001.pk
    assert sorted(rows, key=str) == sorted(
        [("fang.jianming", "1002", lead)] * 2 + [("liu.siqi", "1001", lead)] * 2
        + [("song.xiaoyu", "1001", None)] * 2, key=str,
    )  # fmt: skip
    assert queries.holds(made)
    with pytest.raises(Conflict):
        drawn(worked, made.plan)
    entry = AuditEntry.objects.get(deed="sampling.drawn")
    assert entry.detail["seed"] == "5eed" and entry.detail["digest"] == made.digest
    # what is logged or corrected afterwards changes nothing of it
    talked(client, worked.agent_1001, 3)
    (late,) = talked(client, worked.agent_1001, 1, day=WEEK + timedelta(days=1))
    taken = made.inspections.filter(agent=worked.agent_1001).values_list("subject", flat=True)[0]
    original = type(late).objects.get(pk=taken)
    told = Entry(
        channel="phone", direction="in", category="enquiry", summary="x", started_at=original.started_at
    )
    correct_interaction(actor=worked.team_lead_1001, original=original, entry=told)
    assert queries.holds(made)
    SamplingDraw.objects.filter(pk=made.pk).update(seed="other")
    made.refresh_from_db()
    assert not queries.holds(made)
    assert Notice.objects.filter(person=worked.team_lead_1001, kind="quality").count() == 1


def test_plans_narrow(worked, units) -> None:
    client = make_client(units["1001"], "C000003")
    below = Category.objects.get(code="enquiry.trading")
    talked(client, worked.agent_1001, 3, channel="email", category=below)
    talked(client, worked.agent_1001, 2, channel="email", category=Category.objects.get(code="complaint"))
    for name, more, found in (
        ("channel", {"channel": "email", "each_agent": False}, (5, 2)),
        ("category", {"category": "enquiry", "agent": worked.agent_1001}, (13, 2)),
        ("share", {"number": None, "share": Decimal("0.25")}, (18, 5)),  # 4 of 15 and 1 of 3
        ("far", {"unit": units["1005"]}, (0, 0)),
    ):
        made = drawn(worked, plan(worked, **{"unit": units["1001"], "name": name, **more}))
        assert (made.population, made.drawn) == found, name


def test_last_week_is_drawn_every_morning_once(worked, units) -> None:
    plan(worked, units["1001"])
    plan(worked, units["1001"], name="停用", active=False)
    client = make_client(units["1001"], "C000003")
    with time_machine.travel(morning(13)):  # what was recorded after the draw is not part of it
        talked(client, worked.agent_1001, 5)
    with time_machine.travel(morning(19)):
        draw_samples()
        draw_samples()
    assert list(SamplingDraw.objects.values_list("week", "population", "drawn")) == [(WEEK, 5, 2)]
    early = plan(worked, units["1001"], name="早")
    with time_machine.travel(morning(18)), pytest.raises(Conflict):
        plans.draw(actor=worked.team_lead_hq, plan=early, week=WEEK)


def morning(day: int) -> datetime:
    return datetime(2026, 10, day, 6, 10, tzinfo=timezone.get_default_timezone())


RESULTS = st.sampled_from(["met", "partly", "missed", "na"])


@given(st.lists(st.tuples(st.integers(1, 400), st.booleans(), RESULTS), min_size=1, max_size=8))
def test_points_as_they_are_reckoned_by_hand(rows: list[tuple[int, bool, str]]) -> None:
    items = [{"key": str(n), "weight": str(w / Decimal(4)), "fatal": f} for n, (w, f, _r) in enumerate(rows)]
    found = points_of(items, {str(n): result for n, (_w, _f, result) in enumerate(rows)})
    applied = [(w, f, r) for w, f, r in rows if r != "na"]
    if not applied:
        assert found is None
        return
    reached = sum(w * {"met": 2, "partly": 1, "missed": 0}[r] for w, _f, r in applied)
    exact = Decimal(reached * 100) / (2 * sum(w for w, _f, _r in applied))
    fatal = any(f and r == "missed" for _w, f, r in applied)
    assert (found.points, found.fatal) == (
        Decimal(0) if fatal else exact.quantize(cent, ROUND_HALF_UP), fatal,
    )  # fmt: skip


def test_a_result_stays_as_it_was_written(worked, units) -> None:
    drawn(worked, plan(worked, units["1001"]))
    one = Inspection.objects.filter(agent=worked.agent_1001).first()
    for wrong in ({**FINE, "i2": "na"}, {"i1": "met"}, {**FINE, "i1": "great"}):
        with pytest.raises(ValidationError):
            scored(worked.team_lead_1001, one, wrong)
    done = scored(worked.team_lead_1001, one)
    assert (done.points, done.passed, done.fatal) == (Decimal("88.57"), True, False)  # 77.5 of 87.5
    with pytest.raises(Conflict):
        scored(worked.team_lead_1001, one)
    with pytest.raises(IntegrityError), transaction.atomic():
        Inspection.objects.filter(pk=one.pk).update(points=100)
    with pytest.raises(IntegrityError), transaction.atomic():
        ScoringForm.objects.update(pass_points=1)
    assert Notice.objects.filter(person=worked.agent_1001).get().params == {"points": "88.57"}


def test_nobody_inspects_an_own_contact(worked, units) -> None:
    drawn(worked, plan(worked, units["1001"]))
    own = Inspection.objects.filter(agent=worked.team_lead_1001).first()
    for deed in (
        lambda: scored(worked.team_lead_1001, own),
        lambda: inspecting.take(actor=own.agent, inspection=own),
    ):
        with pytest.raises(Conflict):
            deed()
    with pytest.raises(IntegrityError, match="inspection_by_another"), transaction.atomic():
        Inspection.objects.filter(pk=own.pk).update(inspector=own.agent)
    inspecting.take(actor=worked.branch_manager_1001, inspection=own)
    with pytest.raises(Conflict):
        inspecting.take(actor=worked.team_lead_hq, inspection=own)


def test_an_appeal_from_reason_to_new_result(worked, units) -> None:
    drawn(worked, plan(worked, units["1001"]))
    one = scored(worked.team_lead_1001, Inspection.objects.filter(agent=worked.agent_1001).first(),
                 {**FINE, "i1": "missed"})  # fmt: skip
    assert (one.points, one.fatal, one.passed) == (0, True, False)
    with pytest.raises(Conflict):
        inspecting.appeal(actor=worked.team_lead_hq, inspection=one, reason="x")
    with time_machine.travel(one.appeal_until + timedelta(seconds=1)), pytest.raises(Conflict):
        inspecting.appeal(actor=worked.agent_1001, inspection=one, reason="x")
    told = inspecting.appeal(actor=worked.agent_1001, inspection=one, reason="已核对身份")
    for nobody in (worked.team_lead_1001, worked.agent_1001):
        with pytest.raises(Conflict):
            inspecting.answer_appeal(actor=nobody, appeal=told, accepted=True, answer="x")
    with pytest.raises(IntegrityError, match="appeal_answered_by_another"), transaction.atomic():
        Appeal.objects.update(state="accepted", answered_by=worked.team_lead_1001, answered_at=timezone.now())
    anew = inspecting.answer_appeal(
        actor=worked.branch_manager_1001, appeal=told, accepted=True, answer="录音中有核对"
    )
    with pytest.raises(Conflict):
        scored(worked.team_lead_1001, anew)
    assert list(Inspection.objects.counted()) == [one]  # until the new result is there
    done = scored(worked.branch_manager_1001, anew)
    assert list(Inspection.objects.counted()) == [done]
    assert done.supersedes == one and Inspection.objects.get(pk=one.pk).points == 0
    refused = inspecting.appeal(actor=worked.agent_1001, inspection=done, reason="还不满意")
    assert (
        inspecting.answer_appeal(actor=worked.team_lead_hq, appeal=refused, accepted=False, answer="维持")
        is None
    )
    (row,) = queries.figures(worked.team_lead_1001, by="agent", **PERIOD)
    assert (row["inspections"], row["appeals"], row["accepted"], row["points"]) == (1, 2, 1, Decimal("88.57"))


def test_figures_as_a_slow_reckoning_has_them(worked, units) -> None:
    drawn(worked, plan(worked, units["R1"], number=10))
    random = Random(7)
    for one in Inspection.objects.order_by("pk"):
        if random.random() < 0.8:
            results = {key: random.choice(["met", "partly", "missed"]) for key in FINE} | {
                "i4": random.choice(["met", "na"])
            }
            scored(worked.team_lead_hq, one, results)
    done = list(
        Inspection.objects.filter(state="done").select_related("agent", "unit").prefetch_related("answers")
    )
    for by, key in (("agent", lambda one: one.agent.username), ("unit", lambda one: one.unit.code),
                    ("month", lambda _one: "2026-10"), ("channel", lambda one: one.channel)):  # fmt: skip
        groups = defaultdict(list)
        for one in done:
            groups[key(one)].append(one)
        expected = [
            (name, len(rows), (sum(one.points for one in rows) / len(rows)).quantize(cent, ROUND_HALF_UP),
             sum(one.passed for one in rows), sum(one.fatal for one in rows))
            for name, rows in sorted(groups.items())
        ]  # fmt: skip
        found = queries.figures(worked.team_lead_hq, by=by, **PERIOD)
        assert [(r["key"], r["inspections"], r["points"], r["passed"], r["fatal"]) for r in found] == expected
    near = queries.figures(worked.team_lead_1001, by="unit", **PERIOD)
    assert [row["key"] for row in near] == ["1001"]
    assert queries.figures(worked.agent_1001, by="unit", **PERIOD) == []
    counts = defaultdict(lambda: defaultdict(int))
    for one in done:
        for answer in one.answers.all():
            counts[answer.item][answer.result] += 1
    for row in queries.item_figures(worked.team_lead_hq, **PERIOD):
        told = counts[row["item"]]
        assert (row["met"], row["partly"], row["missed"], row["skipped"]) == tuple(
            told[name] for name in ("met", "partly", "missed", "na")
        )
        share = (told["met"] + Decimal(told["partly"]) / 2) / (told["met"] + told["partly"] + told["missed"])
        assert row["met_share"] == share.quantize(Decimal("0.0001"), ROUND_HALF_UP)


def test_calibration_is_blind_until_all_is_in_and_then_reckoned(worked, units) -> None:
    made = drawn(worked, plan(worked, units["1001"], number=4, agent=worked.agent_1001))
    inspectors = [worked.team_lead_1001, worked.branch_manager_1001, worked.team_lead_hq]
    for wrong in (inspectors[:1], [*inspectors[:1], worked.agent_hq]):
        with pytest.raises(ValidationError):
            plans.start_calibration(
                actor=worked.team_lead_hq, name="x", source=made, contacts=3, inspectors=wrong
            )
    run = plans.start_calibration(
        actor=worked.team_lead_hq, name="十月校准", source=made, contacts=3, inspectors=inspectors
    )
    rows, random = list(run.inspections.order_by("pk")), Random(3)
    assert len(rows) == 9 and len({row.subject for row in rows}) == 3
    for number, row in enumerate(rows):
        for person in inspectors:
            seen = set(Inspection.objects.visible_to(person).filter(calibration=run))
            assert seen == {one for one in rows if one.inspector_id == person.pk}, number
        results = {key: random.choice(["met", "partly", "missed"]) for key in FINE}
        scored(row.inspector, row, results)
    run.refresh_from_db()
    assert run.closed_at is not None
    assert Inspection.objects.visible_to(worked.team_lead_1001).filter(calibration=run).count() == 9
    assert not Inspection.objects.visible_to(worked.agent_1001).exists()
    assert not Inspection.objects.counted().exists()
    told = {row.pk: {one.item: one.result for one in row.answers.all()} for row in run.inspections.all()}
    subjects = defaultdict(list)
    for row in run.inspections.all():
        subjects[row.subject].append(row)
    for found in queries.agreement(run):
        pairs = [
            told[a.pk][found["item"]] == told[b.pk][found["item"]]
            for group in subjects.values() for a, b in combinations(group, 2)
        ]  # fmt: skip
        share = (Decimal(sum(pairs)) / len(pairs)).quantize(Decimal("0.0001"), ROUND_HALF_UP)
        assert (found["pairs"], found["agreed"], found["agreement"]) == (9, sum(pairs), share)
    for found in queries.deviations(run):
        own = [
            abs(row.points - sum(one.points for one in group) / len(group))
            for group in subjects.values() for row in group if row.inspector.name == found["name"]
        ]  # fmt: skip
        assert abs(found["deviation"] - sum(own) / len(own)) <= cent


def test_forms_have_versions_and_items_keep_their_keys(cast) -> None:
    first = sheet(cast)
    new, old = (
        plans.Item(section_zh="a", zh=zh, weight=Decimal(1), key=key)
        for zh, key in (("新", ""), ("旧", "i2"))
    )
    told = plans.FormTold(name_zh="二", items=[new, old])
    second = plans.write_form(actor=cast.team_lead_hq, code="calls", told=told)
    assert [item["key"] for item in second.items] == ["i5", "i2"]
    assert queries.form_in_use("calls") == second and queries.forms_in_use() == [second]
    assert (first.number, second.number) == (1, 2)
    weightless = plans.Item(section_zh="", zh="x", weight=Decimal(0))
    for items in ([], [weightless]):
        with pytest.raises(ValidationError):
            plans.write_form(
                actor=cast.team_lead_hq, code="calls", told=plans.FormTold(name_zh="x", items=items)
            )
