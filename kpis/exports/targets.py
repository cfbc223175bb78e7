"""The grid of targets as a file to change and bring back, and the faults of one that came back."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from core.sheets import Sheets
from kpis.queries.target_grid import GridUnit
from kpis.rules import Targets
from kpis.target_preview import exact
from kpis.target_table import TargetColumn


def grid_xlsx(
    units: Iterable[GridUnit], shown: Mapping[str, Targets], found: Sequence[TargetColumn]
) -> bytes:
    """A row a unit; rates as fractions, groups in CNY, empty where there is no limit."""
    sheets = Sheets()
    head = [_("Unit"), _("Name"), *(column.words for column in found)]
    sheet = sheets.sheet(_("Targets"), len(head))
    sheets.head(sheet, head)
    for unit in units:
        sheets.row(sheet, [unit.label, unit.name, *(exact(shown[unit.label], column) for column in found)])
    return sheets.content()


def faults_xlsx(rows: Iterable[Sequence[str]]) -> bytes:
    sheets = Sheets()
    sheet = sheets.sheet(_("Faults"), 4)
    sheets.head(sheet, [_("Row"), _("Unit"), _("Column"), _("How to mend it")])
    for row in rows:
        sheets.row(sheet, row)
    return sheets.content()
