"""Forms of the feed pages: upload of a package, correction of a quarantined row."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import RiskWarning
from clients.suitability import Initiator
from trading.feed.columns import FILES, Column
from trading.feed.shown import delivered, hidden_columns
from trading.models import QuarantinedRow


class UploadForm(forms.Form):
    package = forms.FileField(
        label=gettext_lazy("Feed package (zip)"), widget=forms.ClearableFileInput(attrs={"accept": ".zip"})
    )

    def clean_package(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["package"]
        if upload.size is None or upload.size > settings.FEED_UPLOAD_MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than uploads may be."))
        return upload


class CorrectionForm(forms.Form):
    """One field a column, named `column_<name>`. Personal numbers are not shown: left empty, they stay."""

    def __init__(self, row: QuarantinedRow, data: Any = None) -> None:
        super().__init__(data)
        self.row = row
        self.before = delivered(row)
        self.hidden = hidden_columns(row, row.package.files[row.file]["header"])
        for name in row.package.files[row.file]["header"]:
            self.fields[f"column_{name}"] = self._field(name, FILES[row.file].column(name))

    def changed_values(self) -> dict[str, str]:
        """What the person changed, by column."""
        typed = {name.removeprefix("column_"): text for name, text in self.cleaned_data.items()}
        return {
            name: text
            for name, text in typed.items()
            if text != self.before.get(name, "") and not (text == "" and name in self.hidden)
        }

    def _field(self, name: str, column: Column | None) -> forms.Field:
        hidden = name in self.hidden
        shared: dict[str, Any] = {
            "label": name,
            "required": False,
            "initial": "" if hidden else self.before.get(name, ""),
            "help_text": _("Not shown. Leave it empty to keep it.") if hidden and self.before else "",
        }
        if column is not None and column.choices:
            words = dict.fromkeys(["", *([shared["initial"]] if shared["initial"] else []), *column.choices])
            return forms.ChoiceField(choices=[(word, word or "-") for word in words], **shared)
        return forms.CharField(strip=False, **shared)


class FitForm(forms.Form):
    """Which product, and who began."""

    product = forms.CharField(
        label=gettext_lazy("Product"),
        max_length=60,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "placeholder": gettext_lazy("Code or name")}),
    )
    initiated_by = forms.ChoiceField(
        label=gettext_lazy("Who began"),
        choices=[
            (Initiator.CLIENT.value, gettext_lazy("The client asked")),
            (Initiator.FIRM.value, gettext_lazy("We offer it")),
        ],
        initial=Initiator.CLIENT.value,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="fit_%s")


class RiskWarningForm(forms.Form):
    """How and when the client was warned."""

    manner = forms.ChoiceField(
        label=gettext_lazy("How the client was warned"), choices=RiskWarning.Manner.choices
    )
    warned_at = forms.DateTimeField(
        label=gettext_lazy("When"),
        initial=timezone.localtime,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    evidence = forms.CharField(label=gettext_lazy("Evidence"), max_length=300, required=False)

    def __init__(self, data: Any = None, product: str = "") -> None:
        super().__init__(data, auto_id=f"warning_{product}_%s")
