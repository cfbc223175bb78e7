"""What goes wrong in the demo feeds: a few rows for quarantine, and one day that is delivered twice.

Bad rows are added beside the true ones, so that nothing else is missing because of them; they stay below ten
a file, where a package is never refused.
"""

from datetime import date, timedelta

import numpy as np

from crm.demo.feed_files import RowTable, Table, money
from crm.demo.masters import CLIENT_COLUMNS
from crm.demo.world import World

BACK = (3, 8, 17, 31)
"""Trading days before the last one on which a file carries bad rows."""
CORRECTED = 12
"""Trading days before the last one: the day that gets a second version."""


def bad_rows(world: World) -> dict[str, tuple[str, ...]]:
    """Extra lines per file for this day; empty on most days."""
    last = len(world.market.days) - 1
    day = world.market.days[world.day]
    if last - world.day == BACK[0]:
        return {"trades": _bad_trades(day)}
    if last - world.day == BACK[1]:
        return {"clients": _bad_clients(day)}
    if last - world.day == BACK[2]:
        return {"cash_flows": _bad_flows(day)}
    if last - world.day == BACK[3]:
        return {"products": ("XX0001,来源不明的产品,crypto_fund,R9",)}
    return {}


def _bad_trades(day: date) -> tuple[str, ...]:
    stem = f"T{day:%Y%m%d}99"
    later = day + timedelta(days=3)
    fees = "5.0000,0.4092,0.2400,0.1200,0.0000"
    return (
        f"{stem}00001,A99999991,{day}T10:01:00+08:00,SH,600036,buy,100,35.20,3520.00,{fees}",
        f"{stem}00002,A00000011,{day}T10:02:00+08:00,SH,600036,hold,100,35.20,3520.00,{fees}",
        f"{stem}00003,A00000021,{day}T10:03:00+08:00,SH,600036,sell,-100,35.20,3520.00,{fees}",
        f"{stem}00004,A00000031,{later}T10:04:00+08:00,SZ,000001,buy,100,11.50,1150.00,{fees}",
    )


def _bad_clients(day: date) -> tuple[str, ...]:
    """A resident ID whose last character is wrong, and a client without a name."""
    told = {
        "client_no": "C9000001",
        "kind": "individual",
        "name": "测试户",
        "id_type": "resident_id",
        "id_number": "110105199001011233",
        "birth_date": "1990-01-01",
        "sex": "M",
        "mobile": "13800000000",
        "branch_code": "1009",
        "status": "normal",
        "opened_on": day.isoformat(),
        "investor_class": "ordinary",
    }
    nameless = told | {"client_no": "C9000002", "name": "", "id_number": "11010519491231002X"}
    return tuple(",".join(row.get(column, "") for column in CLIENT_COLUMNS) for row in (told, nameless))


def _bad_flows(day: date) -> tuple[str, ...]:
    return (
        f"F{day:%Y%m%d}900001,A00000011,{day}T11:00:00+08:00,in,1000.00001",
        f"F{day:%Y%m%d}900002,A00000012345,{day}T11:05:00+08:00,out,200.00",
    )


def is_corrected(world: World) -> bool:
    """Whether the day is delivered a second time."""
    return len(world.market.days) - 1 - world.day == CORRECTED


def first_delivery(trades: Table | RowTable) -> Table:
    """The trades as they were delivered at first: every tenth carried ten times its commission."""
    assert isinstance(trades, Table)  # event tables are
    units, rest = trades.columns["gross_commission"].parts
    gross = np.asarray(units) * 10_000 + np.asarray(rest)
    gross = np.where(np.arange(len(gross)) % 10 == 0, gross * 10, gross)
    return Table({**trades.columns, "gross_commission": money(gross, 4)})
