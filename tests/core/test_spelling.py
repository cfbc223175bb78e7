"""Pinyin and initials in every common reading."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.spelling import MOST_READINGS, SEVERAL, SURNAMES, other_readings, search_keys, written


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("张建国", ("zhangjianguo", "zjg")),
        ("曾国强", ("zengguoqiang", "zgq")),
        ("单田芳", ("shantianfang", "stf")),
        ("欧阳娜", ("ouyangna", "oyn")),
        ("尉迟恭", ("yuchigong", "ycg")),
        ("李 小 明", ("lixiaoming", "lxm")),
        ("Wang Li", ("wangli", "wl")),
        ("", ("", "")),
    ],
)
def test_the_usual_reading(name: str, keys: tuple[str, str]) -> None:
    assert search_keys(name) == keys


def test_companies_are_read_by_their_phrases() -> None:
    assert search_keys("重庆长江贸易有限公司")[0].startswith("chongqingchangjiang")
    assert search_keys("中信A公司")[1] == "zxags"
    assert other_readings("重庆长江贸易有限公司") == ()


def test_the_other_readings() -> None:
    assert other_readings("曾国强") == (("cengguoqiang", "cgq"),)
    assert other_readings("张乐") == (("zhangyue", "zy"),)
    assert other_readings("王伟") == ()
    assert other_readings("曾:乐") == ()
    assert written(other_readings("吕乐")) == "lvyue:ly lule:ll luyue:ly"


@given(st.text(st.sampled_from([*SEVERAL, "王", "建", "国"]), min_size=0, max_size=6))
def test_readings_are_few_and_different(name: str) -> None:
    others = other_readings(name)
    assert len(others) <= MOST_READINGS
    assert search_keys(name)[0] not in [pinyin for pinyin, _initials in others]
    assert len({pinyin for pinyin, _initials in others}) == len(others)
    assert all(pinyin.isascii() and initials.isascii() for pinyin, initials in others)


def test_a_surname_is_read_as_one() -> None:
    for surname, reading in SURNAMES.items():
        assert search_keys(surname + "伟")[0] == reading.replace(" ", "") + "wei"
