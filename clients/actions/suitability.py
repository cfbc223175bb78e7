"""Recording that a client was warned of a product's risk."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.actions import trail
from clients.models import Client, RiskWarning
from clients.queries.suitability import assessment_of
from clients.suitability import Answer, Initiator, judge
from core import audit
from core.errors import Conflict


@transaction.atomic
def record_risk_warning(
    *,
    actor: audit.Actor,
    client: Client,
    product_code: str,
    product_name: str,
    product_level: str,
    manner: str,
    warned_at: datetime,
    evidence: str = "",
) -> RiskWarning:
    """Raises Conflict where no warning helps (the product suits, or may not be sold at all on that day)."""
    if warned_at > timezone.now():
        raise ValidationError({"warned_at": _("A warning cannot lie in the future.")})
    day = timezone.localdate(warned_at)
    verdict = judge(assessment_of(client), product_level, Initiator.CLIENT, day)
    if verdict.answer != Answer.WARN:
        raise Conflict(" ".join(verdict.reasons), code="no_warning_needed")
    row = RiskWarning.objects.create(
        client=client, product_code=product_code, product_name=product_name, product_level=product_level,
        client_level=client.risk_level, manner=manner, evidence=evidence, warned_at=warned_at,
        recorded_by=actor.actor_name,
    )  # fmt: skip
    trail.note(
        actor=actor,
        deed="risk_warning.recorded",
        client=client,
        detail={"product": product_code, "product_level": product_level, "client_level": client.risk_level},
    )
    return row
