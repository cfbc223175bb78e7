"""Reads of quality inspection: forms in use, candidates of a draw and its repetition, figures, agreement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet

from core import sql
from core.registry import choices, sample_sources
from core.samples import Sample, SampleWanted
from knowledge import drawing
from knowledge.models import Calibration, Inspection, SamplingDraw, SamplingPlan, ScoringForm
from knowledge.models.quality import spoken
from knowledge.queries.scripts import CATEGORIES
from staff.models import Person, Unit
from staff.tree import UnitTree

GROUPS = ("agent", "unit", "month", "channel")


def form_in_use(code: str) -> ScoringForm | None:
    """The newest version of the form of this code."""
    return ScoringForm.objects.filter(code=code).order_by("-number").first()


def forms_in_use() -> list[ScoringForm]:
    """The newest version of each form, by code."""
    newest = ScoringForm.objects.order_by().values("code").annotate(top=Max("number"))
    tops = {row["code"]: row["top"] for row in newest}
    return [form for form in ScoringForm.objects.order_by("code", "number") if form.number == tops[form.code]]


def rule_of(plan: SamplingPlan) -> dict[str, Any]:
    """What a plan draws from, as kept with each draw."""
    return {
        "unit": plan.unit_id, "agent": plan.agent_id, "channel": plan.channel, "category": plan.category,
        "number": plan.number, "share": str(plan.share) if plan.share is not None else None,
        "each_agent": plan.each_agent, "form": plan.form_code,
    }  # fmt: skip


def candidates_of(draw: SamplingDraw) -> dict[str, Sequence[Sample]]:
    """Everything the draw is made among, by kind; the same again whenever it is asked."""
    rule, last = draw.rule, draw.week + timedelta(days=6)
    categories = {rule["category"]} - {""}
    categories |= {choice.value for choice in choices(CATEGORIES) if rule["category"] in choice.above}
    wanted = SampleWanted(
        first=draw.week, last=last, known_at=draw.drawn_at,
        unit_ids=frozenset(UnitTree.load().under(rule["unit"], last)), agent_id=rule["agent"],
        channel=rule["channel"], categories=frozenset(categories),
    )  # fmt: skip
    return {kind: source.candidates(wanted) for kind, source in sample_sources().items()}


def holds(draw: SamplingDraw) -> bool:
    """Whether the draw, made again from its seed and the log as it stood, gives the same contacts."""
    share = draw.rule["share"]
    rule = drawing.Rule(
        draw.rule["number"], None if share is None else Decimal(share), draw.rule["each_agent"]
    )
    found = candidates_of(draw)
    again = {
        (kind, one.number) for kind, rows in found.items() for one in drawing.drawn(draw.seed, rows, rule)
    }
    kept = set(draw.inspections.filter(supersedes=None, calibration=None).values_list("kind", "subject"))
    everything = [one for rows in found.values() for one in rows]
    return again == kept and drawing.digest(everything) == draw.digest


def plans_of(reader: Any) -> QuerySet[SamplingPlan]:
    """Plans in sight, each with how much it drew and how much of that is scored."""
    first = Q(draws__inspections__supersedes=None, draws__inspections__calibration=None)
    done = first & Q(draws__inspections__state="done")
    rows = SamplingPlan.objects.visible_to(reader).select_related("unit", "agent", "inspector")
    return rows.annotate(
        drawn=Count("draws__inspections", filter=first), done=Count("draws__inspections", filter=done),
        last=Max("draws__week"),
    )  # fmt: skip


def listed(reader: Any) -> QuerySet[Inspection]:
    """The inspections in sight, with what a list shows."""
    rows = Inspection.objects.visible_to(reader)
    return rows.select_related("agent", "unit", "inspector", "draw__plan", "appeal", "calibration")


def inspectors_for(unit: Unit) -> list[Person]:
    """People who may inspect, for the unit."""
    people = Person.objects.filter(is_active=True, memberships__role__in=("team_lead", "branch_manager"))
    return [
        one
        for one in people.distinct().order_by("name")
        if one.scope_for("quality.inspect").has_unit(unit.pk)
    ]


@dataclass(frozen=True)
class Line:
    """An item of the form with how it was found."""

    item: dict[str, Any]
    section: str
    words: str
    result: str = ""
    words_of_result: str = ""
    comment: str = ""


def lines_of(inspection: Inspection) -> list[Line]:
    """The form's items in order, in the reader's language, with the answers once there are some."""
    answers = {one.item: one for one in inspection.answers.all()}
    lines = []
    for item in inspection.form.items:
        given = answers.get(item["key"])
        words = (spoken(item["section_zh"], item["section_en"]), spoken(item["zh"], item["en"]))
        told = (given.result, str(given.get_result_display()), given.comment) if given else ()
        lines.append(Line(item, *words, *told))
    return lines


def figures(reader: Any, *, by: str, first: date, last: date) -> list[dict[str, Any]]:
    """Counts and mean points of results that stand, by one of GROUPS, of contacts in these days."""
    return sql.rows("knowledge", "inspection_figures", _params(reader, first, last) | {"by_kind": by})


def item_figures(reader: Any, *, first: date, last: date) -> list[dict[str, Any]]:
    """How each item was found, by form and item, with the item's words of the newest version."""
    rows = sql.rows("knowledge", "inspection_items", _params(reader, first, last))
    words = {
        (form.code, item["key"]): spoken(item["zh"], item["en"])
        for form in ScoringForm.objects.order_by("number")
        for item in form.items
    }
    return [row | {"name": words[row["form_code"], row["item"]]} for row in rows]


def _params(reader: Any, first: date, last: date) -> dict[str, Any]:
    scope = reader.scope_for("quality.figures")
    return {"from_date": first, "to_date": last, "everyone": scope.firm, "unit_ids": sorted(scope.unit_ids)}


def calibrations_of(reader: Any) -> QuerySet[Calibration]:
    """Calibrations of units in sight, and those the reader scores in."""
    scope = reader.scope_for("quality.figures")
    seen = Q() if scope.firm else Q(unit_id__in=scope.unit_ids) | Q(inspections__inspector_id=reader.pk)
    rows = Calibration.objects.filter(seen).select_related("unit", "form", "started_by").distinct()
    done = Q(inspections__state="done")
    return rows.annotate(
        asked=Count("inspections", distinct=True), scored=Count("inspections", filter=done, distinct=True)
    )


def agreement(calibration: Calibration) -> list[dict[str, Any]]:
    """By item: the share of pairs of inspectors that said the same of the same contact."""
    rows = sql.rows("knowledge", "calibration_items", {"calibration": calibration.pk})
    shares = {row["item"]: row for row in rows}
    items = [(item, spoken(item["zh"], item["en"])) for item in calibration.form.items]
    return [{"name": words, **shares[item["key"]]} for item, words in items if item["key"] in shares]


def deviations(calibration: Calibration) -> list[dict[str, Any]]:
    """By inspector: how far the points lie from the mean of the contact, on average."""
    return sql.rows("knowledge", "calibration_points", {"calibration": calibration.pk})


def subject_url_name(inspection: Inspection) -> str:
    """The page piece that shows what is inspected."""
    return sample_sources()[inspection.kind].url_name


def appeals_open(reader: Any) -> QuerySet[Inspection]:
    """Results with an appeal that nobody has answered, oldest first."""
    return listed(reader).filter(appeal__state="open").order_by(F("appeal__at"))
