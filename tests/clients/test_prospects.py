"""Prospects: entered, moved, matched with the account that arrives, joined, taken apart."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from clients import checksums, phones
from clients.actions import conversion
from clients.actions.prospects import Origin, edit_prospect, enter_prospect, move_prospect
from clients.models import Client, Prospect, ProspectMatch, Relation
from clients.queries import prospects as queries
from core.errors import Conflict
from core.models import AuditEntry
from staff.models import Unit
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
Units = dict[str, Unit]
ID, OTHER_ID = "11010519491231002X", "110105194912310038"


@pytest.fixture
def lead(cast: SimpleNamespace) -> Any:
    return cast.branch_manager_1001


def enter(actor: Any, branch: Unit, name: str = "王建国", **values: Any) -> Prospect:
    given = {"kind": "individual", "name": name, "mobile": "13800001234"} | values
    origin = given.pop("origin", Origin("event"))
    manager = given.pop("manager_no", "M1001A")
    return enter_prospect(actor=actor, branch=branch, manager_no=manager, values=given, origin=origin)


def account(units: Units, client_no: str = "C000001", **values: Any) -> Client:
    """A client whose account was opened today."""
    return make_client(units["1001"], client_no, **{"opened_on": timezone.localdate(), **values})


def stage(prospect: Prospect) -> str:
    return Prospect.objects.get(pk=prospect.pk).stage


def test_entered_it_is_a_client_record_found_like_any(units: Units, lead: Any, as_person: Any) -> None:
    prospect = enter(lead, units["1001"], id_type="resident_id", id_number=ID)
    client = prospect.client
    assert client.client_no == f"P{int(client.client_no[1:]):08d}"
    assert (client.status, client.opened_on, client.pinyin) == ("prospect", None, "wangjianguo")
    assert client.id_index and client.mobile_tail_index
    assert AuditEntry.objects.get(deed="prospect.entered").client_id == client.pk
    page = as_person(lead).get(reverse("clients:list"), {"q": "wjg"}).content.decode()
    assert client.client_no in page
    assert as_person(lead).get(reverse("clients:detail", args=[client.client_no])).status_code == 200


def test_numbers_are_checked_with_words(units: Units, lead: Any) -> None:
    with pytest.raises(ValidationError):
        enter(lead, units["1001"], id_type="resident_id", id_number="110105194912310021")
    with pytest.raises(Conflict):
        enter(lead, units["1002"])


def test_a_manager_enters_own_ones_only(units: Units, cast: Any) -> None:
    assert enter(cast.manager_1001a, units["1001"]).client.manager_no == "M1001A"
    with pytest.raises(Conflict):
        enter(cast.manager_1001a, units["1001"], manager_no="M1001B")


def test_stages_move_with_history(units: Units, lead: Any) -> None:
    prospect = enter(lead, units["1001"])
    move_prospect(actor=lead, prospect=prospect, stage="contacted")
    move_prospect(actor=lead, prospect=prospect, stage="contacted")
    with pytest.raises(Conflict) as refused:
        move_prospect(actor=lead, prospect=prospect, stage="lost")
    assert refused.value.code == "reason_needed"
    move_prospect(actor=lead, prospect=prospect, stage="lost", reason="went elsewhere")
    with pytest.raises(Conflict):
        move_prospect(actor=lead, prospect=prospect, stage="converted")
    steps = prospect.steps.order_by("pk").values_list("old_stage", "stage")
    assert list(steps) == [("", "new"), ("new", "contacted"), ("contacted", "lost")]


def test_the_database_keeps_stages_whole(units: Units, lead: Any) -> None:
    prospect = enter(lead, units["1001"])
    for wrong in ({"stage": "converted"}, {"stage": "lost"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Prospect.objects.filter(pk=prospect.pk).update(**wrong)


def test_who_recommended_is_a_relation(units: Units, lead: Any) -> None:
    by, other = make_client(units["1001"], "C000008"), make_client(units["1001"], "C000009")
    prospect = enter(lead, units["1001"], origin=Origin("referral", "", by))
    assert queries.referrer_of(prospect.client) == by
    edit_prospect(actor=lead, prospect=prospect, origin=Origin("referral", "", other), next_step_on=None)
    assert queries.referrer_of(prospect.client) == other
    assert Relation.objects.filter(client=prospect.client).count() == 2


def test_the_same_id_converts(units: Units, lead: Any) -> None:
    prospect = enter(lead, units["1001"], "王健国", id_type="resident_id", id_number=ID, mobile="")
    arrived = account(units)
    assert conversion.match_prospects() == 1
    prospect.refresh_from_db()
    assert (prospect.stage, prospect.converted_to, prospect.matched_by) == ("converted", arrived, "id")
    assert Client.objects.get(pk=prospect.pk).merged_into == arrived
    assert conversion.match_prospects() == 0


def test_the_same_mobile_and_name_convert(units: Units, lead: Any) -> None:
    prospect = enter(lead, units["1001"])
    account(units)
    assert conversion.match_prospects() == 1
    prospect.refresh_from_db()
    assert prospect.matched_by == "mobile"


@pytest.mark.parametrize(
    "other",
    [{"name": "李明"}, {"mobile": "13911112222"}, {"opened_on": date(2020, 1, 1)}, {"kind": "institution"}],
)
def test_others_do_not(units: Units, lead: Any, other: dict[str, Any]) -> None:
    prospect = enter(lead, units["1001"])
    account(units, **other)
    assert conversion.match_prospects() == 0
    assert (stage(prospect), ProspectMatch.objects.count()) == ("new", 0)


def test_doubts_wait_for_a_person(units: Units, lead: Any) -> None:
    prospect = enter(lead, units["1001"])
    first = account(units)
    account(units, "C000002", id_number=OTHER_ID)
    assert conversion.match_prospects() == 0
    assert conversion.match_prospects() == 0
    match = queries.open_matches(lead).get(client=first)
    conversion.confirm_match(actor=lead, match=match)
    assert stage(prospect) == "converted"
    assert sorted(ProspectMatch.objects.values_list("state", flat=True)) == ["confirmed", "rejected"]
    with pytest.raises(Conflict):
        conversion.confirm_match(actor=lead, match=match)


def test_differing_ids_with_one_mobile_are_a_doubt(units: Units, lead: Any) -> None:
    enter(lead, units["1001"], id_type="resident_id", id_number=OTHER_ID)
    account(units)
    assert conversion.match_prospects() == 0
    match = ProspectMatch.objects.get()
    conversion.reject_match(actor=lead, match=match)
    conversion.match_prospects()
    assert ProspectMatch.objects.get().state == "rejected"


def test_two_prospects_of_one_account_are_a_doubt(units: Units, lead: Any) -> None:
    enter(lead, units["1001"])
    enter(lead, units["1001"])
    account(units)
    assert conversion.match_prospects() == 0
    assert ProspectMatch.objects.count() == 2


def test_taken_apart_it_is_not_found_again(units: Units, lead: Any) -> None:
    prospect = enter(lead, units["1001"])
    arrived = account(units)
    conversion.match_prospects()
    conversion.undo_conversion(actor=lead, prospect=prospect, reason="father and son")
    assert stage(prospect) == "opening"
    assert Client.objects.get(pk=prospect.pk).merged_into is None
    assert conversion.match_prospects() == 0
    assert queries.prospect_of(arrived) is None


def test_rates_and_counts(units: Units, lead: Any) -> None:
    enter(lead, units["1001"])
    enter(lead, units["1001"], "李明", mobile="13911112222", origin=Origin("phone"), manager_no="M1001B")
    account(units)
    conversion.match_prospects()
    shares = {str(rate.name): rate.share for rate in queries.rates_by_owner(lead)}
    assert shares == {"M1001A": 1, "M1001B": 0}
    assert [one.count for one in queries.stage_counts(lead)] == [1, 0, 0, 0, 1, 0]


def test_pages(units: Units, lead: Any, as_person: Callable[..., Any]) -> None:
    browser = as_person(lead)
    form = {
        "kind": "individual", "name": "张三", "mobile": "13811112222", "id_type": "resident_id",
        "branch": "1001", "manager_no": "M1001A", "source": "event",
    }  # fmt: skip
    refused = browser.post(reverse("prospects:new"), {**form, "mobile": "1381111222"})
    assert refused.status_code == 422
    assert browser.post(reverse("prospects:new"), {**form, "id_number": "123"}).status_code == 422
    assert browser.post(reverse("prospects:new"), form).status_code == 302
    again = browser.post(reverse("prospects:new"), form)
    assert (again.status_code, "P000" in again.content.decode()) == (422, True)
    assert browser.post(reverse("prospects:new"), {**form, "anyway": "on"}).status_code == 302
    prospect = Prospect.objects.earliest("pk")
    number = prospect.client.client_no
    moved = browser.post(reverse("clients:prospect_stage", args=[number]), {"stage": "interested"})
    assert (moved.status_code, stage(prospect)) == (200, "interested")
    lost = browser.post(reverse("clients:prospect_stage", args=[number]), {"stage": "lost"})
    assert lost.status_code == 409
    page = browser.get(reverse("prospects:list"), {"stage": "interested"}).content.decode()
    assert number in page
    for typed in ("zs", "张三", number):
        assert number in browser.get(reverse("prospects:list"), {"q": typed}).content.decode()
    edited = browser.post(reverse("clients:prospect_edit", args=[number]), {"source": "phone"})
    assert edited.status_code == 302
    due = {"source": "phone", "next_step_on": timezone.localdate() - timedelta(days=1)}
    browser.post(reverse("clients:prospect_edit", args=[number]), due)
    assert number in browser.get(reverse("prospects:list"), {"due": "due"}).content.decode()


def test_pages_of_a_conversion(units: Units, lead: Any, as_person: Callable[..., Any]) -> None:
    browser = as_person(lead)
    prospect = enter(lead, units["1001"])
    account(units)
    account(units, "C000002", id_number=OTHER_ID)
    conversion.match_prospects()
    assert "C000002" in browser.get(reverse("prospects:matches")).content.decode()
    match = ProspectMatch.objects.get(client__client_no="C000002")
    browser.post(reverse("prospects:decide", args=[match.pk]), {"answer": "yes"})
    panel = browser.get(reverse("clients:prospect", args=["C000002"])).content.decode()
    assert prospect.client.client_no in panel
    browser.post(reverse("clients:prospect_undo", args=["C000002"]), {"reason": "two people"})
    assert stage(prospect) == "opening"
    assert browser.get(reverse("clients:prospect", args=["C000001"])).content.decode().strip() == ""


def test_the_list_costs_few_queries(
    units: Units, lead: Any, as_person: Callable[..., Any], django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        enter(lead, units["1001"], f"客户{number}")
    browser = as_person(lead)
    browser.get(reverse("prospects:list"))
    with django_assert_max_num_queries(16):
        browser.get(reverse("prospects:list"))


def test_api(units: Units, as_system: Callable[..., Any]) -> None:
    system = as_system("clients:read", "clients:write", at=("1001",))
    body = {"kind": "institution", "name": "某某公司", "branch": "1001", "source": "partner"}
    made = system.post("/api/v1/prospects/", body, content_type="application/json")
    assert made.status_code == 201, made.json()
    number = made.json()["client_no"]
    assert system.get(f"/api/v1/prospects/{number}/").json()["stage"] == "new"
    address = f"/api/v1/prospects/{number}/stage/"
    moved = system.post(address, {"stage": "opening"}, content_type="application/json")
    assert moved.json()["stage"] == "opening"
    assert system.post(address, {"stage": "lost"}, content_type="application/json").status_code == 409
    assert system.get("/api/v1/prospects/?stage=opening").json()["results"][0]["client_no"] == number
    wrong = {**body, "branch": "1002", "id_number": "1", "id_type": "uscc"}
    assert system.post("/api/v1/prospects/", wrong, content_type="application/json").status_code == 400


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_every_mainland_form_can_be_a_mobile(number: str) -> None:
    assert phones.mobile_fault(number) == ""
    assert phones.mobile_fault(f"+86 {number}") == ""


@pytest.mark.parametrize("typed", ["", "1380000123", "010-12345678901", "abc", "+8613800001", "23800001234"])
def test_these_cannot(typed: str) -> None:
    assert phones.mobile_fault(typed)


def test_an_unknown_prefix_is_a_doubt_only() -> None:
    assert phones.mobile_doubt("13800001234") == ""
    assert phones.mobile_fault("14000001234") == ""
    assert phones.mobile_doubt("14000001234")


@given(st.text(alphabet="0123456789", min_size=3, max_size=3), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_breaks_a_resident_id(serial: str, place: int, by: int) -> None:
    """GB 11643: the check character notices every single wrong digit."""
    first = f"11010519491231{serial}"
    check = next(one for one in "0123456789X" if checksums.is_resident_id(first + one))
    digits = [10 if one == "X" else int(one) for one in first + check]
    digits[place] = (digits[place] + by) % 10
    wrong = "".join(map(str, digits[:17])) + ("X" if digits[17] == 10 else str(digits[17]))
    assert wrong == first + check or not checksums.is_resident_id(wrong)
