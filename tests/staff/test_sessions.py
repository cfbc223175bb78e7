"""Where somebody is signed in: listed for them, ended by them, by administrators, by a new password."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone, translation

from core.models import AuditEntry
from staff import actions
from staff.devices import device_words
from staff.models import Session
from staff.sessions import SessionStore, kept_as
from tests.cast import PASSWORD, Speak
from tests.staff.doors import session_of

pytestmark = pytest.mark.django_db
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/109.0 Safari/537.36 Edg/109.0"


def _sign_in(username: str = "li.jingyi", agent: str = EDGE) -> Client:
    browser = Client(headers={"User-Agent": agent})
    browser.post("/sign-in/", {"username": username, "password": PASSWORD})
    return browser


def _key(browser: Client) -> str:
    return kept_as(browser.cookies["sessionid"].value)


def _inside(browser: Client) -> bool:
    return browser.get("/").status_code == 200


def test_a_session_knows_whose_it_is_and_not_its_own_key(cast: SimpleNamespace) -> None:
    browser = _sign_in()
    row = Session.objects.get()
    assert (row.person, row.first_step, row.second_step) == (cast.agent_hq, "password", "")
    assert (row.agent, row.address) == (EDGE, "127.0.0.1")
    assert row.signed_in_at and abs(timezone.now() - row.signed_in_at) < timedelta(minutes=1)
    assert row.pk == _key(browser) != browser.cookies["sessionid"].value
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.create(session_key="in-the-clear", expire_date=timezone.now(), seen_at=timezone.now())


def test_the_page_lists_the_own_ones_and_marks_this_one(cast: SimpleNamespace) -> None:
    here, _there, other = _sign_in(), _sign_in(agent="Firefox/130.0 (X11; Linux)"), _sign_in("ma.wentao")
    page = here.get("/sign-ins/")
    assert [row.pk == _key(here) for row in page.context["sessions"]].count(True) == 1
    assert {row.person_id for row in page.context["sessions"]} == {cast.agent_hq.pk}
    words = page.content.decode()
    assert "Windows 上的 Edge" in words and "Linux 上的 Firefox" in words
    assert words.count("本机") == 1
    assert _inside(other)


def test_one_is_ended_there_and_only_there(cast: SimpleNamespace) -> None:
    here, there, third, other = _sign_in(), _sign_in(), _sign_in(), _sign_in("ma.wentao")
    assert here.post(f"/sign-ins/{_key(there)}/end/").status_code == 302
    assert [_inside(one) for one in (here, there, third, other)] == [True, False, True, True]
    for key in (_key(other), _key(here), "0" * 64):  # not the own one, and not others'
        assert here.post(f"/sign-ins/{key}/end/").status_code == 404
    assert AuditEntry.objects.filter(deed="session.ended").count() == 1


def test_all_others_are_ended(cast: SimpleNamespace) -> None:
    here, there, other = _sign_in(), _sign_in(), _sign_in("ma.wentao")
    here.post("/sign-ins/end-others/")
    assert [_inside(one) for one in (here, there, other)] == [True, False, True]
    assert AuditEntry.objects.get(deed="sessions.ended").detail == {"sessions": 1}


def test_administrators_end_somebodys_sign_ins(cast: SimpleNamespace, as_person: Speak) -> None:
    there, admin = _sign_in(), as_person(cast.administrator)
    page = admin.get(f"/people/{cast.agent_hq.pk}/")
    assert "Windows 上的 Edge" in page.content.decode()
    admin.post(f"/people/{cast.agent_hq.pk}/sign-ins/end/")
    assert not _inside(there)
    assert _inside(admin)
    ended = AuditEntry.objects.get(deed="sessions.ended")
    assert (ended.actor_id, ended.subject_id) == (cast.administrator.pk, str(cast.agent_hq.pk))


def test_password_changes_resets_and_switching_off_leave_no_row(cast: SimpleNamespace) -> None:
    person, here = cast.agent_hq, _sign_in()
    session_of(person)
    new = "another-horse-battery"
    here.post("/password/", {"old": PASSWORD, "new": new, "again": new})
    assert list(Session.objects.filter(person=person).values_list("pk", flat=True)) == [_key(here)]
    actions.reset_password(actor=cast.administrator, person=person)
    assert not Session.objects.filter(person=person).exists()
    session_of(person)
    actions.edit_person(actor=cast.administrator, person=person, name="x", email="", is_active=False)
    assert not Session.objects.filter(person=person).exists()


def test_who_was_switched_off_stays_out_when_switched_on_again(cast: SimpleNamespace) -> None:
    here = _sign_in()
    for active in (False, True):
        actions.edit_person(
            actor=cast.administrator, person=cast.agent_hq, name="x", email="", is_active=active
        )
        assert not _inside(here)


def test_an_ended_session_is_not_written_again(cast: SimpleNamespace) -> None:
    store = SessionStore()
    store["a"] = 1
    store.create()
    Session.objects.all().delete()
    store["a"] = 2
    with pytest.raises(UpdateError):
        store.save()
    assert not Session.objects.exists()


def test_expired_ones_let_nobody_in_and_are_cleared(cast: SimpleNamespace) -> None:
    here = _sign_in()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not _inside(here)
    assert not Session.objects.filter(person=cast.agent_hq).open().exists()
    SessionStore.clear_expired()
    assert not Session.objects.filter(person=cast.agent_hq).exists()


def test_being_there_is_noted_every_few_minutes(cast: SimpleNamespace) -> None:
    here = _sign_in()
    early = timezone.now() - timedelta(minutes=4)
    Session.objects.update(seen_at=early)
    here.get("/jobs/")
    assert Session.objects.get().seen_at == early
    Session.objects.update(seen_at=early - timedelta(minutes=2))
    here.get("/jobs/")
    assert timezone.now() - Session.objects.get().seen_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (EDGE, "Windows 上的 Edge"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17 like Mac OS X) MicroMessenger/8.0", "iPhone 上的 WeChat"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/17 Safari/605", "macOS 上的 Safari"),
        ("curl/8", "未知浏览器"),
        ("", "未知浏览器"),
    ],
)
def test_browsers_in_words(agent: str, words: str) -> None:
    with translation.override("zh-hans"):
        assert device_words(agent) == words
