"""People, roles, units and API clients in the hands of the administrator."""

import re
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from core import audit
from core.errors import Conflict
from core.models import AuditEntry
from staff import actions
from staff.models import ApiClient, Membership, Person, Unit, UnitRecord
from staff.roles import Role
from tests.cast import PASSWORD, Speak

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(cast: SimpleNamespace, as_person: Speak) -> Client:
    return as_person(cast.administrator)


def _deeds(*prefixes: str) -> list[str]:
    deeds = AuditEntry.objects.order_by("pk").values_list("deed", flat=True)
    return [deed for deed in deeds if deed.startswith(prefixes)]


def test_a_new_person_gets_a_password_that_must_be_changed(admin: Client) -> None:
    page = admin.post(
        "/people/new/", {"name": "张三", "username": "zhang.san", "employee_no": "N1", "email": ""}
    )
    password = re.search(r"<code>(\w{16})</code>", page.content.decode())
    person = Person.objects.get(username="zhang.san")
    assert password and person.check_password(password[1])
    assert person.must_change_password
    assert password[1] not in str(list(AuditEntry.objects.values()))
    assert password[1] not in admin.get(f"/people/{person.pk}/").content.decode()
    assert _deeds("person.") == ["person.created"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": "li.jingyi"},
        {"username": "Zhang San"},
        {"employee_no": "M1001A"},
        {"email": "x"},
        {"name": ""},
    ],
)
def test_unfit_people_are_refused(admin: Client, wrong: dict[str, str]) -> None:
    form = {"name": "张三", "username": "zhang.san", "employee_no": "N1", "email": "", **wrong}
    before = Person.objects.count()
    assert admin.post("/people/new/", form).status_code == 200
    assert Person.objects.count() == before


def test_fields_outside_the_form_do_not_get_in(admin: Client, cast: SimpleNamespace) -> None:
    person = cast.agent_1001
    more = {
        "username": "root", "password": "x", "must_change_password": "on", "employee_no": "M1001A", "id": "1",
        "is_superuser": "on", "is_staff": "on", "memberships": "1", "last_login": "2020-01-01",
    }  # fmt: skip
    admin.post(f"/people/{person.pk}/edit/", {"name": "新名", "email": "a@b.cn", "is_active": "on", **more})
    changed = Person.objects.get(pk=person.pk)
    assert (changed.name, changed.email, changed.is_active) == ("新名", "a@b.cn", True)
    assert (changed.username, changed.employee_no, changed.password) == (
        person.username, person.employee_no, person.password,
    )  # fmt: skip
    assert AuditEntry.objects.get(deed="person.edited").detail == {
        "name": [person.name, "新名"], "email": ["", "a@b.cn"],
    }  # fmt: skip


def test_nobody_switches_off_or_promotes_themselves(admin: Client, cast: SimpleNamespace) -> None:
    me = cast.administrator
    admin.post(f"/people/{me.pk}/edit/", {"name": "我"})
    form = {"role": Role.COMPLIANCE, "unit": "HQ", "from_date": "2026-01-01"}
    admin.post(f"/people/{me.pk}/roles/", form)
    admin.post(f"/people/{me.pk}/roles/{me.memberships.get().pk}/end/")
    assert Person.objects.get(pk=me.pk).is_active
    assert [held.role for held in me.memberships.all()] == [Role.ADMINISTRATOR]
    assert not _deeds("person.", "role.")


def test_roles_are_given_and_ended(admin: Client, cast: SimpleNamespace) -> None:
    person, today = cast.agent_1001, timezone.localdate()
    form = {"role": Role.TEAM_LEAD, "unit": "1002", "from_date": "2026-01-01", "to_date": ""}
    admin.post(f"/people/{person.pk}/roles/", form)
    held = person.memberships.get(role=Role.TEAM_LEAD)
    assert admin.post(f"/people/{person.pk}/roles/", form, follow=True).context["messages"]
    assert person.memberships.filter(role=Role.TEAM_LEAD).count() == 1
    admin.post(f"/people/{person.pk}/roles/{held.pk}/end/", {"to_date": today.isoformat()})
    held.refresh_from_db()
    assert held.to_date == today
    assert admin.post(f"/people/{cast.agent_1002.pk}/roles/{held.pk}/end/").status_code == 404
    assert _deeds("role.") == ["role.given", "role.ended"]
    entry = AuditEntry.objects.get(deed="role.given")
    assert (entry.chain_id, entry.detail["unit"]) == ("1002", "1002")


@pytest.mark.parametrize(
    "wrong", [{"unit": "9999"}, {"role": "king"}, {"from_date": ""}, {"to_date": "2025-01-01"}]
)
def test_unfit_roles_are_refused(admin: Client, cast: SimpleNamespace, wrong: dict[str, str]) -> None:
    form = {"role": Role.TEAM_LEAD, "unit": "1002", "from_date": "2026-01-01", "to_date": "", **wrong}
    assert admin.post(f"/people/{cast.agent_1001.pk}/roles/", form).status_code == 422
    assert cast.agent_1001.memberships.count() == 1


def test_the_same_role_may_come_again_later(cast: SimpleNamespace, units: dict[str, Unit]) -> None:
    def give(begin: date, end: date | None) -> Membership:
        return actions.give_role(
            actor=audit.SYSTEM, person=cast.agent_1001, unit=units["1002"], role=Role.TEAM_LEAD,
            from_date=begin, to_date=end,
        )  # fmt: skip

    give(date(2026, 1, 1), date(2026, 2, 1))
    give(date(2026, 2, 1), date(2026, 3, 1))
    give(date(2025, 1, 1), date(2026, 1, 1))
    for begin, end in (
        (date(2026, 1, 15), None),
        (date(2024, 1, 1), None),
        (date(2026, 1, 1), date(2026, 1, 2)),
    ):
        with pytest.raises(Conflict):
            give(begin, end)
    with pytest.raises(ValidationError):
        give(date(2030, 1, 1), date(2029, 1, 1))


def test_a_role_that_never_began_is_taken_back(cast: SimpleNamespace, units: dict[str, Unit]) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    held = actions.give_role(
        actor=audit.SYSTEM, person=cast.agent_1001, unit=units["1002"], role=Role.AGENT, from_date=tomorrow
    )
    actions.end_role(actor=audit.SYSTEM, membership=held, to_date=timezone.localdate())
    assert not Membership.objects.filter(unit=units["1002"], person=cast.agent_1001).exists()
    assert _deeds("role.") == ["role.given", "role.withdrawn"]


def test_a_reset_password_is_shown_once_and_ends_sessions(
    admin: Client, cast: SimpleNamespace, as_person: Speak
) -> None:
    browser = as_person(cast.agent_1001)
    page = admin.post(f"/people/{cast.agent_1001.pk}/password/")
    assert re.search(r"<code>\w{16}</code>", page.content.decode())
    assert browser.get("/").status_code == 302
    changed = Person.objects.get(pk=cast.agent_1001.pk)
    assert changed.must_change_password
    assert not changed.check_password(PASSWORD)


def test_units_are_added_and_renamed(admin: Client, units: dict[str, Unit]) -> None:
    form = {"code": "T1", "name": "一组", "kind": "team", "parent": "1001", "opened_on": "2026-01-05"}
    admin.post("/units/new/", form)
    team = Unit.objects.get(code="T1")
    assert team.parent == units["1001"]
    more = {"code": "X", "kind": "hq", "parent": "", "closed_on": "2026-01-01", "successor": "1002"}
    admin.post("/units/1001/", {"name": "新名", **more})
    renamed = Unit.objects.get(code="1001")
    assert (renamed.name, renamed.kind, renamed.closed_on, renamed.successor) == (
        "新名",
        "branch",
        None,
        None,
    )
    assert UnitRecord.objects.get(unit=renamed, told_on=timezone.localdate()).name == "新名"
    assert _deeds("unit.") == ["unit.created", "unit.renamed"]


@pytest.mark.parametrize(
    "wrong", [{"code": "1001"}, {"code": "a b"}, {"parent": "HQ"}, {"parent": "9999"}, {"kind": "hq"}]
)
def test_unfit_units_are_refused(admin: Client, wrong: dict[str, str]) -> None:
    form = {
        "code": "1010",
        "name": "新",
        "kind": "branch",
        "parent": "R1",
        "opened_on": "2026-01-05",
        **wrong,
    }
    assert admin.post("/units/new/", form).status_code == 200
    assert Unit.objects.count() == 7


def test_api_clients_are_made_and_removed(admin: Client) -> None:
    form: dict[str, Any] = {
        "name": "erp",
        "scopes": ["units:read"],
        "units": ["1001"],
        "client_id": "mine",
        "skip_authorization": "on",
    }
    page = admin.post("/api-clients/", form).content.decode()
    made = ApiClient.objects.get()
    secret = re.search(r"client_secret <code>(\w+)</code>", page)
    assert secret and secret[1] not in made.client_secret
    assert (made.client_id != "mine", made.skip_authorization, made.user_id) == (True, False, None)
    assert secret[1] not in admin.get("/api-clients/").content.decode()
    assert admin.post("/api-clients/", {"name": "x", "scopes": ["all"], "units": ["1001"]}).status_code == 200
    admin.post(f"/api-clients/{made.pk}/remove/")
    assert not ApiClient.objects.exists()
    assert _deeds("api_client.") == ["api_client.created", "api_client.removed"]


def test_stored_script_is_only_text(admin: Client, cast: SimpleNamespace) -> None:
    script = "<script>alert(1)</script>"
    Person.objects.filter(pk=cast.agent_1001.pk).update(name=script, email="a@b.cn")
    Unit.objects.filter(code="1001").update(name=script)
    for path in ("/people/", f"/people/{cast.agent_1001.pk}/", "/units/", "/units/1001/"):
        page = admin.get(path)
        assert script not in page.content.decode()
        assert "'unsafe-inline'" not in page["Content-Security-Policy"]


def test_compliance_reads_people_and_the_trail_but_changes_nothing(
    cast: SimpleNamespace, as_person: Speak
) -> None:
    reader = as_person(cast.compliance)
    page = reader.get(f"/people/{cast.agent_1001.pk}/").content.decode()
    assert f"/people/{cast.agent_1001.pk}/edit/" not in page
    assert reader.post(f"/people/{cast.agent_1001.pk}/edit/", {"name": "x"}).status_code == 403
    actions.note_sign_in(person=cast.agent_hq, deed="signed_in", address="10.0.0.1")
    assert "signed_in" in reader.get("/audit/?sort=-at").content.decode()
    assert "signed_in" not in reader.get("/audit/?deed=person").content.decode().split("<tbody>")[-1]
