"""What each role sees and may do, as people.md's table says: down the tree, never sideways."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from staff.models import Membership, Person, Unit
from staff.reach import scope_of_person
from staff.roles import RIGHTS, SCOPE_RIGHTS, Role
from staff.scope import NOTHING, Scope
from tests.cast import MERGED_ON

pytestmark = pytest.mark.django_db
Units = dict[str, Unit]


def _fresh(person: Person) -> Person:
    """The person as the next request sees it."""
    return Person.objects.get(pk=person.pk)


def _ids(units: Units, *codes: str) -> frozenset[int]:
    return frozenset(units[code].pk for code in codes)


def _give(
    person: Person, unit: Unit, role: str, begin: date = date(2020, 1, 1), end: date | None = None
) -> Person:
    Membership.objects.create(person=person, unit=unit, role=role, from_date=begin, to_date=end)
    return _fresh(person)


@pytest.fixture
def newcomer(units: Units) -> Person:
    return Person.objects.create(username="new", name="新", employee_no="M9999Z")


@pytest.mark.parametrize("key", ["agent_1001", "team_lead_1001", "branch_manager_1001"])
def test_branch_roles_see_their_branch_and_what_went_into_it(
    cast: SimpleNamespace, units: Units, key: str
) -> None:
    scope = getattr(cast, key).scope
    assert scope.branch_ids == scope.unit_ids == _ids(units, "1001", "1099")
    assert (scope.firm, scope.clients, scope.identity, scope.manager_nos) == (False, True, True, frozenset())


def test_a_region_reaches_down(cast: SimpleNamespace, units: Units) -> None:
    scope = cast.region_manager_r1.scope
    assert scope.branch_ids == _ids(units, "1001", "1002", "1099")
    assert scope.unit_ids == _ids(units, "R1", "1001", "1002", "1099")
    assert not scope.firm


def test_a_client_manager_sees_own_clients_only(cast: SimpleNamespace) -> None:
    scope = cast.manager_1001a.scope
    assert scope.manager_nos == {"M1001A"}
    assert (scope.branch_ids, scope.unit_ids, scope.firm) == (frozenset(), frozenset(), False)
    assert scope.clients and scope.identity


@pytest.mark.parametrize(
    ("key", "identity"),
    [("agent_hq", True), ("team_lead_hq", True), ("compliance", True), ("value_analyst", False)],
)
def test_headquarters_see_the_firm(cast: SimpleNamespace, key: str, identity: bool) -> None:
    scope = getattr(cast, key).scope
    assert (scope.firm, scope.clients, scope.identity) == (True, True, identity)


@pytest.mark.parametrize("key", ["administrator", "operator", "analyst", "research_supervisor"])
def test_others_see_no_client_data(cast: SimpleNamespace, key: str) -> None:
    person = getattr(cast, key)
    assert not person.scope.clients
    assert not person.scope.firm
    assert person.reach.firm


def test_rights_are_those_of_the_role(cast: SimpleNamespace) -> None:
    assert cast.branch_manager_1001.scope.rights == RIGHTS[Role.BRANCH_MANAGER]
    assert cast.administrator.may("people.manage")
    assert not cast.compliance.may("people.manage")
    assert not cast.analyst.scope.rights


def test_roles_hold_from_the_first_day_to_the_day_before_the_last(newcomer: Person, units: Units) -> None:
    _give(newcomer, units["1001"], Role.AGENT, date(2026, 3, 2), date(2026, 3, 5))
    seen = {day: scope_of_person(_fresh(newcomer), on=date(2026, 3, day)).clients for day in range(1, 7)}
    assert seen == {1: False, 2: True, 3: True, 4: True, 5: False, 6: False}


def test_several_roles_add_up(newcomer: Person, units: Units) -> None:
    _give(newcomer, units["1001"], Role.AGENT)
    person = _give(newcomer, units["1005"], Role.CLIENT_MANAGER)
    assert person.scope.branch_ids == _ids(units, "1001", "1099")
    assert person.scope.manager_nos == {"M9999Z"}
    person = _give(newcomer, units["R2"], Role.BRANCH_MANAGER)
    assert person.scope.branch_ids == _ids(units, "1001", "1099", "1005")


def test_a_right_holds_where_its_role_is_and_not_elsewhere(newcomer: Person, units: Units) -> None:
    _give(newcomer, units["1001"], Role.BRANCH_MANAGER)
    person = _give(newcomer, units["1002"], Role.AGENT)
    assert person.scope.has_unit(units["1002"].pk)
    assert person.scope_for("kpis.targets").unit_ids == _ids(units, "1001", "1099")
    assert person.scope_for("audit.view") == Scope(rights=person.scope.rights)


def test_a_configuring_role_widens_no_view_of_clients(newcomer: Person, units: Units) -> None:
    _give(newcomer, units["1001"], Role.AGENT)
    person = _give(newcomer, units["HQ"], Role.ADMINISTRATOR)
    assert not person.scope.firm
    assert person.scope_for("people.manage").firm
    assert not person.scope_for("people.manage").clients


def test_a_role_without_identity_takes_names_away(newcomer: Person, units: Units) -> None:
    _give(newcomer, units["1001"], Role.AGENT)
    person = _give(newcomer, units["HQ"], Role.VALUE_ANALYST)
    assert person.scope.firm and not person.scope.identity
    assert not person.may("clients.reveal")
    assert not person.scope_for("clients.reveal").clients


def test_a_predecessor_is_seen_from_the_day_it_closed(cast: SimpleNamespace, units: Units) -> None:
    person = cast.agent_1001
    before = scope_of_person(_fresh(person), on=MERGED_ON - timedelta(days=1))
    assert before.branch_ids == _ids(units, "1001")
    assert scope_of_person(_fresh(person), on=MERGED_ON).branch_ids == _ids(units, "1001", "1099")


def test_mergers_of_mergers_are_followed_and_circles_end(cast: SimpleNamespace, units: Units) -> None:
    older = Unit.objects.create(
        code="1098", name="旧", kind="branch", parent=units["R2"], opened_on=date(2000, 1, 1),
        closed_on=date(2010, 1, 1), successor=units["1099"],
    )  # fmt: skip
    assert older.pk in _fresh(cast.agent_1001).scope.branch_ids
    Unit.objects.filter(code="1001").update(successor=older, closed_on=timezone.localdate())
    assert older.pk in _fresh(cast.agent_1001).scope.branch_ids


def test_a_team_serves_the_unit_above_it(newcomer: Person, units: Units) -> None:
    team = Unit.objects.create(
        code="T1", name="一组", kind="team", parent=units["1002"], opened_on=date(2020, 1, 1)
    )
    assert _give(newcomer, team, Role.AGENT).scope.branch_ids == _ids(units, "1002")


def test_who_is_switched_off_sees_nothing(cast: SimpleNamespace) -> None:
    cast.agent_hq.is_active = False
    assert cast.agent_hq.scope == Scope()
    assert cast.agent_hq.reach == NOTHING


def test_units_visible_to_people(cast: SimpleNamespace) -> None:
    seen = {
        key: Unit.objects.visible_to(getattr(cast, key)).count() for key in ("agent_1001", "administrator")
    }
    assert seen == {"agent_1001": 2, "administrator": 7}
    assert not Unit.objects.visible_to(cast.manager_1001a).exists()


def test_scopes_of_systems_are_words_for_rights_that_exist() -> None:
    known = frozenset[str]().union(*RIGHTS.values(), {"units.view", "events.view"})
    assert frozenset[str]().union(*SCOPE_RIGHTS.values()) <= known


def test_scope_costs_two_queries(cast: SimpleNamespace, django_assert_num_queries: object) -> None:
    person = _fresh(cast.region_manager_r1)
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert person.scope.clients
        assert person.reach and person.role_line and person.scope_for("kpis.view")
