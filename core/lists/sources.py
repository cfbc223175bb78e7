"""Lists by name: any list can be made again from its name, a query string and a person, without a browser."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse

if TYPE_CHECKING:
    from core.lists.page import ListPage

PLACE = ("cursor", "view")  # of a reader in the list, not of the list
SEARCH = "q"
NUMBER = re.compile(r"(?:\d[\s-]*){7}")


@dataclass(frozen=True)
class ListSource:
    """A list whose rows depend on nothing but who asks.

    right: opens the list. url_name: its page, without arguments. rows: what somebody may see, before filters.
    subject: a row's attribute with the number of what it tells of; kept with every file made of the list.
    key: the lookup by which other systems and the API name a row; where there is none, its number.
    Its name is the page's; views are saved, files made and bulk deeds done by that name.
    """

    right: str
    url_name: str
    page: "type[ListPage]"
    rows: Callable[[Any], QuerySet]
    subject: str = ""
    key: str = "pk"

    @property
    def name(self) -> str:
        return self.page.name

    @property
    def title(self) -> Any:
        return self.page.caption

    @property
    def path(self) -> str:
        return reverse(self.url_name)

    def page_for(self, user: Any, query: str = "", *, right: str = "") -> "ListPage":
        """The list as `user` sees it with this query string; `right` narrows to where it is held."""
        rows = self.rows(user)
        if right and hasattr(rows, "in_scope"):
            rows = rows.in_scope(user.scope_for(right))
        return self.page(_asked(user, self.path, query), rows)


def _asked(user: Any, path: str, query: str) -> HttpRequest:
    """A request that no browser made: no cookies, no headers."""
    request = HttpRequest()
    request.method, request.path, request.user = "GET", path, user
    request.GET = QueryDict(query)
    return request


def bare_query(query: str) -> str:
    """The query string without the reader's place in the list and without empty values."""
    return encoded(bare(QueryDict(query)))


def bare(params: QueryDict) -> dict[str, list[str]]:
    """The filled values of parameters that belong to the list, by name."""
    filled = {name: [one for one in values if one] for name, values in params.lists() if name not in PLACE}
    return {name: values for name, values in filled.items() if values}


def encoded(params: Mapping[str, Sequence[str]]) -> str:
    """As a query string."""
    return urlencode([(name, value) for name, values in params.items() for value in values])


def seeks_a_number(query: str) -> bool:
    """Whether the list was searched by what may be a mobile, an ID or an account number: never to be kept."""
    return any(NUMBER.search(typed) for typed in QueryDict(query).getlist(SEARCH))


def without_number(query: str) -> str:
    """The query string, without its search where that may be a personal number."""
    if not seeks_a_number(query):
        return query
    params = QueryDict(query, mutable=True)
    params.pop(SEARCH)
    return params.urlencode()
