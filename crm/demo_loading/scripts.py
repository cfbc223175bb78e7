"""The demo's scripts: written by one person, approved by another; a next version waits for approval."""

from dataclasses import replace

from crm.demo.scripts import OPENING, SCRIPTS
from knowledge.actions import scripts as actions
from knowledge.models import Script
from staff.models import Person

WRITES, APPROVES = "ma.wentao", "pei.guoqiang"
SHORTER = ("您好，客户服务中心，请问怎么称呼您？", "Good day, the service centre. May I ask your name?")


def make_scripts() -> None:
    """Puts the scripts in force, unless an earlier start has."""
    if Script.objects.exists():
        return
    writer, approver = (Person.objects.get(username=name) for name in (WRITES, APPROVES))
    for code, told in SCRIPTS:
        script = actions.draft_script(actor=writer, code=code, told=told).script
        actions.propose(actor=writer, script=script, version=1)
        actions.approve(actor=approver, script=script, version=2)
    _wait(writer)


def _wait(writer: Person) -> None:
    """A shorter greeting that somebody else still has to approve."""
    script = Script.objects.get(code="call-opening")
    chinese, english = (
        "\n\n".join([first, *body.split("\n\n")[1:]])
        for first, body in zip(SHORTER, (OPENING.body_zh, OPENING.body_en), strict=True)
    )
    kept = script.versions.get().steps
    steps = [replace(step, key=old["key"]) for step, old in zip(OPENING.steps, kept, strict=True)]
    told = replace(OPENING, body_zh=chinese, body_en=english, steps=steps)
    actions.change_draft(actor=writer, script=script, version=script.version, told=told)
    actions.propose(actor=writer, script=script, version=script.version + 1)
