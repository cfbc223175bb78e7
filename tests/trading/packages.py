"""Small feed packages for tests: rows as dictionaries, sound by default, with a manifest that ties."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from trading.feed.columns import FILES

Row = dict[str, str]
DAY = date(2026, 6, 1)  # a Monday
NEXT = date(2026, 6, 2)

DEFAULTS: dict[str, Row] = {
    "branches.csv": {"name": "营业部", "parent_code": "HQ", "kind": "branch", "opened_on": "2000-01-01"},
    "clients.csv": {
        "kind": "individual",
        "name": "张建国",
        "id_type": "passport",
        "id_number": "E12345678",
        "branch_code": "1001",
        "manager_no": "M1",
        "status": "normal",
        "opened_on": "2020-01-01",
    },
    "accounts.csv": {"system": "cash", "currency": "CNY", "status": "normal", "opened_on": "2020-01-01"},
    "products.csv": {"name": "产品", "family": "bond_fund", "risk_level": "R2"},
    "balances.csv": {"cash": "100.00", "market_value": "0", "product_value": "0", "margin_debit": "0"},
    "holdings.csv": {"market": "OTC", "security_code": "F001", "quantity": "10", "market_value": "10.00"},
    "trades.csv": {
        "traded_at": "2026-06-01T10:00:00+08:00",
        "market": "SH",
        "security_code": "600000",
        "side": "buy",
        "quantity": "100",
        "price": "10.0000",
        "amount": "1000.00",
        "gross_commission": "25.0000",
        "handling_fee": "3.4100",
        "csrc_fee": "2.0000",
        "transfer_fee": "0.0100",
        "stamp_duty": "0.0000",
    },
    "cash_flows.csv": {"occurred_at": "2026-06-01T11:00:00+08:00", "direction": "in", "amount": "500.00"},
    "incomes.csv": {"kind": "cash_spread", "amount": "1.0000"},
    "custody.csv": {"kind": "custody_out", "value": "10.00", "residual_assets": "5.00"},
}


def row(file: str, **values: Any) -> Row:
    """A sound row of the file with these values in place of the usual ones."""
    return {**DEFAULTS[file], **{name: str(value) for name, value in values.items()}}


def branch(code: str, **values: Any) -> Row:
    return row("branches.csv", code=code, **values)


def hq(**values: Any) -> Row:
    return branch("HQ", kind="hq", parent_code="", **values)


def client(client_no: str, **values: Any) -> Row:
    return row("clients.csv", client_no=client_no, **values)


def account(account_no: str, client_no: str, **values: Any) -> Row:
    return row("accounts.csv", account_no=account_no, client_no=client_no, **values)


def product(code: str, **values: Any) -> Row:
    return row("products.csv", product_code=code, **values)


def balance(account_no: str, cash: Any = "100.00", **values: Any) -> Row:
    return row("balances.csv", account_no=account_no, cash=cash, **values)


def holding(account_no: str, code: str = "F001", **values: Any) -> Row:
    return row(
        "holdings.csv", **{"account_no": account_no, "security_code": code, "product_code": code, **values}
    )


def trade(trade_no: str, account_no: str = "A1", **values: Any) -> Row:
    return row("trades.csv", trade_no=trade_no, account_no=account_no, **values)


def flow(flow_no: str, account_no: str = "A1", **values: Any) -> Row:
    return row("cash_flows.csv", flow_no=flow_no, account_no=account_no, **values)


def income(income_no: str, client_no: str = "C1", **values: Any) -> Row:
    return row("incomes.csv", income_no=income_no, client_no=client_no, **values)


def custody(event_no: str, client_no: str = "C1", **values: Any) -> Row:
    return row("custody.csv", event_no=event_no, client_no=client_no, **values)


def masters() -> dict[str, list[Row]]:
    """One headquarters, two branches, one client with one account, one product."""
    return {
        "branches.csv": [hq(), branch("1001"), branch("1002")],
        "clients.csv": [client("C1")],
        "accounts.csv": [account("A1", "C1")],
        "products.csv": [product("F001")],
    }


def text_of(file: str, rows: Sequence[Mapping[str, str]], header: Sequence[str] = ()) -> str:
    """The file as CSV; `header` replaces the table's own columns."""
    out = io.StringIO()
    writer = csv.DictWriter(out, header or FILES[file].column_names, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def promise(content: bytes, rows: int, sums: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What a manifest says of a file."""
    told: dict[str, Any] = {"rows": rows, "sha256": hashlib.sha256(content).hexdigest()}
    return {**told, "sums": dict(sums)} if sums else told


def total(rows: Sequence[Mapping[str, str]], column: str) -> str:
    return str(sum(Decimal(row[column]) for row in rows))


class Writer:
    """Writes packages into a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(
        self,
        day: date = DAY,
        files: Mapping[str, Sequence[Mapping[str, str]]] | None = None,
        *,
        version: int = 1,
        texts: Mapping[str, str] | None = None,
        counts: Mapping[str, int] | None = None,
        sums: Mapping[str, Mapping[str, str]] | None = None,
        name: str = "",
    ) -> Path:
        """A package folder. `texts` are files given as text, `counts` the rows promised for them."""
        path = self.folder / (name or (f"{day}" if version == 1 else f"{day}.v{version}"))
        path.mkdir(parents=True, exist_ok=True)
        contents = {file: text_of(file, rows) for file, rows in (files or {}).items()} | dict(texts or {})
        lengths = {file: len(rows) for file, rows in (files or {}).items()} | dict(counts or {})
        promises = {}
        for file, text in contents.items():
            raw = text.encode()
            (path / file).write_bytes(raw)
            promises[file] = promise(raw, lengths.get(file, text.count("\n") - 1), (sums or {}).get(file))
        self.manifest(path, {"trade_date": day.isoformat(), "version": version, "files": promises})
        return path

    def manifest(self, path: Path, content: Any) -> None:
        (path / "manifest.json").write_text(json.dumps(content), encoding="utf-8")

    def change_manifest(self, path: Path, **changes: Any) -> Path:
        """Rewrites fields of the manifest; a value of None takes the field out."""
        content = json.loads((path / "manifest.json").read_text())
        content.update(changes)
        self.manifest(path, {name: value for name, value in content.items() if value is not None})
        return path


def zipped(path: Path, *, folder: str = "", name: str = "") -> Path:
    """The package folder as a zip beside it; `folder` is the folder inside."""
    target = path.parent / (name or f"{path.name}.zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(path.iterdir()):
            archive.write(file, f"{folder}{file.name}")
    return target
