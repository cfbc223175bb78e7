"""What the web server runs: live pages on the event loop, everything else by Django in a few threads.

Django's own ASGI handler would give each request a thread and a database connection of its own and keep both
for as long as a page is open; so pages go through the plain WSGI application (docs/decisions/0040).
"""

import os
from typing import Any

from a2wsgi import WSGIMiddleware

from core.stream import Stream
from crm.wsgi import application as django

THREADS = int(os.environ.get("CRM_WEB_THREADS", "4"))
pages = WSGIMiddleware(django, workers=THREADS)  # type: ignore[arg-type]  # Django answers with more than bytes
live = Stream()


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Sends `/live/` to the stream and all else to Django."""
    if scope["type"] == "http" and scope["path"] == "/live/":
        await live(scope, receive, send)
    elif scope["type"] == "http":

        async def hear() -> Any:  # the server's own is awaitable, but no coroutine as the bridge asks for
            return await receive()

        await pages(scope, hear, send)
