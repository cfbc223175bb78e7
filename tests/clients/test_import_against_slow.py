"""A chunk done set-based leaves what its rows would leave done one by one, by the deeds of single records."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients import tasks
from clients.actions import import_rows
from clients.actions import imports as deeds
from clients.actions.contacts import add_contact_point
from clients.actions.editing import edit_client
from clients.actions.prospects import RECORD_FIELDS, Origin, enter_prospect
from clients.actions.tags import give_tag
from clients.importing.plans import CREATE, FAIL, UPDATE, Plan, plans
from clients.importing.rows import asked
from clients.models import Client, ClientImport, ClientTag, ContactPoint, Reading, Relation, StageChange
from core import crypto
from core.models import AuditEntry, OutboxMessage
from staff.models import Unit
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
Units = dict[str, Unit]
FIELDS = [
    "client_no", "name", "kind", "mobile", "id_number", "short_name", "remark", "occupation",
    "declared_outside_assets", "tags", "contact_mobile", "contact_email", "branch", "referred_by", "source",
]  # fmt: skip
CELLS = {
    "client_no": ["", "", "", "C000001", "C000002", "C999999"],
    "name": ["", "单乐", "王小明", "上海曾氏实业有限公司"],
    "kind": ["", "individual", "institution"],
    "mobile": ["", "13811112222", "13811113333", "13900000001"],
    "id_number": ["", "", "110105194912310038", "110105194912310021"],
    "short_name": ["", "曾氏", "长乐"],
    "remark": ["", "新", "旧"],
    "occupation": ["", "教师"],
    "declared_outside_assets": ["", "1,000", "0.5"],
    "tags": ["", "甲", "甲、乙", "甲 ,甲"],
    "contact_mobile": ["", "13700000000"],
    "contact_email": ["", "a@example.com"],
    "branch": ["", "1001", "1002"],
    "referred_by": ["", "", "C000001"],
    "source": ["", "event"],
}
row = st.tuples(*(st.sampled_from(CELLS[name]) for name in FIELDS)).map(list)


@pytest.fixture
def world(cast: SimpleNamespace, units: Units) -> Any:
    """Two clients of 1001 that rows may mean, one of them with a tag."""
    one = make_client(units["1001"], "C000001", mobile="13900000001", remark="旧")
    edit_client(actor=cast.team_lead_1001, client=one, values={"short_name": "旧名"}, version=one.version)
    two = make_client(units["1001"], "C000002", mobile="13900000002", id_number="11010519491231002X")
    give_tag(actor=cast.team_lead_1001, client=two, name="甲")
    return cast.branch_manager_1001


def state() -> dict[str, Any]:
    """Everything an import may write, without keys and moments; prospects by name, for numbers are drawn."""
    clients = Client.objects.order_by("pk").select_related("branch")
    known = {client.pk: client.client_no if client.status != "prospect" else "P" for client in clients}
    return {
        "clients": [
            (
                known[one.pk], one.kind, one.name, one.pinyin, one.initials, one.id_type, one.id_index,
                one.mobile_index, one.mobile_tail_index, one.branch.code, one.manager_no, one.short_name,
                one.remark, one.occupation, one.declared_outside_assets, one.status, one.version,
            )
            for one in clients
        ],
        "readings": sorted((known[r.client_id], r.of, r.pinyin, r.initials) for r in Reading.objects.all()),
        "steps": list(
            StageChange.objects.order_by("prospect_id").values_list(
                "prospect__source", "prospect__source_detail", "prospect__entered_by", "old_stage", "stage"
            )
        ),
        "tags": sorted((known[t.client_id], t.tag.name, t.given_by) for t in ClientTag.objects.all()),
        "points": sorted(
            (known[p.client_id], p.kind, crypto.unseal(p.value, p.context), p.added_by, p.ended_at is None)
            for p in ContactPoint.objects.all()
        ),
        "relations": list(Relation.objects.order_by("pk").values_list("other__client_no", "kind", "to_date")),
    }  # fmt: skip


def told() -> list[Any]:
    """Trail entries and events of the single deeds, in any order."""
    deeds = ("prospect.entered", "contact_point.added")
    entries = AuditEntry.objects.filter(deed__in=deeds)
    events = OutboxMessage.objects.filter(event__in=deeds).values_list("event", "unit_code")
    return sorted(
        [(one.deed, one.chain_id, one.actor_name, json.dumps(one.detail, sort_keys=True)) for one in entries]
    ) + sorted(events)


def undoing(do: Callable[[], Any]) -> Any:
    """What it returns; whatever it wrote is gone."""
    with transaction.atomic():
        found = do()
        transaction.set_rollback(True)
    return found


def slowly(lead: Any, rows: list[list[str]]) -> Any:
    """Each row by the deeds for one record."""
    told_rows = [asked(number, cells, FIELDS) for number, cells in enumerate(rows, 2)]
    for plan in plans(lead, told_rows, branch="1001"):
        if plan.does == UPDATE:
            _update(lead, plan)
        elif plan.does == CREATE:
            _create(lead, plan)
    return state(), told()


def _update(lead: Any, plan: Plan) -> None:
    client = plan.client
    assert client is not None
    if plan.changes:
        values = {name: new for name, (_old, new) in plan.changes.items()}
        client = edit_client(actor=lead, client=client, values=values, version=client.version)
    _hang(lead, client, plan)


def _create(lead: Any, plan: Plan) -> None:
    values = {name: value for name, value in plan.row.values.items() if name in RECORD_FIELDS}
    values.setdefault("kind", "individual")
    source = plan.row.values.get("source", "list")
    assert plan.branch is not None
    prospect = enter_prospect(
        actor=lead, branch=plan.branch, manager_no="", values=values,
        origin=Origin(source, "", plan.referrer),
    )  # fmt: skip
    _hang(lead, prospect.client, plan)


def _hang(lead: Any, client: Client, plan: Plan) -> None:
    for name in plan.tags:
        give_tag(actor=lead, client=client, name=name)
    for kind, value in plan.points:
        add_contact_point(actor=lead, client=client, kind=kind, value=value)


def imported(lead: Any, rows: list[list[str]]) -> ClientImport:
    """The rows through upload, dry run and deed."""
    text = "\n".join("\t".join(f'"{cell}"' for cell in [*cells, "."]) for cells in [[*FIELDS], *rows])
    made = deeds.receive_import(actor=lead, name="x.tsv", chunks=[text.encode()])
    work(made)
    deeds.name_columns(actor=lead, made=made, mapping=[*FIELDS, ""], branch="1001")
    work(made)
    deeds.start_import(actor=lead, made=made)
    return work(made)


def work(made: ClientImport) -> ClientImport:
    made.refresh_from_db()
    tasks.import_work_job(made.job.pk)  # type: ignore[union-attr]
    made.refresh_from_db()
    return made


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(row, min_size=1, max_size=7))
def test_rows_together_leave_what_rows_one_by_one_leave(world: Any, rows: list[list[str]]) -> None:
    slow = undoing(lambda: slowly(world, rows))
    fast = undoing(lambda: (imported(world, rows), state(), told())[1:])
    assert fast == slow


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(row, min_size=1, max_size=6))
def test_taken_back_everything_is_as_before(world: Any, rows: list[list[str]]) -> None:
    before = state()

    def there_and_back() -> Any:
        made = imported(world, rows)
        deeds.start_undo(actor=world, made=made)
        return work(made).counts, state()

    counts, after = undoing(there_and_back)
    assert not {"create", "update", "stayed"} & set(counts)
    assert without_versions(after) == without_versions(before)


def without_versions(found: dict[str, Any]) -> dict[str, Any]:
    """Versions only grow, and contact points are ended instead of deleted."""
    in_use = [point for point in found["points"] if point[-1]]
    return {**found, "clients": [one[:-1] for one in found["clients"]], "points": in_use}


def test_a_row_that_is_refused_stops_no_other(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole is tried again row by row; what fails leaves nothing of itself and says so."""
    blank = [""] * len(FIELDS)
    rows = [[*blank] for _one in range(3)]
    for number, cells in enumerate(rows):
        cells[FIELDS.index("name")] = f"客户{number}"
        cells[FIELDS.index("mobile")] = f"1381111000{number}"
    whole = import_rows.add_contact_points
    rows[1][FIELDS.index("contact_email")] = "b@example.com"

    def refuse(*, actor: Any, given: Any) -> Any:
        return whole(actor=actor, given=[(client, kind, "no address") for client, kind, _value in given])

    monkeypatch.setattr(import_rows, "add_contact_points", refuse)
    made = imported(world, rows)
    assert made.counts == {"create": 2, "fail": 1}
    assert sorted(Client.objects.filter(status="prospect").values_list("name", flat=True)) == [
        "客户0",
        "客户2",
    ]
    assert not ContactPoint.objects.exists()


def test_later_chunks_are_taken_back_first(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deeds, "CHUNK", 1)
    rows = [[""] * len(FIELDS) for _one in range(2)]
    for cells, remark in zip(rows, ("eins", "zwei"), strict=True):
        cells[0], cells[FIELDS.index("remark")] = "C000001", remark
    made = imported(world, rows)
    assert Client.objects.get(client_no="C000001").remark == "zwei"
    deeds.start_undo(actor=world, made=made)
    assert work(made).counts == {"undone": 2}
    assert Client.objects.get(client_no="C000001").remark == "旧"


def test_a_chunk_costs_as_many_queries_as_a_row(world: Any, django_assert_max_num_queries: Any) -> None:
    def cost(count: int, first: int) -> int:
        rows = [[""] * len(FIELDS) for _one in range(count)]
        for number, cells in enumerate(rows, first):
            cells[FIELDS.index("name")], cells[FIELDS.index("mobile")] = "新人", f"138{number:08d}"
            cells[FIELDS.index("tags")], cells[FIELDS.index("contact_mobile")] = "甲", f"139{number:08d}"
        with django_assert_max_num_queries(400) as seen:
            made = imported(world, rows)
            deeds.start_undo(actor=world, made=made)
            assert work(made).counts == {"undone": count}
        return len(seen)

    cost(1, 1)  # the tag is made, and what is looked up once stays in memory
    assert cost(2, 10) == cost(60, 100)


def test_failed_ones_are_none_of_the_done(world: Any) -> None:
    """Rows that find nothing stay out of every table."""
    before = state()
    cells = [""] * len(FIELDS)
    cells[0] = "C999999"
    made = imported(world, [cells])
    assert made.counts == {FAIL: 1}
    assert state() == before
