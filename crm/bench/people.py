"""Names of the benchmark's clients: surnames and given characters with their pinyin."""

from pypinyin import lazy_pinyin

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
