"""JSON bodies, read only up to the size that settings allow."""

import io
from typing import IO, Any

from rest_framework.parsers import JSONParser


class BoundedJSONParser(JSONParser):
    """DRF's own reads a stream to its end however long it is; Django's `body` stops at the allowed size."""

    def parse(self, stream: IO, media_type: str | None = None, parser_context: Any = None) -> Any:
        request = (parser_context or {}).get("request")
        body = request._request.body if request is not None else stream.read()
        return super().parse(io.BytesIO(body), media_type, parser_context)
