"""Master rows of the demo packages: branches, clients, accounts, products, as they stand at a day's close."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import numpy as np

from crm.demo.feed_files import RowTable, Table, number, rows_of, text, words
from crm.demo.identifiers import Integers, mobile, resident_id, scattered, social_credit_code
from crm.demo.names import (
    BRANCHES,
    COMPANY_FORMS,
    COMPANY_TRADES,
    COMPANY_WORDS,
    GIVEN_FEMALE,
    GIVEN_MALE,
    GIVEN_SECOND,
    ID_AREA_CODES,
    MERGED,
    MOBILE_PREFIXES,
    PRODUCT_FORMS,
    PRODUCT_WORDS,
    PRODUCTS,
    REGIONS,
    STREETS,
    SUCCESSOR,
    SURNAMES,
    Branch,
)
from crm.demo.people import HK_MACAO, ID_TYPES, INDIVIDUAL, PASSPORT, PRODUCT, RESIDENT, TAIWAN, USCC, People
from crm.demo.plan import STATUSES
from crm.demo.world import World

KINDS = ("individual", "institution", "product")
RISKS = ("C1_lowest", "C1", "C2", "C3", "C4", "C5")
INVESTORS = ("ordinary", "professional_a", "professional_b")
SYSTEMS = ("cash", "margin", "options")
FOUNDED = "1995-01-01"
BRANCH_COLUMNS = ("code", "name", "parent_code", "kind", "opened_on", "closed_on", "successor_code")
PRODUCT_COLUMNS = ("product_code", "name", "family", "risk_level")
CLIENT_COLUMNS = (
    "client_no",
    "kind",
    "name",
    "id_type",
    "id_number",
    "id_expires_on",
    "birth_date",
    "sex",
    "mobile",
    "email",
    "address",
    "branch_code",
    "manager_no",
    "status",
    "opened_on",
    "closed_on",
    "callback_passed_on",
    "risk_level",
    "risk_assessed_on",
    "investor_class",
)


@lru_cache(maxsize=200_000)
def iso(ordinal: int) -> str:
    """ISO date of an ordinal; empty for 0."""
    return date.fromordinal(ordinal).isoformat() if ordinal else ""


def first_branches() -> list[tuple[str, ...]]:
    """The whole organisation as it is told on the first day."""
    rows: list[tuple[str, ...]] = [("HQ", "总部", "", "hq", FOUNDED, "", "")]
    rows += [(code, name, "HQ", "region", FOUNDED, "", "") for code, name in REGIONS]
    return rows + [
        (entry.code, entry.name, entry.region, "branch", entry.opened_on, "", "") for entry in BRANCHES
    ]


def merged_branch(day: date) -> tuple[str, ...]:
    """The row that closes the merged branch and names its successor."""
    entry = next(branch for branch in BRANCHES if branch.code == MERGED)
    return (entry.code, entry.name, entry.region, "branch", entry.opened_on, day.isoformat(), SUCCESSOR)


def products(first: bool) -> RowTable:
    """What is sold: all but the last product on the first day, the last one at its launch."""
    return rows_of(PRODUCT_COLUMNS, PRODUCTS[:-1] if first else PRODUCTS[-1:])


def accounts(world: World, opened: Integers, closed: Integers) -> Table:
    """Rows of accounts opened and closed on the day, given by account number system * clients + client."""
    count = len(world)
    chosen = np.concatenate([opened, closed])
    shut = np.arange(len(chosen)) >= len(opened)
    clients, systems = chosen % count, chosen // count
    since = np.where(systems == 0, world.people.opened[clients], world.lends_since[clients])
    until = np.where(shut, world.closed[clients], 0)
    return Table(
        {
            "account_no": number(account_numbers(chosen, count), "A%08d"),
            "client_no": number(clients + 1, "C%06d"),
            "system": words(SYSTEMS, systems),
            "currency": text(["CNY"] * len(chosen)),
            "status": words(("normal", "closed"), shut),
            "opened_on": text([iso(day) for day in since.tolist()]),
            "closed_on": text([iso(day) for day in until.tolist()]),
        }
    )


def account_numbers(chosen: Integers, count: int) -> Integers:
    """The digits of the account number: client number and 1, 2 or 3 for cash, margin, options."""
    return (chosen % count + 1) * 10 + chosen // count + 1


def clients(world: World, chosen: Integers) -> RowTable:
    """Client rows as they stand at the moment of writing."""
    return RowTable(
        CLIENT_COLUMNS, len(chosen), lambda: (client_row(world, client) for client in chosen.tolist())
    )


def client_row(world: World, client: int) -> tuple[str, ...]:
    """One client's row: who it is, then how it stands."""
    people = world.people
    kind = int(people.kind[client])
    entry = BRANCHES[int(world.branch[client])]
    identity = int(people.identity[client])
    born = int(people.born[client])
    sex = ("F", "M")[int(people.sequence[client]) % 2] if kind == INDIVIDUAL else ""
    return (
        f"C{client + 1:06d}",
        KINDS[kind],
        client_name(kind, identity, sex, entry.city),
        ID_TYPES[int(people.id_type[client])],
        id_number(people, client),
        _expires(people, client),
        iso(born) if kind == INDIVIDUAL else "",
        sex,
        mobile(MOBILE_PREFIXES, client) if kind != PRODUCT else "",
        f"c{client + 1:06d}@example.com" if client % 10 < 7 else "",
        address(BRANCHES[int(people.branch[client])], identity),
        *_standing(world, client, entry),
    )


def _standing(world: World, client: int, entry: Branch) -> tuple[str, ...]:
    people, today = world.people, int(world.market.ordinals[world.day])
    manager, risk = int(world.manager[client]), int(world.risk[client])
    passed = int(people.callback[client])
    return (
        entry.code,
        f"M{entry.code}{chr(65 + manager)}" if manager >= 0 else "",
        STATUSES[int(world.status[client])],
        iso(int(people.opened[client])),
        iso(int(world.closed[client])),
        iso(passed) if passed <= today else "",
        RISKS[risk] if risk >= 0 else "",
        iso(int(world.assessed[client])) if risk >= 0 else "",
        INVESTORS[int(people.investor[client])],
    )


def client_name(kind: int, identity: int, sex: str, city: str) -> str:
    """A Chinese name that depends only on the identity, so that the same person keeps it."""
    mix = identity * 2_654_435_761 % 2**32
    if kind == INDIVIDUAL:
        return _person_name(mix, GIVEN_MALE if sex == "M" else GIVEN_FEMALE)
    if kind == PRODUCT:
        words = _pick(COMPANY_WORDS, mix >> 5) + _pick(PRODUCT_WORDS, mix >> 11)
        return f"{words}{identity % 89 + 1}号{_pick(PRODUCT_FORMS, mix >> 17)}"
    word = _pick(COMPANY_WORDS, mix >> 5) + _pick(COMPANY_WORDS, mix >> 23)[:1]
    return city + word + _pick(COMPANY_TRADES, mix >> 11) + _pick(COMPANY_FORMS, mix)


def _person_name(mix: int, given: Sequence[str]) -> str:
    """Three people of five have one of the two dozen commonest surnames."""
    surname = _pick(SURNAMES if mix % 5 < 2 else SURNAMES[:24], mix >> 3)
    return surname + _pick(given, mix >> 11) + _pick(GIVEN_SECOND, mix >> 17)


def _pick(options: Sequence[str], number: int) -> str:
    return options[number % len(options)]


def id_number(people: People, client: int) -> str:
    """The identity number in the form of its type, with correct check characters."""
    id_type, identity = int(people.id_type[client]), int(people.identity[client])
    area = ID_AREA_CODES[int(people.area[client])]
    if id_type == RESIDENT:
        born = date.fromordinal(int(people.born[client])).strftime("%Y%m%d")
        return resident_id(area, born, int(people.sequence[client]))
    digits = int(scattered(np.array([identity], dtype=np.int64), 8)[0])
    if id_type == USCC:
        return social_credit_code(area, digits)
    prefix = {PASSPORT: "E", HK_MACAO: "H", TAIWAN: ""}.get(id_type, "S")
    return f"{prefix}{digits:08d}"


def _expires(people: People, client: int) -> str:
    """ID cards expire between two years ago and eighteen years ahead of the last assessment; some never."""
    if int(people.kind[client]) != INDIVIDUAL or client % 9 == 0:
        return ""
    return iso(int(people.assessed[client]) + 200 + (client * 97) % 6500)


def address(entry: Branch, identity: int) -> str:
    """A street address in the city of the branch; every seventh with a comma in it."""
    streets = STREETS[entry.city]
    tail = (
        f",{identity % 23 + 1}幢{identity % 6 + 1}单元"
        if identity % 7 == 0
        else f"{identity % 1500 % 28 + 1}室"
    )
    return f"{entry.city}市{streets[identity % len(streets)]}{identity * 13 % 980 + 1}号{tail}"
