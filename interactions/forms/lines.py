"""Forms of lines: a new one, and its settings by adapter."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from interactions.actions.line_settings import IMAP_PORTS, PASSWORDS, SMTP_PORTS, fields_of, passwords_of
from interactions.channels.known import WAYS
from interactions.models import Line
from staff.models import Unit

PROTECTION = {"tls": _("TLS from the start"), "starttls": "STARTTLS", "none": _("Not encrypted")}
LABELS = {
    "recordings_url": _("Address of the recordings"),
    "api_url": _("Address of the platform"),
    "open_kfid": _("Account of customer service (open_kfid)"),
    "app_secret": _("Secret of the platform"),
    "gateway_url": _("Address of the gateway"),
    "media_url": _("Address of pictures and files"),
    "smtp_host": _("Server for sending"),
    "smtp_port": _("Port for sending"),
    "smtp_user": _("User name for sending"),
    "smtp_password": _("Password for sending"),
    "smtp_tls": _("Encryption of sending"),
    "from_address": _("Sender's address"),
    "from_name": _("Sender's name"),
    "imap_host": _("Server for fetching"),
    "imap_port": _("Port for fetching"),
    "imap_user": _("User name for fetching"),
    "imap_password": _("Password for fetching"),
    "imap_tls": _("Encryption of fetching"),
    "imap_folder": _("Folder"),
}
HELP = {
    "gateway_url": _("Messages go out by POST to this address and /messages. Left empty, none go out."),
    "api_url": _(
        "Such as https://qyapi.weixin.qq.com or https://api.weixin.qq.com. Left empty, the gateway is used."
    ),
    "open_kfid": _("For whom WeCom sends, such as wkAJ2GCAAASSm4."),
    "media_url": _("Left empty: the gateway's address and /media."),
    "recordings_url": _("Where the sound is kept; the recording's reference is put behind it."),
    "smtp_port": _("Left empty: the usual one."),
    "imap_port": _("Left empty: the usual one."),
    "imap_folder": _("Left empty: INBOX."),
    **dict.fromkeys(PASSWORDS, _("Left empty, the old one stays.")),
}
PROTECTED = {"smtp_tls": SMTP_PORTS, "imap_tls": IMAP_PORTS}


class NewLine(forms.Form):
    code = forms.SlugField(
        label=_("Code"), max_length=30, help_text=_("Its name in the address, such as hotline-east.")
    )
    adapter = forms.ChoiceField(label=_("Adapter"))
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=60)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), to_field_name="code", help_text=_("Whose queue it fills.")
    )
    receiver = forms.CharField(
        label=_("Corp or app ID"), max_length=60, required=False,
        help_text=_("For WeCom and WeChat: what the platform calls you. Left empty, one is made up."),
    )  # fmt: skip

    def __init__(self, *args: Any, units: QuerySet[Unit], **more: Any) -> None:
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        fields["unit"].queryset = units
        fields["adapter"].choices = [(code, Line.Adapter(code).label) for code in WAYS]


class LineForm(forms.Form):
    """A line's name, queue, and what its adapter can be told; values are checked by the deed."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=60)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), to_field_name="code")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, line: Line, units: QuerySet[Unit]) -> None:
        first = {"name": line.name, "unit": line.unit.code, "version": line.version, **line.settings}
        super().__init__(data, initial=first)
        self.settings = fields_of(line.adapter)
        self.passwords = passwords_of(line.adapter)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        for name in self.settings + self.passwords:
            self.fields[name] = _field(name)
        self.order_fields(["name", "unit", *LABELS])

    def told(self) -> dict[str, Any]:
        """Keyword arguments of the deed."""
        given = self.cleaned_data
        return {
            "name": given["name"], "unit": given["unit"], "version": given["version"] or 0,
            "settings": {name: given[name] for name in self.settings},
            "passwords": {name: given[name] for name in self.passwords},
        }  # fmt: skip


def _field(name: str) -> forms.Field:
    told: dict[str, Any] = {"label": LABELS[name], "required": False, "help_text": HELP.get(name, "")}
    if name in PROTECTED:
        return forms.ChoiceField(choices=[(word, PROTECTION[word]) for word in PROTECTED[name]], **told)
    if name in PASSWORDS:
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        return forms.CharField(widget=widget, strip=False, max_length=200, **told)
    return forms.CharField(max_length=200, **told)
