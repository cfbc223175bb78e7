"""The client's risk assessment, and the risk warnings it was given."""

from django.conf import settings
from django.db.models import QuerySet

from clients.models import Client, RiskWarning
from clients.suitability import Assessment


def assessment_of(client: Client) -> Assessment:
    return Assessment(client.risk_level, client.risk_assessed_on, settings.RISK_ASSESSMENT_YEARS)


def warnings_given(client: Client) -> QuerySet[RiskWarning]:
    """Newest first."""
    return RiskWarning.objects.filter(client_id__in=client.record_ids).order_by("-warned_at", "-id")
