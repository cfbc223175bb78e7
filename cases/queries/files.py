"""Files of a case."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from cases.models import Case, CaseFile
from cases.queries.beside import Linked
from core.files.stored import StoredFile


def files_of(case: Case) -> Sequence[CaseFile]:
    """Those put into it, in the order they came."""
    return list(case.files.all())


def with_said(case: Case, linked: Iterable[Linked]) -> list[StoredFile]:
    """Those put into it, and those of the conversations that belong to it as far as the reader sees them."""
    said = [file for one in linked for words in one.said for file in words.files]
    return [*files_of(case), *said]


def clean_file(user: Any, pk: int, key: UUID) -> CaseFile | None:
    """A file that may be opened, of a case in the reader's sight."""
    seen = Case.objects.visible_to(user).filter(pk=pk)
    rows = CaseFile.objects.filter(case__in=seen, key=key, state=CaseFile.State.CLEAN)
    return rows.select_related("case__unit").first()
