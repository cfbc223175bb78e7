"""Forms of imports: the upload, and which field each column fills."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from clients.actions.imports import MOST_BYTES
from clients.importing.columns import FIELDS
from clients.models import ClientImport
from clients.queries.prospects import enterable_branches
from staff.models import Unit


class ImportUploadForm(forms.Form):
    table = forms.FileField(
        label=_lazy("CSV or XLSX file"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        help_text=_lazy("The first row names the columns. At most 20 MiB and 100 000 rows."),
    )

    def clean_table(self) -> Any:
        table = self.cleaned_data["table"]
        if table.size > MOST_BYTES:
            raise forms.ValidationError(_("At most 20 MiB; split the file."))
        return table


class MappingForm(forms.Form):
    """One choice a column; the branch is that of new prospects without one of their own."""

    def __init__(self, data: Any = None, *, made: ClientImport, person: Any) -> None:
        super().__init__(data)
        choices = [("", _("Leave out")), *FIELDS.items()]
        for place, (column, field) in enumerate(zip(made.columns, made.mapping, strict=True)):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=column, choices=choices, required=False, initial=field
            )
        self.fields["branch"] = forms.ModelChoiceField(
            queryset=enterable_branches(person), to_field_name="code", required=False, initial=made.branch,
            label=_("Branch of new prospects"), empty_label="–",
        )  # fmt: skip
        self.width = len(made.columns)

    def mapping(self) -> list[str]:
        return [self.cleaned_data[f"column_{place}"] for place in range(self.width)]

    def branch_code(self) -> str:
        branch: Unit | None = self.cleaned_data["branch"]
        return branch.code if branch else ""
