"""Saved segments: who may see and change them, what the night notes, and what is done with them."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from clients.models import Client, ClientStanding, ClientTag, Tag
from core.errors import Conflict, Stale
from core.models import AuditEntry, OutboxMessage, Run, RunStep
from core.registry import list_sources
from core.runs import RunContext
from segmentation import recompute
from segmentation.actions import segments as deeds
from segmentation.models import ScoreClose, Segment, SegmentBlock, SegmentMember, SegmentTrend
from segmentation.queries import counting
from segmentation.queries import segments as queries
from segmentation.recompute.segments import work_out
from staff.models import Unit
from tests.cast import Speak
from tests.clients.people import make_client

NIGHTS = [date(2026, 10, 30), date(2026, 10, 31), date(2026, 11, 1)]
RICH = {"all": [{"field": "score", "op": "gte", "value": "70"}]}
RICH_OR_TAGGED = {
    "any": [
        {"field": "score", "op": "gte", "value": "70"},
        {
            "all": [
                {"field": "tags", "op": "any", "value": ["vip"]},
                {"none": [{"field": "tier", "op": "in", "value": ["V1"]}]},
            ]
        },
    ]
}


@pytest.fixture
def clients(units: dict[str, Unit]) -> dict[str, Client]:
    """a, b at 1001 (managers M1001A, M1001B), c at 1002; scores 80, 60, 75; a tag that nobody has."""
    Tag.objects.create(name="vip")
    made = {}
    for name, code, manager, score in (
        ("a", "1001", "M1001A", 80), ("b", "1001", "M1001B", 60), ("c", "1002", "M1002A", 75),
    ):  # fmt: skip
        client = made[name] = make_client(units[code], f"C{name}", manager_no=manager)
        ClientStanding.objects.create(
            client=client, branch=client.branch, manager_no=manager, held=True, tier="V3", score=score,
            contribution_12m=100, assets=1000, as_of=NIGHTS[0],
        )  # fmt: skip
    return made


def write(actor: Any, rule: Any = RICH, **told: Any) -> Segment:
    return deeds.write_segment(actor=actor, told=deeds.SegmentTold(**{"name": "Rich", "rule": rule, **told}))


def rescore(client: Client, score: int, **told: Any) -> None:
    ClientStanding.objects.filter(client=client).update(score=score, **told)


def night(as_of: date) -> RunStep:
    run = Run.objects.create(as_of=as_of, requested_by="test", state=Run.State.DONE)
    step = RunStep.objects.create(run=run, position=0, name="segments")
    recompute.segments(RunContext(run, as_of, as_of, as_of, ((1, 10**12),)), step)
    RunStep.objects.filter(pk=step.pk).update(state=Run.State.DONE)
    return step


def members(segment: Segment) -> list[tuple[Any, ...]]:
    rows = SegmentMember.objects.filter(segment=segment).order_by("client__client_no", "entered_on")
    return list(
        rows.values_list(
            "client__client_no",
            "entered_on",
            "entered_cause",
            "entered_bits",
            "left_on",
            "left_cause",
            "left_bits",
        )
    )


def test_the_night_notes_who_came_and_left_and_why(
    cast: SimpleNamespace, clients: dict[str, Client], units: dict[str, Unit]
) -> None:
    segment = write(cast.value_analyst, RICH_OR_TAGGED)
    night(NIGHTS[0])
    assert members(segment) == [
        ("Ca", NIGHTS[0], 1, 0, None, None, None),
        ("Cc", NIGHTS[0], 1, 0, None, None, None),
    ]

    rescore(clients["a"], 65)
    ClientTag.objects.create(
        client=clients["b"], tag=Tag.objects.get(), given_by="x", given_at="2026-10-31T01:00Z"
    )
    make_client(units["1001"], "Cd")
    night(NIGHTS[1])
    after = [
        ("Ca", NIGHTS[0], 1, 0, NIGHTS[1], 0, 0b001),
        ("Cb", NIGHTS[1], 0, 0b010, None, None, None),
        ("Cc", NIGHTS[0], 1, 0, None, None, None),
    ]
    assert members(segment) == after
    reasons = queries.Reasons(segment)
    told = {
        row.client.client_no: (reasons.entered(row), reasons.left(row))
        for row in queries.moves(cast.value_analyst, segment)
    }
    with_words = {"Ca": "✕ 评分 ≥ 70", "Cb": "✓ 标签：vip"}
    assert told["Ca"][1] == with_words["Ca"]
    assert told["Cb"][0] == with_words["Cb"]

    night(NIGHTS[1])
    assert members(segment) == after

    rescore(clients["a"], 90)
    rescore(clients["b"], 60, tier="V1")
    night(NIGHTS[1])  # once more, after a correction: what it noted before is taken back
    assert members(segment) == [
        ("Ca", NIGHTS[0], 1, 0, None, None, None),
        ("Cc", NIGHTS[0], 1, 0, None, None, None),
    ]


def test_a_changed_rule_and_a_new_client_are_reasons_of_their_own(
    cast: SimpleNamespace, clients: dict[str, Client], units: dict[str, Unit]
) -> None:
    segment = write(cast.value_analyst)
    night(NIGHTS[0])
    lower = {"all": [{"field": "score", "op": "gte", "value": "60"}]}
    segment = deeds.change_segment(
        actor=cast.value_analyst, segment=segment, version=1, told=deeds.SegmentTold(name="Rich", rule=lower)
    )
    night(NIGHTS[1])
    new = make_client(units["1001"], "Cn")
    ClientStanding.objects.create(client=new, branch=new.branch, score=99, as_of=NIGHTS[2])
    Client.objects.filter(pk=clients["c"].pk).update(merged_into=clients["a"])
    night(NIGHTS[2])
    assert [(row[0], row[1], row[2], row[4], row[5]) for row in members(segment)] == [
        ("Ca", NIGHTS[0], 1, None, None),
        ("Cb", NIGHTS[1], 2, None, None),
        ("Cc", NIGHTS[0], 1, NIGHTS[2], 4),
        ("Cn", NIGHTS[2], 3, None, None),
    ]


def test_the_trend_is_of_the_readers_own_clients(cast: SimpleNamespace, clients: dict[str, Client]) -> None:
    segment = write(cast.value_analyst, sharing="firm")
    for day in NIGHTS:
        night(day)
    segment.refresh_from_db()
    rows = SegmentTrend.objects.order_by("as_of", "branch__code").values_list(
        "as_of", "branch__code", "members", "assets"
    )
    close, last = NIGHTS[1], NIGHTS[2]
    assert list(rows) == [
        (day, code, 1, Decimal(1000)) for day in (close, last) for code in ("1001", "1002")
    ]  # of the first night, no close, nothing is left
    sizes = {who: [point.members for point in queries.trend(getattr(cast, who), segment)] for who in (
        "value_analyst", "agent_1001", "manager_1001a", "region_manager_r1",
    )}  # fmt: skip
    assert sizes == {
        "value_analyst": [2, 2],
        "agent_1001": [1, 1],
        "manager_1001a": [1, 1],
        "region_manager_r1": [2, 2],
    }
    assert [row.size for row in queries.listed(cast.agent_1001)] == [1]


def test_other_systems_are_told_once_of_who_comes_and_leaves(
    cast: SimpleNamespace, clients: dict[str, Client]
) -> None:
    segment = write(cast.value_analyst, sharing="firm", tells=True)
    night(NIGHTS[0])
    rescore(clients["a"], 10)
    rescore(clients["b"], 90)
    for _ in range(2):
        night(NIGHTS[1])
    told = OutboxMessage.objects.filter(event__in=["segment.entered", "segment.left"]).order_by("subject_id")
    assert list(told.values_list("event", "unit_code", "subject_id")) == [
        ("segment.left", "1001", f"{segment.pk}/Ca"), ("segment.entered", "1001", f"{segment.pk}/Cb"),
    ]  # fmt: skip


def test_an_earlier_day_and_an_unreadable_rule_leave_members_alone(
    cast: SimpleNamespace, clients: dict[str, Client]
) -> None:
    segment = write(cast.value_analyst)
    night(NIGHTS[1])
    before = members(segment)
    rescore(clients["a"], 10)
    night(NIGHTS[0])
    Segment.objects.update(rule={"all": [{"field": "branch", "op": "in", "value": ["gone"]}]})
    night(NIGHTS[2])
    assert members(segment) == before
    assert SegmentBlock.objects.get().first_on == NIGHTS[1]


def test_working_out_past_closes_reads_their_scores(
    cast: SimpleNamespace, clients: dict[str, Client]
) -> None:
    for day, score in ((date(2026, 8, 31), 50), (date(2026, 9, 30), 72)):
        ScoreClose.objects.create(
            client=clients["a"], as_of=day, branch=clients["a"].branch, kind="individual", score=score,
            contribution_12m=7, assets_end=9,
        )  # fmt: skip
    segment = write(cast.value_analyst)
    for day in (date(2026, 8, 31), date(2026, 9, 30)):
        work_out(segment, day, at_close=True)
    assert members(segment) == [("Ca", date(2026, 9, 30), 0, 1, None, None, None)]
    assert [
        (point.members, point.contribution, point.assets)
        for point in queries.trend(cast.value_analyst, segment)
    ] == [(0, 0, 0), (1, 7, 9)]


def test_who_sees_and_who_may_change(cast: SimpleNamespace, units: dict[str, Unit]) -> None:
    own = write(cast.agent_1001, name="Own")
    firm = write(cast.value_analyst, name="Firm", sharing="firm")
    region = write(cast.value_analyst, name="Region", sharing="unit", unit=units["R1"])
    next_door = write(cast.value_analyst, name="Next", sharing="unit", unit=units["1002"])
    seen = {
        who: {row.name for row in queries.visible(getattr(cast, who))}
        for who in ("agent_1001", "team_lead_1001", "region_manager_r1", "agent_hq", "compliance", "operator")
    }
    assert seen == {
        "agent_1001": {"Own", "Firm", "Region"},
        "team_lead_1001": {"Firm", "Region"},
        "region_manager_r1": {"Firm", "Region", "Next"},
        "agent_hq": {"Firm", "Region", "Next"},
        "compliance": {"Firm", "Region", "Next"},
        "operator": set(),
    }
    assert queries.may_change(cast.agent_1001, own)
    assert not queries.may_change(cast.team_lead_1001, firm)
    assert not queries.may_change(cast.team_lead_1001, region)
    assert queries.may_change(cast.region_manager_r1, next_door)
    assert not queries.may_change(cast.compliance, firm)
    for told in ({"sharing": "firm"}, {"sharing": "unit", "unit": units["1002"]}):
        with pytest.raises(PermissionDenied):
            write(cast.team_lead_1001, name="x", **told)
    shared = write(cast.team_lead_1001, name="Ours", sharing="unit", unit=units["1001"])
    assert shared in queries.visible(cast.agent_1001)


def test_deeds_leave_their_trail_and_refuse_what_is_stale(cast: SimpleNamespace) -> None:
    actor = cast.value_analyst
    segment = write(actor)
    with pytest.raises(ValidationError):
        write(actor)
    told = deeds.SegmentTold(name="Richer", rule={"all": [{"field": "score", "op": "gte", "value": "80"}]})
    changed = deeds.change_segment(actor=actor, segment=segment, version=1, told=told)
    assert (changed.rule_version, changed.version, changed.rules.count()) == (2, 2, 2)
    with pytest.raises(Stale):
        deeds.change_segment(actor=actor, segment=segment, version=1, told=told)
    with pytest.raises(PermissionDenied):
        deeds.archive_segment(actor=cast.agent_1001, segment=segment, version=2)
    deeds.share_segment(actor=actor, segment=segment, version=2, sharing="firm")
    deeds.archive_segment(actor=actor, segment=segment, version=3)
    assert not queries.visible(actor).exists()
    deeds.restore_segment(actor=actor, segment=segment)
    assert queries.visible(actor).get().name == "Richer"
    trail = AuditEntry.objects.filter(subject_type="segment").order_by("id")
    assert list(trail.values_list("deed", flat=True)) == [
        "segment.made", "segment.changed", "segment.shared", "segment.archived", "segment.restored",
    ]  # fmt: skip


def test_the_night_keeps_only_so_many(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deeds, "MOST_KEPT", 1)
    write(cast.value_analyst)
    with pytest.raises(Conflict):
        write(cast.value_analyst, name="Second")
    assert write(cast.value_analyst, name="Second", is_kept=False).pk


def test_the_database_holds_what_a_segment_is(cast: SimpleNamespace, units: dict[str, Unit]) -> None:
    for told in (
        {"sharing": "unit"}, {"sharing": "firm", "unit": units["1001"]}, {"owner": None},
        {"is_kept": False, "tells": True},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Segment.objects.create(
                **{"name": "x", "rule": RICH, "owner": cast.agent_1001, "owner_name": "x"} | told
            )


def test_it_is_a_filter_of_the_client_list(
    cast: SimpleNamespace, clients: dict[str, Client], as_person: Speak
) -> None:
    firm = write(cast.value_analyst, sharing="firm")
    hidden = write(cast.value_analyst, name="Hidden")
    page = list_sources()["clients"].page_for(cast.agent_1001, f"segment={firm.pk}")
    assert [row["client_no"] for row in page.page.rows] == ["Ca"]
    assert list_sources()["clients"].page_for(cast.agent_1001, f"segment={hidden.pk}").has_errors
    answer = as_person(cast.team_lead_1001).post(
        "/bulk/of/clients/campaign/", {"everything": "1", "query": f"segment={firm.pk}"}
    )
    assert answer.status_code == 302
    assert answer.url.startswith("/bulk/run/")


def test_built_counted_and_saved_on_the_page(
    cast: SimpleNamespace, clients: dict[str, Client], as_person: Speak
) -> None:
    browser = as_person(cast.agent_1001)
    form = {"n.join": "all", "n-0.field": "score", "n-0.was": "score", "n-0.op": "gte", "n-0.value": "70"}
    tree = browser.post("/segments/saved/new/", form | {"do": "group:n"}, headers={"HX-Target": "builder"})
    assert tree.headers["HX-Trigger"]
    assert 'name="n-1-0.field"' in tree.content.decode()
    counted = browser.post("/segments/saved/count/", form).content.decode()
    assert ">1</dd>" in counted
    assert "Ca" in counted
    wrong = browser.post("/segments/saved/new/", form | {"n-0.value": "", "name": "Mine"})
    assert wrong.status_code == 422
    saved = browser.post("/segments/saved/new/", form | {"name": "Mine", "is_kept": "on"})
    segment = Segment.objects.get(name="Mine")
    assert saved.url == f"/segments/saved/{segment.pk}/"
    assert segment.rule == RICH
    night(NIGHTS[0])
    for path in ("", "now/", "moves/", "edit/"):
        assert browser.get(f"{saved.url}{path}").status_code == 200
    away = browser.post(f"{saved.url}archive/", {"version": "1"})
    assert f"{saved.url}restore/" in browser.get(away.url).content.decode()
    assert browser.post(f"{saved.url}restore/").url == saved.url


def test_rest_writes_reads_and_counts(
    cast: SimpleNamespace, clients: dict[str, Client], as_person: Speak
) -> None:
    caller = as_person(cast.agent_1001)
    send = {"content_type": "application/json"}
    refused = caller.post("/api/v1/segments/", {"name": "x", "rule": {"all": []}}, **send)
    assert refused.status_code == 400
    made = caller.post("/api/v1/segments/", {"name": "Mine", "rule": RICH}, **send)
    assert made.status_code == 201
    here = f"/api/v1/segments/{made.json()['id']}/"
    rows = caller.get(f"{here}members/").json()["results"]
    assert [(row["client_no"], row["tier"], row["score"]) for row in rows] == [("Ca", "V3", "80.00")]
    night(NIGHTS[0])
    assert [row["entered_on"] for row in caller.get(f"{here}moves/").json()["results"]] == ["2026-10-30"]
    assert caller.get(f"{here}trend/").json()[0]["members"] == 1
    stale = caller.put(here, {"name": "Mine", "rule": RICH}, headers={"If-Match": '"old"'}, **send)
    assert stale.status_code == 412
    tag = caller.get(here).headers["ETag"]
    assert (
        caller.put(here, {"name": "Ours", "rule": RICH}, headers={"If-Match": tag}, **send).json()["name"]
        == "Ours"
    )
    counted = caller.post("/api/v1/segment-counts/", {"rule": RICH}, **send).json()
    assert (counted["clients"], counted["exact"]) == (1, True)
    assert {one["field"] for one in caller.get("/api/v1/segment-fields/").json()} >= {
        "score",
        "contact",
        "tags",
    }
    assert caller.delete(here).status_code == 204
    assert caller.get(here).status_code == 404


def test_large_counts_are_estimated_from_a_sample(
    cast: SimpleNamespace, clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "COUNTED_TO", 1)
    rule = queries.rule_of(write(cast.value_analyst))
    found = counting.count(cast.value_analyst, rule)
    assert (found.clients, found.exact) == (2, False)  # the sample is everybody here


def test_lists_ask_as_many_questions_for_many(
    cast: SimpleNamespace, clients: dict[str, Client], as_person: Speak, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        write(cast.agent_1001, name=f"S{number}")
    browser = as_person(cast.agent_1001)
    browser.get("/segments/saved/")
    with django_assert_max_num_queries(14):
        browser.get("/segments/saved/")
