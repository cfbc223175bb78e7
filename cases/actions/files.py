"""Putting files into a case."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions import trail
from cases.actions.working import held
from cases.models import Case, CaseFile
from core import audit
from core.files import keeping
from core.files.content import File

MOST_FILES = 10


@transaction.atomic
def add_files(*, actor: audit.Actor, case: Case, uploads: Sequence[File]) -> list[CaseFile]:
    """Keeps them with the case; each can be opened once the scan let it pass.

    Raises ValidationError for kinds and sizes that are not taken, Conflict for a case that joined another.
    """
    found = held(case)
    if not 0 < len(uploads) <= MOST_FILES:
        raise ValidationError({"files": _("1 to %(most)s files at a time.") % {"most": MOST_FILES}})
    keeping.check(uploads)
    kept = [keeping.keep(one) for one in uploads]
    made = keeping.enter(CaseFile, kept=kept, added_by=actor.actor_name, case=found)
    keeping.pass_unscanned(made)
    trail.note(actor=actor, case=found, kind="files_added", count=len(made))
    return made


@transaction.atomic
def note_opened(*, actor: audit.Actor, file: CaseFile) -> None:
    """That somebody got the file is on record."""
    audit.record(
        actor=actor, deed="case_file.opened", subject_type="case_file", subject_id=file.pk,
        unit_code=file.case.unit.code, client_id=file.case.client_id,
    )  # fmt: skip
