"""Saved views: kept, changed, shared, counted for each reader, removed and brought back."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import redis
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.urls import reverse

from core.errors import Conflict
from core.lists import saved
from core.models import AuditEntry, SavedView
from staff.models import Person, Unit
from tests.cast import Speak
from tests.clients.crowds import make_crowd

Units = dict[str, Unit]
pytestmark = pytest.mark.django_db
RAIL = "/views/rail/"


@pytest.fixture(autouse=True)
def _no_old_counts() -> None:
    cache.clear()


def kept(person: Person, name: str = "冻结", query: str = "status=frozen", **more: Any) -> SavedView:
    return saved.keep(actor=person, list_name="clients", name=name, query=query, **more)


def test_the_list_is_kept_as_it_stands(units: Units, cast: SimpleNamespace, as_person: Speak) -> None:
    make_crowd(units["1001"], 3, status="frozen")
    make_crowd(units["1001"], 2, prefix="D")
    browser = as_person(cast.agent_1001)
    page = browser.get("/clients/?status=frozen&sort=-client_no&col=kind&size=20&cursor=x").content.decode()
    menu = page.split('views-menu" hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert parse_qs(urlsplit(menu).query) == {
        "status": ["frozen"], "sort": ["-client_no"], "size": ["20"], "col": ["client_no", "name", "kind"],
    }  # fmt: skip
    query = urlsplit(menu).query
    assert query in browser.get(menu).content.decode().replace("&amp;", "&")
    answer = browser.post(reverse("views:keep", args=["clients"]), {"name": "冻结客户", "query": query})
    view = SavedView.objects.get()
    assert answer.url == f"/clients/?{query}&view={view.pk}"
    opened = browser.get(answer.url)
    assert opened.content.decode().count("/clients/C") == 3
    assert "columns_clients" not in opened.cookies  # a view does not change what is remembered
    rail = browser.get(RAIL, headers={"HX-Current-URL": f"http://x{answer.url}"}).content.decode()
    assert 'aria-current="true"' in rail
    assert '<span class="label">冻结客户</span><span class="count">3</span>' in rail


def test_names_are_unique_for_each_owner(cast: SimpleNamespace, as_person: Speak) -> None:
    kept(cast.agent_1001)
    kept(cast.agent_1002)
    with pytest.raises(Conflict):
        kept(cast.agent_1001)
    browser = as_person(cast.agent_1001)
    keep = reverse("views:keep", args=["clients"])
    again = browser.post(keep, {"name": "冻结", "query": "x=1"}, follow=True)
    assert "您已有名为“冻结”的视图" in again.content.decode()
    assert browser.post(keep, {"name": ""}).status_code == 302
    assert SavedView.objects.count() == 2


def test_a_shared_view_shows_each_reader_own_rows(
    units: Units, cast: SimpleNamespace, as_person: Speak
) -> None:
    make_crowd(units["1001"], 3, status="frozen")
    make_crowd(units["1002"], 5, prefix="D", status="frozen")
    view = kept(cast.team_lead_1001, shared=True)
    private = kept(cast.team_lead_1001, "自用")
    for person, count in ((cast.team_lead_1001, 3), (cast.agent_1002, 5), (cast.agent_hq, 8)):
        rail = as_person(person).get(RAIL).content.decode()
        assert f'冻结</span><span class="count">{count}</span>' in rail
        assert (private.name in rail) == (person == cast.team_lead_1001)
    assert "冻结" not in as_person(cast.administrator).get(RAIL).content.decode()
    page = as_person(cast.agent_1002).get(saved.address(view)).content.decode()
    assert page.count("/clients/D") == 5
    assert AuditEntry.objects.get(deed="view.shared").subject_id == str(view.pk)


def test_sharing_needs_the_right(cast: SimpleNamespace, as_person: Speak) -> None:
    with pytest.raises(PermissionDenied):
        kept(cast.agent_1001, shared=True)
    view = kept(cast.agent_1001, "自用")
    url = reverse("views:change", args=[view.pk])
    assert as_person(cast.agent_1001).post(url, {"share": "1"}).status_code == 403
    assert "共享" not in as_person(cast.agent_1001).get(f"/views/of/clients/?view={view.pk}").content.decode()
    lead = kept(cast.team_lead_1001, "本组")
    browser = as_person(cast.team_lead_1001)
    browser.post(reverse("views:change", args=[lead.pk]), {"share": "1"})
    assert SavedView.objects.get(pk=lead.pk).shared
    browser.post(reverse("views:change", args=[lead.pk]), {"share": "0"})
    assert not SavedView.objects.get(pk=lead.pk).shared


def test_views_are_changed_only_by_their_owner(cast: SimpleNamespace, as_person: Speak) -> None:
    view = kept(cast.team_lead_1001, shared=True)
    stranger = as_person(cast.agent_1001)
    for name in ("change", "remove", "restore", "move_up"):
        assert stranger.post(reverse(f"views:{name}", args=[view.pk])).status_code == 404
    for deed in (saved.change, saved.remove, saved.restore, saved.move_up):
        with pytest.raises(PermissionDenied):
            deed(actor=cast.agent_1001, view=view)
    owner = as_person(cast.team_lead_1001)
    answer = owner.post(
        reverse("views:change", args=[view.pk]), {"name": " 新  名 ", "query": "tier=V5&cursor=x&view=9"}
    )
    view.refresh_from_db()
    assert (view.name, view.query, answer.url) == ("新 名", "tier=V5", f"/clients/?tier=V5&view={view.pk}")
    kept(cast.team_lead_1001, "另一个")
    owner.post(reverse("views:change", args=[view.pk]), {"name": "另一个"})
    view.refresh_from_db()
    assert view.name == "新 名"


def test_what_is_removed_can_be_brought_back(cast: SimpleNamespace, as_person: Speak) -> None:
    view = kept(cast.team_lead_1001, shared=True)
    browser = as_person(cast.team_lead_1001)
    answer = browser.post(reverse("views:remove", args=[view.pk]))
    undo = reverse("views:restore", args=[view.pk])
    assert answer.status_code == 204
    assert undo in answer["HX-Trigger"]
    assert "views-changed" in answer["HX-Trigger"]
    assert "冻结" not in browser.get(RAIL).content.decode()
    again = kept(cast.team_lead_1001)
    with pytest.raises(Conflict):
        saved.restore(actor=cast.team_lead_1001, view=view)
    again.delete()
    assert browser.post(undo).status_code == 204
    assert "冻结" in browser.get(RAIL).content.decode()


def test_views_stand_in_their_owners_order(cast: SimpleNamespace, as_person: Speak) -> None:
    _first, _second, third = (kept(cast.agent_1001, name) for name in ("甲", "乙", "丙"))
    browser = as_person(cast.agent_1001)
    assert browser.post(reverse("views:move_up", args=[third.pk])).status_code == 204
    names = [view.name for view in saved.in_order(saved.views_of(cast.agent_1001), cast.agent_1001)]
    assert names == ["甲", "丙", "乙"]
    saved.move_up(actor=cast.agent_1001, view=SavedView.objects.get(name="甲"))
    assert saved.in_order(saved.views_of(cast.agent_1001), cast.agent_1001)[0].name == "甲"


def test_counts_are_capped_and_kept_a_while(
    units: Units, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "COUNT_CAP", 5)
    make_crowd(units["1001"], 6, status="frozen")
    view = kept(cast.agent_1001)
    assert saved.count(view, cast.agent_1001) == "5+"
    make_crowd(units["1001"], 1, prefix="D")
    exact = saved.change(actor=cast.agent_1001, view=view, query="status=normal")
    assert saved.count(exact, cast.agent_1001) == "1"
    make_crowd(units["1001"], 1, prefix="E")
    assert saved.count(exact, cast.agent_1001) == "1"  # for half a minute


def test_no_count_is_better_than_no_rail(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, as_person: Speak
) -> None:
    kept(cast.agent_1001)

    def away(*_args: Any) -> None:
        raise redis.ConnectionError

    monkeypatch.setattr(saved.cache, "get_or_set", away)
    assert '<span class="count">0</span>' in as_person(cast.agent_1001).get(RAIL).content.decode()

    def slow(*_args: Any) -> None:
        raise OperationalError("canceling statement due to statement timeout")

    monkeypatch.setattr(saved, "capped_count", slow)
    rail = as_person(cast.agent_1001).get(RAIL).content.decode()
    assert ("冻结" in rail, "count" in rail) == (True, False)


@pytest.mark.parametrize("views", [1, 15])
def test_the_pages_own_queries_do_not_grow(
    cast: SimpleNamespace, as_person: Speak, django_assert_max_num_queries: Any, views: int
) -> None:
    for number in range(views):
        kept(cast.agent_1001, f"视图 {number}")
    browser = as_person(cast.agent_1001)
    with django_assert_max_num_queries(11):
        page = browser.get("/clients/").content.decode()
    assert page.count('hx-get="/views/rail/"') == 1
    browser.get(RAIL)
    with django_assert_max_num_queries(5):
        browser.get(RAIL)


def test_menus_of_closed_lists_stay_closed(cast: SimpleNamespace, as_person: Speak) -> None:
    assert as_person(cast.agent_1001).get("/views/of/nothing/").status_code == 404
    assert as_person(cast.agent_1001).get("/views/of/audit/").status_code == 403
    assert as_person(cast.agent_1001).post("/views/of/audit/keep/", {"name": "x"}).status_code == 403


def test_row_height_belongs_to_the_view(cast: SimpleNamespace, as_person: Speak) -> None:
    browser = as_person(cast.agent_1001)
    assert 'data-density="compact"' in browser.get("/clients/?height=compact").content.decode()
    browser.get("/clients/?size=20")
    assert browser.cookies["size_clients"].value == "20"
    assert "size=20" in browser.get("/clients/").content.decode().split("views-menu")[1].split('"')[2]
