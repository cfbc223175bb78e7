"""The checklist of a wrap-up: what the script demands is ticked, or somebody says why it was left out."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from interactions.models import Conversation
from knowledge.models import ScriptVersion
from knowledge.queries.scripts import parents_of, script_for, version_called

LONGEST_REASON = 300


def kept_steps(*, held: Conversation, category: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept with the entry: `script`, `ticked`, and `left_out` with its `reason` where there are some.

    told: what stood beside the form. The script is the one for the conversation, in the version that was
    shown; without a script nothing is kept. Raises ValidationError naming the steps that are missing.
    """
    version = _version(held, category, str(told.get("script") or ""))
    if version is None:
        return {}
    ticked, known = set(told.get("ticked") or ()), [step["key"] for step in version.steps]
    kept: dict[str, Any] = {"script": version.name, "ticked": [key for key in known if key in ticked]}
    left_out = [step for step in version.checklist if step["required"] and step["key"] not in ticked]
    reason = str(told.get("reason") or "").strip()[:LONGEST_REASON]
    if left_out and not reason:
        words = " · ".join(step["words"] for step in left_out)
        raise ValidationError({"steps": _("Tick these steps, or say why not: %(steps)s") % {"steps": words}})
    if left_out:
        kept |= {"left_out": [step["key"] for step in left_out], "reason": reason}
    return kept


def _version(held: Conversation, category: str, shown: str) -> ScriptVersion | None:
    """The script's version in force; the one that was shown where that changed while somebody wrote."""
    found = script_for(category=category, parents=parents_of(category), tier=held.tier, channel=held.channel)
    before = version_called(shown) if found is not None and shown != found.name else None
    same = before is not None and found is not None and before.script_id == found.script_id
    return before if same else found
