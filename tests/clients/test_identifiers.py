"""Sealing, blind indexes and masking of personal numbers."""

from datetime import date

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from clients import checksums, identifiers
from core import formats


@given(st.text(min_size=1, max_size=60))
def test_a_sealed_value_opens_only_in_its_own_place(text: str) -> None:
    sealed = identifiers.seal("C1", "mobile", text)
    assert sealed is not None
    assert text.encode() not in sealed or len(text.encode()) < 3
    assert identifiers.unseal("C1", "mobile", sealed) == text
    for place in (("C2", "mobile"), ("C1", "email")):
        with pytest.raises(InvalidTag):
            identifiers.unseal(*place, sealed)


def test_empty_values_are_not_sealed() -> None:
    assert identifiers.seal("C1", "mobile", "") is None
    assert identifiers.unseal("C1", "mobile", None) == ""
    assert identifiers.masked("C1", "address", None) == ""


def test_f21_the_same_id_is_same_type_and_same_trimmed_upper_case_number() -> None:
    same = identifiers.id_blind_index("resident_id", " 11010519491231002x ")
    assert same == identifiers.id_blind_index("resident_id", "11010519491231002X")
    assert same != identifiers.id_blind_index("passport", "11010519491231002X")
    assert identifiers.id_blind_index("passport", "  ") is None


@pytest.mark.parametrize("written", ["+86 138-0000-1234", "8613800001234", "13800001234"])
def test_a_mobile_is_found_however_it_is_written(written: str) -> None:
    assert identifiers.mobile_blind_index(written) == identifiers.mobile_blind_index("13800001234")
    assert identifiers.tail_blind_index(written) == identifiers.tail_blind_index("1234")


@pytest.mark.parametrize(
    ("field", "plain", "shown"),
    [
        ("mobile", "13800001234", "138****1234"),
        ("id_number", "11010519491231002X", "110***********002X"),
        ("email", "jianguo@example.com", "j***@example.com"),
        ("address", "上海市静安区", "上海市***"),
    ],
)
def test_masked_values(field: str, plain: str, shown: str) -> None:
    assert identifiers.masked("C1", field, identifiers.seal("C1", field, plain)) == shown


@given(st.text(alphabet="0123456789X", min_size=1, max_size=30))
def test_masking_shows_seven_characters_at_most_and_less_of_short_numbers(number: str) -> None:
    shown = formats.masked(number, "number")
    told = sum(character != "*" for character in shown)
    assert len(shown) == len(number)
    assert told <= (7 if len(number) >= 11 else 4 if len(number) >= 8 else 0)
    assert all(mask in ("*", plain) for mask, plain in zip(shown, number, strict=True))


@given(st.emails())
def test_a_masked_address_keeps_its_host_and_at_most_one_letter(address: str) -> None:
    name, _at, host = address.rpartition("@")
    shown = formats.masked(address, "email")
    assert shown.endswith(host)
    assert len(name) == 1 or set(name[1:]) == {"*"} or name not in shown.removesuffix(host)
    assert len(shown.removesuffix(f"@{host}").replace("*", "")) <= 1


@given(st.text(min_size=1, max_size=20))
def test_a_masked_name_tells_its_first_character(name: str) -> None:
    assert formats.masked(name, "name") == name[0] + "*" * max(len(name) - 1, 1)


@given(st.dates(date(1900, 1, 1), date(2026, 11, 23)), st.integers(100000, 999999), st.integers(0, 999))
def test_a_resident_id_has_exactly_one_check_character(born: date, area: int, order: int) -> None:
    body = f"{area}{born:%Y%m%d}{order:03}"
    right = [check for check in "0123456789X" if checksums.is_resident_id(body + check)]
    assert len(right) == 1
    assert checksums.is_resident_id(f" {body}{right[0].lower()} ")
    assert not checksums.is_resident_id(body)


@given(st.data(), st.integers(100000, 999999), st.integers(0, 999))
def test_one_wrong_digit_breaks_a_resident_id(data: st.DataObject, area: int, order: int) -> None:
    body = f"{area}19491231{order:03}"
    whole = next(body + check for check in "0123456789X" if checksums.is_resident_id(body + check))
    place, digit = data.draw(st.integers(0, 16)), data.draw(st.sampled_from("0123456789"))
    wrong = whole[:place] + digit + whole[place + 1 :]
    assert checksums.is_resident_id(wrong) == (wrong == whole)


@given(st.text(checksums.CREDIT_ALPHABET, min_size=17, max_size=17), st.data())
def test_one_wrong_character_breaks_a_credit_code(body: str, data: st.DataObject) -> None:
    (whole,) = [body + check for check in checksums.CREDIT_ALPHABET if checksums.is_credit_code(body + check)]
    place = data.draw(st.integers(0, 17))
    wrong = whole[:place] + data.draw(st.sampled_from(checksums.CREDIT_ALPHABET)) + whole[place + 1 :]
    assert checksums.is_credit_code(wrong) == (wrong == whole)


@given(st.text(max_size=40))
def test_any_text_is_judged_without_an_error(text: str) -> None:
    assert checksums.holds("passport", text)
    assert checksums.holds("resident_id", text) in (True, False)
    assert checksums.holds("uscc", text) in (True, False)
