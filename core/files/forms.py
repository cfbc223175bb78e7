"""Fields by which people bring files."""

from typing import Any

from django import forms

from core.files.content import KINDS, File


class ManyFiles(forms.FileField):
    """Several files of one field."""

    class Input(forms.ClearableFileInput):
        allow_multiple_selected = True

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=self.Input(attrs={"multiple": True, "accept": ",".join(KINDS)}), **more)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFiles, self).clean(one, initial) for one in given if one]


def uploads(form: forms.Form) -> list[File]:
    """The files of a form's field `attachments`, with their content."""
    return opened(form.cleaned_data.get("attachments") or [])


def opened(given: Any) -> list[File]:
    """Uploaded files with their content."""
    return [File(one.name, one.content_type or "", one.read()) for one in given]
