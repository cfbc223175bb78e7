"""Where every client stands (ClientStanding), for the apps below; stages of the ladder (S11)."""

from datetime import date
from decimal import Decimal

from django.db import connection

from clients.models import ClientStanding
from tests.segmentation.test_scores import publish_ladder
from tests.segmentation.world import World, day

D = Decimal


def standing(world: World, no: str) -> ClientStanding:
    return ClientStanding.objects.get(client=world.clients[no])


def test_held_lost_excluded_and_not_yet_effective(world: World) -> None:
    held = world.client("HELD")
    world.months(held, "2024-01", "2024-05", 20_000, net_commission=10, trades=1)
    lost = world.client("LOST")
    world.months(lost, "2024-01", "2024-05", 20_000, net_commission=1, trades=1)
    world.custody(lost, "2024-05-03", 0)
    dead = world.client("DEAD", deceased_on=date(2024, 5, 3), statuses=[("2024-05-03", "deceased")])
    world.months(dead, "2024-01", "2024-05", 20_000, trades=1)
    prospect = world.client("PROSPECT", callback_passed_on=None)
    world.months(prospect, "2024-01", "2024-05", 5_000)
    publish_ladder()
    world.run("2024-05-12")
    found = {no: standing(world, no) for no in world.clients}
    assert {no: (row.held, row.tier, row.stage) for no, row in found.items()} == {
        "HELD": (True, "V2", "repeat"), "LOST": (False, "", "lapsed"), "DEAD": (False, "", "repeat"),
        "PROSPECT": (False, "", "prospect"),
    }  # fmt: skip
    assert (found["HELD"].assets, found["HELD"].contribution_12m) == (D(20_000), D(50))
    assert found["HELD"].score == world.tonight(held).score
    assert (found["LOST"].score, found["LOST"].assets, found["LOST"].contribution_12m) == (
        None,
        D(20_000),
        D(5),
    )
    assert found["LOST"].last_trade_on == date(2024, 5, 15)


def test_s11_stages_by_active_months_families_and_tenure(world: World) -> None:
    cases = {
        "CLIENT6": ({"trades": 1}, "2024-06", "client"),
        "REPEAT": ({"trades": 1}, "2024-02", "repeat"),
        "FIRST": ({"trades": 1}, "2024-01", "first"),
        "FAMILIES": ({"product_families": 2}, None, "client"),
        "PROSPECT": ({"product_families": 1}, None, "prospect"),
    }
    for no, (facts, traded_to, _stage) in cases.items():
        client = world.client(no)
        trades = facts.pop("trades", 0)
        for number in range(1, 7):
            month = f"2024-{number:02d}"
            world.month(
                client, month, 20_000, trades=trades if traded_to and month <= traded_to else 0, **facts
            )
    young = world.client("YOUNG", opened_on=date(2024, 1, 3))
    world.months(young, "2024-01", "2024-06", 20_000, product_families=2)
    world.run("2024-06-30")
    found = {no: standing(world, no).stage for no in world.clients}
    assert found == {no: stage for no, (_facts, _to, stage) in cases.items()} | {"YOUNG": "repeat"}


def test_assets_are_those_of_the_last_counted_day(world: World) -> None:
    """On 2 May no trading day has been counted yet; in April the second branch had none."""
    client = world.client(moves=[("2024-04-28", "1002", "")])
    world.months(client, "2024-01", "2024-03", 20_000)
    world.month(client, "2024-04", 30_000)
    world.month(client, "2024-04", 0, days=0, branch="1002")
    world.month(client, "2024-05", 0, days=0, branch="1002")
    world.run("2024-05-02")
    assert standing(world, "C1").assets == D(30_000)
    assert standing(world, "C1").branch == world.units["1002"]


def test_only_changed_rows_are_written(world: World) -> None:
    for no in ("SAME", "OTHER"):
        world.months(world.client(no), "2024-01", "2024-03", 20_000)
    world.run("2024-03-10")
    world.clients["OTHER"].months.filter(month=date(2024, 3, 1)).update(net_commission=5)
    with connection.cursor() as cursor:
        cursor.execute("SELECT client_id, ctid::text FROM clients_clientstanding")
        before = dict(cursor.fetchall())
        world.run("2024-03-11", since="2024-03")
        cursor.execute("SELECT client_id, ctid::text FROM clients_clientstanding")
        after = dict(cursor.fetchall())
    changed = {no for no, client in world.clients.items() if before[client.pk] != after[client.pk]}
    assert changed == {"OTHER"}
    assert {no: standing(world, no).as_of for no in world.clients} == {
        "SAME": day("2024-03-10"), "OTHER": day("2024-03-11"),
    }  # fmt: skip
