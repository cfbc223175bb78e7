"""Nobody's number leaves the house by a log line, an error page or a plain column of the database.

The numbers are the demo's. Pages, API, feeds, imports of rows that break rules, crashes and failed jobs are
driven with them; then every line that was logged, every error body and every table is searched.
"""

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from clients.models import Client
from core import audit, jobs
from core.logs import JsonFormatter, RequestFilter, redacted
from core.models import Job
from crm.demo.identifiers import mobile, resident_id, social_credit_code
from staff.models import Unit
from tests.cast import Speak
from tests.clients.people import make_client
from tests.trading.packages import DAY, Writer, masters, row
from trading.feed import load_package

ROOT = Path(__file__).parents[2]
IDS = [resident_id("310101", "19800506", number) for number in (11, 222, 333)]
MOBILES = [mobile(("138", "159", "186"), number) for number in (1, 2, 3)]
CODE = social_credit_code("310000", 4711)
EMAIL = "wang.jianguo@example.com"
SECRETS = [*IDS, *MOBILES, CODE, EMAIL]
API = "/api/v1/clients/"


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that any logger writes, as production formats it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RequestFilter())
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.fixture
def wang(units: dict[str, Unit]) -> Client:
    return make_client(units["1001"], "C000001", id_number=IDS[0], mobile=MOBILES[0])


def _found(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text or secret.replace("@", "%40") in text]


def _error_bodies(answers: list[Any]) -> str:
    """What errors say; a form that is shown again (422) holds what its own reader typed."""
    return "\n".join(
        answer.content.decode()
        for answer in answers
        if answer.status_code >= 400 and answer.status_code != 422
    )


def _drive(browser: Any) -> list[Any]:
    """Searches, faulty filters, missing pages, broken bodies, and forms with numbers in the wrong places."""
    answers = []
    for secret in SECRETS:
        answers += [
            browser.get("/clients/", {"q": secret, "sort": secret, "cursor": secret, "least": secret}),
            browser.get("/palette/", {"q": secret}),
            browser.get(API, {"q": secret, "ordering": secret, "cursor": secret}),
            browser.get(API, {"status": secret, "page_size": secret}),
            browser.get(f"/clients/{secret}/"),
            browser.get(f"{API}{secret}/"),
            browser.post(f"{API}C000001/reveal/", {"field": secret}, content_type="application/json"),
            browser.post(f"{API}C000001/reveal/", f'{{"field": {secret}', content_type="application/json"),
            browser.patch(f"{API}C000001/", {secret: secret}, content_type="application/json"),
            browser.post(reverse("clients:reveal", args=["C000001", "mobile"]), {"purpose": secret}),
            browser.post(
                reverse("clients:edit", args=["C000001", "remark"]), {"value": "x", "version": secret}
            ),
            browser.post("/interactions/log/C000001/", {"line": "x", "category": secret}),
            browser.post("/no/such/page/", {"id": secret}),
        ]
    return answers


@pytest.mark.django_db
def test_pages_and_api(wang: Client, cast: SimpleNamespace, as_person: Speak, logged: io.StringIO) -> None:
    answers = _drive(as_person(cast.agent_1001)) + _drive(as_person(cast.operator)) + _drive(Browser())
    assert {answer.status_code for answer in answers} >= {200, 302, 400, 401, 403, 404}
    assert _found(logged.getvalue()) == []
    bodies = _error_bodies([answer for answer in answers if "json" not in answer["Content-Type"]])
    assert _found(bodies) == []


@pytest.mark.django_db
def test_a_crash_says_nothing(
    wang: Client,
    cast: SimpleNamespace,
    as_person: Speak,
    logged: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An error whose own words, and whose cause's, hold every number."""

    def crash(*_args: Any, **_kwargs: Any) -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("INSERT INTO staff_unit (code) VALUES (%s)", [" ".join(SECRETS)])
        except DatabaseError as error:
            raise RuntimeError(" ".join(SECRETS)) from error

    monkeypatch.setattr("clients.queries.record.profile", crash)
    browser = as_person(cast.agent_1001)
    browser.raise_request_exception = False
    for path in (reverse("clients:detail", args=["C000001"]), f"{API}C000001/"):
        answer = browser.get(path)
        assert answer.status_code == 500
        assert _found(answer.content.decode()) == []
    assert "RuntimeError" in logged.getvalue()
    assert _found(logged.getvalue()) == []


@pytest.mark.django_db
def test_feeds_and_jobs(
    wang: Client, logged: io.StringIO, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows refused for their numbers, a refused package, and a job that dies of a row."""
    bad = [
        row("clients.csv", client_no=f"C{number:06d}", id_type="resident_id", id_number=IDS[1][:-1] + "5",
            mobile=MOBILES[1], email=EMAIL, opened_on=MOBILES[2])
        for number in range(3)
    ]  # fmt: skip
    files = masters()
    files["clients.csv"] += bad
    result = load_package(Writer(tmp_path).write(DAY, files), actor=audit.SYSTEM)
    assert (result.state, result.quarantined) == ("loaded", 3)
    refused = Writer(tmp_path).write(DAY, files, version=2, counts={"clients.csv": 99})
    assert load_package(refused, actor=audit.SYSTEM).state == "refused"
    monkeypatch.setattr("core.broker.send", lambda _name, _args: None)
    job = jobs.start(kind="toy", title="Toy", owner=audit.SYSTEM)
    Job.objects.filter(pk=job.pk).update(state="running", attempts=3)
    job.refresh_from_db()
    with pytest.raises(RuntimeError), jobs.working(job):
        raise RuntimeError(f"row of {IDS[2]}, {MOBILES[2]}")
    assert "row of" in Job.objects.get(pk=job.pk).error
    assert _found(logged.getvalue()) == []
    assert _plain_columns() == {}


@pytest.mark.django_db
def test_nothing_is_kept_plain(wang: Client, cast: SimpleNamespace, as_person: Speak) -> None:
    browser = as_person(cast.team_lead_1001)
    _drive(browser)
    for field in ("id_number", "mobile", "email", "address"):
        told = {"field": field, "purpose": "contact"}
        browser.post(
            f"{API}C000001/reveal/", told, content_type="application/json", headers={"Idempotency-Key": field}
        )
    assert _plain_columns() == {}


def _plain_columns() -> dict[str, list[str]]:
    """Tables in which a number can be read."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            with cursor.copy(f'COPY (SELECT * FROM "{table}") TO STDOUT') as copy:
                text = b"".join(bytes(block) for block in copy).decode()
            if secrets := _found(text):
                found[table] = secrets
    return found


def test_the_server_writes_no_addresses() -> None:
    """An access log would hold what was searched for."""
    for path in ("Dockerfile", "devtools/run.py", "docker-compose.yml"):
        assert "--access-log" not in (ROOT / path).read_text()


@pytest.mark.parametrize("secret", [*SECRETS, "110105491231002", "+86 138 0000 1234", "138-0000-1234"])
def test_a_line_is_blacked_out(secret: str) -> None:
    assert redacted(f"a {secret}, b") == "a [hidden], b"


@pytest.mark.parametrize(
    "harmless",
    [
        "client C000001 account A00000110000012 run 20261124 at 2026-11-24 06:11:57,035",
        "request 0123456789abcdef took 12.3456 s, 1000000 rows, 1234567890123.4567",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ],
)
def test_other_numbers_stay_readable(harmless: str) -> None:
    assert redacted(harmless) == harmless


def test_a_database_error_loses_its_values() -> None:
    values = 'DETAIL:  Key (name)=(王建国) already exists.\nCONTEXT:  COPY x, line 3: "王建国"'
    told = f"duplicate key\n{values}\n\nThe end"
    hidden = redacted(told)
    assert not re.search("王建国", hidden)
    assert hidden.startswith("duplicate key\nDETAIL: [hidden]")
    assert hidden.endswith("The end")
