"""Uploaded tables: whatever table goes in comes out, hostile files are refused fast, rows are understood."""

import csv
import io
import time
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from clients.importing.columns import suggested
from clients.importing.reading import NotReadable, read_table
from clients.importing.rows import asked
from clients.importing.table_reader import Unfit, as_text, delimiter_of, named, write_table

HEADER = st.lists(st.text("abcxyz姓名号", min_size=1, max_size=6), min_size=1, max_size=5, unique=True)
CELL = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufeff"), max_size=12
) | st.sampled_from(['"', 'a"b', "a,b", "a;b\tc|d", "line\nline", "line\r\nline", "=1+1"])


def table(content: bytes) -> tuple[list[str], list[list[str]]]:
    head, *rows = read_table(content)
    return head["columns"], [cells for _number, cells in rows]


def here(content: bytes) -> tuple[list[str], list[list[str]]]:
    """The reader's own function in this process, for many examples."""
    import json

    out = io.StringIO()
    write_table(content, out)
    head, *rows = [json.loads(line) for line in out.getvalue().splitlines()]
    return head["columns"], [cells for _number, cells in rows]


@settings(max_examples=150, deadline=None)
@given(HEADER, st.data(), st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
def test_every_csv_comes_back(header: list[str], data: Any, delimiter: str, encoding: str) -> None:
    row = st.lists(CELL, min_size=len(header), max_size=len(header))
    rows = data.draw(st.lists(row, max_size=5))
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter if len(header) > 1 else ",")  # one column shows none
    writer.writerows([header, *rows])
    if encoding == "gb18030":  # bytes that are sound UTF-8 by chance are read as that
        text.write("\r\n" if not rows else "")
        content = text.getvalue().encode(encoding)
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            content = text.getvalue().encode("utf-8")
    else:
        content = text.getvalue().encode(encoding)
    wanted = [[cell.strip() for cell in cells] for cells in rows]
    assert here(content) == (header, [cells for cells in wanted if any(cells)])


@settings(max_examples=25, deadline=None)
@given(HEADER, st.data())
def test_every_workbook_comes_back(header: list[str], data: Any) -> None:
    row = st.lists(st.text("abc 123姓名=+", max_size=8), min_size=len(header), max_size=len(header))
    rows = data.draw(st.lists(row, max_size=4))
    wanted = [[cell.strip() for cell in cells] for cells in rows]
    got = here(workbook([header, *[["'" + c if c.startswith("=") else c for c in cells] for cells in rows]]))
    plain = [[cell.removeprefix("'") for cell in cells] for cells in got[1]]
    padded = [cells + [""] * (len(header) - len(cells)) for cells in plain]
    assert (got[0], padded) == (header, [cells for cells in wanted if any(cells)])


def workbook(rows: list[list[Any]]) -> bytes:
    book, stream = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


def changed(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook whose first sheet is another text."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, change(part) if name.endswith("sheet1.xml") else part)
    return stream.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(NotReadable) as refused:
        list(read_table(content))
    return refused.value.code


def test_a_bomb_is_refused_fast() -> None:
    bomb = changed(
        workbook([["a"]]), lambda part: part.replace(b"<sheetData", b" " * (300 * 2**20) + b"<sheetData")
    )
    assert len(bomb) < 2**20
    began = time.monotonic()
    assert refusal(bomb) == "too_large"
    assert time.monotonic() - began < 5


def test_entities_are_refused() -> None:
    def laugh(_part: bytes) -> bytes:
        entities = b'<!ENTITY a "ha">' + b"".join(
            b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
        )
        cell = b'<c r="A1" t="inlineStr"><is><t>&j;</t></is></c>'
        head = b'<?xml version="1.0"?><!DOCTYPE x [' + entities + b"]>"
        space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        return (
            head
            + b"<worksheet "
            + space
            + b'><sheetData><row r="1">'
            + cell
            + b"</row></sheetData></worksheet>"
        )

    assert refusal(changed(workbook([["a"]]), laugh)) == "not_readable"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n\n ,\n", "empty"),
        (b'a,b\n"1,2', "quotes"),
        (b"a\x00b", "not_text"),
        (b"\xff\xff\xff", "not_text"),
        (b"PK\x03\x04nothing", "not_readable"),
        (b"a\n" + b"x" * 20_000, "cell_too_long"),
        (b",".join(b"c%d" % n for n in range(201)), "too_many_columns"),
        (b"a\n" + b"1\n" * 100_001, "too_many_rows"),
    ],
)
def test_what_is_refused(content: bytes, code: str) -> None:
    assert refusal(content) == code


def test_empty_lines_names_and_kinds_of_cells() -> None:
    rows = [
        ["号", "号", None, "日期"],
        [],
        [1.0, 13800001234, True, date(2026, 1, 2)],
        [None, None, 1.5, "x "],
    ]
    columns, cells = table(workbook(rows))
    assert columns == ["号", "号 (2)", "#3", "日期"]
    assert cells == [["1", "13800001234", "true", "2026-01-02"], ["", "", "1.5", "x"]]
    assert as_text(1e20) == "1e+20"
    with pytest.raises(Unfit):
        as_text("x" * 10_001)


@pytest.mark.parametrize(
    ("text", "found"), [("a;b;c,d\n", ";"), ('"a,b";c\n', ";"), ("a\n1,2\n", ","), ("", ",")]
)
def test_delimiters(text: str, found: str) -> None:
    assert delimiter_of(text) == found


@given(st.lists(st.sampled_from(["a", "a (2)", "", "b"]), min_size=1).filter(any))
def test_every_column_has_a_name_of_its_own(cells: list[str]) -> None:
    names = named(cells)
    assert len(set(names)) == len(names)
    assert all(names)


def test_columns_are_known_by_their_usual_headings() -> None:
    assert suggested(["客户号", "手机号码", "Remark", "手机", "?"], {}) == [
        "client_no",
        "mobile",
        "remark",
        "",
        "",
    ]
    assert suggested(["客户号", "?"], {"客户号": "", "?": "tags"}) == ["", "tags"]


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("id_number", "110105194912310021"), ("mobile", "1380000"), ("email", "nobody"), ("kind", "robot"),
        ("declared_outside_assets", "a lot"), ("declared_outside_assets", "-1"),
        ("declared_outside_assets", "1.00001"), ("declared_outside_assets", "NaN"), ("short_name", "x" * 61),
        ("contact_phone", "12"), ("contact_email", "x"),
    ],
)  # fmt: skip
def test_faults_have_words(field: str, cell: str) -> None:
    assert asked(2, [cell], [field]).fault


def test_values_are_read_in_both_languages() -> None:
    cells = ["机构", "1,234.5", "甲，乙;甲 ", "", "c000001"]
    row = asked(2, cells, ["kind", "declared_outside_assets", "tags", "remark", "client_no"])
    assert row.values == {
        "kind": "institution", "declared_outside_assets": "1234.5000", "tags": ["甲", "乙", "甲"],
        "client_no": "C000001",
    }  # fmt: skip
    assert asked(2, ["1", "2"], ["remark"]).fault
    assert asked(2, ["Institution"], ["kind"]).values == {"kind": "institution"}


@settings(max_examples=200)
@given(
    st.text(max_size=30), st.sampled_from(["mobile", "id_number", "declared_outside_assets", "tags", "kind"])
)
def test_no_cell_breaks_the_reading(cell: str, field: str) -> None:
    row = asked(2, [cell], [field])
    assert row.fault or set(row.values) <= {field}
