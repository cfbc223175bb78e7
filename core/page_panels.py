"""Pieces of pages that higher apps add: the page asks for its own by name and loads each by htmx."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from core.registry import modules


@dataclass(frozen=True)
class PagePanel:
    """A piece of a page of a lower app, served by the app itself at url_name; `page` names the page."""

    page: str
    key: str
    url_name: str
    right: str
    position: int = 100

    @property
    def url(self) -> str:
        return reverse(self.url_name)


def page_panels(page: str, reader: Any) -> list[PagePanel]:
    """What the reader may see of the pieces that modules add to a page."""
    panels = (panel for module in modules() for panel in module.page_panels if panel.page == page)
    return sorted((one for one in panels if reader.may(one.right)), key=lambda panel: panel.position)
