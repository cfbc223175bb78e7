"""Logging contacts: deeds, the quick line, pages, API and the month's cost."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.models import AuditEntry, Run
from interactions.actions import log as actions
from interactions.models import Category, Channel, Interaction
from interactions.quicklog import parse
from tests.clients.people import make_client
from trading.models import StaleMark

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 10, 9, 4, 0, tzinfo=UTC)
BODY = {
    "client": "C000001", "channel": "email", "direction": "out", "category": "care.review",
    "summary": "季度检视", "started_at": "2026-10-09T12:00:00+08:00", "messages": 1, "agent": "liu.siqi",
}  # fmt: skip


def entry(**values) -> actions.Entry:
    fields = {
        "channel": "phone",
        "direction": "in",
        "category": "enquiry.trading",
        "summary": "问融资利率",
        "started_at": NOON,
        "ended_at": NOON + timedelta(minutes=12, seconds=30),
    } | values
    return actions.Entry(**fields)


@pytest.fixture
def wang(units):
    return make_client(units["1001"], "C000001")


def log(wang, cast, **values) -> Interaction:
    return actions.log_interaction(
        actor=cast.agent_1001, client=wang, entry=entry(**values), agent=cast.agent_1001
    )


def test_an_entry_is_kept_with_its_shanghai_day_and_minutes(wang, cast) -> None:
    late = datetime(2026, 10, 9, 17, 0, tzinfo=UTC)
    written = log(wang, cast, started_at=late, ended_at=late + timedelta(seconds=750))
    assert (written.started_on, written.minutes) == (date(2026, 10, 10), Decimal("12.50"))
    audit = AuditEntry.objects.get(deed="interaction.logged")
    assert (audit.subject_id, audit.client_id, audit.chain_id) == (str(written.pk), wang.pk, "1001")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("channel", "telex"),
        ("direction", "up"),
        ("category", "nothing"),
        ("summary", "  "),
        ("messages", -1),
        ("started_at", timezone.now() + timedelta(hours=1)),
        ("ended_at", NOON - timedelta(minutes=1)),
        ("minutes", Decimal(1441)),
        ("satisfaction", 6),
        ("outcome", "lost"),
    ],
)
def test_what_does_not_fit_is_told_by_field(wang, cast, field: str, value) -> None:
    with pytest.raises(ValidationError) as caught:
        log(wang, cast, **{field: value})
    assert field in caught.value.message_dict
    assert not Interaction.objects.exists()


def test_the_log_is_append_only_in_the_database(wang, cast) -> None:
    written = log(wang, cast)
    for change in (lambda: Interaction.objects.filter(pk=written.pk).update(summary="x"), written.delete):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            change()


def test_a_correction_supersedes_once(wang, cast) -> None:
    first = log(wang, cast)
    second = actions.correct_interaction(
        actor=cast.team_lead_1001, original=first, entry=entry(summary="更正")
    )
    assert list(Interaction.objects.in_force()) == [second]
    assert second.agent == cast.agent_1001
    with pytest.raises(ValidationError):
        actions.correct_interaction(actor=cast.team_lead_1001, original=first, entry=entry())


def test_an_entry_of_a_closed_month_makes_it_stale(wang, cast) -> None:
    log(wang, cast)
    assert not StaleMark.objects.exists()
    Run.objects.create(
        as_of=date(2026, 11, 2), state=Run.State.DONE, requested_by="x", finished_at=timezone.now()
    )
    log(wang, cast)
    log(wang, cast, started_at=datetime(2026, 11, 2, 4, 0, tzinfo=UTC), ended_at=None)
    mark = StaleMark.objects.get()
    assert (mark.client_id, mark.month, mark.told_on) == (wang.pk, date(2026, 10, 1), date(2026, 10, 9))


@pytest.mark.parametrize(
    ("line", "channel", "direction", "minutes", "summary"),
    [
        ("问佣金", "phone", "in", 0, "问佣金"),
        ("/电话 12 问融资利率", "phone", "in", 12, "问融资利率"),
        ("/phone 12min asked rates", "phone", "in", 12, "asked rates"),
        ("/微信 > 发送周报", "wechat", "out", 0, "发送周报"),
        ("/visit 30分 > 签约", "visit", "out", 30, "签约"),
        ("/email 2026 计划", "email", "in", 2026, "计划"),
        ("300750 怎么看", "phone", "in", 0, "300750 怎么看"),
        ("15 看盘", "phone", "in", 15, "看盘"),
    ],
)
def test_the_quick_line(line: str, channel: str, direction: str, minutes: int, summary: str) -> None:
    read = parse(line)
    assert (read.channel, read.direction, read.minutes, read.summary) == (
        channel,
        direction,
        minutes,
        summary,
    )


@given(st.text(max_size=80))
def test_any_line_is_read_without_loss(line: str) -> None:
    read = parse(line)
    assert read.channel in Channel.values
    assert read.summary in line


def test_the_quick_log_on_the_client_page(wang, cast, as_person) -> None:
    browser, url = as_person(cast.agent_1001), reverse("interactions:log", args=["C000001"])
    answer = browser.post(url, {"line": "/电话 5 问新股", "category": "enquiry", "outcome": "resolved"})
    assert (answer.status_code, answer["HX-Trigger"]) == (200, "timeline-changed")
    written = Interaction.objects.get()
    assert (written.minutes, written.agent, written.summary) == (5, cast.agent_1001, "问新股")
    assert written.ended_at - written.started_at == timedelta(minutes=5)
    timeline = browser.get(reverse("clients:timeline", args=["C000001"])).content.decode()
    assert "问新股" in timeline
    bad = browser.post(url, {"line": "/telex 5", "category": "enquiry", "outcome": "resolved"})
    assert bad.status_code == 422
    assert "telex" in bad.content.decode()


def test_minutes_beyond_a_day_are_refused_on_the_page(wang, cast, as_person) -> None:
    url = reverse("interactions:log", args=["C000001"])
    answer = as_person(cast.agent_1001).post(
        url, {"line": "2026 计划", "category": "enquiry", "outcome": "resolved"}
    )
    assert answer.status_code == 422
    assert not Interaction.objects.exists()


def test_confidential_entries_are_for_their_agent_and_leads(wang, cast) -> None:
    log(wang, cast, confidentiality="restricted")
    seen = [
        Interaction.objects.visible_to(person).count()
        for person in (
            cast.agent_1001,
            cast.agent_hq,
            cast.team_lead_1001,
            cast.compliance,
            cast.team_lead_1002,
        )
    ]
    assert seen == [1, 0, 1, 1, 0]


def test_a_lead_corrects_on_the_page(wang, cast, as_person) -> None:
    written = log(wang, cast)
    url = reverse("interactions:correct", args=[written.pk])
    fields = {
        "channel": "visit",
        "direction": "in",
        "category": "enquiry",
        "summary": "改为临柜",
        "minutes": "20",
        "messages": "0",
        "outcome": "resolved",
    }
    assert as_person(cast.agent_1001).post(url, fields).status_code == 403
    assert as_person(cast.team_lead_1002).post(url, fields).status_code == 404
    assert as_person(cast.team_lead_1001).get(url).status_code == 200
    assert as_person(cast.team_lead_1001).post(url, fields).status_code == 302
    assert [row.channel for row in Interaction.objects.in_force()] == ["visit"]
    assert as_person(cast.team_lead_1001).post(url, fields).status_code == 404


@pytest.mark.parametrize("rows", [20, 200])
def test_queries_of_the_log_do_not_grow(
    wang, cast, as_person, django_assert_max_num_queries, rows: int
) -> None:
    category = Category.objects.get(code="enquiry")
    Interaction.objects.bulk_create(
        Interaction(
            client=wang,
            channel="phone",
            direction="in",
            started_at=NOON,
            started_on=NOON.date(),
            category=category,
            summary=f"第 {number} 次",
            recorded_by="x",
        )
        for number in range(rows)
    )
    browser = as_person(cast.agent_1001)
    with django_assert_max_num_queries(10):
        page = browser.get(reverse("interactions:list"), {"size": "200"})
    assert page.content.decode().count("/clients/C000001/") == rows


def test_api_logs_reads_and_corrects(wang, cast, as_system) -> None:
    api = as_system("interactions:read", "interactions:write", at=("1001",))
    made = api.post("/api/v1/interactions/", BODY, content_type="application/json")
    assert made.status_code == 201, made.content
    assert made.json()["agent"] == "liu.siqi"
    listed = api.get("/api/v1/interactions/", {"client": "C000001"}).json()["results"]
    assert [row["summary"] for row in listed] == ["季度检视"]
    bad = api.post("/api/v1/interactions/", {**BODY, "category": "none"}, content_type="application/json")
    assert bad.status_code == 400
    assert bad.json()["errors"][0]["field"] == "category"
    elsewhere = as_system("interactions:write", at=("1002",), name="other")
    assert elsewhere.post("/api/v1/interactions/", BODY, content_type="application/json").status_code == 404
