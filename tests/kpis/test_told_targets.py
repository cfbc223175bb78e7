"""What the deed on targets itself refuses, and what a person who may not see them finds."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from kpis.actions import tell_targets
from kpis.models import Target
from kpis.rules import Limits, Targets, parse_period
from tests.cast import Speak

UPWARDS, DOWNWARDS = Limits(Decimal("0.02"), Decimal("0.08")), Limits(Decimal("0.08"), Decimal("0.02"))
HIGHER, LOWER = "The target must be higher than the floor.", "The target must be lower than the floor."


def refused(cast: SimpleNamespace, **told: Any) -> dict[str, list[str]]:
    with override("en"), pytest.raises(ValidationError) as fault:
        tell_targets(actor=cast.value_analyst, unit_type="firm", **told)
    assert not Target.objects.exists()
    return fault.value.message_dict


def test_every_fault_is_named_by_its_field(cast: SimpleNamespace) -> None:
    rates = {"new": DOWNWARDS, "lost": UPWARDS, "upgraded": UPWARDS, "luck": UPWARDS}
    groups = {"H": DOWNWARDS, "M": UPWARDS, "Z": UPWARDS}
    assert refused(cast, period_type="week", targets=Targets(rates, groups)) == {
        "period_type": ["One of month, quarter, year."],
        "new": [HIGHER],
        "lost": [LOWER],
        "luck": ["No such indicator."],
        "profitability.H": [HIGHER],
        "profitability.Z": ["No such group of tiers."],
    }


def test_a_first_period_of_another_type_is_refused(cast: SimpleNamespace) -> None:
    told = {"period_type": "quarter", "from_period": parse_period("2026-10"), "targets": Targets()}
    assert list(refused(cast, **told)) == ["from_period"]


def test_there_is_no_answer_to_targets_out_of_sight(cast: SimpleNamespace, as_person: Speak) -> None:
    other = Target.objects.create(
        period_type="month", unit_type="branch", unit_code="1005", state="proposed", proposed_by="person:x"
    )
    address = f"/api/v1/kpi-targets/{other.pk + 1}/approve/"
    assert as_person(cast.value_analyst).post(address).status_code == 404
    assert (
        as_person(cast.branch_manager_1001).post(f"/api/v1/kpi-targets/{other.pk}/reject/").status_code == 403
    )
