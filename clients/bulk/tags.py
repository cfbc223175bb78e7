"""Bulk deeds on the client list: sticking a tag on many clients, or taking it off."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from clients.actions import tags
from clients.models import ClientTag, Tag
from core.bulk import BulkDeed, BulkForm, BulkResult, BulkWork, LeftOut
from core.errors import Conflict

GIVE, TAKE = "give", "take"


class TagForm(BulkForm):
    way = forms.ChoiceField(
        label=_lazy("What to do"),
        choices=[(GIVE, _lazy("Add the tag")), (TAKE, _lazy("Take the tag off"))],
        initial=GIVE,
        widget=forms.RadioSelect,
    )
    tag = forms.CharField(label=_lazy("Tag"), max_length=40)

    def clean_tag(self) -> str:
        """White space evened out, as tags are kept."""
        return " ".join(self.cleaned_data["tag"].split())

    def clean(self) -> dict[str, Any]:
        """Only a tag that exists can be taken off."""
        given = super().clean() or {}
        if given.get("way") == TAKE and not Tag.objects.filter(name=given.get("tag", "")).exists():
            self.add_error("tag", _("There is no such tag."))
        return given

    def summary(self) -> str:
        words = {GIVE: _("add %(tag)s"), TAKE: _("take off %(tag)s")}
        return words[self.cleaned_data["way"]] % {"tag": self.cleaned_data["tag"]}


def preview(rows: QuerySet, data: dict[str, Any], _person: Any) -> Sequence[LeftOut]:
    """Clients that carry the tag already, or do not carry what is to be taken off."""
    carriers = ClientTag.objects.filter(tag__name=data["tag"]).values("client_id")
    if data["way"] == GIVE:
        return [LeftOut(_("Carry the tag already"), rows.filter(pk__in=carriers).count())]
    return [LeftOut(_("Do not carry the tag"), rows.exclude(pk__in=carriers).count())]


def apply(work: BulkWork) -> BulkResult:
    """Tags the chunk; those that need nothing count as left out, so that undoing leaves them alone."""
    change, tag = _change(work.data["way"]), _tag(work.data)
    changed = change(actor=work.person, ids=work.ids, tag=tag, run_id=work.run_id)
    reason = _("Carries the tag already.") if work.data["way"] == GIVE else _("Does not carry the tag.")
    return BulkResult(undo=None, failures=dict.fromkeys(set(work.ids) - set(changed), reason))


def undo(work: BulkWork) -> dict[int, str]:
    """The other way round, for just those that were changed."""
    back = TAKE if work.data["way"] == GIVE else GIVE
    _change(back)(actor=work.person, ids=work.ids, tag=_tag(work.data), run_id=work.run_id)
    return {}


def _tag(data: dict[str, Any]) -> Tag:
    if data["way"] == GIVE:
        return tags.tag_named(data["tag"])
    tag = Tag.objects.filter(name=data["tag"]).first()
    if tag is None:
        raise Conflict(_("There is no such tag."))
    return tag


def _change(way: str) -> Any:
    return tags.give_to_many if way == GIVE else tags.take_from_many


TAG = BulkDeed("tag", "Tag", "tag", "clients.bulk", apply=apply, undo=undo, form=TagForm, preview=preview)
