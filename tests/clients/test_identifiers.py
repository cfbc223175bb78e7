"""Sealing, blind indexes and masking of personal numbers."""

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from clients import identifiers
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
def test_masking_never_shows_more_than_seven_characters(number: str) -> None:
    shown = formats.masked(number, "number")
    assert len(shown) == len(number)
    assert sum(character != "*" for character in shown) <= 7
