"""The same rows whatever happens: run twice, killed in a chunk, cut into other shards, night after night."""

import json
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection

from core import sql
from tests.segmentation.world import World

TABLES = {
    "segmentation_lifecycleevent": "client_id, on_date, event",
    "segmentation_scoreclose": "client_id, as_of",
    "segmentation_clientscore": "client_id",
    "segmentation_tierspan": "client_id, from_date",
    "clients_clientstanding": "client_id",
    "segmentation_tierretention": "as_of, tier",
    "segmentation_segmentfigure": "as_of, branch_id, tier, asset_class, value_bin",
    "segmentation_tierfigure": "as_of, branch_id, manager_no, tier",
    "segmentation_cellfigure": "as_of, branch_id, manager_no, current_band, potential_band",
    "segmentation_cohortfigure": "as_of, branch_id, manager_no, quarter",
}


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the step's tables; the standing's date apart, which tells when a row last changed."""
    found = {}
    with connection.cursor() as cursor:
        for table, order in TABLES.items():
            cursor.execute(f"SELECT to_jsonb(t) FROM {table} t ORDER BY {order}")
            rows = [json.loads(row[0]) for row in cursor.fetchall()]
            if table == "clients_clientstanding":
                rows = [{name: value for name, value in row.items() if name != "as_of"} for row in rows]
            found[table] = rows
    return found


@pytest.fixture
def busy(world: World) -> World:
    """Clients of every sort over 10 months, with published breakpoints."""
    for number in range(16):
        client = world.client(
            f"C{number:02d}",
            opened_on=date(2024, 1 + number % 6, 3) if number % 3 else date(2020, 1, 1),
            moves=[("2024-07-10", "1002", "M2")] if number % 5 == 0 else [],
        )
        first = f"2024-{1 + number % 6:02d}" if number % 3 else "2024-01"
        world.months(
            client, first, "2024-10", 9_000 + 400 * number, net_commission=number * 3, trades=number % 2
        )
        if number % 7 == 0:
            world.custody(client, "2024-05-12", 0)
    world.run("2024-08-31")
    world.publish("2024-08-31")
    return world


def written_by(run: Callable[[], Any]) -> int:
    before = _writes()
    run()
    return _writes() - before


def _writes() -> int:
    """Rows written to the tables in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables"
            " WHERE relname = ANY (%s)",
            [[name for name in TABLES if not name.endswith("figure")]],  # those are made anew each time
        )
        return int(cursor.fetchone()[0])


def test_run_twice_writes_nothing_the_second_time(busy: World) -> None:
    busy.run("2024-10-14")
    once = everything()
    assert len(once["segmentation_scoreclose"]) > 80
    assert written_by(lambda: busy.run("2024-10-14")) == 0
    assert everything() == once


def test_night_after_night_gives_the_rows_of_one_run(busy: World) -> None:
    busy.run("2024-10-14")
    at_once = everything()
    for table in TABLES:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
    busy.run("2024-03-31")
    nights = ["2024-06-11", "2024-06-30", "2024-08-31", "2024-10-02", "2024-10-13", "2024-10-14"]
    for last, as_of in pairwise(["2024-03-31", *nights]):
        busy.run(as_of, since=last[:7])
    assert everything() == at_once


def test_other_shards_give_the_same_rows(busy: World) -> None:
    busy.run("2024-10-14")
    once = everything()
    ids = sorted(client.pk for client in busy.clients.values())
    for table in TABLES:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
    busy.shards = tuple((ids[start], ids[min(start + 4, len(ids) - 1)]) for start in range(0, len(ids), 5))
    busy.run("2024-10-14")
    assert everything() == once


@pytest.mark.parametrize("dies_at", ["event_upsert", "raw_stage", "close_upsert", "close_tier", "span_upsert",
                                     "standing_insert", "segment_figure"])  # fmt: skip
def test_killed_anywhere_and_started_again(
    busy: World, dies_at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = sorted(client.pk for client in busy.clients.values())
    busy.shards = ((ids[0], ids[7]), (ids[8], ids[-1]))
    busy.run("2024-10-14")
    once = everything()
    for table in TABLES:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
    whole, calls = sql.run, []

    def dying(app: str, name: str, params: Any = None) -> int:
        calls.append(name)
        if name == dies_at and calls.count(name) == 2:
            raise ConnectionError("killed")
        return whole(app, name, params)

    monkeypatch.setattr(sql, "run", dying)
    with pytest.raises(ConnectionError):
        busy.run("2024-10-14")
    busy.go_on()
    assert everything() == once
    assert calls.count(dies_at) > 1


def test_a_correction_redoes_only_its_client(busy: World) -> None:
    busy.run("2024-10-14")
    client = busy.clients["C04"]
    client.months.filter(month=date(2024, 6, 1)).update(net_commission=999)
    busy.run("2024-10-14", since="2024-10", dirty={client: "2024-06"})
    redone = everything()
    for table in TABLES:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
    busy.run("2024-10-14")
    assert everything() == redone
