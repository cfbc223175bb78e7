"""Sealed words of cases: what the client says, the form's answers, the result, and notes."""

import json
from collections.abc import Mapping
from typing import Any

from cases.models import Case
from core import crypto


def put(case: Case, *, text: str | None = None, answers: Mapping[str, Any] | None = None,
        result: str | None = None) -> None:  # fmt: skip
    """Sets what is given, sealed; the caller saves."""
    if text is not None:
        case.text = crypto.seal(text.strip(), case.context("text"))
    if answers is not None:
        case.answers = crypto.seal(json.dumps(dict(answers), ensure_ascii=False), case.context("answers"))
    if result is not None:
        case.result = crypto.seal(result.strip(), case.context("result"))
