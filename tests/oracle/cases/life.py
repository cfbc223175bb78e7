"""Clients that enter, leave, come back and die in every way the lifecycle rules settle (L1-L12)."""

from __future__ import annotations

from datetime import date

from ..world import Rows, Subject, World


def add_cases(world: World) -> None:
    """All clients of this file."""
    _opening(world)
    _entries(world)
    _closures(world)
    _custody(world)
    _soft(world)
    _deaths(world)
    _same_id(world)


def _opening(world: World) -> None:
    world.client("L3 opening stock")
    world.client("L3 opening stock opened days before", opened=date(2024, 12, 16), told=world.days[0])
    world.client("L3 opening stock opened in November", opened=date(2024, 11, 30), told=world.days[0])
    moved = world.client("L3 transferred inside the first month")
    moved.custody(world.on(2025, 1, 10), 5)
    drained = world.client("L3 transferred and drained inside the first month", assets=90000)
    drained.custody(world.on(2025, 1, 21), 0, "designation_withdrawn")
    drained.level(world.on(2025, 1, 21))
    closed = world.client("L12 closed inside the first month")
    closed.close(date(2025, 1, 15))
    died = world.client("L12 died inside the first month")
    died.change(world.on(2025, 1, 16), status="deceased")
    later = world.client("L3 old client effective later is N", assets=3000)
    later.level(world.on(2025, 4, 8), market_value=30000)
    paid = world.client("L3 opening stock by commission", assets=800)
    paid.trade(world.on(2025, 1, 8), 60000, "60.0000")
    world.client("L3 opening stock frozen at the close", status="frozen")
    world.client(
        "L12 closed before the first month",
        opened=date(2012, 3, 5),
        status="closed",
        closed_on="2024-12-20",
        assets=0,
    )


def _entries(world: World) -> None:
    world.client("L2 effective by assets", opened=date(2025, 3, 5), branch_code="1004")
    exact = world.client("L2 exactly 10 000 on average", opened=date(2025, 3, 5), assets=10000)
    exact.level(world.on(2025, 3, 20), market_value=12000)
    world.client("L2 just below 10 000", opened=date(2025, 3, 5), assets="9999.9999")
    paid = world.client("L2 effective by exactly 50 of commission", opened=date(2025, 2, 10), assets=2000)
    paid.trade(world.on(2025, 2, 20), 10000, "20.0000", handling_fee="0", csrc_fee="0")
    paid.trade(world.on(2025, 4, 22), 10000, "30.0000", handling_fee="0", csrc_fee="0")
    short = world.client("L2 commission just below 50", opened=date(2025, 2, 10), assets=2000)
    short.trade(world.on(2025, 2, 20), 10000, "49.9999", handling_fee="0", csrc_fee="0")
    world.client("L2 callback passed next month", opened=date(2025, 5, 12), callback=date(2025, 6, 3))
    world.client("L2 callback on the month's last day", opened=date(2025, 6, 4), callback=date(2025, 6, 30))
    world.client("L2 callback never passed", opened=date(2025, 5, 12), callback=None)
    thaws = world.client("L2 frozen at its first close", opened=date(2025, 5, 13), status="frozen")
    thaws.change(world.on(2025, 7, 9), status="normal")
    world.client("L2 opened on the month's last day", opened=date(2025, 9, 30))
    for _ in range(3):
        later = world.client("S1 effective 31 July, scored 31 October", opened=date(2025, 7, 8))
        later.trade(world.on(2025, 7, 22), 80000, "64.0000")
    frozen = world.client("L5 frozen later stays held")
    frozen.change(world.on(2025, 6, 10), status="frozen")


def _closures(world: World) -> None:
    on_time = world.client("L4 closed and told that day")
    on_time.close(date(2025, 4, 17))
    late = world.client("F24 closed 31 May, told in June")
    late.close(date(2025, 5, 31), told=world.on(2025, 6, 3))
    late_entry = world.client("F24 entrant closed late: no entry at all", opened=date(2025, 8, 6))
    late_entry.close(date(2025, 8, 29), told=world.on(2025, 9, 4))
    undone = world.client("L8 closure undone by a newer row")
    undone.close(date(2025, 10, 16))
    undone.change(world.on(2025, 11, 12), status="normal", closed_on="")
    undone.level(world.on(2025, 11, 12), market_value=50000)
    month_end = world.client("F3 closed on a month's last day")
    month_end.close(date(2025, 12, 31))
    flash = world.client(
        "K1 FLASH of a month: effective and gone the same quarter", opened=date(2025, 10, 10)
    )
    flash.close(date(2025, 12, 12))
    young = world.client("L12 closed before effective", opened=date(2025, 11, 5), callback=None)
    young.close(date(2025, 12, 18))
    final = world.client("F9 final withdrawal after closing")
    final.close(date(2025, 7, 24))
    final.flow(world.on(2025, 7, 28), "out", "50000.00")
    final.flow(world.on(2025, 8, 4), "out", "12.5000")
    final.income(world.on(2025, 8, 5), "margin_interest", "3.2100")
    weekend = world.client("F3 closed on a Sunday, told on Monday")
    weekend.close(date(2025, 11, 23), told=world.on(2025, 11, 24))


def _custody(world: World) -> None:
    for kind in ("designation_withdrawn", "custody_out"):
        client = world.client(f"L7 transferred by {kind}")
        client.custody(world.on(2025, 8, 14), "99.9900", kind)
        client.level(world.on(2025, 8, 14), market_value="99.9900")
    kept = world.client("L7 residual of exactly 100 is no loss")
    kept.custody(world.on(2025, 8, 15), "100.0000")
    first = world.client("L7 second event is the first below 100")
    first.custody(world.on(2025, 8, 18), 25000)
    first.custody(world.on(2025, 9, 2), 0)
    before = world.client("L12 custody before effective", opened=date(2025, 9, 3))
    before.custody(world.on(2025, 9, 15), 0)
    same = world.client("L12 custody on the date of EFFECTIVE", opened=date(2025, 10, 9))
    same.custody(world.on(2025, 10, 31), 0)
    back = world.client("L8 transferred, reactivated, transferred again")
    back.custody(world.on(2025, 3, 12), 0)
    back.level(world.on(2025, 3, 12))
    back.level(world.on(2025, 5, 6), market_value=45000)
    back.trade(world.on(2025, 5, 7), 40000, "30.0000")
    back.custody(world.on(2025, 12, 10), 0)
    back.level(world.on(2025, 12, 10))
    quick = world.client("K1 lost and reactivated within a quarter")
    quick.custody(world.on(2025, 4, 15), 10)
    last_day = world.client("L8 lost on a month end, back the month after")
    last_day.custody(world.last_day(2025, 9), 0)
    no_second = world.client("L5 closed after a transfer is no second event")
    no_second.custody(world.on(2025, 6, 5), 0)
    no_second.level(world.on(2025, 6, 5))
    no_second.close(date(2025, 9, 12))
    both = world.client("L4 closed and transferred on one date")
    both.custody(world.on(2025, 10, 21), 0)
    both.close(world.on(2025, 10, 21))
    frozen = world.client("L8 reactivated although frozen")
    frozen.custody(world.on(2025, 2, 13), 0)
    frozen.level(world.on(2025, 2, 13), market_value=200)
    frozen.change(world.on(2025, 3, 3), status="frozen")
    frozen.level(world.on(2025, 6, 9), market_value=20000)


def _fading(world: World, label: str, rest: object = 400, assets: object = 100000) -> Subject:
    client = world.client(label, assets=assets)
    client.level(world.on(2025, 4, 28), market_value=rest)
    return client


def _soft(world: World) -> None:
    plain = _fading(world, "L6 soft: money taken out")
    plain.flow(world.on(2025, 4, 28), "out", "99600.00")
    _fading(world, "L6 no loss: a market fall alone")
    half = _fading(world, "L6 soft: exactly half taken out")
    half.flow(world.on(2025, 4, 28), "out", "50000.00")
    less = _fading(world, "L6 no loss: just less than half taken out")
    less.flow(world.on(2025, 4, 28), "out", "49999.9999")
    netted = _fading(world, "L6 inflow after the peak month is netted")
    netted.flow(world.on(2025, 4, 28), "out", "60000.00")
    netted.flow(world.on(2025, 5, 9), "in", "20000.00")
    in_peak = world.client("L6 inflow within the peak month is not netted", assets=20000)
    in_peak.flow(world.on(2025, 3, 5), "in", "80000.00")
    in_peak.level(world.on(2025, 3, 5), market_value=100000)
    in_peak.flow(world.on(2025, 3, 28), "out", "97000.00")
    in_peak.level(world.on(2025, 3, 28), market_value=300)
    traded = _fading(world, "L6 a trade in the three months puts it off")
    traded.flow(world.on(2025, 4, 28), "out", "99600.00")
    traded.trade(world.on(2025, 6, 19), 300, "1.0000")
    back = _fading(world, "L8 soft, reactivated, faded again")
    back.flow(world.on(2025, 4, 28), "out", "99600.00")
    back.flow(world.on(2025, 9, 3), "in", "40000.00")
    back.level(world.on(2025, 9, 3), market_value=40000)
    back.flow(world.on(2025, 11, 25), "out", "40400.00")
    back.level(world.on(2025, 11, 25))
    slides = world.client("L6 soft once the peak slides out of the window", assets=100000)
    slides.level(world.on(2025, 2, 3), market_value=5000)
    slides.flow(world.on(2025, 4, 28), "out", "4600.00")
    slides.level(world.on(2025, 4, 28), market_value=400)
    tenth = _fading(world, "L6 no loss: exactly a tenth of the peak", rest=999, assets=9990)
    tenth.trade(world.on(2025, 1, 10), 20000, "60.0000")
    tenth.flow(world.on(2025, 4, 28), "out", "8991.00")
    late = _fading(world, "L6 outflow told late, close redone")
    late.flow(world.on(2025, 9, 10), "out", "99600.00", at="2025-04-28T11:00:00+08:00")
    moved = _fading(world, "K3 soft after a transfer")
    moved.flow(world.on(2025, 4, 28), "out", "99600.00")
    moved.change(world.on(2025, 7, 14), branch_code="1007", manager_no="M1007A")
    dead = _fading(world, "L4 deceased told on the day of soft", rest=0)
    dead.flow(world.on(2025, 4, 28), "out", "100000.00")
    dead.change(world.last_day(2025, 7), status="deceased")


def _deaths(world: World) -> None:
    plain = world.client("L9 deceased")
    plain.change(world.on(2025, 9, 16), status="deceased")
    shut = world.client("L4 deceased and closed on one date")
    day = world.on(2025, 9, 17)
    shut.change(day, status="deceased", closed_on=day.isoformat())
    shut.level(day)
    earlier = world.client("L4 deceased told after an earlier closed_on")
    earlier.change(world.on(2025, 10, 14), status="deceased", closed_on="2025-10-10")
    earlier.level(world.on(2025, 10, 14))
    still = world.client("L9 a normal row later does not undo death")
    still.change(world.on(2025, 6, 11), status="deceased")
    still.change(world.on(2025, 7, 16), status="normal")
    before = world.client("L9 deceased before effective", opened=date(2025, 6, 9), callback=None)
    before.change(world.on(2025, 7, 17), status="deceased")
    before.change(world.on(2025, 8, 18), status="normal", callback_passed_on="2025-08-18")
    lost = world.client("L9 deceased after a loss: no reactivation")
    lost.custody(world.on(2025, 5, 15), 0)
    lost.change(world.on(2025, 5, 22), status="deceased")
    undone = world.client("L9 death undone by a correction of that day")
    told = world.on(2025, 8, 26)
    undone.change(told, status="deceased")
    undone.row["status"] = "normal"
    world.corrections[told].append(_told_normal(undone.client_no))


def _told_normal(client_no: str):
    def correction(rows: Rows) -> Rows:
        """The day's package again, its client row saying normal."""
        rows["clients"] = [
            {**row, "status": "normal"} for row in rows["clients"] if row["client_no"] == client_no
        ]
        rows["accounts"] = []
        return rows

    return correction


def _pair(world: World, label: str, left: date | None, opened: date) -> None:
    """A client that leaves on a date (None: stays) and another client_no of the same ID opened later."""
    first = world.client(f"L10 first of: {label}")
    if left is not None:
        first.close(left)
    identity = {name: first.row[name] for name in ("id_type", "id_number", "kind")}
    world.client(f"L10 again: {label}", opened=opened, **identity)


def _same_id(world: World) -> None:
    _pair(world, "lost three months before", date(2025, 6, 20), date(2025, 9, 8))
    _pair(world, "still held", None, date(2025, 9, 9))
    _pair(world, "last held a day too early", date(2025, 2, 28), date(2026, 2, 4))
    _pair(world, "last held on the first day that counts", date(2025, 3, 1), date(2026, 2, 4))
    _pair(world, "lost 13 months before", date(2025, 2, 13), date(2026, 3, 5))
    lower = world.client("L10 first of: x and X", id_number=world.person_id("X"))
    lower.close(date(2025, 7, 22))
    world.client(
        "L10 again: x and X", opened=date(2025, 10, 13), id_number=lower.row["id_number"].replace("X", "x")
    )
    spaced = world.client("L10 first of: spaces", id_type="passport", id_number="E12345678")
    spaced.close(date(2025, 7, 23))
    world.client("L10 again: spaces", opened=date(2025, 10, 14), id_type="passport", id_number=" e12345678 ")
    world.client("L10 first of: other type", id_type="hk_macao", id_number="H1234567").close(
        date(2025, 7, 24)
    )
    world.client("L10 again: other type", opened=date(2025, 10, 15), id_type="other", id_number="H1234567")
    never = world.client("L10 first never held", assets=10)
    world.client("L10 again: first never held", opened=date(2025, 10, 16), id_number=never.row["id_number"])
