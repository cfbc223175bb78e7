"""The one list envelope: results, next and previous, found by keyset cursors and never counted."""

from collections.abc import Sequence
from typing import Any

from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from core.keyset import Page, paginate

MOST_ROWS, DEFAULT_ROWS = 500, 100


class KeysetPagination(BasePagination):
    """`?cursor=`, `?page_size=` (at most 500) and `?ordering=a,-b`.

    The view says `ordering` (the default, a tuple of terms), `ordering_fields` (what callers may name: a dict
    of public name -> lookup path, or a list of names that are lookup paths) and, where needed,
    `ordering_never_null` and `ordering_tie` (see core.keyset.paginate).
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.page: Page = paginate(
            queryset,
            self._ordering(request, view),
            size=self._size(request),
            cursor=request.query_params.get("cursor", ""),
            tie=getattr(view, "ordering_tie", None),
            never_null=getattr(view, "ordering_never_null", ()),
        )
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {"results": data, "next": self._link(self.page.next), "previous": self._link(self.page.previous)}
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        properties = {"results": schema, "next": link, "previous": link}
        return {"type": "object", "required": list(properties), "properties": properties}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        names = list(getattr(view, "ordering_fields", ()))
        ordering = {"type": "string"}
        parameters = [
            ("cursor", {"type": "string"}, "Where the page starts; taken from next or previous."),
            ("page_size", {"type": "integer", "minimum": 1, "maximum": MOST_ROWS}, "Rows a page."),
        ]
        if names:
            parameters.append(
                ("ordering", ordering, f"Comma-separated, - for descending: {', '.join(names)}.")
            )
        return [
            {"name": name, "in": "query", "required": False, "schema": schema, "description": text}
            for name, schema, text in parameters
        ]

    def _size(self, request: Request) -> int:
        text = request.query_params.get("page_size", "")
        if not text:
            return DEFAULT_ROWS
        if not text.isdecimal() or int(text) < 1:
            raise _invalid("page_size", "A whole number from 1 to 500.")
        return min(int(text), MOST_ROWS)

    def _ordering(self, request: Request, view: Any) -> Sequence[str]:
        wanted = request.query_params.get("ordering", "")
        default: Sequence[str] = getattr(view, "ordering", ())
        if not wanted:
            return default
        allowed = getattr(view, "ordering_fields", {})
        paths = allowed if isinstance(allowed, dict) else {name: name for name in allowed}
        return [_term(term.strip(), paths) for term in wanted.split(",")]

    def _link(self, cursor: str) -> str | None:
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor) if cursor else None


def _term(term: str, paths: dict[str, str]) -> str:
    name = term.removeprefix("-")
    if name not in paths:
        raise _invalid("ordering", f"One of: {', '.join(paths) or 'nothing'}.")
    return ("-" if term.startswith("-") else "") + paths[name]


def _invalid(field: str, message: str) -> ValidationError:
    return ValidationError({field: [ErrorDetail(message, "invalid")]})
