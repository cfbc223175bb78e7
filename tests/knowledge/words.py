"""Scripts for tests: words enough, and the short way into force."""

from types import SimpleNamespace
from typing import Any

from knowledge.actions import scripts as actions
from knowledge.actions.scripts import Step, Wording
from knowledge.models import Script, ScriptVersion


def told(**more: Any) -> Wording:
    """A wording that can be kept; one step that must not be missed."""
    plain = {"title_zh": "开场", "title_en": "Opening", "body_zh": "您好！", "body_en": "Good day!"}
    steps = [Step(zh="核对姓名", en="Check the name", required=True)]
    return Wording(**{**plain, "steps": steps, **more})


def in_force(cast: SimpleNamespace, code: str, **more: Any) -> ScriptVersion:
    """A script of this code, written by one person and approved by another."""
    script = actions.draft_script(actor=cast.team_lead_1001, code=code, told=told(**more)).script
    return renewed(cast, script)


def renewed(cast: SimpleNamespace, script: Script) -> ScriptVersion:
    """Puts the draft of the script in force."""
    actions.propose(actor=cast.team_lead_1001, script=script, version=now(script))
    return actions.approve(actor=cast.branch_manager_1001, script=script, version=now(script))


def now(script: Script) -> int:
    """The script's version as it stands."""
    script.refresh_from_db()
    return script.version
