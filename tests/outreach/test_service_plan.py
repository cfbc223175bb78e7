"""The service plan: written by one, published by another, never changed after, in force from its day on."""

from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.errors import Conflict
from core.models import AuditEntry
from outreach.actions import service as deeds
from outreach.actions.service import TierTold
from outreach.models import DueList, ServicePlan, Suggestion
from outreach.models.service import TIERS
from outreach.queries import service as queries

pytestmark = pytest.mark.django_db


def soon(days: int = 10) -> date:
    return timezone.localdate() + timedelta(days=days)


def first_tiers() -> list[TierTold]:
    """What version 1 says."""
    names = list(TierTold.__dataclass_fields__)
    held = {tier.tier: tier for tier in ServicePlan.objects.get(number=1).tiers.all()}
    return [TierTold(**{name: getattr(held[code], name) for name in names}) for code in TIERS]


def changed(code: str, **values: Any) -> list[TierTold]:
    return [replace(one, **values) if one.tier == code else one for one in first_tiers()]


def test_from_draft_to_force(cast: Any) -> None:
    analyst, second = cast.value_analyst, cast.compliance
    draft = deeds.write_draft(actor=analyst, effective_on=soon(), tiers=changed("V4", rhythm_days=20))
    assert (draft.number, draft.state, queries.plan_in_force(soon()).number) == (2, "draft", 1)
    lines = queries.difference(ServicePlan.objects.get(number=1), draft)
    assert [line.kind for line in lines if line.kind != "same"] == ["out", "in"]
    assert "20" in next(line.words for line in lines if line.kind == "in")
    deeds.propose(actor=analyst, version=1)
    with pytest.raises(Conflict) as refused:
        deeds.publish(actor=analyst, version=2)
    assert refused.value.code == "four_eyes"
    with pytest.raises(Conflict):
        deeds.publish(actor=second, version=1)
    deeds.send_back(actor=second, version=2, reason="30 is enough")
    draft.refresh_from_db()
    assert (draft.state, draft.sent_back_for) == ("draft", "30 is enough")
    deeds.write_draft(actor=analyst, effective_on=soon(5), tiers=changed("V4", rhythm_days=25), version=3)
    deeds.propose(actor=analyst, version=4)
    deeds.publish(actor=second, version=5)
    assert queries.plan_in_force(soon(4)).number == 1
    assert queries.plan_in_force(soon(5)).tiers.get(tier="V4").rhythm_days == 25
    told = list(
        AuditEntry.objects.filter(subject_type="service_plan").order_by("pk").values_list("deed", flat=True)
    )
    assert told == [
        f"service_plan.{word}"
        for word in ("written", "proposed", "sent_back", "written", "proposed", "published")
    ]


def test_the_database_holds_four_eyes_and_what_was_published(cast: Any) -> None:
    draft = deeds.write_draft(actor=cast.value_analyst, effective_on=soon(), tiers=first_tiers())
    writes = (
        lambda: ServicePlan.objects.filter(pk=draft.pk).update(
            state="published", approved_by=cast.value_analyst, published_at=timezone.now()
        ),
        lambda: ServicePlan.objects.filter(pk=draft.pk).update(
            state="published", published_at=timezone.now()
        ),
        lambda: ServicePlan.objects.filter(number=1).update(effective_on=soon()),
        lambda: ServicePlan.objects.get(number=1).tiers.update(rhythm_days=1),
        lambda: ServicePlan.objects.get(number=1).tiers.all()[0].delete(),
        lambda: ServicePlan.objects.create(
            number=3, effective_on=soon(), author=cast.agent_1001, written_at=timezone.now()
        ),
    )
    for write in writes:
        with pytest.raises(IntegrityError), transaction.atomic():
            write()


@pytest.mark.parametrize(
    ("field", "tiers", "days"),
    [
        ("effective_on", changed, 0),
        ("tiers", lambda: first_tiers()[:-1], 9),
        ("tiers", lambda: changed("V5", rhythm_days=0), 9),
        ("tiers", lambda: changed("V5", channels=[]), 9),
        ("tiers", lambda: changed("V5", channels=["phone", "phone"]), 9),
        ("tiers", lambda: changed("V5", channels=["pigeon"]), 9),
        ("tiers", lambda: changed("V5", adviser="nobody"), 9),
        ("tiers", lambda: changed("V5", first_response=0), 9),
        ("tiers", lambda: changed("V5", entitled_zh="x" * 501), 9),
    ],
)
def test_what_is_refused(cast: Any, field: str, tiers: Any, days: int) -> None:
    told = first_tiers() if tiers is changed else tiers()
    with pytest.raises(ValidationError) as refused:
        deeds.write_draft(actor=cast.value_analyst, effective_on=soon(days), tiers=told)
    assert field in refused.value.message_dict


def test_one_version_is_written_at_a_time_and_none_before_a_later_one(cast: Any) -> None:
    analyst = cast.value_analyst
    draft = deeds.write_draft(actor=analyst, effective_on=soon(), tiers=first_tiers())
    with pytest.raises(Conflict) as refused:
        deeds.write_draft(actor=analyst, effective_on=soon(), tiers=first_tiers())
    assert refused.value.code == "being_written"
    deeds.propose(actor=analyst, version=draft.version)
    deeds.publish(actor=cast.compliance, version=draft.version + 1)
    with pytest.raises(ValidationError):
        deeds.write_draft(actor=analyst, effective_on=soon(9), tiers=first_tiers())
    other = deeds.write_draft(actor=analyst, effective_on=soon(11), tiers=first_tiers())
    deeds.drop_draft(actor=analyst, version=other.version)
    assert ServicePlan.objects.count() == 2


def test_the_plan_is_the_firms(cast: Any) -> None:
    for person in (cast.team_lead_1001, cast.agent_hq, cast.compliance):
        with pytest.raises(PermissionDenied):
            deeds.write_draft(actor=person, effective_on=soon(), tiers=first_tiers())
    deeds.write_draft(actor=cast.team_lead_hq, effective_on=soon(), tiers=first_tiers())
    with pytest.raises(PermissionDenied):
        deeds.publish(actor=cast.team_lead_hq, version=1)


def _sent(days: int, **changes: Any) -> dict[str, Any]:
    """The form as the page sends it, from what version 1 says."""
    sent: dict[str, Any] = {"effective_on": soon(days).isoformat(), "version": 0}
    sent |= {"tiers-TOTAL_FORMS": 6, "tiers-INITIAL_FORMS": 6}
    for number, told in enumerate(first_tiers()):
        values = asdict(told)
        ways = values.pop("channels")
        values |= {f"way_{place}": way for place, way in enumerate(ways, 1)}
        sent |= {f"tiers-{number}-{name}": "" if value is None else value for name, value in values.items()}
    return sent | changes


def test_pages_from_draft_to_force(cast: Any, as_person: Any) -> None:
    writer, second = as_person(cast.value_analyst), as_person(cast.compliance)
    assert writer.get("/worklists/plan/edit/").status_code == 200
    refused = writer.post("/worklists/plan/edit/", _sent(0))
    assert refused.status_code == 422 and not ServicePlan.objects.filter(number=2).exists()
    assert writer.post("/worklists/plan/edit/", _sent(8, **{"tiers-1-rhythm_days": 21})).status_code == 302
    draft = ServicePlan.objects.get(number=2)
    assert draft.tiers.get(tier="V4").rhythm_days == 21
    page = writer.get("/worklists/plan/").content.decode()
    assert "<ins>" in page and "do/propose/" in page
    assert (
        "<ins>"
        not in as_person(cast.agent_1001).get("/worklists/plan/").content.decode().split("<details>")[0]
    )
    writer.post("/worklists/plan/do/propose/", {"version": draft.version})
    assert "do/publish/" not in writer.get("/worklists/plan/").content.decode()
    assert "do/publish/" in second.get("/worklists/plan/").content.decode()
    second.post("/worklists/plan/do/publish/", {"version": draft.version + 1})
    draft.refresh_from_db()
    assert (draft.state, draft.approved_by) == ("published", cast.compliance)
    late = writer.post("/worklists/plan/edit/", _sent(3))
    assert late.status_code == 422


def test_rest_from_draft_to_force(cast: Any, as_person: Any) -> None:
    writer, second = as_person(cast.value_analyst), as_person(cast.compliance)
    tiers = [asdict(one) for one in changed("V3", rhythm_days=45)]
    kinds = {"content_type": "application/json"}
    made = writer.post(
        "/api/v1/service-plans/", {"effective_on": soon().isoformat(), "tiers": tiers}, **kinds,
        headers={"Idempotency-Key": "plan-2"},
    )  # fmt: skip
    assert made.status_code == 201 and made.json()["state"] == "draft"
    seen = writer.get("/api/v1/service-plans/2/")
    body = {"effective_on": soon(12).isoformat(), "tiers": tiers}
    stale = writer.put("/api/v1/service-plans/2/", body, **kinds, headers={"If-Match": '"other"'})
    assert stale.status_code == 412
    written = writer.put("/api/v1/service-plans/2/", body, **kinds, headers={"If-Match": seen["ETag"]})
    assert written.json()["effective_on"] == soon(12).isoformat()
    bad = writer.put("/api/v1/service-plans/2/", body | {"tiers": tiers[:2]}, **kinds)
    assert bad.status_code == 400
    keys = iter(range(100))
    steps = (
        (writer, "propose", 200),
        (writer, "publish", 409),
        (second, "publish", 200),
        (second, "publish", 409),
    )
    for browser, deed, status in steps:
        answer = browser.post(
            f"/api/v1/service-plans/2/{deed}/", **kinds, headers={"Idempotency-Key": f"k{next(keys)}"}
        )
        assert answer.status_code == status, answer.content
    told = writer.get("/api/v1/service-plans/").json()["results"]
    assert [(plan["number"], plan["state"], plan["approved_by"]) for plan in told] == [
        (2, "published", cast.compliance.username), (1, "published", None),
    ]  # fmt: skip


def test_what_to_do_is_a_setting(cast: Any, as_person: Any) -> None:
    browser = as_person(cast.value_analyst)
    page = browser.get("/worklists/plan/suggestions/")
    assert page.status_code == 200
    sent: dict[str, Any] = {
        "lists-TOTAL_FORMS": len(DueList.values),
        "lists-INITIAL_FORMS": len(DueList.values),
    }
    for number, row in enumerate(Suggestion.objects.order_by("pk")):
        sent |= {f"lists-{number}-list": row.list, f"lists-{number}-text_zh": row.text_zh}
        sent[f"lists-{number}-text_en"] = "Sing a song." if row.list == "birthday" else row.text_en
    assert browser.post("/worklists/plan/suggestions/", sent).status_code == 302
    assert Suggestion.objects.get(list="birthday").text_en == "Sing a song."
    entry = AuditEntry.objects.get(deed="worklists.advice_changed")
    assert entry.detail == {"lists": ["birthday"]}
    with pytest.raises(ValidationError):
        deeds.write_suggestions(actor=cast.value_analyst, texts={"plan": ("", "x")})
