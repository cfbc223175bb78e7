"""Hand-overs: deeds, what the feeds do to them, pages, bulk, API."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from clients.actions import ownership as deeds
from clients.actions.ownership import Owner, Terms
from clients.models import Client, ClientRecord, Handover, RecordMark
from clients.queries import ownership as queries
from core.errors import Conflict
from core.models import AuditEntry, BulkRun, OutboxMessage
from staff.models import Unit
from tests.clients.people import give_standing, make_client

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
DECEMBER = date(2026, 12, 1)
Units = dict[str, Unit]


@pytest.fixture(autouse=True)
def on_a_november_day() -> Any:
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=True):
        yield


@pytest.fixture
def wang(units: Units) -> Client:
    return make_client(units["1001"], "C000001")


@pytest.fixture
def lead(cast: SimpleNamespace) -> Any:
    return cast.branch_manager_1001


def owner_of(client: Client) -> tuple[str, str]:
    fresh = Client.objects.select_related("branch").get(pk=client.pk)
    return fresh.branch.code, fresh.manager_no


def give(lead: Any, client: Client, manager: str = "", day: date = TODAY, **more: Any) -> Handover:
    owner = Owner(more.pop("branch", client.branch), manager)
    return deeds.hand_over(actor=lead, client=client, owner=owner, from_date=day, reason="leaves", **more)


def do(job: Any) -> None:
    """What the worker does with a bulk job."""
    from core.tasks import bulk_work

    bulk_work(job.pk)


def tell(client: Client, day: date, branch: Unit, manager: str) -> None:
    """A feed row of a day, as the loader leaves it, and the owner settled."""
    last = ClientRecord.objects.filter(client=client).latest("told_on")
    ClientRecord.objects.create(
        client=client, told_on=day, valid_from=day, branch=branch, manager_no=manager, status="normal",
        kind="individual", opened_on=last.opened_on,
    )  # fmt: skip
    deeds.settle_owners([client.pk])


def test_from_today_the_client_is_with_the_new_owner(wang: Client, lead: Any) -> None:
    make_client(wang.branch, "C000002", manager_no="M1001C")
    made = give(lead, wang, "M1001C")
    assert owner_of(wang) == ("1001", "M1001C")
    assert (made.old_manager_no, made.made_by, made.applied) == ("M1001A", lead.username, True)
    mark = RecordMark.objects.get()
    assert (mark.client_id, mark.month, mark.told_on) == (wang.pk, date(2026, 11, 1), TODAY)
    entry = AuditEntry.objects.get(deed="client.handed_over")
    assert (entry.client_id, entry.detail["old_manager"], entry.detail["reason"]) == (
        wang.pk,
        "M1001A",
        "leaves",
    )
    assert OutboxMessage.objects.get().event == "client.handed_over"


def test_a_future_one_waits_for_its_day(wang: Client, lead: Any) -> None:
    give(lead, wang, day=DECEMBER)
    assert deeds.apply_due() == 0
    assert owner_of(wang) == ("1001", "M1001A")
    assert deeds.apply_due(DECEMBER) == 1
    assert owner_of(wang) == ("1001", "")
    assert deeds.apply_due(DECEMBER) == 0


def test_past_months_are_closed(wang: Client, lead: Any) -> None:
    give(lead, wang, day=date(2026, 11, 1))
    with pytest.raises(Conflict) as refused:
        give(lead, wang, day=date(2026, 10, 31))
    assert refused.value.code == "date_in_past_month"


@pytest.mark.parametrize(
    ("branch", "manager", "code"),
    [
        ("1002", "", "branch"),
        ("1099", "", "branch"),
        ("1001", "M9999", "manager"),
        ("1001", "M1001A", "same_owner"),
    ],
)
def test_refused(wang: Client, lead: Any, units: Units, branch: str, manager: str, code: str) -> None:
    with pytest.raises(Conflict) as refused, transaction.atomic():
        give(lead, wang, manager, branch=units[branch])
    assert refused.value.code == code
    assert not Handover.objects.exists()


def test_out_of_reach_nothing_happens(units: Units, lead: Any, wang: Client) -> None:
    far = make_client(units["1005"], "C000005")
    terms = Terms(TODAY, "leaves")
    owners = [Owner(units["1001"])]
    assert deeds.hand_over_many(actor=lead, client_ids=[far.pk, wang.pk], owners=owners, terms=terms) == 1
    assert owner_of(far) == ("1005", "M1001A")


def test_a_feed_row_that_repeats_the_owner_leaves_it(wang: Client, lead: Any, units: Units) -> None:
    give(lead, wang)
    tell(wang, date(2026, 11, 24), units["1001"], "M1001A")
    assert owner_of(wang) == ("1001", "")
    tell(wang, date(2026, 11, 25), units["1002"], "M1002A")
    assert owner_of(wang) == ("1002", "M1002A")
    tell(wang, date(2026, 11, 26), units["1002"], "M1002A")
    assert owner_of(wang) == ("1002", "M1002A")


def test_on_one_date_the_hand_over_wins(wang: Client, lead: Any, units: Units) -> None:
    tell(wang, TODAY, units["1001"], "M1001B")
    give(lead, wang)
    assert owner_of(wang) == ("1001", "")


def test_a_second_one_of_the_date_takes_its_place(wang: Client, lead: Any, units: Units) -> None:
    first = give(lead, wang)
    make_client(wang.branch, "C000002", manager_no="M1001C")
    give(lead, wang, "M1001C")
    first.refresh_from_db()
    assert (first.cancelled_by, owner_of(wang)) == (lead.username, ("1001", "M1001C"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.create(
            client=wang, from_date=TODAY, branch=wang.branch, old_branch=wang.branch, reason="x", made_by="x",
            made_at="2026-11-23T00:00Z",
        )  # fmt: skip


def test_taken_back_the_former_owner_returns(wang: Client, lead: Any) -> None:
    made = give(lead, wang)
    deeds.cancel_handover(actor=lead, handover=made)
    assert owner_of(wang) == ("1001", "M1001A")
    assert RecordMark.objects.count() == 2
    with pytest.raises(Conflict):
        deeds.cancel_handover(actor=lead, handover=made)


def test_too_late_to_take_back(wang: Client, lead: Any) -> None:
    made = give(lead, wang)
    with pytest.raises(Conflict):
        deeds.cancel_handover(actor=lead, handover=made, today=DECEMBER)


def test_a_prospect_goes_back_to_whom_the_hand_over_remembers(units: Units, lead: Any) -> None:
    prospect = make_client(units["1001"], "P00000001")
    ClientRecord.objects.filter(client=prospect).delete()
    Client.objects.filter(pk=prospect.pk).update(status="prospect", opened_on=None)
    made = give(lead, prospect)
    assert (owner_of(prospect), RecordMark.objects.count()) == (("1001", ""), 0)
    deeds.cancel_handover(actor=lead, handover=made)
    assert owner_of(prospect) == ("1001", "M1001A")


def test_several_share_evenly_and_undo_restores(units: Units, lead: Any) -> None:
    clients = [make_client(units["1001"], f"C00001{number}") for number in range(5)]
    make_client(units["1001"], "C000020", manager_no="M1001C")
    owners = [Owner(units["1001"], "M1001C"), Owner(units["1001"])]
    ids = [client.pk for client in clients]
    assert deeds.hand_over_many(actor=lead, client_ids=ids, owners=owners, terms=Terms(TODAY, "x", 7)) == 5
    assert [owner_of(client)[1] for client in clients] == ["M1001C", "", "M1001C", "", "M1001C"]
    assert deeds.cancel_many(actor=lead, batch=7) == 5
    assert {owner_of(client) for client in clients} == {("1001", "M1001A")}


def test_history_shows_feeds_and_hand_overs(wang: Client, lead: Any) -> None:
    give(lead, wang, day=DECEMBER)
    lines = queries.ownership_history(wang)
    assert [(line.since, line.manager_no, line.may_cancel) for line in lines] == [
        (DECEMBER, "", True),
        (None, "M1001A", False),
    ]


def test_pages_hand_over_and_take_back(
    wang: Client, lead: Any, cast: Any, as_person: Callable[..., Any]
) -> None:
    browser = as_person(lead)
    address = reverse("clients:hand_over", args=[wang.client_no])
    assert browser.get(address).status_code == 200
    answer = browser.post(
        address, {"branch": "1001", "managers": "X1", "from_date": "2026-11-23", "reason": "r"}
    )
    assert answer.status_code == 422
    browser.post(
        address, {"branch": "1001", "managers": "", "from_date": "2026-11-23", "reason": "moves away"}
    )
    assert owner_of(wang) == ("1001", "")
    panel = browser.get(reverse("clients:ownership", args=[wang.client_no])).content.decode()
    assert "moves away" in panel
    assert "hx-post" in panel
    made = Handover.objects.get()
    browser.post(reverse("clients:hand_over_cancel", args=[wang.client_no, made.pk]))
    assert owner_of(wang) == ("1001", "M1001A")
    assert (
        "hx-post"
        not in as_person(cast.agent_1001)
        .get(reverse("clients:ownership", args=[wang.client_no]))
        .content.decode()
    )


def test_a_leaving_managers_clients_go_to_others_and_come_back(
    units: Units, lead: Any, as_person: Callable[..., Any]
) -> None:
    clients = [make_client(units["1001"], f"C00001{number}") for number in range(4)]
    for client in clients:
        give_standing(client, assets=100_000)
    make_client(units["1001"], "C000020", manager_no="M1001C")
    make_client(units["1001"], "C000021", manager_no="M1001B")
    browser, address = as_person(lead), reverse("clients:leaving") + "?manager=m1001a"
    page = browser.get(address).content.decode()
    assert "M1001A" in page
    form = {"branch": "1001", "managers": "M1001B，M1001C", "from_date": "2026-11-23", "reason": "leaves"}
    assert "M1001C" in browser.post(address, form).content.decode()
    browser.post(address, {**form, "start": "1"})
    run = BulkRun.objects.get()
    do(run.job)
    assert sorted(owner_of(client)[1] for client in clients) == ["M1001B", "M1001B", "M1001C", "M1001C"]
    browser.post(reverse("bulk:undo", args=[run.pk]))
    run.refresh_from_db()
    do(run.job)
    assert {owner_of(client)[1] for client in clients} == {"M1001A"}


def test_api(wang: Client, units: Units, as_system: Callable[..., Any]) -> None:
    system = as_system("clients:read", "clients:write", at=("1001",))
    address = f"/api/v1/clients/{wang.client_no}/handovers/"
    body = {"branch": "1001", "from_date": "2026-11-24", "reason": "leaves"}
    made = system.post(address, body, content_type="application/json")
    assert (made.status_code, made.json()["old_manager"]) == (201, "M1001A")
    assert system.get(address).json()["results"][0]["id"] == made.json()["id"]
    late = system.post(address, {**body, "from_date": "2026-10-01"}, content_type="application/json")
    assert late.status_code == 409
    cancelled = system.post(f"{address}{made.json()['id']}/cancel/")
    assert cancelled.json()["cancelled_at"]
    assert as_system("clients:read", name="reader").post(address, body).status_code == 403


def test_a_page_costs_few_queries(
    wang: Client, lead: Any, as_person: Callable[..., Any], django_assert_max_num_queries: Any
) -> None:
    for day in range(1, 6):
        give(lead, wang, day=date(2026, 12, day), branch=wang.branch)
    browser = as_person(lead)
    with django_assert_max_num_queries(12):
        browser.get(reverse("clients:ownership", args=[wang.client_no]))
