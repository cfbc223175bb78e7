"""The commands, and the cast that demo data makes."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.models import AuditEntry
from staff import tasks
from staff.cast import CAST, create_cast, create_managers, sign_ins
from staff.models import ApiClient, Person, Unit
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


def test_api_client_prints_its_credentials_once(units: Any, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("api_client", "erp", "--scopes", "units:read,people:read", "--units", "1001,1002")
    said = dict(line.split("=", 1) for line in capsys.readouterr().out.split())
    client = ApiClient.objects.get()
    assert said["client_id"] == client.client_id
    assert said["client_secret"] not in client.client_secret
    assert client.scopes == ["people:read", "units:read"]
    assert sorted(unit.code for unit in client.units.all()) == ["1001", "1002"]
    assert said["client_secret"] not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize(
    ("scopes", "places"), [("nothing:read", "1001"), ("units:read", "9999"), (",", "1001")]
)
def test_api_client_refuses_unknown_words(units: Any, scopes: str, places: str) -> None:
    with pytest.raises(CommandError):
        call_command("api_client", "erp", "--scopes", scopes, "--units", places)
    assert not ApiClient.objects.exists()


def test_create_admin_on_an_empty_system(client: Any, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_admin")
    password = capsys.readouterr().out.split()[-1]
    person = Person.objects.get()
    assert person.may("people.manage")
    assert Unit.objects.get().kind == "hq"
    assert client.post("/sign-in/", {"username": "admin", "password": password}).url == "/"
    assert client.get("/").url == "/password/"
    call_command("create_admin")
    assert not Person.objects.get().check_password(password)


def test_the_cast_plays_every_role(units: Any) -> None:
    people = create_cast(PASSWORD)
    assert set(people) == {part.key for part in CAST}
    assert {held.role for person in people.values() for held in person.memberships.all()} == {
        part.role for part in CAST
    }
    manager = people["manager_1001a"]
    assert manager.check_password(PASSWORD) and not manager.must_change_password
    assert manager.scope.manager_nos == {"M1001A"}
    count = Person.objects.count()
    assert create_cast("other-password-here")["agent_hq"].check_password(PASSWORD)
    assert Person.objects.count() == count
    assert ("li.jingyi", "李静怡") in {(username, name) for username, name, _role, _unit in sign_ins()}


def test_managers_of_the_feeds_become_people_without_a_sign_in(units: Any) -> None:
    create_cast(PASSWORD)
    names = {"M1001A": "周敏", "M1001B": "徐建国", "M7777A": "无"}
    assert (create_managers(names), create_managers(names)) == (1, 0)
    person = Person.objects.get(employee_no="M1001B")
    assert person.scope.manager_nos == {"M1001B"}
    assert not person.has_usable_password()


def test_housekeeping_runs(settings: Any, tmp_path: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.AUDIT_HEADS = tmp_path / "heads"
    tasks.clear_up()
    tasks.verify_audit()
    assert not [line for line in caplog.records if line.levelname == "ERROR"]
    (tmp_path / "heads").write_text('{"heads": {"firm": [3, "x"]}}\n')
    tasks.verify_audit()
    assert "no longer holds entry 3" in caplog.text
