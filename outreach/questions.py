"""Reading the questions of a callback: which answers fit, and which are exceptions. Pure functions.

A question is {"key", "zh", "en", "kind", "required", "choices", "exceptions"}. kind is yes_no (answers yes
and no), choice (one of choices), text or number. exceptions: answers that need clearing up; of a number
bounds such as "<18" or ">70"; of a text none.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

YES, NO = "yes", "no"
KINDS = ("yes_no", "choice", "text", "number")
LONGEST = 500
Question = Mapping[str, Any]


def words_of(question: Question) -> str:
    """In the reader's language; Chinese where there is no English."""
    english = question.get("en", "")
    return str(english if english and get_language() == "en" else question["zh"])


def choices_of(question: Question) -> list[tuple[str, str]]:
    """Answers to choose from with their words; none of a text or number."""
    if question["kind"] == "yes_no":
        return [(YES, _("Yes")), (NO, _("No"))]
    return [(one, one) for one in question["choices"]] if question["kind"] == "choice" else []


def spoken(question: Question, answer: str) -> str:
    """An answer in words."""
    return dict(choices_of(question)).get(answer, answer)


def fault_of(question: Question, answer: str) -> str:
    """What is wrong with an answer; empty when it fits. An answer left out is looked at elsewhere."""
    choices = choices_of(question)
    if choices:
        return "" if answer in dict(choices) else _("Choose one of the answers.")
    if len(answer) > LONGEST:
        return _("At most %(most)s characters.") % {"most": LONGEST}
    return _("A number.") if question["kind"] == "number" and _number(answer) is None else ""


def is_exception(question: Question, answer: str) -> bool:
    """Whether this answer has to be cleared up."""
    if question["kind"] != "number":
        return answer in question["exceptions"]
    value = _number(answer)
    return value is not None and any(_beyond(value, bound) for bound in question["exceptions"])


def exceptions(questions: Sequence[Question], answers: Mapping[str, str]) -> list[Question]:
    """The questions whose answers are exceptions."""
    return [one for one in questions if is_exception(one, answers.get(one["key"], ""))]


def faults(questions: Sequence[Question], answers: Mapping[str, str], *, complete: bool) -> dict[str, str]:
    """What is wrong, by the question's key; complete: required ones have to be answered."""
    found = {}
    for one in questions:
        answer = answers.get(one["key"], "")
        if answer and (fault := fault_of(one, answer)):
            found[one["key"]] = fault
        elif not answer and complete and one["required"]:
            found[one["key"]] = _("Please ask this too.")
    return found


def written_faults(question: Question) -> str:
    """What is wrong with a question as somebody wrote it; empty when nothing is."""
    kind, choices, marked = question["kind"], question["choices"], question["exceptions"]
    if kind not in KINDS:
        return _("Choose one of: %(choices)s.") % {"choices": ", ".join(KINDS)}
    if kind == "choice" and len(set(choices)) < 2:
        return _("Name at least two answers to choose from.")
    if kind == "number":
        return "" if all(is_bound(one) for one in marked) else _("Write bounds of a number as <18 or >70.")
    known = {"yes_no": (YES, NO), "choice": tuple(choices)}.get(kind, ())
    return "" if set(marked) <= set(known) else _("An exception has to be one of the answers.")


def is_bound(text: str) -> bool:
    """Such as "<18" or ">70"."""
    return text[:1] in ("<", ">") and _number(text[1:]) is not None


def _beyond(value: Decimal, bound: str) -> bool:
    limit = _number(bound[1:])
    if limit is None:
        return False
    return value < limit if bound[0] == "<" else value > limit


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text.replace(",", "").strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
