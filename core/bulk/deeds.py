"""What a module says of a bulk deed: see "Bulk deeds" in docs/ui.md."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import QuerySet


class BulkForm(forms.Form):
    """What a deed asks before it starts. `person` will do it; choices are narrowed to what they may."""

    def __init__(self, data: Any = None, *, person: Any) -> None:
        super().__init__(data)
        self.person = person

    def frozen(self) -> dict[str, Any]:
        """The answers as plain JSON, which is all that `apply` gets; dates and such become text."""
        return dict(self.cleaned_data)

    def summary(self) -> str:
        """The deed in a few words of the reader's language, with no personal data; job and audit show it."""
        return ""


@dataclass(frozen=True)
class BulkWork:
    """One call of a deed, inside the transaction that also marks its chunk as done.

    ids: primary keys, each still in the person's sight and where the person holds the deed's right.
    data: what the form froze. person: who does it, with today's rights. undo: on undoing, what apply kept.
    """

    run_id: int
    ids: Sequence[int]
    data: dict[str, Any]
    person: Any
    undo: Any = None


@dataclass(frozen=True)
class BulkResult:
    """undo: plain JSON that takes the ids back again; failures: the reason by id that was left out."""

    undo: Any = None
    failures: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LeftOut:
    """How many of the chosen rows the deed would leave alone, and why, in the reader's words."""

    words: str
    count: int


def nothing_left_out(_rows: QuerySet, _data: dict[str, Any], _person: Any) -> Sequence[LeftOut]:
    return ()


@dataclass(frozen=True)
class BulkDeed:
    """A deed that can be done to many rows of a list at once.

    right: asked for again before every chunk. apply: writes set-based for up to 1 000 ids, and its audit
    entry; one row that can't be done belongs into `failures`, an exception makes the chunk go on row by row.
    undo: takes one result of apply back and returns the reason by id that stays; None where that can't be.
    preview: counts what would be left out; it gets the chosen rows as a queryset and the form's answers.
    """

    key: str
    title: str  # msgid
    icon: str
    right: str
    apply: Callable[[BulkWork], BulkResult]
    undo: Callable[[BulkWork], dict[int, str]] | None = None
    form: type[BulkForm] = BulkForm
    preview: Callable[[QuerySet, dict[str, Any], Any], Sequence[LeftOut]] = nothing_left_out
