"""What is sealed in a case, in clear, for those who may see the case."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cases.models import Case, CaseNote, spoken
from core import crypto


def text_of(case: Case) -> str:
    return crypto.unseal(case.text, case.context("text"))


def result_of(case: Case) -> str:
    return crypto.unseal(case.result, case.context("result"))


def answers_of(case: Case) -> dict[str, Any]:
    sealed = crypto.unseal(case.answers, case.context("answers"))
    return json.loads(sealed) if sealed else {}


@dataclass(frozen=True)
class Answer:
    words: str
    value: str


def answered(case: Case) -> Sequence[Answer]:
    """The form's fields with what was answered, in their order; unanswered ones are left out."""
    told = answers_of(case)
    return [
        Answer(spoken(one["zh"], one["en"]), str(told[one["key"]]))
        for one in case.type_version.fields
        if told.get(one["key"]) not in (None, "")
    ]


@dataclass(frozen=True)
class Written:
    note: CaseNote
    words: str


def notes_of(case: Case) -> list[Written]:
    """Everything written in the case, newest first."""
    rows = case.notes.select_related("author", "delivery")
    return [Written(row, crypto.unseal(row.body, row.context)) for row in rows]
