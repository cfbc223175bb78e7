"""Single rows: what is malformed, what breaks a rule, and what the reason says (F7, F16-F18, F20, F21)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from clients import checksums
from trading.feed.columns import FILES, MOST_DIGITS
from trading.feed.faults import Fault, Refused
from trading.feed.records import Record
from trading.feed.rows import Rows, column_fault

from . import packages
from .packages import DAY, Row

RESIDENT = "11010519491231002X"
CREDIT = "91350100M000100Y43"


def verdict(file: str, values: Row, day: date = DAY) -> Fault | str:
    """The staging line of a row, or its fault."""
    header = list(FILES[file].column_names)
    fields = [values.get(name, "") for name in header]
    return Rows(FILES[file], header, day).staged(Record(2, "", fields))


def fault_of(file: str, **values: str) -> tuple[str, str]:
    key = {name: "K1" for name in FILES[file].key if name not in packages.DEFAULTS[file]}
    parents = {column.name: "P1" for column in FILES[file].columns if column.parent and column.required}
    found = verdict(file, packages.row(file, **{**key, **parents, **values}))
    return ("", "") if isinstance(found, str) else (found.code, found.column)


REQUIRED = {
    "branches.csv": ["code", "name", "kind", "opened_on"],
    "clients.csv": [
        "client_no",
        "kind",
        "name",
        "id_type",
        "id_number",
        "branch_code",
        "status",
        "opened_on",
    ],
    "accounts.csv": ["account_no", "client_no", "system", "currency", "status", "opened_on"],
    "products.csv": ["product_code"],
    "balances.csv": ["account_no", "cash", "market_value", "product_value", "margin_debit"],
    "holdings.csv": ["account_no", "market", "security_code"],
    "trades.csv": [
        "trade_no",
        "account_no",
        "traded_at",
        "side",
        "quantity",
        "price",
        "amount",
        "gross_commission",
        "handling_fee",
        "csrc_fee",
        "transfer_fee",
        "stamp_duty",
    ],
    "cash_flows.csv": ["flow_no", "account_no", "occurred_at", "direction", "amount"],
    "incomes.csv": ["income_no", "client_no", "kind", "amount"],
    "custody.csv": ["event_no", "client_no", "kind", "value", "residual_assets"],
}


@pytest.mark.parametrize("file", FILES)
def test_f16_required_columns(file: str) -> None:
    for column in FILES[file].column_names:
        code, where = fault_of(file, **{column: ""})
        needed = column in REQUIRED[file] or (file, column) == ("branches.csv", "parent_code")
        assert (code == "empty") is needed, column
        assert where == (column if needed else "")


def test_f16_only_the_headquarters_has_no_parent() -> None:
    assert fault_of("branches.csv", kind="hq", parent_code="") == ("", "")
    assert fault_of("branches.csv", kind="region", parent_code="") == ("empty", "parent_code")


@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("clients.csv", "birth_date"),
        ("clients.csv", "opened_on"),
        ("clients.csv", "callback_passed_on"),
        ("clients.csv", "risk_assessed_on"),
        ("accounts.csv", "opened_on"),
        ("branches.csv", "opened_on"),
    ],
)
def test_f17_dates_after_the_trade_date_are_malformed(file: str, column: str) -> None:
    assert fault_of(file, **{column: "2026-06-01"}) == ("", "")
    assert fault_of(file, **{column: "2026-06-02"}) == ("future", column)


def test_f17_an_id_may_expire_later() -> None:
    assert fault_of("clients.csv", id_expires_on="2046-01-01") == ("", "")


@pytest.mark.parametrize("text", ["2026-02-29", "2026-13-01", "20260101", "1.5.2026", "2026-1-1", "x", " "])
def test_f17_what_is_no_date(text: str) -> None:
    assert fault_of("clients.csv", opened_on=text) == ("not_date", "opened_on")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1", ""),
        ("0.1", ""),
        ("00.1000", ""),
        ("9" * MOST_DIGITS + ".9999", ""),
        ("1.00000", "decimals"),
        ("0.12345", "decimals"),
        ("9" * (MOST_DIGITS + 1), "large"),
        ("1e3", "not_number"),
        ("1,000", "not_number"),
        ("+1", "not_number"),
        (".5", "not_number"),
        ("5.", "not_number"),
        (" 1", "not_number"),
        ("１", "not_number"),
        ("NaN", "not_number"),
        ("-1", "negative"),
        ("-0.0", "negative"),
    ],
)
def test_f17_f18_numbers(text: str, code: str) -> None:
    assert fault_of("balances.csv", margin_debit=text)[0] == code


def test_f17_a_wrong_number_of_fields() -> None:
    header = list(FILES["incomes.csv"].column_names)
    rows = Rows(FILES["incomes.csv"], header, DAY)
    for fields in (["I1", "C1", "other"], ["I1", "C1", "other", "1", "2"]):
        fault = rows.staged(Record(2, "", fields))
        assert isinstance(fault, Fault) and fault.code == "fields"
        assert rows.key(fields) == ""
    fault = rows.staged(Record(2, "", None))
    assert isinstance(fault, Fault) and fault.code == "quoting"
    assert rows.key(None) == ""


SIGNED = {
    ("balances.csv", "cash"),
    ("balances.csv", "market_value"),
    ("balances.csv", "product_value"),
    ("incomes.csv", "amount"),
    ("holdings.csv", "market_value"),
}


@pytest.mark.parametrize("file", FILES)
def test_f18_what_may_be_negative(file: str) -> None:
    for column in FILES[file].columns:
        if column.kind == "number":
            code, _ = fault_of(file, **{column.name: "-1.5"})
            assert code == ("" if (file, column.name) in SIGNED else "negative"), column.name


@pytest.mark.parametrize(
    ("file", "column", "good", "bad"),
    [
        ("accounts.csv", "status", ["normal", "frozen"], ["dormant", "Normal", "deceased"]),
        ("accounts.csv", "currency", ["CNY", "HKD", "USD"], ["EUR", "cny"]),
        ("accounts.csv", "system", ["cash", "margin", "options"], ["futures"]),
        ("clients.csv", "sex", ["M", "F", ""], ["m", "X"]),
        ("clients.csv", "status", ["normal", "frozen", "loss_reported", "dormant", "deceased"], ["gone"]),
        ("clients.csv", "risk_level", ["C1_lowest", "C1", "C5", ""], ["C6", "c1"]),
        ("clients.csv", "investor_class", ["ordinary", "professional_c", ""], ["professional"]),
        ("branches.csv", "kind", ["region", "branch"], ["team", "desk"]),
        ("products.csv", "family", ["equity_fund", "advisory", ""], ["fund"]),
        ("holdings.csv", "market", ["SH", "SZ", "BJ", "HK", "OTC"], ["US"]),
        ("trades.csv", "side", ["buy", "sell"], ["short"]),
        ("cash_flows.csv", "direction", ["in", "out"], ["inside"]),
        ("incomes.csv", "kind", ["margin_interest", "trailing_fee", "other"], ["fee"]),
        ("custody.csv", "kind", ["designation_withdrawn", "custody_out"], ["custody"]),
    ],
)
def test_f20_words(file: str, column: str, good: list[str], bad: list[str]) -> None:
    assert {fault_of(file, **{column: word})[0] for word in good} == {""}
    assert {fault_of(file, **{column: word}) for word in bad} == {("choice", column)}


def test_f20_status_closed_and_closing_date_come_together() -> None:
    for file in ("clients.csv", "accounts.csv"):
        assert fault_of(file, status="closed", closed_on="2026-05-01") == ("", "")
        assert fault_of(file, status="closed") == ("closed", "closed_on")
        assert fault_of(file, status="frozen", closed_on="2026-05-01") == ("closed", "closed_on")
    assert fault_of("clients.csv", status="deceased") == ("", "")
    assert fault_of("clients.csv", status="deceased", closed_on="2026-05-01") == ("", "")


def test_a_unit_closes_after_it_opened_and_is_not_its_own_parent() -> None:
    assert fault_of("branches.csv", closed_on="1999-01-01") == ("closed_early", "closed_on")
    assert fault_of("branches.csv", closed_on="2001-01-01") == ("", "")
    assert fault_of("branches.csv", code="1001", parent_code="1001") == ("circle", "parent_code")


@pytest.mark.parametrize(
    ("id_type", "number", "good"),
    [
        ("resident_id", RESIDENT, True),
        ("resident_id", RESIDENT.lower(), True),
        ("resident_id", f" {RESIDENT} ", True),
        ("resident_id", "110105194912310021", False),
        ("resident_id", "11010519491331002X", False),
        ("resident_id", "110105491231002", False),
        ("uscc", CREDIT, True),
        ("uscc", CREDIT.lower(), True),
        ("uscc", "91350100M000100Y44", False),
        ("uscc", "91350100I000100Y43", False),
        ("uscc", "91350100", False),
        ("passport", "anything", True),
        ("other", "1", True),
    ],
)
def test_f21_identifiers(id_type: str, number: str, good: bool) -> None:
    assert checksums.holds(id_type, number) is good
    assert fault_of("clients.csv", id_type=id_type, id_number=number)[0] == ("" if good else "checksum_id")


def test_reasons_of_personal_columns_never_tell_the_value() -> None:
    fault = verdict(
        "clients.csv", packages.client("C1", id_type="resident_id", id_number="110105194912310021")
    )
    assert isinstance(fault, Fault)
    assert "110105194912310021" not in fault.text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-06-01T23:59:59", ""),
        ("2026-06-01 09:30:00", ""),
        ("2026-06-01T09:30", ""),
        ("2026-06-01T15:59:59Z", ""),
        ("2026-06-01T16:00:00Z", "future"),
        ("2026-06-02T00:30:00+09:00", ""),
        ("2026-06-02T00:30:00+08:00", "future"),
        ("2026-06-01T23:00:00.123456+0800", ""),
        ("1989-07-01T23:30:00", ""),
        ("2026-06-01", "not_moment"),
        ("2026-06-01T24:00:00", "not_moment"),
        ("2026-02-30T10:00:00", "not_moment"),
        ("2026-06-01T10:00:00+99:00", "not_moment"),
        ("0001-01-01T00:00:00+14:00", "not_moment"),
        ("10:00", "not_moment"),
    ],
)
def test_f7_f17_moments(text: str, code: str) -> None:
    assert fault_of("trades.csv", traded_at=text)[0] == code


def test_texts_that_cannot_be_stored() -> None:
    assert fault_of("clients.csv", name="a\x00b") == ("letters", "name")
    assert fault_of("clients.csv", name="a\x1fb") == ("letters", "name")
    assert fault_of("clients.csv", name="x" * 201) == ("long", "name")
    assert fault_of("clients.csv", name="某公司\n第二行\t,\\") == ("", "")
    assert fault_of("accounts.csv", account_no="A\n1") == ("letters", "account_no")


def test_headers_are_checked() -> None:
    with pytest.raises(Refused):
        Rows(FILES["incomes.csv"], ["income_no"], DAY)


def test_the_quick_look_and_the_close_one_agree(tmp_path: Path) -> None:
    """A line the quick pattern takes is sound by the close look, with the same staging line."""
    for file in (
        "balances.csv",
        "trades.csv",
        "cash_flows.csv",
        "incomes.csv",
        "custody.csv",
        "holdings.csv",
    ):
        header = list(FILES[file].column_names)
        rows = Rows(FILES[file], header, DAY)
        pattern = rows.quick_pattern(())
        assert pattern is not None
        keys = {name: "K1" for name in FILES[file].key if name not in packages.DEFAULTS[file]}
        values = packages.row(file, **{"account_no": "A1", "client_no": "C1", **keys})
        fields = [values.get(name, "") for name in header]
        match = pattern.fullmatch(",".join(fields) + "\r\n")
        assert match is not None
        staged = rows.staged(Record(2, "", fields))
        assert staged == f"2,{hash(match['row'])},{match['row']}\n"
        assert match["day"] in rows.sound_days


def test_files_with_dates_or_rules_have_no_quick_look() -> None:
    for file in ("clients.csv", "accounts.csv", "branches.csv"):
        assert Rows(FILES[file], list(FILES[file].column_names), DAY).quick_pattern(()) is None
    extra = [*FILES["incomes.csv"].column_names, "note"]
    assert Rows(FILES["incomes.csv"], extra, DAY).quick_pattern(()) is None


@given(values=some.lists(some.text(max_size=30), min_size=4, max_size=4))
def test_any_text_is_staged_or_has_a_fault(values: list[str]) -> None:
    """Whatever stands in a row, the whole-row pattern and the columns' own checks come to one verdict."""
    rows = Rows(FILES["incomes.csv"], list(FILES["incomes.csv"].column_names), DAY)
    outcome = rows.staged(Record(2, "", values))
    by_column = [
        column_fault(column, text, "2026-06-01")
        for column, text in zip(FILES["incomes.csv"].columns, values, strict=True)
    ]
    assert isinstance(outcome, str) == (not any(by_column))
    assert not isinstance(outcome, str) or outcome.count("\n") == 1


@given(number=some.decimals(allow_nan=True, allow_infinity=True, places=None))
def test_any_number_as_python_writes_it(number: object) -> None:
    column = FILES["balances.csv"].column("cash")
    assert column is not None
    fault = column_fault(column, str(number), "2026-06-01")
    plain = str(number).lstrip("-").replace(".", "", 1)
    if fault is None:
        assert plain.isdecimal()
    else:
        assert fault.code in {"not_number", "decimals", "large"}


@given(day=some.dates())
def test_any_date(day: date) -> None:
    column = FILES["clients.csv"].column("birth_date")
    assert column is not None
    fault = column_fault(column, day.isoformat(), "2026-06-01")
    assert (fault is None) == (day <= DAY)


@given(digits=some.integers(min_value=0, max_value=10**17 - 1))
def test_a_resident_id_has_one_check_character(digits: int) -> None:
    body = f"{digits:017d}"
    assert sum(checksums.is_resident_id(body + letter) for letter in "0123456789X") <= 1
