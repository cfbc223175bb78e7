"""A list page: filters, sorting, columns and the place in the list all live in the URL."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from html import escape
from typing import Any, ClassVar
from urllib.parse import urlencode

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import formats
from core.keyset import InvalidCursor, Page, capped_count, paginate
from core.limits import in_time
from core.lists.added import folded, with_added
from core.lists.columns import Column, Header
from core.lists.controls import Control, control
from core.lists.markup import markup
from core.lists.sources import bare, encoded
from core.registry import bulk_deeds, list_filters, list_sources

SIZES = (20, 50, 100, 200)
HEIGHTS = ("compact", "normal", "roomy")
KEPT = ("sort", "col", "size", "height", "view")
OWN_PARAMETERS = frozenset({*KEPT, "cursor"})
COUNT_LIMIT = 60  # milliseconds
REMEMBER = 365 * 86400  # seconds
PICK = '<td class="pick"><input type="checkbox" data-pick value="{}" aria-label="{}"></td>'


class ListPage:
    """Subclass it, name columns and a FilterSet, and return `.render(template)` from the view.

    The page costs two queries (rows, capped count), one more where the list crosses from values to nulls.
    `tie` and `never_null` go to core.keyset.paginate; `count_cap` stops the count ("10 000+").
    """

    name: ClassVar[str]
    columns: Sequence[Column]
    filterset: ClassVar[type[django_filters.FilterSet] | None] = None
    default_sort: ClassVar[str] = ""
    page_size: ClassVar[int] = 50
    count_cap: ClassVar[int] = 10_000
    tie: ClassVar[Sequence[str] | None] = None
    never_null: ClassVar[frozenset[str]] = frozenset()
    empty_words: ClassVar[Any] = gettext_lazy("Nothing here yet")
    empty_advice: ClassVar[Any] = ""
    empty_icon: ClassVar[str] = "inbox"
    tools: ClassVar[str] = ""  # template with buttons beside the column chooser
    caption: ClassVar[Any] = gettext_lazy("List")
    reads: ClassVar[Sequence[str]] = ()  # what rows are read of, as dicts; objects are made when empty

    def __init__(self, request: HttpRequest, queryset: QuerySet) -> None:
        self.request = request
        self.all = queryset
        self.params: QueryDict = request.GET
        self.path = request.path
        self.chosen_columns: Sequence[str] = ()  # by whoever makes the list without a browser

    def render(self, template: str, context: dict[str, Any] | None = None) -> HttpResponse:
        """The whole page, or only the list's body when htmx asks for that."""
        partial = self.request.headers.get("HX-Target") == self.body_id
        name = "components/list_body.html" if partial else template
        response = render(self.request, name, {**(context or {}), "list": self})
        patch_vary_headers(response, ("HX-Request", "HX-Target"))
        self._remember(response)
        return response

    def _remember(self, response: HttpResponse) -> None:
        """Columns and page size stay as last chosen, unless a saved view chose them."""
        chosen = {}
        if "col" in self.params:
            chosen[self._cookie] = ".".join(column.key for column in self.shown_columns)
        if "size" in self.params:
            chosen[self._size_cookie] = str(self.size)
        for name, value in chosen.items() if "view" not in self.params else ():
            response.set_cookie(name, value, max_age=REMEMBER, samesite="Lax", httponly=True)

    @property
    def body_id(self) -> str:
        return f"list-{self.name}"

    @property
    def form_id(self) -> str:
        return f"filters-{self.name}"

    @cached_property
    def filters(self) -> django_filters.FilterSet | None:
        if self.filterset is None:
            return None
        filters = with_added(self.name, self.filterset)  # type: ignore[arg-type]  # a class is hashable
        return filters(self.params, queryset=self.all, request=self.request)

    @cached_property
    def controls(self) -> list[Control]:
        """The filters as the form shows them."""
        return self._controls(lambda name: name not in folded(self.name))

    @cached_property
    def more_controls(self) -> list[Control]:
        """Those that stand behind "More filters"."""
        return self._controls(lambda name: name in folded(self.name))

    def _controls(self, wanted: Callable[[str], bool]) -> list[Control]:
        return [control(bound) for bound in self.filters.form if wanted(bound.name)] if self.filters else []

    @property
    def is_more_filtered(self) -> bool:
        return any(self.params.get(name) for name in folded(self.name))

    @cached_property
    def queryset(self) -> QuerySet:
        """The filtered rows; none while a filter can't be read."""
        if self.filters is None:
            return self.all
        return self.filters.qs if self.filters.form.is_valid() else self.all.none()

    @property
    def has_errors(self) -> bool:
        return self.filters is not None and not self.filters.form.is_valid()

    @cached_property
    def is_filtered(self) -> bool:
        return any(value for name, value in self.params.items() if name not in OWN_PARAMETERS)

    @cached_property
    def shown_columns(self) -> list[Column]:
        """The chosen columns: from the URL, else as last chosen, else the default set."""
        chosen = set(self.chosen_columns or self.params.getlist("col")) or set(
            self.request.COOKIES.get(self._cookie, "").split(".")
        )
        known = {column.key for column in self.columns}
        if chosen & known:
            return [column for column in self.columns if column.fixed or column.key in chosen]
        return [column for column in self.columns if column.fixed or column.shown]

    @property
    def column_choices(self) -> list[tuple[Column, bool]]:
        shown = {column.key for column in self.shown_columns}
        return [(column, column.key in shown) for column in self.columns if not column.fixed]

    @cached_property
    def sort(self) -> str:
        """Key of the sorting column, with "-" when descending."""
        wanted = self.params.get("sort", "")
        return wanted if wanted.removeprefix("-") in self._sortable else self.default_sort

    @property
    def ordering(self) -> list[str]:
        """The ordering terms; an unsorted list goes by its tie-break alone."""
        column = self._sortable.get(self.sort.removeprefix("-"))
        if column is None:
            return []
        term = column.sort
        if not self.sort.startswith("-"):
            return [term]
        return [term.removeprefix("-") if term.startswith("-") else f"-{term}"]

    @cached_property
    def headers(self) -> list[Header]:
        return [Header(column, self._sort_url(column), self._state(column)) for column in self.shown_columns]

    @property
    def head(self) -> SafeString:
        """The heads of the shown columns as HTML."""
        return SafeString("".join(header.html(self.name, self.body_id) for header in self.headers))

    @cached_property
    def page(self) -> Page:
        """The rows at the URL's cursor; a cursor that can't be used starts at the first row."""
        try:
            return self._page(self.params.get("cursor", ""))
        except InvalidCursor:
            return self._page("")

    def walk(self, size: int = 1000) -> Iterator[Any]:
        """Every row in the list's order, read `size` at a time."""
        cursor, more = "", True
        while more:
            found = self._page(cursor, size)
            yield from found.rows
            cursor, more = found.next, bool(found.next)

    @cached_property
    def rows(self) -> list[SafeString]:
        """Each row's cells as HTML, the first one being the row's head; before it the box that chooses it."""
        cells = self.cells(self.page.rows)
        if not self.deeds:
            return cells
        words = _("Choose %(row)s")
        return [
            SafeString(PICK.format(markup(key), markup(words % {"row": name})) + line)
            for (key, name), line in zip(map(self.called, self.page.rows), cells, strict=True)
        ]

    def read(self, rows: QuerySet) -> QuerySet:
        """The rows as the columns take them. Dicts of what is shown cost a fraction of whole objects."""
        return rows.values(*self.reads) if self.reads else rows

    def called(self, row: Any) -> tuple[Any, Any]:
        """A row's key, and what it is called."""
        return row.pk, row

    def cells(self, rows: Sequence[Any]) -> list[SafeString]:
        """The shown columns of these rows as HTML."""
        columns = self.shown_columns
        writers = [column.writer() for column in columns]
        line = "".join(_around(column, first=place == 0) for place, column in enumerate(columns))
        return [SafeString(line.format(*[write(row) for write in writers])) for row in rows]

    @cached_property
    def count_text(self) -> str:
        """'1,234 rows', '10,000+ rows' where counting stopped, 'more than 50 rows' where it took too long."""
        counted = self._counted()
        if counted is None:
            return self._shown_text
        found, capped = counted
        words = f"{formats.number(found)}+" if capped else formats.number(found)
        return _("%(count)s rows") % {"count": words}

    def _counted(self) -> tuple[int, bool] | None:
        """What other apps narrow a list by may take them long to count: then they give up."""
        if not any(self.params.get(one.name) for one in list_filters(self.name)):
            return capped_count(self.queryset, self.count_cap)
        return in_time(lambda: capped_count(self.queryset, self.count_cap), COUNT_LIMIT)

    @property
    def _shown_text(self) -> str:
        page = self.page
        words = _("More than %(count)s rows") if page.next or page.previous else _("%(count)s rows")
        return words % {"count": formats.number(len(page.rows))}

    @property
    def next_url(self) -> str:
        return self._url(cursor=self.page.next) if self.page.next else ""

    @property
    def previous_url(self) -> str:
        return self._url(cursor=self.page.previous) if self.page.previous else ""

    @property
    def first_url(self) -> str:
        return self._url(cursor=None) if self.params.get("cursor") else ""

    @property
    def size(self) -> int:
        for wanted in (self.params.get("size", ""), self.request.COOKIES.get(self._size_cookie, "")):
            if wanted in map(str, SIZES):
                return int(wanted)
        return self.page_size

    @property
    def height(self) -> str:
        """Row height that a saved view asks for; '' leaves it as the reader has it everywhere."""
        wanted = self.params.get("height", "")
        return wanted if wanted in HEIGHTS else ""

    @property
    def size_choices(self) -> list[tuple[int, str, bool]]:
        return [(size, self._url(size=str(size), cursor=None), size == self.size) for size in SIZES]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Sort, columns and display as hidden fields, so that the filter form keeps them."""
        return [(name, value) for name in KEPT for value in self.params.getlist(name)]

    @property
    def kept_for_columns(self) -> list[tuple[str, str]]:
        return [
            (name, value)
            for name, values in self.params.lists()
            if name not in ("col", "cursor")
            for value in values
            if value
        ]

    @cached_property
    def is_source(self) -> bool:
        """Whether the list can be made from its name: then it has saved views, files and bulk deeds."""
        source = list_sources().get(self.name)
        return source is not None and isinstance(self, source.page)

    @cached_property
    def deeds(self) -> list[tuple[str, str, str]]:
        """What the reader may do to many rows: key, words and icon."""
        if not self.is_source:
            return []
        user: Any = self.request.user
        offered = [deed for deed in bulk_deeds(self.name) if user.may(deed.right)]
        return [(deed.key, _(deed.title), deed.icon) for deed in offered]

    @property
    def filter_query(self) -> str:
        """The filters alone: while they stay, what was chosen stays chosen from page to page."""
        return encoded(
            {name: given for name, given in bare(self.params).items() if name not in OWN_PARAMETERS}
        )

    @cached_property
    def state_query(self) -> str:
        """All that makes this view of the list: filters, sort, columns and display."""
        shown = [column.key for column in self.shown_columns]
        sort = [self.sort] if self.sort else []
        return encoded({**bare(self.params), "sort": sort, "size": [str(self.size)], "col": shown})

    @property
    def views_url(self) -> str:
        """Where the menu of saved views comes from, with the open view and what would be kept."""
        opened = self.params.get("view")
        state = f"{self.state_query}&{urlencode({'view': opened})}" if opened else self.state_query
        return f"{reverse('views:menu', args=[self.name])}?{state}"

    @cached_property
    def export_url(self) -> str:
        """Where the list as it stands is asked for as a file; '' for those who may not."""
        user: Any = self.request.user
        if not self.is_source or not user.may("exports.request"):
            return ""
        return f"{reverse('exports:new', args=[self.name])}?{self.state_query}"

    def _page(self, cursor: str, size: int = 0) -> Page:
        return paginate(
            self.read(self.queryset),
            self.ordering,
            size=size or self.size,
            cursor=cursor,
            tie=self.tie,
            never_null=self.never_null,
        )

    @property
    def _cookie(self) -> str:
        return f"columns_{self.name}"

    @property
    def _size_cookie(self) -> str:
        return f"size_{self.name}"

    @cached_property
    def _pairs(self) -> list[tuple[str, str]]:
        """The parameters of the URL, one pair a value; every link of the list is made from them."""
        return [(name, value) for name, values in self.params.lists() for value in values]

    @cached_property
    def _sortable(self) -> dict[str, Column]:
        return {column.key: column for column in self.columns if column.sort}

    def _state(self, column: Column) -> str:
        if self.sort.removeprefix("-") != column.key:
            return ""
        return "descending" if self.sort.startswith("-") else "ascending"

    def _sort_url(self, column: Column) -> str:
        if not column.sort:
            return ""
        flipped = {"ascending": True, "descending": False, "": column.descends}[self._state(column)]
        return self._url(sort=f"-{column.key}" if flipped else column.key, cursor=None)

    def _url(self, **changes: str | None) -> str:
        kept = [(name, value) for name, value in self._pairs if name not in changes]
        kept += [(name, value) for name, value in changes.items() if value is not None]
        return f"{self.path}?{urlencode(kept)}"


def _around(column: Column, *, first: bool) -> str:
    """A cell's element, with {} where its content goes."""
    classes = f' class="{escape(column.css)}"' if column.css else ""
    return f'<th scope="row"{classes}>{{}}</th>' if first else f"<td{classes}>{{}}</td>"
