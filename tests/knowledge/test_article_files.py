"""Files of articles belong to versions: a draft changes its own, and what was published keeps what it had."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.errors import Conflict
from core.files.content import File
from knowledge.actions import articles as actions
from knowledge.models import Article, ArticleFile, ArticleVersion
from knowledge.queries.files import files_of
from tests.cast import Speak
from tests.knowledge.articles import now, published, renewed, told

pytestmark = pytest.mark.django_db
FORM = File("申请表.pdf", "application/pdf", b"%PDF-1.7")
NOTE = File("说明.txt", "text/plain", b"words")


@pytest.fixture(autouse=True)
def place_of_files(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.FILES_ROOT, settings.SCAN_COMMAND = tmp_path, []
    yield


def add(cast: SimpleNamespace, article: Article, *uploads: File) -> None:
    actions.add_files(actor=cast.team_lead_hq, article=article, version=now(article), uploads=uploads)


def names(version: ArticleVersion) -> list[str]:
    return [file.name for file in files_of(version)]


def next_draft(cast: SimpleNamespace, article: Article) -> ArticleVersion:
    return actions.change_draft(
        actor=cast.team_lead_hq, article=article, version=now(article), told=told(body_zh="新的说明。")
    )


def test_each_version_has_the_files_it_was_published_with(cast: SimpleNamespace) -> None:
    first = published(cast, files=[FORM])
    article, form = first.article, first.article.files.get()
    with pytest.raises(Conflict):  # what is published does not change
        add(cast, article, NOTE)
    draft = next_draft(cast, article)
    assert names(draft) == ["申请表.pdf"]
    add(cast, article, NOTE)
    actions.take_file_off(actor=cast.team_lead_hq, article=article, version=now(article), file=form)
    second = renewed(cast, article)
    assert (names(first), names(second)) == (["申请表.pdf"], ["说明.txt"])


def test_a_draft_that_is_thrown_away_leaves_everything_as_it_was(cast: SimpleNamespace) -> None:
    first = published(cast, files=[FORM])
    article, form = first.article, first.article.files.get()
    next_draft(cast, article)
    add(cast, article, NOTE)
    actions.take_file_off(actor=cast.team_lead_hq, article=article, version=now(article), file=form)
    assert actions.drop_draft(actor=cast.team_lead_hq, article=article, version=now(article))
    assert list(article.files.values_list("name", "since", "until")) == [("申请表.pdf", 1, None)]


def test_a_file_taken_off_the_draft_it_was_added_to_is_gone(cast: SimpleNamespace) -> None:
    article = actions.draft_article(actor=cast.team_lead_hq, told=told()).article
    add(cast, article, FORM)
    file = article.files.get()
    actions.take_file_off(actor=cast.team_lead_hq, article=article, version=now(article), file=file)
    assert not ArticleFile.objects.exists()


def test_on_the_page_and_by_rest(cast: SimpleNamespace, as_person: Speak, as_system: Speak) -> None:
    writer, article = (
        as_person(cast.team_lead_hq),
        actions.draft_article(actor=cast.team_lead_hq, told=told()).article,
    )
    address = article.get_absolute_url()
    given = {"version": now(article), "attachments": [SimpleUploadedFile("a.pdf", b"%PDF-1")]}
    assert writer.post(f"{address}files/", given).status_code == 302
    key = article.files.get().key
    reader = as_person(cast.agent_1001)
    assert reader.get(f"{address}files/{key}/").status_code == 404  # a draft is its writer's
    assert "a.pdf" in writer.get(address).content.decode()
    renewed(cast, article)
    assert "a.pdf" in reader.get(address).content.decode()
    assert reader.get(f"{address}files/{key}/").content == b"%PDF-1"
    caller = as_system("knowledge:read")
    told_files = caller.get(f"/api/v1/articles/{article.pk}/").json()["files"]
    assert [(one["key"], one["state"]) for one in told_files] == [(str(key), "clean")]
    assert caller.get(f"/api/v1/articles/{article.pk}/files/{key}/").content == b"%PDF-1"
    assert writer.post(f"{address}files/{key}/off/", {"version": now(article)}).status_code == 302
    assert names(article.versions.get()) == ["a.pdf"]
