"""Codes of authenticator apps against RFC 6238's own table, and which are taken."""

from hypothesis import given
from hypothesis import strategies as st

from staff import totp
from tests.staff.doors import KEY

# RFC 6238, appendix B, SHA-1: seconds since 1970 and the last six of its eight digits
TABLE = [
    (59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
    (2000000000, "279037"), (20000000000, "353130"),
]  # fmt: skip


def test_the_codes_are_those_of_the_rfc() -> None:
    assert [totp.code_of(KEY, totp.step_at(at)) for at, _code in TABLE] == [code for _at, code in TABLE]


@given(st.integers(120, 2**40), st.integers(-3, 3))
def test_a_code_is_good_one_step_early_and_late(moment: int, steps: int) -> None:
    step = totp.step_at(moment) + steps
    found = totp.matching_step(KEY, totp.code_of(KEY, step), moment)
    near = {totp.code_of(KEY, totp.step_at(moment) + near) for near in (-1, 0, 1)}
    assert (found is not None) == (totp.code_of(KEY, step) in near)


@given(st.integers(120, 2**40))
def test_a_code_taken_once_is_not_taken_again(moment: int) -> None:
    step = totp.step_at(moment)
    taken = totp.matching_step(KEY, totp.code_of(KEY, step), moment)
    assert taken is not None and taken >= step
    again = totp.matching_step(KEY, totp.code_of(KEY, step), moment, after=step + 1)
    assert again is None


def test_apps_read_the_address_and_people_the_key() -> None:
    address = totp.address(KEY, "li.jingyi", "客户服务")
    assert address.startswith("otpauth://totp/%E5%AE%A2")
    assert "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%E5%AE%A2" in address
    assert totp.spelled(KEY) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    assert totp.picture(address).startswith("<svg") and "style" not in totp.picture(address)
