"""What makes pages cheap: pieces written once, choices read without objects, rows read as dicts."""

from collections.abc import Iterator
from typing import Any

import django_filters
import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.lists import Column, ListFilters, ListPage, NamedChoiceFilter
from core.lists.controls import control
from core.models import Job
from core.templatetags import ui

# ---- {% still %}


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Each piece as it is written, in place of a template on disk."""
    pieces: list[str] = []

    def write(template: str, told: dict[str, Any]) -> SafeString:
        pieces.append(f"{template} {_('Any')} {sorted(told.items())}")
        return mark_safe(pieces[-1])

    monkeypatch.setattr(ui, "render_to_string", write)
    ui._still.cache_clear()
    yield pieces
    ui._still.cache_clear()


def shown(line: str, language: str = "en", **context: Any) -> str:
    with translation.override(language):
        return Template("{% load ui %}" + line).render(Context(context))


def test_a_still_piece_is_written_once(written: list[str]) -> None:
    line = '{% still "a.html" theme=theme %}'
    assert shown(line, theme="dark", other=1) == shown(line, theme="dark", other=2) == written[0]
    assert len(written) == 1


def test_a_still_piece_is_another_in_another_language_template_or_telling(written: list[str]) -> None:
    line = '{% still "a.html" theme=theme %}'
    texts = [
        shown(line, theme="dark"), shown(line, theme="light"), shown(line, "zh-hans", theme="dark"),
        shown('{% still "b.html" theme=theme %}', theme="dark"), shown('{% still "a.html" %}'),
    ]  # fmt: skip
    assert len({*texts}) == len(written) == 5


def test_a_still_piece_knows_nothing_but_what_it_is_told(written: list[str]) -> None:
    shown('{% still "a.html" theme=theme %}', theme="dark", user="Liu", request="secret")
    assert written == ["a.html Any [('theme', 'dark')]"]


def test_a_still_piece_is_written_anew_while_developing(written: list[str], settings: Any) -> None:
    settings.DEBUG = True
    shown('{% still "a.html" %}')
    shown('{% still "a.html" %}')
    assert len(written) == 2


def test_the_rail_of_one_reader_is_not_shown_to_another() -> None:
    """What depends on the reader is told: two menus are two pieces."""
    line = '{% still "components/rail.html" menu=menu home="/" views="/views/" %}'
    assert shown(line, menu=()) == shown(line, menu=())
    with pytest.raises(TypeError):
        shown(line, menu=["a list cannot be kept by"])


# ---- NamedChoiceFilter


class OwnJobs(ListFilters):
    person = NamedChoiceFilter(
        queryset=lambda request: get_user_model().objects.filter(username__in=request.GET.getlist("seen")),
        to_field_name="username",
        method="of",
        label="Person",
    )
    by_number = NamedChoiceFilter(queryset=get_user_model().objects.all(), method="of", label="Number")
    q = django_filters.CharFilter(field_name="title")

    def of(self, jobs: Any, _name: str, person: Any) -> Any:
        return jobs.filter(owner_id=person.pk)


@pytest.fixture
def people(db: None) -> list[Any]:
    return [
        get_user_model().objects.create(username=key, name=name, employee_no=key)
        for key, name in (("ann", "<Ann>"), ("bob", "Bob"), ("cy", "Cy"))
    ]


def filters(url: str) -> OwnJobs:
    request = RequestFactory().get(url)
    return OwnJobs(request.GET, queryset=Job.objects.all(), request=request)


def test_choices_are_keys_and_names(people: list[Any]) -> None:
    with translation.override("en"):
        html = control(filters("/?seen=ann&seen=bob&person=bob").form["person"]).html
    assert '<option value="">Any</option>' in html
    assert '<option value="ann">&lt;Ann&gt;</option>' in html
    assert '<option value="bob" selected>Bob</option>' in html
    assert "Cy" not in html


def test_choices_are_read_without_making_objects(people: list[Any]) -> None:
    with CaptureQueriesContext(connection) as asked:
        control(filters("/?seen=ann&seen=bob").form["person"])
    assert ["password" in one["sql"] for one in asked] == [False]


def test_without_a_field_the_key_is_the_number(people: list[Any]) -> None:
    html = control(filters("/").form["by_number"]).html
    assert all(f'<option value="{person.pk}">' in html for person in people)


def test_a_choice_narrows_the_rows(people: list[Any]) -> None:
    for person in people:
        Job.objects.create(kind="x", title=person.username, owner_id=person.pk, owner_name="x")
    found = filters("/?seen=ann&seen=bob&person=bob")
    assert [job.title for job in found.qs] == ["bob"]
    assert [job.title for job in filters(f"/?by_number={people[0].pk}").qs] == ["ann"]
    assert filters("/").qs.count() == 3


@pytest.mark.parametrize("given", ["cy", "nobody", "' OR 1=1"])
def test_what_is_not_offered_cannot_be_chosen(people: list[Any], given: str) -> None:
    found = filters(f"/?seen=ann&person={given}")
    assert not found.form.is_valid()
    assert "person" in found.form.errors


def test_readers_side_by_side_keep_their_own_choices(people: list[Any]) -> None:
    """Filter sets share what they are made of, not what they were given."""
    first, second = filters("/?seen=ann&q=1"), filters("/?seen=bob&q=2")
    texts = [control(one.form["person"]).html for one in (first, second, first)]
    assert texts[0] == texts[2]
    assert ["Bob" in text for text in texts] == [False, True, False]
    assert (first.form["q"].value(), second.form["q"].value()) == ("1", "2")
    assert first.filters["person"].parent is first


# ---- reads


class Whole(ListPage):
    name = "toys"
    default_sort = "percent"
    page_size = 20
    tie = ("pk",)
    columns = (
        Column("title", "Title", sort="title", fixed=True),
        Column("percent", "Done", kind="number", sort="percent"),
        Column("started_at", "Started", kind="moment", sort="started_at"),
    )


class Read(Whole):
    reads = ("pk", "title", "percent", "started_at")


def listed(kind: type[ListPage], url: str = "/toys/") -> ListPage:
    return kind(RequestFactory().get(url), Job.objects.all())


@pytest.fixture
def jobs(db: None) -> None:
    Job.objects.bulk_create(
        Job(title=f"<i>{n:03}", percent=n % 7, kind="x", owner_name="secret") for n in range(45)
    )


def test_rows_are_dicts_of_what_is_read(jobs: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        rows = listed(Read).page.rows
    assert {tuple(row) for row in rows} == {Read.reads}
    assert len(asked) == 1
    assert "owner_name" not in asked[0]["sql"]


@pytest.mark.parametrize("sort", ["percent", "-percent", "title", "-started_at"])
def test_read_or_whole_the_list_is_the_same(jobs: None, sort: str) -> None:
    """Cells, page after page in both directions, and the walk over all rows."""
    url = f"/toys/?sort={sort}&size=20"
    pages = 0
    while url:
        whole, read = listed(Whole, url), listed(Read, url)
        assert read.cells(read.page.rows) == whole.cells(whole.page.rows)
        assert (read.next_url, read.previous_url) == (whole.next_url, whole.previous_url)
        url, pages = whole.next_url and f"/toys/{whole.next_url.removeprefix('/toys/')}", pages + 1
    assert pages == 3
    back = whole.previous_url
    assert listed(Read, back).cells(listed(Read, back).page.rows) == listed(Whole, back).cells(
        listed(Whole, back).page.rows
    )
    assert [row["pk"] for row in listed(Read).walk(10)] == [row.pk for row in listed(Whole).walk(10)]


def test_a_file_has_the_same_of_both(jobs: None) -> None:
    def plain(kind: type[ListPage]) -> list[list[Any]]:
        return [[column.plain(row) for column in kind.columns] for row in listed(kind).walk()]

    assert plain(Read) == plain(Whole)
