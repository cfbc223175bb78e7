"""List pages: everything in the URL, two queries, only what was asked for."""

from typing import Any

import django_filters
import pytest
from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from core.lists import Column, ListFilters, ListPage
from core.lists.controls import control
from core.models import Job, Run, RunStep

pytestmark = pytest.mark.django_db


class JobFilters(ListFilters):
    kind = django_filters.ChoiceFilter(choices=[("x", "<X>"), ("More", [("y", "Y")])])
    late = django_filters.BooleanFilter(field_name="finished_at", lookup_expr="isnull")
    states = django_filters.MultipleChoiceFilter(
        field_name="state", choices=Job.State.choices, widget=forms.CheckboxSelectMultiple
    )
    q = django_filters.CharFilter(field_name="title", lookup_expr="icontains")
    percent = django_filters.NumberFilter()


class JobList(ListPage):
    name = "jobs"
    filterset = JobFilters
    default_sort = "-percent"
    page_size = 20
    count_cap = 30
    columns = (
        Column("title", "Title", sort="title", fixed=True, link=lambda job: f"/jobs/{job.pk}/"),
        Column("percent", "Done", kind="number", sort="percent", descends=True),
        Column("tier", "Tier", kind="tier", value=lambda job: "V5", small=False),
        Column("started_at", "Started", kind="moment", sort="started_at"),
        Column("owner", "Owner", kind="html", value=lambda job: f"<b>{job.owner_name}</b>", shown=False),
    )


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def jobs() -> None:
    Job.objects.bulk_create(
        Job(title=f"<i>{n:03}", percent=n % 100, kind="x", owner_name="<u>") for n in range(250)
    )


def page(url: str = "/jobs/", **headers: str) -> JobList:
    return JobList(RequestFactory().get(url, headers=headers), Job.objects.all())


def rendered(url: str = "/jobs/", **headers: str) -> HttpResponse:
    one = page(url, **headers)
    one.request.user = AnonymousUser()
    return one.render("components/list.html")


def test_rows_are_escaped_cells(jobs: None) -> None:
    row = page("/jobs/?sort=title&col=percent&col=owner").rows[0]
    assert row.startswith('<th scope="row"><a class="cell-link" href="/jobs/')
    assert "&lt;i&gt;000</a></th>" in row
    assert '<td class="num">0</td>' in row
    assert "<td>&lt;b&gt;&lt;u&gt;&lt;/b&gt;</td>" in row


@pytest.mark.parametrize("size", [20, 200])
def test_a_page_costs_two_queries_at_any_size(jobs: None, size: int) -> None:
    with CaptureQueriesContext(connection) as queries:
        rendered(f"/jobs/?size={size}&q=1")
    assert len(queries) == 2


def test_sort_and_its_links(jobs: None) -> None:
    one = page("/jobs/?q=1&cursor=x")
    states = {header.column.key: (header.state, header.url) for header in one.headers}
    assert states["percent"] == ("descending", "/jobs/?q=1&sort=percent")
    assert states["title"] == ("", "/jobs/?q=1&sort=title")
    assert states["tier"] == ("", "")
    assert [job.percent for job in one.page.rows[:3]] == [99, 98, 97]
    assert page("/jobs/?sort=password").sort == "-percent"
    assert page("/jobs/?sort=-title").ordering == ["-title"]


def test_next_and_previous_keep_the_filters(jobs: None) -> None:
    first = page("/jobs/?sort=title&q=1")
    second = page(first.next_url)
    assert "q=1" in first.next_url
    assert (first.previous_url, first.first_url) == ("", "")
    assert second.page.rows[0].title > first.page.rows[-1].title
    assert [job.pk for job in page(second.previous_url).page.rows] == [job.pk for job in first.page.rows]
    assert second.first_url == "/jobs/?sort=title&q=1"


def test_a_cursor_that_fits_no_more_starts_anew(jobs: None) -> None:
    cursor = page("/jobs/?sort=title").page.next
    assert page(f"/jobs/?sort=percent&cursor={cursor}").page.rows[0].percent == 0


def test_count_is_capped(jobs: None) -> None:
    assert page().count_text == "30+ rows"
    assert page("/jobs/?q=24").count_text == "13 rows"


def test_columns_are_chosen_in_the_url_and_remembered(jobs: None) -> None:
    assert [column.key for column in page().shown_columns] == ["title", "percent", "tier", "started_at"]
    response = rendered("/jobs/?col=owner&col=nothing")
    assert response.cookies["columns_jobs"].value == "title.owner"
    remembered = page(Cookie="columns_jobs=title.owner")
    assert [column.key for column in remembered.shown_columns] == ["title", "owner"]
    forged = page(Cookie="columns_jobs=x.y")
    assert len(forged.shown_columns) == 4


def test_htmx_gets_the_body_only(jobs: None) -> None:
    body = rendered("/jobs/", **{"HX-Target": "list-jobs"})
    assert body.content.decode().lstrip().startswith('<div class="list-body" id="list-jobs">')
    assert "HX-Target" in body["Vary"]
    assert b'<form class="filters"' in rendered().content


def test_filter_form_keeps_sort_columns_and_size(jobs: None) -> None:
    html = rendered("/jobs/?sort=title&col=owner&size=50&q=1").content.decode()
    for name, value in (("sort", "title"), ("col", "owner"), ("size", "50")):
        assert f'<input type="hidden" name="{name}" value="{value}" form="filters-jobs">' in html


def test_an_unreadable_filter_shows_no_rows_and_says_why(jobs: None) -> None:
    html = rendered("/jobs/?percent=many").content.decode()
    assert "A filter cannot be read" in html
    assert "<tbody>" not in html


def test_empty_states() -> None:
    assert "Nothing here yet" in rendered().content.decode()
    assert "Nothing matches these filters" in rendered("/jobs/?q=x").content.decode()


def test_list_without_filters(jobs: None) -> None:
    class Bare(ListPage):
        name = "bare"
        columns = (Column("title", "Title"),)

    request = RequestFactory().get("/jobs/")
    request.user = AnonymousUser()
    one = Bare(request, Job.objects.all())
    assert (one.filters, one.has_errors, one.ordering) == (None, False, [])
    assert b'<form class="filters"' not in one.render("components/list.html").content


def test_relations_that_are_empty_show_a_dash() -> None:
    person = get_user_model()()
    assert Column("x", "X", value="profile__name").cell(None) == "–"
    assert Column("last_login__year", "X").cell(person) == "–"
    assert Column("title", "X").cell({"title": "y"}) == "y"


def _controls(url: str) -> dict[str, str]:
    return {control.id or "states": control.html for control in page(url).controls}


def test_controls_show_what_is_chosen() -> None:
    shown = _controls("/jobs/?kind=x&late=false&q=%22a&percent=7&states=done")
    assert '<option value="x" selected>&lt;X&gt;</option>' in shown["id_kind"]
    assert '<optgroup label="More"><option value="y">Y</option></optgroup>' in shown["id_kind"]
    assert '<option value="false" selected>' in shown["id_late"]
    assert 'value="&quot;a"' in shown["id_q"]
    assert 'type="search"' in shown["id_q"]
    assert 'value="7"' in shown["id_percent"]
    assert "checked" in shown["states"]


def test_empty_choices_say_any() -> None:
    shown = _controls("/jobs/")
    assert '<option value="" selected>Any</option>' in shown["id_kind"]
    assert '<option value="" selected>Any</option>' in shown["id_late"]
    assert "Any" not in shown["states"]


def test_an_unreadable_filter_is_marked() -> None:
    assert 'aria-invalid="true"' in _controls("/jobs/?percent=many")["id_percent"]


def test_choices_from_the_database_start_with_any() -> None:
    class StepFilters(ListFilters):
        run = django_filters.ModelChoiceFilter(queryset=Run.objects.all())

    filters = StepFilters({}, queryset=RunStep.objects.all())
    assert '<option value="" selected>Any</option>' in control(filters.form["run"]).html
