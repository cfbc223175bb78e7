"""Units of the scenario and the clients that pass between them (K1-K5, K11, K12)."""

from __future__ import annotations

from datetime import date, timedelta

from ..world import World

BRANCHES = ("1001", "1002", "1003", "1004", "1005", "1006", "1007", "1008", "1009", "1010")
FIRST_MERGER, SECOND_MERGER = date(2025, 6, 16), date(2025, 11, 14)


def tell_units(world: World) -> None:
    """A head office, three regions, branches; mergers in a chain, a closure, a new branch, a new region."""
    first = world.days[0]
    world.unit(first, "HQ", "hq", "", opened="1995-01-01")
    for region in ("R1", "R2", "R3"):
        world.unit(first, region, "region", "HQ", opened="1995-01-01")
    for place, code in enumerate(BRANCHES):
        world.unit(first, code, "branch", f"R{place % 3 + 1}")
    world.unit(
        world.on(2025, 6, 18), "1010", "branch", "R1", closed=FIRST_MERGER.isoformat(), successor="1009"
    )
    world.unit(
        world.on(2025, 11, 17), "1009", "branch", "R3", closed=SECOND_MERGER.isoformat(), successor="1001"
    )
    world.unit(world.on(2026, 1, 28), "1008", "branch", "R2", closed="2026-01-20")
    world.unit(world.on(2025, 7, 1), "1011", "branch", "R3", opened="2025-07-01")
    world.unit(world.on(2025, 9, 1), "1004", "branch", "R2")
    world.unit(first, "1012", "branch", "HQ", opened="2001-01-01")


def add_cases(world: World) -> None:
    """All clients of this file."""
    _transfers(world)
    _transfers_before_loss(world)
    _managers(world)
    _merged(world)
    _others(world)


def _transfers(world: World) -> None:
    plain = world.client("K1 transfer within a quarter", branch_code="1001")
    plain.change(world.on(2025, 8, 11), branch_code="1002", manager_no="M1002B")
    inside = world.client("K4 transfer inside a region", branch_code="1001")
    inside.change(world.on(2025, 8, 12), branch_code="1007", manager_no="M1007A")
    back = world.client("K1 out and in again in one month", branch_code="1002")
    back.change(world.on(2025, 10, 9), branch_code="1003")
    back.change(world.on(2025, 10, 24), branch_code="1002")
    far = world.client("K1 out and in again over a quarter end", branch_code="1002")
    far.change(world.on(2025, 9, 22), branch_code="1003")
    far.change(world.on(2025, 10, 27), branch_code="1002")
    twice = world.client("K1 two transfers, netted", branch_code="1004")
    twice.change(world.on(2025, 4, 7), branch_code="1005")
    twice.change(world.on(2025, 5, 20), branch_code="1006")
    month_end = world.client("F3 transfer on the last day of a month", branch_code="1005")
    month_end.change(world.last_day(2025, 7), branch_code="1006", manager_no="M1006A")
    entrant = world.client("K2 entrant moves on", opened=date(2025, 4, 3), branch_code="1003")
    entrant.change(world.on(2025, 6, 5), branch_code="1004", manager_no="M1004A")
    in_lost = world.client("K1 L_in: transferred in, lost much later", branch_code="1001")
    in_lost.change(world.on(2025, 7, 3), branch_code="1002", manager_no="M1002A")
    in_lost.close(date(2025, 9, 18))
    out_excluded = world.client("K1 excluded after a transfer: X at the opening unit", branch_code="1003")
    out_excluded.change(world.on(2025, 10, 10), branch_code="1005", manager_no="M1005A")
    out_excluded.change(world.on(2025, 12, 3), status="deceased")
    flash = world.client("K1 FLASH at the unit of entry", opened=date(2025, 7, 2), branch_code="1006")
    flash.change(world.on(2025, 8, 20), branch_code="1001")
    flash.close(date(2025, 9, 24))
    regained = world.client("K1 lost, moved, held again", branch_code="1004")
    regained.custody(world.on(2025, 7, 8), 0)
    regained.change(world.on(2025, 7, 15), branch_code="1001", manager_no="M1001B")


def _transfers_before_loss(world: World) -> None:
    moved = world.on(2025, 5, 12)
    for gap in (29, 30, 31, 32):
        client = world.client(f"K3 closed {gap} days after a transfer", branch_code="1002")
        client.change(moved, branch_code="1005", manager_no="M1005B")
        client.close(moved + timedelta(days=gap))
    over = world.client("K3 transfer before, loss after a quarter end", branch_code="1003")
    over.change(world.on(2025, 6, 23), branch_code="1007", manager_no="M1007B")
    over.close(date(2025, 7, 10))
    double = world.client("K3 two transfers in the last 30 days", branch_code="1004")
    double.change(world.on(2025, 8, 18), branch_code="1001", manager_no="M1001A")
    double.change(world.on(2025, 8, 28), branch_code="1006", manager_no="M1006B")
    double.custody(world.on(2025, 9, 9), "99.9999")
    early = world.client("K3 early transfer stays, late one is undone", branch_code="1005")
    early.change(world.on(2025, 10, 9), branch_code="1001", manager_no="M1001A")
    early.change(world.on(2025, 12, 8), branch_code="1002", manager_no="M1002A")
    early.close(date(2025, 12, 22))
    excluded = world.client("K3 does not touch exclusions", branch_code="1006")
    excluded.change(world.on(2026, 2, 2), branch_code="1002", manager_no="M1002A")
    excluded.change(world.on(2026, 2, 10), status="deceased")
    manager = world.client("K3 manager changed shortly before the loss", branch_code="1007")
    manager.change(world.on(2025, 11, 5), manager_no="M1007B")
    manager.close(date(2025, 11, 26))


def _managers(world: World) -> None:
    change = world.client("K11 change of manager", branch_code="1001")
    change.change(world.on(2025, 9, 10), manager_no="M1001B")
    none = world.client("K11 without a manager", branch_code="1002", manager_no="")
    none.income(world.on(2025, 9, 10), "other", "12.3400")
    gains = world.client("K11 gets a manager", branch_code="1002", manager_no="")
    gains.change(world.on(2025, 10, 20), manager_no="M1002B")
    loses = world.client("K11 loses its manager, then closes", branch_code="1003")
    loses.change(world.on(2025, 10, 20), manager_no="")
    loses.close(date(2026, 1, 15))
    world.client(
        "K12 manager with a prospect only",
        opened=date(2025, 8, 5),
        branch_code="1004",
        manager_no="M1004Z",
        assets=0,
        callback=None,
    )
    entered = world.client(
        "K11 enters without a manager", opened=date(2025, 7, 7), branch_code="1005", manager_no=""
    )
    entered.change(world.on(2025, 9, 8), manager_no="M1005A")
    abroad = world.client("K11 manager over two branches", branch_code="1006", manager_no="M1006B")
    abroad.change(world.on(2025, 12, 1), branch_code="1001")


def _merged(world: World) -> None:
    for code in ("1009", "1010"):
        for _ in range(6):
            client = world.client(f"K5 client of {code}, no row follows", branch_code=code)
            client.trade(world.on(2025, 6, 17), 20000, "18.0000")
            client.trade(world.on(2025, 11, 18), 30000, "21.0000")
    follows = world.client("K5 a row follows the merger", branch_code="1010")
    follows.change(world.on(2025, 6, 20), branch_code="1009", manager_no="M1009A")
    follows.change(world.on(2025, 11, 24), branch_code="1001", manager_no="M1001A")
    between = world.client("K5 transfer between the later merged vanishes", branch_code="1009")
    between.change(world.on(2025, 3, 10), branch_code="1001", manager_no="M1001A")
    away = world.client("K5 leaves the merged branch", branch_code="1009")
    away.change(world.on(2025, 12, 9), branch_code="1002", manager_no="M1002A")
    closed = world.client("K5 closed shortly after the merger", branch_code="1009")
    closed.close(date(2025, 11, 28))
    entrant = world.client("K5 effective in the predecessor", opened=date(2025, 5, 6), branch_code="1010")
    entrant.trade(world.on(2025, 5, 20), 50000, "40.0000")


def _others(world: World) -> None:
    world.client("K12 client of a branch closed without successor", branch_code="1008")
    world.client("K12 branch without region", branch_code="1012")
    waits = world.client("F6 client told before its branch", told=world.on(2025, 6, 26), branch_code="1011")
    waits.trade(world.on(2025, 6, 27), 9000, "9.0000")
    new = world.client("K12 client of a new branch", opened=date(2025, 7, 10), branch_code="1011")
    new.trade(world.on(2025, 7, 30), 9000, "9.0000")
    moved = world.client("K12 region changes for all periods", branch_code="1004")
    moved.change(world.on(2025, 8, 4), branch_code="1002", manager_no="M1002A")
    late = world.client(
        "F4 first row told late also holds before", told=world.on(2025, 3, 10), branch_code="1006"
    )
    late.flow(world.on(2025, 3, 11), "in", "500.00", at="2025-02-03T09:00:00")
    gone = world.client("F9 moves branch after closing", branch_code="1003")
    gone.close(date(2025, 8, 13))
    gone.change(world.on(2025, 8, 20), branch_code="1004")
    gone.flow(world.on(2025, 8, 22), "out", "50000.00")
