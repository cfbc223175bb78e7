"""Telling people: once for each key, in their language, as they have it set."""

from types import SimpleNamespace

import pytest
from django.test import Client as Browser
from django.utils import translation

from staff.actions.notices import choose, mark_read, mark_unread, notify
from staff.models import Notice, Person

pytestmark = pytest.mark.django_db


def _told(cast: SimpleNamespace, key: str = "", *people: Person) -> int:
    chosen = people or (cast.agent_1001, cast.team_lead_1001)
    return notify(
        people=[person.pk for person in chosen], kind="task.given", text="New task: %(title)s",
        params={"title": "回访"}, url="/tasks/1/", key=key,
    )  # fmt: skip


def _rows() -> list[tuple[str, str, str, bool, str]]:
    fields = ("person__username", "key", "kind", "shown", "mail")
    return sorted(Notice.objects.values_list(*fields))


def test_each_person_is_told_once_of_a_key(cast: SimpleNamespace) -> None:
    assert (_told(cast, "a"), _told(cast, "a"), _told(cast, "b", cast.agent_1001)) == (2, 0, 1)
    agent, lead = cast.agent_1001.username, cast.team_lead_1001.username
    assert _rows() == sorted(
        (name, key, "task.given", True, "daily") for name, key in ((agent, "a"), (lead, "a"), (agent, "b"))
    )


def test_without_a_key_every_time(cast: SimpleNamespace) -> None:
    assert (_told(cast), _told(cast)) == (2, 2)


def test_who_may_not_sign_in_is_not_told(cast: SimpleNamespace) -> None:
    Person.objects.filter(pk=cast.agent_1001.pk).update(is_active=False)
    assert _told(cast, "a") == 1


def test_as_each_has_it_set(cast: SimpleNamespace) -> None:
    choose(person=cast.agent_1001, kind="task.given", shown=False, mail="at_once")
    _told(cast, "a")
    assert {row[0]: row[3:] for row in _rows()} == {
        cast.agent_1001.username: (False, "at_once"),
        cast.team_lead_1001.username: (True, "daily"),
    }
    assert list(Notice.objects.visible_to(cast.agent_1001)) == []


def test_words_in_the_readers_language(cast: SimpleNamespace) -> None:
    _told(cast)
    notice = Notice.objects.first()
    assert notice is not None
    with translation.override("en"):
        assert notice.words == "New task: 回访"


def test_words_that_cannot_be_filled_in_are_refused(cast: SimpleNamespace) -> None:
    with pytest.raises(KeyError):
        notify(people=[cast.agent_1001.pk], kind="x", text="New task: %(title)s", params={}, url="")
    assert not Notice.objects.exists()


def test_read_and_back(cast: SimpleNamespace) -> None:
    _told(cast, "a", cast.agent_1001)
    _told(cast, "b", cast.agent_1001, cast.team_lead_1001)
    first = Notice.objects.earliest("pk")
    assert mark_read(person=cast.team_lead_1001, ids=[first.pk]) == 0  # somebody else's
    assert mark_read(person=cast.agent_1001) == 2
    assert mark_unread(person=cast.agent_1001, ids=[first.pk]) == 1
    unread = Notice.objects.filter(read_at=None).values_list("person__username", "key")
    assert sorted(unread) == sorted([(cast.agent_1001.username, "a"), (cast.team_lead_1001.username, "b")])


def test_looking_reads_nothing_and_following_does(client: Browser, cast: SimpleNamespace) -> None:
    _told(cast, "a", cast.agent_1001)
    notice = Notice.objects.get()
    client.force_login(cast.agent_1001)
    for path in ("/notices/", "/notices/bell/"):
        assert 'href="/tasks/1/"' in client.get(path).content.decode()
    assert client.get(f"/notices/{notice.pk}/").status_code == 405
    assert Notice.objects.filter(read_at=None).count() == 1
    answer = client.post(f"/notices/{notice.pk}/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == "/tasks/1/"
    assert not Notice.objects.filter(read_at=None).exists()
    assert client.post(f"/notices/{notice.pk}/")["Location"] == "/tasks/1/"
