"""Every route, for every role, other systems and strangers, in own and other units (see matrix.py)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from core.api.permissions import ANY_CALLER, requirement
from tests.crm import matrix
from tests.crm.matrix import Line
from tests.crm.matrix_firm import MatrixFirm, firm

ALLOWED = {200, 201, 202, 204, 302, 400, 409, 412, 415, 422, 428}
MEANING = {"-": {403}, "0": {404}, "+": ALLOWED}
__all__ = ["firm"]
pytestmark = pytest.mark.django_db
Ask = Callable[[Client, Line], HttpResponse]


def _routes(resolver: Any = None, prefix: str = "") -> Iterator[str]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from _routes(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern)


def _all_lines() -> list[Line]:
    return [*matrix.public_lines(), *matrix.lines(matrix.PAGES), *matrix.lines(matrix.API)]


def _sample(path: str) -> str:
    """The path with stand-ins, good enough to find its route."""
    names = dict.fromkeys(
        ("job", "person", "role", "system", "run", "package", "view", "bulk", "export", "pair", "merge"), "1"
    )
    return path.split("?")[0].format_map(_OrWords(names))


class _OrWords(dict[str, str]):
    def __missing__(self, key: str) -> str:
        if key.startswith(("file", "recording")):
            return "00000000-0000-4000-8000-000000000000"
        numbered = ("contact", "point", "relation", "row", "card", "target", "handover", "import")
        hanging = ("talk", "link", "delivery", "appeal_")
        cases = ("case_", "complaint_", "about_", "incident")
        settings = ("rule", "reply", "skill", "person_", "line_", "threshold", "goal")
        knowledge = ("article", "feedback", "plan", "inspected", "waiting", "appealed", "calibration")
        outreach = ("task", "notice", "planrun", "campaign", "callback", "due_", "override", "draft", "pool")
        segments = ("segment_", "model_", "proposal")
        plain = segments + numbered + hanging + cases + settings + knowledge + outreach
        return "1" if key.startswith(plain) else "C000001"


def test_every_route_stands_in_the_matrix() -> None:
    listed = {resolve(_sample(line.path)).route for line in _all_lines()}
    missing = sorted(set(_routes()) - listed)
    assert not missing, f"Write down who may use these routes, in tests/crm/matrix.py: {missing}"


def test_every_method_of_the_api_stands_in_the_matrix() -> None:
    listed = {(resolve(_sample(line.path)).route, line.method) for line in matrix.lines(matrix.API)}
    missing = []
    for line in matrix.lines(matrix.API):
        found = resolve(_sample(line.path))
        view = getattr(found.func, "cls", None) or getattr(found.func, "view_class", None)
        methods = {name.upper() for name in ("get", "post", "put", "patch", "delete") if hasattr(view, name)}
        missing += [(found.route, method) for method in methods if (found.route, method) not in listed]
    assert not missing


@pytest.fixture
def ask(firm: MatrixFirm, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Asks as the line says and undoes whatever it did."""
    monkeypatch.setattr("core.broker.send", lambda _name, _args: None)

    def asked(caller: Client, line: Line) -> HttpResponse:
        path = line.path.format_map(firm.places(line.path))
        with transaction.atomic():
            if line.method == "GET":
                answer = caller.get(path)
            else:
                body = {"data": {}, "content_type": "application/json"} if "/api/" in path else {"data": {}}
                answer = caller.generic(line.method, path, **_encoded(body))
            transaction.set_rollback(True)
        return answer  # type: ignore[return-value]

    return asked


def _encoded(body: dict[str, Any]) -> dict[str, Any]:
    if "content_type" in body:
        return {"data": "{}", "content_type": "application/json"}
    return {"data": "", "content_type": "application/x-www-form-urlencoded"}


def _differing(line: Line, key: str, answer: Any) -> list[str]:
    status = answer.status_code
    if status == 302 and answer.url.startswith("/sign-in/") and line.path != "/sign-out/":
        return [f"{key}: sent to the sign-in"]
    return [] if status in MEANING[line.cells[key]] else [f"{key}: {status}, not {line.cells[key]}"]


@pytest.mark.parametrize("line", matrix.lines(matrix.PAGES), ids=str)
def test_pages(firm: MatrixFirm, ask: Ask, line: Line) -> None:
    wrong = _people(firm, ask, line)
    for name, caller in {"a stranger": Client(), "a token": firm.system("f")}.items():
        answer = ask(caller, line)
        sent = answer.status_code == 302 and answer["Location"].startswith("/sign-in/")
        wrong += [] if sent else [f"{name}: {answer.status_code}, not sent to the sign-in"]
    assert not wrong, f"{line}: {wrong}"


@pytest.mark.parametrize("line", matrix.lines(matrix.API), ids=str)
def test_api(firm: MatrixFirm, ask: Ask, line: Line) -> None:
    wrong = _people(firm, ask, line)
    for key in matrix.SYSTEMS:
        wrong += _differing(line, key, ask(firm.system(key), line))
    needed = _needed_scope(line)
    if needed != ANY_CALLER:
        status = ask(firm.lacking(needed), line).status_code
        wrong += [] if status == 403 else [f"without {needed}: {status}, not 403"]
    stranger = ask(Client(), line).status_code
    wrong += [] if stranger == 401 else [f"a stranger: {stranger}, not 401"]
    assert not wrong, f"{line}: {wrong}"


def _people(firm: MatrixFirm, ask: Ask, line: Line) -> list[str]:
    wrong: list[str] = []
    for key in matrix.PEOPLE:
        wrong += _differing(line, key, ask(firm.person(key), line))
    return wrong


@pytest.mark.parametrize("path", matrix.LISTS)
def test_lists(firm: MatrixFirm, ask: Ask, path: str) -> None:
    """Nobody meets a client in a list, a search or a count whose page would answer 404."""
    callers = {key: firm.person(key) for key in matrix.PEOPLE}
    if "/api/" in path:
        callers |= {key: firm.system(key) for key in matrix.SYSTEMS}
    numbers = {name: firm.things[name] for name in ("own", "near", "next", "far")}
    for key, caller in callers.items():
        answer = ask(caller, Line("GET", path, {}))
        met = {name for name, number in numbers.items() if number.encode() in answer.content}
        expected = set(matrix.SEEN[key]) if answer.status_code == 200 else set()
        assert met == expected, f"{key} meets {met}"


@pytest.mark.parametrize("line", matrix.public_lines(), ids=str)
def test_public(ask: Ask, line: Line) -> None:
    answer = ask(Client(), line)
    assert answer.status_code in {200, 204, 302, 400, 401, 404}
    assert not getattr(answer, "url", "").startswith("/sign-in/?")


def _needed_scope(line: Line) -> str | None:
    view = getattr(resolve(_sample(line.path)).func, "cls", None)
    if not hasattr(view, "required_scopes"):
        return ANY_CALLER
    return requirement(view, line.method, api=True)
