"""Consents: defaults, the newest word counts, the switch that stops every contact, panel and REST."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from clients.actions import consents as deeds
from clients.models import Client, Consent
from clients.queries import consents as queries
from core.errors import Conflict
from core.models import AuditEntry
from staff.models import Unit
from tests.cast import Speak
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
API = "/api/v1/clients/C000001/consents/"


@pytest.fixture
def wang(units: dict[str, Unit]) -> Client:
    return make_client(units["1001"], "C000001")


def say(
    client: Client, cast: SimpleNamespace, state: str, channel: str = "phone", purpose: str = "marketing"
) -> None:
    deeds.record_consents(
        actor=cast.agent_1001, client=client, channels=[channel], purposes=[purpose], state=state,
        source="written", evidence="F-1",
    )  # fmt: skip


@pytest.mark.parametrize("purpose", Consent.Purpose.values)
def test_without_a_word_only_service_is_allowed(wang: Client, purpose: str) -> None:
    for channel in Consent.Channel.values:
        answer = queries.may_contact(wang, channel, purpose)
        assert answer.allowed == (purpose == "service")
        assert answer.reason


def test_the_newest_word_counts_for_its_channel_and_purpose(wang: Client, cast: SimpleNamespace) -> None:
    say(wang, cast, "given")
    assert queries.may_contact(wang, "phone", "marketing").allowed
    assert not queries.may_contact(wang, "sms", "marketing").allowed
    say(wang, cast, "withdrawn")
    say(wang, cast, "withdrawn", purpose="service")
    assert not queries.may_contact(wang, "phone", "marketing").allowed
    assert not queries.may_contact(wang, "phone", "service").allowed
    assert queries.may_contact(wang, "sms", "service").allowed
    assert queries.history(wang).count() == 3


def test_rows_are_neither_changed_nor_deleted(wang: Client, cast: SimpleNamespace) -> None:
    say(wang, cast, "given")
    for deed in (lambda rows: rows.update(state="withdrawn"), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed(Consent.objects.filter(client=wang))


def test_a_stop_goes_before_every_consent_and_can_be_lifted(wang: Client, cast: SimpleNamespace) -> None:
    say(wang, cast, "given")
    deeds.set_contact_stop(actor=cast.agent_1001, client=wang, stopped=True, reason="asked for quiet")
    with translation.override("en"):
        answer = queries.may_contact(wang, "phone", "service")
    assert (answer.allowed, answer.reason) == (False, "Do not contact: asked for quiet")
    with pytest.raises(Conflict):
        deeds.set_contact_stop(actor=cast.agent_1001, client=wang, stopped=True, reason="again")
    deeds.set_contact_stop(actor=cast.agent_1001, client=wang, stopped=False, reason="wants news")
    assert queries.may_contact(wang, "phone", "marketing").allowed


def test_nobody_calls_the_dead(wang: Client) -> None:
    wang.status = "deceased"
    assert not queries.may_contact(wang, "phone", "service").allowed


def test_a_merged_records_word_counts(wang: Client, units: dict[str, Unit], cast: SimpleNamespace) -> None:
    other = make_client(units["1001"], "C000002", merged_into=wang)
    say(other, cast, "given")
    assert queries.may_contact(wang, "phone", "marketing").allowed


def test_the_panel_records_and_asks_for_evidence(
    wang: Client, cast: SimpleNamespace, as_person: Speak
) -> None:
    browser = as_person(cast.agent_1001)
    told: dict[str, Any] = {
        "state": "given", "channels": ["sms", "email"], "purposes": ["research"], "source": "recorded",
    }  # fmt: skip
    url = reverse("clients:consent", args=["C000001"])
    assert browser.post(url, told).status_code == 422
    assert browser.post(url, told | {"evidence": "REC-17"}).status_code == 200
    assert {(row.channel, row.purpose) for row in queries.history(wang)} == {
        ("sms", "research"),
        ("email", "research"),
    }
    assert AuditEntry.objects.get(deed="consent.recorded").client_id == wang.pk
    page = browser.get(reverse("clients:consents", args=["C000001"])).content.decode()
    assert "REC-17" in page


def test_rest(wang: Client, as_system: Speak) -> None:
    api = as_system("clients:read", "clients:write")
    told = {"channels": ["app"], "purposes": ["survey"], "state": "given", "source": "online"}
    assert api.post(API, told, content_type="application/json").status_code == 400
    answer = api.post(API, told | {"evidence": "tap 9"}, content_type="application/json")
    assert answer.status_code == 201
    cells = {(cell["channel"], cell["purpose"]): cell for cell in api.get(API).json()["consents"]}
    assert len(cells) == 24
    assert (cells["app", "survey"]["allowed"], cells["app", "survey"]["state"]) == (True, "given")
    assert (cells["app", "service"]["allowed"], cells["app", "service"]["state"]) == (True, None)
    stop = {"stopped": True, "reason": "complaint"}
    url = "/api/v1/clients/C000001/contact-stop/"
    assert api.post(url, stop, content_type="application/json").json()["do_not_contact"] is True
    assert api.post(url, stop, content_type="application/json").status_code == 409
