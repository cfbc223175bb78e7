"""Pages under the clock: server time of real requests, signed in, with their number of queries."""

from collections.abc import Callable
from importlib import import_module

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import Client
from crm.bench.clock import Timing, timing
from crm.bench.fill import Say
from staff.models import Membership, Unit
from staff.roles import Role

TARGETS = {"list": 50, "filtered list": 50, "search": 50, "360 page": 100, "card": 100, "league": 100}
NAMES = ["王", "王伟", "李秀英", "张", "wangwei", "zhl", "lxy", "B00012", "A0004567", "陈静", "liu", "建国"]


def measure(say: Say) -> None:
    """p50 and p95 in milliseconds for each page, by people of three roles."""
    import_module("crm.wsgi")  # the collector of garbage as the server sets it
    browser = signed_in(Role.TEAM_LEAD, "HQ")
    manager = signed_in(Role.BRANCH_MANAGER, "5001")
    analyst = signed_in(Role.VALUE_ANALYST, "HQ")
    numbers = list(Client.objects.order_by("client_no").values_list("client_no", flat=True)[5000:200000:3000])
    listing, palette = reverse("clients:list"), reverse("palette")
    pages: dict[str, list[Callable[[], None]]] = {
        "list": [get(browser, listing, {"sort": sort}) for sort in ("client_no", "-score", "-assets") * 10],
        "filtered list": [
            get(browser, listing, {"tier": tier, "sort": "-score"}) for tier in ("V5", "V3", "NEW") * 8
        ],
        "search": [get(browser, palette, {"q": typed}) for typed in NAMES * 3],
        "360 page": [get(browser, reverse("clients:detail", args=[number])) for number in numbers[:40]],
        "card": [get(manager, reverse("kpis:scorecard"))] * 20,
        "league": [get(analyst, reverse("kpis:league"))] * 20,
    }
    for name, calls in pages.items():
        if calls:
            say(_line(name, timing(calls), max(_queries(call) for call in calls[:3])))


def _queries(call: Callable[[], None]) -> int:
    """How many queries a page takes; counted apart, since counting costs time."""
    with CaptureQueriesContext(connection) as queries:
        call()
    return len(queries)


def _line(name: str, found: Timing, queries: int) -> str:
    target = TARGETS[name]
    verdict = "ok" if found.p95 <= target else f"above {target} ms"
    times = f"p50 {found.p50:7.1f} ms   p95 {found.p95:7.1f} ms"
    return f"  {name:<14} {times}   {queries:>3} queries   {verdict}"


def get(browser: Browser, path: str, query: dict[str, str] | None = None) -> Callable[[], None]:
    def call() -> None:
        response = browser.get(path, query or {}, secure=True)
        if response.status_code != 200:
            raise RuntimeError(f"{path} answered {response.status_code}")

    return call


def signed_in(role: Role, unit: str, employee_no: str = "") -> Browser:
    """A browser of somebody who holds this role at the unit; made when there is nobody yet."""
    people = get_user_model().objects
    person, _made = people.get_or_create(
        username=f"bench.{role}", defaults={"name": "压测", "employee_no": employee_no or f"BENCH-{role}"}
    )
    Membership.objects.get_or_create(
        person=person, unit=Unit.objects.get(code=unit), role=role, defaults={"from_date": "2020-01-01"}
    )
    browser = Browser(SERVER_NAME="localhost")
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return browser
