"""Names of the benchmark's clients: surnames and given characters with their pinyin."""

from collections.abc import Iterable

from pypinyin import lazy_pinyin

from core.spelling import other_readings
from crm.demo.names import GIVEN_FEMALE, GIVEN_MALE, GIVEN_SECOND, SURNAMES


def syllables() -> dict[str, list[str]]:
    """The arrays that bench_clients.sql puts names together from."""
    surnames = sorted(set(SURNAMES))
    given = sorted({*GIVEN_MALE, *GIVEN_FEMALE, *GIVEN_SECOND} - {""})
    return {
        "surnames": surnames,
        "surnames_pinyin": ["".join(lazy_pinyin(text)) for text in surnames],
        "given": given,
        "given_pinyin": ["".join(lazy_pinyin(text)) for text in given],
    }


def readings(names: Iterable[str]) -> dict[str, list[str]]:
    """The arrays of bench_readings.sql: each name with each of its other readings."""
    found = [(name, *keys) for name in names for keys in other_readings(name)]
    return {
        "names": [name for name, _pinyin, _initials in found],
        "pinyin": [pinyin for _name, pinyin, _initials in found],
        "initials": [initials for _name, _pinyin, initials in found],
    }
