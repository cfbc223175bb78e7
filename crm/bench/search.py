"""Search under the clock: every way of typing, by three readers, through box and list, with index sizes."""

import random
import time
from collections.abc import Callable, Iterable
from importlib import import_module

from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from clients import identifiers
from clients.models import Account, Client, Reading
from crm.bench.clock import Timing, percentiles
from crm.bench.fill import Say
from crm.bench.pages import signed_in
from staff.roles import Role

SAMPLES = 40
TARGET = 50.0  # ms, p95
INDEXES = (
    "client_name_grams", "client_name", "client_pinyin", "client_initials", "client_short_name",
    "reading_pinyin", "reading_initials", "client_id_index", "client_mobile_index", "client_mobile_tail",
    "contact_point_mobile", "clients_client_client_no%_like", "clients_account_account_no%_like",
)  # fmt: skip
SEED = 20_261_123
AS_TYPED = {"HX-Request": "true", "HX-Target": "list-clients"}  # what the page asks for while one types


def measure(say: Say) -> None:
    """p50 and p95 in milliseconds by way of typing and reader, against one plain scan of all names."""
    import_module("crm.wsgi")  # the collector of garbage as the server sets it
    _sizes(say)
    say(f"  yardstick, name LIKE '%..%' without an index: {_plain_scan():.0f} ms")
    readers = {
        "firm": signed_in(Role.TEAM_LEAD, "HQ"),
        "branch": signed_in(Role.AGENT, "5001"),
        "own": signed_in(Role.CLIENT_MANAGER, "5001", "M5001A"),
    }
    typed = _typed()
    for address, way in ((reverse("palette"), "box"), (reverse("clients:list"), "list")):
        for name, browser in readers.items():
            _table(say, f"{way}, reader sees {name}", browser, address, typed)


def _table(say: Say, title: str, browser: Browser, address: str, typed: dict[str, list[str]]) -> None:
    say(f"  {title}")
    for kind, texts in typed.items():
        found = timed(browser, address, texts)
        verdict = "ok" if found.p95 <= TARGET else f"above {TARGET:.0f} ms"
        say(f"    {kind:<28} p50 {found.p50:6.1f} ms   p95 {found.p95:6.1f} ms   {verdict}")


def timed(browser: Browser, address: str, texts: Iterable[str], name: str = "q") -> Timing:
    """How long each answer took; name: the parameter that what was typed goes into."""
    spent = []
    for text in texts:
        started = time.perf_counter()
        response = browser.get(address, {name: text}, secure=True, headers=AS_TYPED)
        spent.append((time.perf_counter() - started) * 1000)
        if response.status_code != 200:
            raise RuntimeError(f"searching answered {response.status_code}")
    return percentiles(spent)


def _typed() -> dict[str, list[str]]:
    """What people type: pieces of the data of clients drawn by a fixed seed."""
    draw = random.Random(SEED)
    ids = draw.sample(range(1, Client.objects.count()), SAMPLES * 4)
    clients = list(Client.objects.filter(pk__in=ids))
    draw.shuffle(clients)
    chosen = clients[:SAMPLES]
    of: dict[str, Callable[[Client], str]] = {
        "1 character": lambda client: draw.choice(client.name),
        "2 characters": lambda client: client.name[-2:],
        "2 characters, the first": lambda client: client.name[:2],
        "3 characters": lambda client: client.name[:3],
        "pinyin in full": lambda client: client.pinyin,
        "pinyin, 3 letters": lambda client: client.pinyin[:3],
        "pinyin, 1 letter": lambda client: client.pinyin[:1],
        "initials": lambda client: client.initials,
        "client number": lambda client: client.client_no,
        "client number, 6 signs": lambda client: client.client_no[:6],
    }
    texts = {kind: [write(client) for client in chosen] for kind, write in of.items()}
    return {**texts, **_numbers(chosen), **_others(draw)}


def _numbers(chosen: list[Client]) -> dict[str, list[str]]:
    """Numbers of persons, given to the drawn clients, whose own are only hashes."""
    mobiles, identities = [], []
    for place, client in enumerate(chosen):
        mobile, identity = f"139{place:02}{client.pk:06}"[:11], f"11010519491231{place:04}"
        Client.objects.filter(pk=client.pk).update(
            mobile_index=identifiers.mobile_blind_index(mobile),
            mobile_tail_index=identifiers.tail_blind_index(mobile),
            id_index=identifiers.id_blind_index(client.id_type, identity),
        )
        mobiles.append(mobile)
        identities.append(identity)
    tails = [mobile[-4:] for mobile in mobiles]
    return {"full mobile": mobiles, "last 4 digits": tails, "full ID number": identities}


def _others(draw: random.Random) -> dict[str, list[str]]:
    """Accounts, short names of companies, and names in another reading."""
    companies = Client.objects.filter(kind=Client.Kind.INSTITUTION).exclude(short_name="").order_by("pk")
    readings = list(Reading.objects.order_by("client_id").values_list("pinyin", flat=True)[: SAMPLES * 100])
    accounts = list(Account.objects.order_by("pk").values_list("account_no", flat=True)[: SAMPLES * 100])
    shorts = list(companies.values_list("short_name", flat=True)[: SAMPLES * 10])
    some = lambda found: draw.sample(found, min(SAMPLES, len(found)))  # noqa: E731
    return {
        "account": some(accounts),
        "account, 5 signs": [account[:5] for account in some(accounts)],
        "company short name": some(shorts),
        "another reading": some(readings),
        "nobody": [f"龘{place}" for place in range(SAMPLES)],
    }


def _sizes(say: Say) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, pg_relation_size(oid) FROM pg_class WHERE relkind = 'i' AND relname LIKE ANY(%s)"
            " ORDER BY relname",
            [list(INDEXES)],
        )
        found = cursor.fetchall()
    for name, size in found:
        say(f"  {name:<46} {size / 1_000_000:8.1f} MB")
    say(f"  {'together':<46} {sum(size for _name, size in found) / 1_000_000:8.1f} MB")


def _plain_scan() -> float:
    spent = []
    with connection.cursor() as cursor:
        for text in ("伟建", "国强", "晓明"):
            started = time.perf_counter()
            cursor.execute("SELECT count(*) FROM clients_client WHERE name LIKE %s", [f"%{text}%"])
            cursor.fetchall()
            spent.append((time.perf_counter() - started) * 1000)
    return sorted(spent)[1]
