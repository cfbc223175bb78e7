"""Files that belong to a case."""

from django.db import models

from cases.models.cases import Case
from core.files.stored import StoredFile


class CaseFile(StoredFile):
    """A file somebody put into the case, such as a signed form or a proof. Only added."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="files")

    def news(self) -> tuple[str, str, dict[str, int]]:
        """The unit of the case, whose open pages show the file."""
        return f"unit:{self.case.unit_id}", "case", {"case": self.case_id}
