"""Suitability: every level against every product, dates of assessments, and risk warnings on record."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from clients.actions.suitability import record_risk_warning
from clients.models import Client, RiskWarning
from clients.suitability import (
    CLIENT_LEVELS,
    LOWEST,
    PRODUCT_LEVELS,
    Answer,
    Assessment,
    Initiator,
    judge,
    years_later,
)
from core.errors import Conflict
from core.models import AuditEntry
from staff.models import Unit
from tests.clients.people import make_client

TODAY = date(2026, 11, 23)
TABLE = """
           R1 R2 R3 R4 R5
C1_lowest  m  P  P  P  P
C1         m  w  w  w  w
C2         m  m  w  w  w
C3         m  m  m  w  w
C4         m  m  m  m  w
C5         m  m  m  m  m
"""
"""m: suits whoever began. w: after a warning when the client asked, prohibited when we offer. P: never."""
WORDS = {
    "m": (Answer.MATCH, Answer.MATCH),
    "w": (Answer.WARN, Answer.PROHIBIT),
    "P": (Answer.PROHIBIT, Answer.PROHIBIT),
}


def _cells() -> list[tuple[str, str, Initiator, Answer]]:
    head, *rows = [line.split() for line in TABLE.strip().splitlines()]
    return [
        (level, product, who, answer)
        for level, *letters in rows
        for product, letter in zip(head, letters, strict=True)
        for who, answer in zip((Initiator.CLIENT, Initiator.FIRM), WORDS[letter], strict=True)
    ]


def test_the_table_is_whole() -> None:
    levels = {(level, product) for level, product, _who, _answer in _cells()}
    assert levels == {(level, product) for level in CLIENT_LEVELS for product in PRODUCT_LEVELS}


@pytest.mark.parametrize(("level", "product", "who", "answer"), _cells())
def test_level_against_product(level: str, product: str, who: Initiator, answer: Answer) -> None:
    assessment = Assessment(level, TODAY - timedelta(days=30), 2)
    verdict = judge(assessment, product, who, TODAY)
    assert verdict.answer == answer
    assert all(verdict.reasons)


@pytest.mark.parametrize("who", list(Initiator))
@pytest.mark.parametrize(
    "assessment",
    [Assessment("", None, 2), Assessment("C5", None, 2), Assessment("", TODAY, 2)],
)
def test_nothing_without_an_assessment(assessment: Assessment, who: Initiator) -> None:
    assert judge(assessment, "R1", who, TODAY).answer == Answer.PROHIBIT
    assert assessment.is_missing


def test_nothing_where_the_product_has_no_level() -> None:
    assert judge(Assessment("C5", TODAY, 2), "", Initiator.CLIENT, TODAY).answer == Answer.PROHIBIT


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 5))
def test_an_assessment_holds_to_its_last_day(made: date, years: int) -> None:
    assessment = Assessment("C5", made, years)
    last = assessment.valid_to
    assert last is not None
    assert (last.year, last.month) == (made.year + years, made.month)
    assert last.day == made.day or (made.month, made.day, last.day) == (2, 29, 28)
    assert judge(assessment, "R5", Initiator.FIRM, last).answer == Answer.MATCH
    assert judge(assessment, "R1", Initiator.CLIENT, last + timedelta(days=1)).answer == Answer.PROHIBIT


def test_the_leap_day() -> None:
    assert years_later(date(2024, 2, 29), 2) == date(2026, 2, 28)
    assert years_later(date(2024, 2, 29), 4) == date(2028, 2, 29)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(-60, 60))
def test_reminders_come_at_30_and_7_days(made: date, left: int) -> None:
    assessment = Assessment("C3", made, 2)
    assert assessment.valid_to is not None
    wanted = 0 if left < 0 else 7 if left <= 7 else 30 if left <= 30 else None
    assert assessment.reminder(assessment.valid_to - timedelta(days=left)) == wanted


@pytest.mark.django_db
class TestWarnings:
    @pytest.fixture
    def wang(self, units: dict[str, Unit]) -> Client:
        return make_client(units["1001"], "C000001", risk_level="C2", risk_assessed_on=date.today())

    def _warn(self, cast: SimpleNamespace, client: Client, level: str, **values: Any) -> RiskWarning:
        told = {"manner": "video", "warned_at": timezone.now(), "evidence": "SL-1"} | values
        return record_risk_warning(
            actor=cast.agent_1001,
            client=client,
            product_code="P1",
            product_name="成长",
            product_level=level,
            **told,
        )

    def test_a_warning_is_on_record_and_stays(self, wang: Client, cast: SimpleNamespace) -> None:
        row = self._warn(cast, wang, "R4")
        assert (row.client_level, row.product_level, row.recorded_by) == ("C2", "R4", "liu.siqi")
        assert AuditEntry.objects.get(deed="risk_warning.recorded").client_id == wang.pk
        with pytest.raises(IntegrityError), transaction.atomic():
            RiskWarning.objects.filter(pk=row.pk).update(evidence="")

    def test_no_warning_where_it_suits_or_may_not_be(self, wang: Client, cast: SimpleNamespace) -> None:
        for level in ("R1", "R2", ""):
            with pytest.raises(Conflict):
                self._warn(cast, wang, level)
        wang.risk_level = LOWEST
        with pytest.raises(Conflict):
            self._warn(cast, wang, "R2")
