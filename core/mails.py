"""Mails that a module writes itself: they wait and go as mails with notices do (staff.actions.mailing).

A module names its kind and a writer in `module.py`; the row that waits has a key such as "report:7:12", which
begins with the kind. The mail is written at the moment it goes, in the language of whom it is for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from core.registry import modules


@dataclass(frozen=True)
class Letter:
    """What goes: attachments as (file name, content, media type)."""

    subject: str
    body: str
    attachments: Sequence[tuple[str, bytes, str]] = ()


MailWriter = Callable[[Any, str], Letter | None]
"""(person, key) -> the letter; None when it should not go any more, such as after a lost right."""


@cache
def mail_writers() -> dict[str, MailWriter]:
    """By kind."""
    return {kind: writer for module in modules() for kind, writer in module.mails.items()}
