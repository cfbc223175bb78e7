"""The cast and its units, by key, for every test; and quick ways to speak as one of them."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from core import audit
from staff.cast import CAST, SINCE
from staff.clients import create_api_client
from staff.models import ApiClient, Membership, Person, Unit, UnitRecord
from staff.sessions import SessionStore

PASSWORD = "correct-horse-battery"
OPENED = date(2000, 1, 1)
MERGED_ON = date(2024, 6, 30)
UNITS = (
    ("HQ", "总部", "hq", None),
    ("R1", "华东分公司", "region", "HQ"),
    ("R2", "华南分公司", "region", "HQ"),
    ("1001", "上海南京西路营业部", "branch", "R1"),
    ("1002", "上海陆家嘴营业部", "branch", "R1"),
    ("1005", "深圳深南大道营业部", "branch", "R2"),
    ("1099", "上海旧营业部", "branch", "R2"),  # went into 1001
)
Speak = Callable[..., Client]


def make_units() -> dict[str, Unit]:
    """A small firm: two regions, four branches of which 1099 (of R2) was merged into 1001 (of R1)."""
    units: dict[str, Unit] = {}
    for code, name, kind, parent in UNITS:
        above = units.get(parent or "")
        units[code] = Unit.objects.create(code=code, name=name, kind=kind, parent=above, opened_on=OPENED)
    merged = units["1099"]
    merged.closed_on, merged.successor = MERGED_ON, units["1001"]
    merged.save()
    for unit in units.values():
        UnitRecord.objects.create(
            unit=unit, told_on=OPENED, name=unit.name, kind=unit.kind, parent=unit.parent,
            opened_on=unit.opened_on, closed_on=unit.closed_on, successor=unit.successor,
        )  # fmt: skip
    return units


@pytest.fixture
def units(db: None) -> dict[str, Unit]:
    return make_units()


@pytest.fixture
def cast(units: dict[str, Unit]) -> SimpleNamespace:
    """Persons by key, such as cast.branch_manager_1001; all sign in with PASSWORD."""
    return make_cast(units)


def make_cast(units: dict[str, Unit]) -> SimpleNamespace:
    """The demo's cast in two statements; staff.cast.create_cast itself has its own test."""
    hashed = make_password(PASSWORD)
    people = Person.objects.bulk_create(
        Person(username=part.username, name=part.name, employee_no=part.employee_no, password=hashed)
        for part in CAST
    )
    Membership.objects.bulk_create(
        Membership(person=person, unit=units[part.unit], role=part.role, from_date=SINCE)
        for person, part in zip(people, CAST, strict=True)
    )
    return SimpleNamespace(**{part.key: person for person, part in zip(people, CAST, strict=True)})


@pytest.fixture
def as_person() -> Speak:
    """A browser that is signed in as this person (its own tests sign in through the page)."""
    return lambda person: browser_with(session_of(person))


def session_of(person: Person) -> str:
    """The key of a new session of the person, as a browser keeps it."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def browser_with(session: str) -> Client:
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = session
    return browser


@pytest.fixture
def as_system(units: dict[str, Unit]) -> Speak:
    """A caller of the API with a token of these scopes at these units (none: no unit at all)."""

    def speak(*scopes: str, at: tuple[str, ...] = ("HQ",), name: str = "system", **headers: Any) -> Client:
        return Client(headers={**authorization(*scopes, at=at, name=name), **headers})

    return speak


def authorization(*scopes: str, at: tuple[str, ...] = ("HQ",), name: str = "system") -> dict[str, str]:
    """The header of a new system with these scopes at these units."""
    made = create_api_client(actor=audit.SYSTEM, name=name, scopes=scopes, unit_codes=at)
    return {"Authorization": f"Bearer {token_for(made.client)}"}


def token_for(client: ApiClient, scopes: str | None = None) -> str:
    """A valid token, as `POST /o/token/` would give it."""
    token = f"token-{client.pk}-{get_access_token_model().objects.count()}"
    get_access_token_model().objects.create(
        application=client, token=token, scope=" ".join(client.scopes) if scopes is None else scopes,
        expires=timezone.now() + timedelta(hours=1),
    )  # fmt: skip
    return token
