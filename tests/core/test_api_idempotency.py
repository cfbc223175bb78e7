"""One key, one deed: replays, other bodies, failures, parallel requests, and the end of keeping."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from core.api import idempotency
from core.models import IdempotencyRecord, Job
from tests.cast import Speak

pytestmark = [pytest.mark.urls("tests.core.toys"), pytest.mark.django_db]
JOBS = "/api/v1/toys/jobs/"


def _post(caller: Client, key: str | None, title: str = "a") -> Any:
    headers = {"Idempotency-Key": key} if key is not None else {}
    return caller.post(JOBS, {"title": title}, "application/json", headers=headers)


def test_the_first_answer_comes_again(as_system: Speak) -> None:
    caller = as_system("units:read")
    first, second = _post(caller, "k1"), _post(caller, "k1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert first["Location"] == second["Location"]
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert Job.objects.count() == 1


def test_without_a_key_every_post_counts(as_system: Speak) -> None:
    caller = as_system("units:read")
    assert _post(caller, None).json() != _post(caller, None).json()
    assert not IdempotencyRecord.objects.exists()


def test_another_body_is_refused(as_system: Speak) -> None:
    caller = as_system("units:read")
    _post(caller, "k1")
    refused = _post(caller, "k1", "b")
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:problem:idempotency-key-reused")
    assert Job.objects.count() == 1


def test_keys_of_different_callers_are_apart(as_system: Speak) -> None:
    one, other = as_system("units:read", name="one"), as_system("units:read", name="other")
    assert _post(one, "k1").json() != _post(other, "k1").json()


def test_a_failed_deed_leaves_the_key_free(as_system: Speak) -> None:
    caller = as_system("units:read")
    assert _post(caller, "k1", "far too long a title").status_code == 400
    assert _post(caller, "k1").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb"])
def test_unusable_keys_are_refused(as_system: Speak, key: str) -> None:
    assert _post(as_system("units:read"), key).status_code == 400


def test_answers_are_kept_for_72_hours(as_system: Speak) -> None:
    caller = as_system("units:read")
    _post(caller, "old")
    IdempotencyRecord.objects.update(created_at=timezone.now() - timedelta(hours=72, minutes=1))
    _post(caller, "new")
    assert idempotency.forget_old() == 1
    assert IdempotencyRecord.objects.get().key == "new"


def _posting_views(resolver: Any = None) -> Iterator[Any]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from _posting_views(entry)
        elif hasattr(getattr(entry.callback, "cls", None), "post"):
            yield entry.callback.cls


def test_every_post_of_the_api_takes_keys() -> None:
    views = list(_posting_views())
    assert views
    kept = [view for view in views if not getattr(view, "answers_are_secret", False)]
    assert [view for view in kept if not getattr(view.post, "idempotent", False)] == []


@pytest.mark.django_db(transaction=True)
def test_fifty_parallel_posts_make_one_row(as_system: Speak) -> None:
    caller = as_system("units:read")
    authorization = caller.defaults["HTTP_AUTHORIZATION"]

    def post(_number: int) -> tuple[int, Any]:
        try:
            answer = _post(Client(headers={"Authorization": authorization}), "same")
            return answer.status_code, answer.json()["id"]
        finally:
            connection.close()

    with ThreadPoolExecutor(25) as pool:
        answers = list(pool.map(post, range(50)))
    assert Job.objects.count() == 1
    assert answers == [(201, Job.objects.get().pk)] * 50
