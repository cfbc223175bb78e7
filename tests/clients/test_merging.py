"""Joining records and taking them apart: four eyes, what is shown where, what comes back to whom."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from clients import identifiers
from clients.actions import merging as deeds
from clients.actions.editing import edit_client
from clients.models import Account, Client, Merge
from clients.queries.merging import client_and_merged_ids
from clients.queries.record import listed
from core import audit
from core.errors import Conflict
from core.models import AuditEntry
from staff.models import Unit
from tests.cast import Speak
from tests.clients.people import make_account, make_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(units: dict[str, Unit]) -> tuple[Client, Client]:
    left = make_client(units["1001"], "C000001", remark="likes tea", occupation="")
    right = make_client(
        units["1001"], "C000002", remark="likes water", occupation="cook", declared_outside_assets=Decimal(5)
    )
    make_account(left, "A0000011")
    make_account(right, "A0000012")
    right.email = identifiers.seal("C000002", "email", "jianming@example.com")  # the same mask as the other
    right.save()
    return left, right


def _proposed(two: tuple[Client, Client], cast: SimpleNamespace, **choices: Any) -> Merge:
    survivor, merged = two
    return deeds.propose(
        actor=cast.team_lead_1001, survivor=survivor, merged=merged, choices=choices, reason="same ID"
    )


def _fields(client: Client) -> tuple[Any, ...]:
    client.refresh_from_db()
    return client.remark, client.occupation, client.declared_outside_assets, client.merged_into_id


def test_a_proposal_changes_nothing(two: tuple[Client, Client], cast: SimpleNamespace) -> None:
    merge = _proposed(two, cast, remark="likes tea and water")
    assert merge.state == "proposed"
    assert _fields(two[0]) == ("likes tea", "", None, None)
    assert listed(cast.agent_hq).count() == 2


def test_approved_by_another_the_survivor_speaks_for_both(
    two: tuple[Client, Client], cast: SimpleNamespace, as_person: Speak
) -> None:
    survivor, merged = two
    merge = _proposed(two, cast, remark="likes tea and water")
    deeds.approve(actor=cast.branch_manager_1001, merge=merge, note="seen the ID")
    assert _fields(survivor) == ("likes tea and water", "cook", Decimal(5), None)
    assert _fields(merged) == ("likes water", "cook", Decimal(5), survivor.pk)
    assert [client.client_no for client in listed(cast.agent_hq)] == ["C000001"]
    browser = as_person(cast.agent_1001)
    moved = browser.get(reverse("clients:detail", args=["C000002"]))
    assert moved.url == reverse("clients:detail", args=["C000001"])  # type: ignore[attr-defined]
    assert "C000002" in browser.get(moved.url).content.decode()  # type: ignore[attr-defined]
    for path in ("/clients/?q=C00000", "/palette/?q=C000002", "/api/v1/clients/"):
        assert b'"C000002"' not in browser.get(path).content
    fresh = Client.objects.get(pk=survivor.pk)
    assert client_and_merged_ids(fresh) == [survivor.pk, merged.pk]
    trail = AuditEntry.objects.filter(deed="client.joined").order_by("client_id")
    assert [entry.client_id for entry in trail] == [survivor.pk, merged.pk]


def test_four_eyes(two: tuple[Client, Client], cast: SimpleNamespace) -> None:
    survivor, merged = two
    own = deeds.propose(
        actor=cast.branch_manager_1001, survivor=survivor, merged=merged, choices={}, reason="same"
    )
    with pytest.raises(Conflict, match=r"Somebody else|另一人|他人|别人"):
        deeds.approve(actor=cast.branch_manager_1001, merge=own)
    with pytest.raises(IntegrityError), transaction.atomic():
        Merge.objects.filter(pk=own.pk).update(decided_by=cast.branch_manager_1001)
    with pytest.raises(IntegrityError), transaction.atomic():
        Merge.objects.filter(pk=own.pk).update(state="joined")


def test_undo_gives_back_and_keeps_later_edits(two: tuple[Client, Client], cast: SimpleNamespace) -> None:
    survivor, merged = two
    merge = _proposed(two, cast, remark="likes tea and water")
    merge = deeds.approve(actor=cast.branch_manager_1001, merge=merge)
    survivor.refresh_from_db()
    edit_client(
        actor=cast.agent_1001, client=survivor, values={"occupation": "baker"}, version=survivor.version
    )
    came = make_account(Client.objects.get(pk=merged.pk), "A0000013")  # by feed, for the merged number
    Client.objects.filter(pk=merged.pk).update(manager_no="M1001B")
    deeds.undo(actor=cast.team_lead_1001, merge=merge, reason="two brothers")
    assert _fields(survivor) == ("likes tea", "baker", None, None)
    assert _fields(merged) == ("likes water", "cook", Decimal(5), None)
    assert merged.manager_no == "M1001B"
    assert Account.objects.get(pk=came.pk).client == merged
    assert AuditEntry.objects.filter(deed="client.join_undone")[0].detail["edited_since"] == ["occupation"]
    assert listed(cast.agent_hq).count() == 2
    with pytest.raises(Conflict):
        deeds.undo(actor=cast.team_lead_1001, merge=merge, reason="again")


def test_joins_stay_flat_and_come_apart_in_any_order(units: dict[str, Unit], two: Any) -> None:
    first, second = two
    third = make_client(units["1001"], "C000003")
    inner = deeds.join(actor=audit.SYSTEM, survivor=second, merged=third, choices=None, reason="x")
    outer = deeds.join(actor=audit.SYSTEM, survivor=first, merged=second, choices=None, reason="x")
    assert _into() == {"C000001": None, "C000002": first.pk, "C000003": first.pk}
    deeds.undo(actor=audit.SYSTEM, merge=outer, reason="x")
    assert _into() == {"C000001": None, "C000002": None, "C000003": second.pk}
    again = deeds.join(actor=audit.SYSTEM, survivor=first, merged=second, choices=None, reason="x")
    deeds.undo(actor=audit.SYSTEM, merge=inner, reason="x")
    assert _into() == {"C000001": None, "C000002": first.pk, "C000003": None}
    deeds.undo(actor=audit.SYSTEM, merge=again, reason="x")
    assert _into() == {"C000001": None, "C000002": None, "C000003": None}


def _into() -> dict[str, int | None]:
    return dict(Client.objects.order_by("pk").values_list("client_no", "merged_into_id"))


def test_what_cannot_be_joined(units: dict[str, Unit], two: tuple[Client, Client], cast: Any) -> None:
    survivor, merged = two
    firm = make_client(units["1001"], "C000003", kind="institution")
    for left, right in ((survivor, survivor), (survivor, firm)):
        with pytest.raises(Conflict):
            deeds.propose(actor=cast.team_lead_1001, survivor=left, merged=right, choices={}, reason="x")
    _proposed(two, cast)
    with pytest.raises(Conflict):
        _proposed((merged, survivor), cast)


def test_a_survivor_changed_since_the_proposal_is_asked_anew(two: Any, cast: SimpleNamespace) -> None:
    merge = _proposed(two, cast, remark="both")
    edit_client(actor=cast.agent_1001, client=two[0], values={"remark": "moved"}, version=1)
    with pytest.raises(Conflict):
        deeds.approve(actor=cast.branch_manager_1001, merge=merge)


def test_the_pages(two: tuple[Client, Client], cast: SimpleNamespace, as_person: Speak) -> None:
    leader, manager = as_person(cast.team_lead_1001), as_person(cast.branch_manager_1001)
    new = reverse("clients:merge_new") + "?left=C000001&right=C000002"
    page = leader.get(new).content.decode()
    assert "likes water" in page
    assert "138****1234" in page
    compared = {pair.name: pair.same for pair in leader.get(new).context["compared"]}
    assert (compared["mobile"], compared["email"], compared["opened_on"]) == (True, False, True)
    told = {
        "survivor": "C000001",
        "remark": "both",
        "occupation": "cook",
        "short_name": "",
        "reason": "same ID",
    }
    assert leader.post(new, {**told, "reason": ""}).status_code == 422
    leader.post(new, {**told, "declared_outside_assets": "5"})
    merge = Merge.objects.get()
    leader.post(reverse("clients:merge_approve", args=[merge.pk]))
    merge.refresh_from_db()
    assert merge.state == "proposed", "a team lead may not approve"
    shown = manager.get(reverse("clients:merge", args=[merge.pk])).content.decode()
    assert reverse("clients:merge_approve", args=[merge.pk]) in shown
    manager.post(reverse("clients:merge_approve", args=[merge.pk]), {"note": "ok"})
    merge.refresh_from_db()
    assert merge.state == "joined"
    leader.post(reverse("clients:merge_undo", args=[merge.pk]), {"reason": "two brothers"})
    merge.refresh_from_db()
    assert merge.state == "undone"
    assert "C000002" in leader.get(reverse("clients:merges")).content.decode()


def test_the_api(two: tuple[Client, Client], cast: SimpleNamespace, as_person: Speak) -> None:
    leader, manager = as_person(cast.team_lead_1001), as_person(cast.branch_manager_1001)

    def post(browser: Any, path: str, **told: Any) -> Any:
        return browser.post(f"/api/v1/clients/merges/{path}", told, content_type="application/json")

    made = post(leader, "", survivor="C000001", merged="C000002", choices={"remark": "both"}, reason="same")
    assert (made.status_code, made.json()["state"]) == (201, "proposed")
    number = made.json()["id"]
    assert post(leader, f"{number}/approve/").status_code == 403
    assert post(manager, f"{number}/approve/", note="ok").json()["state"] == "joined"
    assert post(manager, f"{number}/approve/").status_code == 409
    assert post(leader, f"{number}/undo/", reason="two brothers").json()["state"] == "undone"
    other = post(leader, "", survivor="C000001", merged="C000002", reason="same").json()["id"]
    assert post(leader, f"{other}/reject/", reason="a mistake").json()["state"] == "rejected"
    assert len(leader.get("/api/v1/clients/merges/").json()["results"]) == 2


def test_the_houses_own_join_is_undone_where_it_came_from(
    two: tuple[Client, Client], cast: SimpleNamespace, as_person: Speak
) -> None:
    survivor, merged = two
    merge = deeds.join(
        actor=audit.SYSTEM, survivor=survivor, merged=merged, choices=None, reason="account came"
    )
    leader = as_person(cast.team_lead_1001)
    page = leader.get(reverse("clients:merge", args=[merge.pk])).content.decode()
    assert reverse("clients:merge_undo", args=[merge.pk]) not in page
    told = leader.post(
        f"/api/v1/clients/merges/{merge.pk}/undo/", {"reason": "no match"}, content_type="application/json"
    )
    assert told.status_code == 409
