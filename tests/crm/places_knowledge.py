"""Things of the knowledge base for the access matrix."""

from types import SimpleNamespace
from typing import Any

from core.files.content import File
from knowledge.actions import using
from knowledge.actions.inspecting import appeal
from knowledge.actions.plans import start_calibration
from staff.models import Unit
from tests.knowledge.articles import published
from tests.knowledge.samples import drawn, plan, scored, sheet, talked

NOTE = File("note.txt", "text/plain", b"words")


def known(cast: SimpleNamespace, units: dict[str, Unit]) -> dict[str, Any]:
    """An article for everybody, which somebody found out of date, and one for 1002."""
    version = published(cast, files=[NOTE])
    told = using.report(actor=cast.agent_hq, version=version, text="旧")
    other = published(cast, title_zh="1002", units=[units["1002"].pk], files=[NOTE])
    made = {"article": version.article_id, "article_next": other.article_id, "feedback": told.pk}
    keys = {"file_article": version, "file_article_next": other}
    return made | {name: str(one.article.files.get().key) for name, one in keys.items()}


def inspected(cast: SimpleNamespace, units: dict[str, Unit], clients: dict[str, Any]) -> dict[str, Any]:
    """Plans of 1001 and 1002, results in both, one to be scored, one with an appeal, and a calibration."""
    sheet(cast)
    talked(clients["own"], cast.agent_1001, 3)
    talked(clients["next"], cast.agent_1002, 1)
    made = {"own": plan(cast, units["1001"], number=3), "next": plan(cast, units["1002"], name="1002")}
    draws = {name: drawn(cast, one) for name, one in made.items()}
    waiting, first, second = draws["own"].inspections.order_by("pk")
    scored(cast.team_lead_hq, first)
    appeal(actor=cast.agent_1001, inspection=scored(cast.team_lead_hq, second), reason="x")
    other = scored(cast.team_lead_hq, draws["next"].inspections.get())
    run = start_calibration(
        actor=cast.team_lead_hq, name="x", source=draws["own"], contacts=1,
        inspectors=[cast.team_lead_1001, cast.branch_manager_1001],
    )  # fmt: skip
    return {
        "plan_own": made["own"].pk, "plan_next": made["next"].pk, "waiting": waiting.pk,
        "inspected": first.pk, "appealed": second.pk, "inspected_next": other.pk, "calibration": run.pk,
    }  # fmt: skip
