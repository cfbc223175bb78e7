"""Asking clients: who is asked, what goes out, the page behind the link, and what an answer changes."""

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from cases.actions.cases import open_case
from cases.actions.working import change_state
from clients.actions.consents import record_consents, set_contact_stop
from clients.models import Client, Consent
from core import audit
from core.errors import Conflict
from interactions import levels
from interactions.actions import deliveries, desk, sending, survey_rules, surveys
from interactions.actions.arrival import receive_envelopes
from interactions.actions.survey_rules import Asking
from interactions.channels import Envelope
from interactions.models import Category, Conversation, Delivery, Interaction, Line, ServiceLevel, Survey
from interactions.queries.surveys import comment_of, rule_for
from tests.clients.people import make_client
from tests.interactions.test_deliveries import MOBILE, asked, gateway, lines, morning, tell

__all__ = ["gateway", "lines", "morning"]  # fixtures
pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
WRAP = desk.Wrap(category="enquiry.trading", summary="问新股")


@pytest.fixture
def wang(units: Any) -> Client:
    client = make_client(units["1001"], "C000001", mobile=MOBILE)
    willing(client)
    return client


@pytest.fixture
def rule(cast: Any) -> Any:
    return add(cast)


def add(cast: Any, kind: str = "conversation", **more: Any) -> Any:
    place = {name: more.pop(name) for name in ("line", "category") if name in more}
    asking = Asking(**more)
    return survey_rules.add_survey_rule(actor=cast.team_lead_hq, kind=kind, asking=asking, **place)


def willing(client: Client, state: str = Consent.State.GIVEN, channel: str = "sms") -> None:
    record_consents(
        actor=audit.SYSTEM, client=client, channels=[channel], purposes=["survey"], state=state,
        source=Consent.Source.WRITTEN, evidence="form 1",
    )  # fmt: skip


def served(line: Line, person: Any, wrap: desk.Wrap = WRAP) -> Conversation:
    """Somebody wrote, was answered, and the conversation is wrapped up."""
    talk = asked(line, person)
    deliveries.reply(actor=person, conversation=talk, text="在的")
    desk.wrap_up(actor=person, conversation=talk, wrap=wrap)
    talk.refresh_from_db()
    return talk


def link(gateway: Any) -> str:
    """The path of the newest link that went out."""
    sending.send_due()
    texts = [one["text"] for one in gateway.taken.values() if "/survey/" in one["text"]]
    return "/survey/" + texts[-1].split("/survey/")[1].split("/")[0] + "/"


def test_a_client_is_asked_answers_once_and_everything_knows(cast, lines, gateway, wang, rule) -> None:
    talk = served(lines["sms"], cast.agent_hq)
    first_entry = talk.entry
    path = link(gateway)
    assert [one["to"] for one in gateway.taken.values()] == [MOBILE, MOBILE]
    page = Browser().get(path)
    assert page.status_code == 200 and "您对本次服务满意吗" in page.content.decode()
    assert (page["Referrer-Policy"], "no-store" in page["Cache-Control"]) == ("same-origin", True)
    assert "王" not in page.content.decode() and MOBILE not in page.content.decode()
    english = Browser()
    english.post("/language/", {"language": "en", "next": path})
    assert "How satisfied" in english.get(path).content.decode()

    told = {"satisfaction": "4", "recommend": "9", "comment": "回得快"}
    assert "感谢您的评价" in Browser().post(path, told).content.decode()
    again = Browser().post(path, told | {"satisfaction": "1"})
    assert "您已经评价过" in again.content.decode()

    held = Survey.objects.get()
    assert (held.satisfaction, held.recommend, comment_of(held)) == (4, 9, "回得快")
    talk.refresh_from_db()
    assert (talk.satisfaction, talk.recommend, talk.state) == (4, 9, "closed")
    assert talk.entry is not None and talk.entry.supersedes == first_entry
    assert (talk.entry.satisfaction, talk.entry.summary, talk.entry.agent) == (4, "问新股", cast.agent_hq)
    assert Interaction.objects.in_force().filter(client=wang, satisfaction=4).count() == 1


def test_nothing_of_it_stands_in_clear(cast, lines, gateway, wang, rule) -> None:
    served(lines["sms"], cast.agent_hq)
    token = link(gateway).split("/")[2]
    Browser().post(f"/survey/{token}/", {"satisfaction": "5", "comment": "客户经理很好"})
    with connection.cursor() as cursor:
        for table in ("survey", "delivery", "interaction", "message", "channelevent"):
            cursor.execute(
                f"SELECT coalesce(string_agg(row_to_json(t)::text, ''), '') FROM interactions_{table} t"
            )
            text = cursor.fetchone()[0]
            assert token not in text and "很好" not in text, table


def called(line: Line, person: Any) -> Conversation:
    """A call that the person answered, over by now."""
    at = timezone.now() - timedelta(minutes=9)
    for kind, seconds in (("ring", 0), ("queued", 1), ("answer", 5), ("hangup", 90)):
        who = person.username if kind == "answer" else ""
        happens(line, kind, at + timedelta(seconds=seconds), external_user_id=MOBILE, agent=who)
    return Conversation.objects.get(line=line, thread="call-1")


def happens(line: Line, kind: str, at: datetime, **more: Any) -> None:
    envelope = Envelope(event_id=f"call-1-{kind}", kind=kind, occurred_at=at, thread="call-1", **more)
    receive_envelopes(line=line, envelopes=[envelope])


def test_who_is_not_asked(cast, lines, gateway, wang, rule, units) -> None:
    restricted = desk.Wrap(category="enquiry", summary="举报", confidentiality="restricted")
    served(lines["sms"], cast.agent_hq, restricted)
    talk = called(lines["hotline"], cast.agent_hq)
    happens(lines["hotline"], "rating", timezone.now(), payload={"satisfaction": 5})
    desk.wrap_up(actor=cast.agent_hq, conversation=talk, wrap=WRAP)  # rated on the phone already
    add(cast, "case")
    stranger = make_client(units["1001"], "C000002", mobile="")
    Client.objects.filter(pk=stranger.pk).update(email=None)  # nowhere to write to
    stranger.refresh_from_db()
    assert surveys.ask(client=stranger, kind="case", about="case:1", key="case:1") is None
    assert not Survey.objects.exists()


def test_after_a_call_the_client_is_asked_by_sms(cast, lines, gateway, wang, rule) -> None:
    talk = called(lines["hotline"], cast.agent_hq)
    desk.wrap_up(actor=cast.agent_hq, conversation=talk, wrap=WRAP)
    path, held = link(gateway), Survey.objects.get()
    assert (held.line, held.conversation, Delivery.objects.get().contact) == (lines["sms"], talk, None)
    assert Browser().post(path, {"satisfaction": "1"}).status_code == 200
    talk.refresh_from_db()
    assert talk.entry is not None
    assert (talk.satisfaction, talk.entry.satisfaction, talk.entry.minutes) == (1, 1, Decimal("1.42"))


def test_a_rating_by_the_switchboard_after_the_wrap_up_reaches_the_entry(cast, lines, wang) -> None:
    talk = called(lines["hotline"], cast.agent_hq)
    desk.wrap_up(actor=cast.agent_hq, conversation=talk, wrap=WRAP)
    at = timezone.now()
    for _time in range(2):  # told twice
        happens(lines["hotline"], "rating", at, payload={"satisfaction": 2})
    talk.refresh_from_db()
    assert talk.entry is not None and (talk.satisfaction, talk.entry.satisfaction) == (2, 2)
    assert Interaction.objects.filter(client=wang).count() == 2
    assert Interaction.objects.in_force().get(client=wang) == talk.entry


def test_consent_do_not_contact_and_quiet_hours_are_looked_at_when_it_is_sent(
    cast, lines, gateway, wang, rule, morning
) -> None:
    served(lines["sms"], cast.agent_hq)
    willing(wang, Consent.State.WITHDRAWN)
    sending.send_due()
    assert Delivery.objects.get(purpose="survey").state == "suppressed"
    # nobody heard of it, so the client may be asked after the next one
    willing(wang)
    morning.move_to(datetime(2026, 11, 23, 12, 5, tzinfo=SHANGHAI))
    surveys.ask(client=wang, kind="conversation", about="another", line=lines["sms"], key="another")
    sending.send_due()
    waits = Delivery.objects.filter(purpose="survey").latest("pk")
    assert (waits.state, waits.held_for) == ("waiting", "quiet_hours")
    set_contact_stop(actor=cast.agent_hq, client=wang, stopped=True, reason="本人要求")
    morning.move_to(datetime(2026, 11, 23, 13, 31, tzinfo=SHANGHAI))
    sending.send_due()
    waits.refresh_from_db()
    assert (waits.state, waits.fault) == ("suppressed", "do_not_contact")


def test_a_client_has_quiet_days_between(cast, lines, gateway, wang, morning) -> None:
    add(cast, quiet_days=30)
    add(cast, "case", quiet_days=30)
    served(lines["sms"], cast.agent_hq)
    sending.send_due()
    asked_about = {"client": wang, "kind": "case"}
    for day, about, wanted in ((29, "case:1", None), (31, "case:2", "case:2")):
        morning.move_to(datetime(2026, 11, 23, 11, 0, tzinfo=SHANGHAI) + timedelta(days=day))
        found = surveys.ask(**asked_about, about=about, key=about)
        assert (found.about if found else None) == wanted
    assert surveys.ask(**asked_about, about="case:2", key="case:2") == Survey.objects.get(about="case:2")
    assert Counter(Survey.objects.values_list("about", flat=True)).most_common(1)[0][1] == 1


def test_a_link_is_over_after_its_days_and_a_made_up_one_is_none(cast, lines, gateway, wang, morning) -> None:
    add(cast, valid_days=3)
    served(lines["sms"], cast.agent_hq)
    path = link(gateway)
    morning.shift(timedelta(days=3))
    over = Browser().get(path)
    assert (over.status_code, "链接已失效" in over.content.decode()) == (200, True)
    Browser().post(path, {"satisfaction": "5"})
    with pytest.raises(Conflict):
        surveys.answer(survey=Survey.objects.get(), satisfaction=5)
    assert Survey.objects.get().satisfaction is None
    assert Browser().get("/survey/made-up/").status_code == 404
    assert Browser().post("/survey/made-up/", {"satisfaction": "5"}).status_code == 404


def test_an_answer_that_does_not_fit_is_refused(cast, lines, gateway, wang) -> None:
    add(cast, recommend=False)
    served(lines["sms"], cast.agent_hq)
    path = link(gateway)
    for told in ({}, {"satisfaction": "6"}, {"satisfaction": "5", "comment": "x" * 501}):
        assert Browser().post(path, told).status_code == 422
    assert b'name="recommend"' not in Browser().get(path).content
    with pytest.raises(ValidationError):
        surveys.answer(survey=Survey.objects.get(), satisfaction=5, recommend=11)
    assert Survey.objects.get().answered_at is None


def test_whoever_wants_no_more_is_asked_no_more(cast, lines, gateway, wang, rule) -> None:
    served(lines["sms"], cast.agent_hq)
    page = Browser().post(link(gateway), {"no_more": "1"})
    assert "不再通过此渠道" in page.content.decode()
    newest = Consent.objects.filter(client=wang, channel="sms", purpose="survey").latest("pk")
    assert newest.state == Consent.State.WITHDRAWN
    assert Survey.objects.get().answered_at is None


def test_the_nearest_rule_counts_and_a_share_is_drawn(cast, lines, wang) -> None:
    enquiry, trading = Category.objects.get(code="enquiry"), Category.objects.get(code="enquiry.trading")
    assert trading.parent == enquiry
    everything = add(cast, share=10)
    by_line = add(cast, line=lines["sms"], share=20)
    topic = add(cast, category=enquiry, share=30)
    both = add(cast, category=enquiry, line=lines["sms"], share=40)
    places = [(lines["chat"], None), (lines["sms"], None), (lines["chat"], trading), (lines["sms"], trading)]
    wanted = [everything, by_line, topic, both]
    found = [rule_for(kind="conversation", line=line, category=category) for line, category in places]
    assert found == wanted and rule_for(kind="case", line=lines["sms"]) is None
    survey_rules.change_survey_rule(
        actor=cast.team_lead_hq, rule=both, version=1, asking=Asking(active=False)
    )
    assert rule_for(kind="conversation", line=lines["sms"], category=trading) is None
    drawn = sum(surveys._drawn(f"conversation:{number}", 20) for number in range(5000))
    assert 900 < drawn < 1100


def test_rules_are_the_firms_and_one_a_place(cast, lines) -> None:
    held = add(cast)
    for wrong in (
        {"kind": "conversation"}, {"kind": "never"}, {"kind": "case", "category": Category.objects.first()},
        {"kind": "case", "asking": Asking(share=0)},
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            survey_rules.add_survey_rule(actor=cast.team_lead_hq, **wrong)
    with pytest.raises(PermissionDenied):
        survey_rules.add_survey_rule(actor=cast.team_lead_1001, kind="case")
    with pytest.raises(Conflict):
        survey_rules.change_survey_rule(actor=cast.team_lead_hq, rule=held, version=7, asking=Asking())


def test_late_answers_count_once_and_make_their_half_hour_anew(
    cast, lines, gateway, wang, rule, morning
) -> None:
    talk = served(lines["sms"], cast.agent_hq)
    half_hour = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
    tell(lines["sms"], "closed", "end", external_user_id=MOBILE, conversation_id=talk.thread)
    path = link(gateway)
    levels.refresh()
    assert _marks() == {half_hour: (0, 0, 0, 0, 0)}
    morning.shift(timedelta(days=4))  # the day is no longer made anew by itself
    levels.refresh()
    Browser().post(path, {"satisfaction": "4", "recommend": "10"})
    levels.refresh()
    assert _marks() == {half_hour: (1, 1, 4, 1, 1)}
    levels.rebuild(half_hour.date(), half_hour.date())
    assert _marks() == {half_hour: (1, 1, 4, 1, 1)}


def _marks() -> dict[Any, Any]:
    names = ("rated", "satisfied", "rating_sum", "recommend_given", "promoters")
    rows = ServiceLevel.objects.filter(offered__gt=0)
    return {row.half_hour.astimezone(SHANGHAI): tuple(getattr(row, name) for name in names) for row in rows}


def test_the_client_of_a_closed_case_is_asked_and_the_case_shows_the_answer(
    cast, lines, gateway, wang, client
) -> None:
    add(cast, "case")
    case = open_case(
        actor=cast.agent_1001, client=wang, kind="service_request", subject="银证转账", text="到账慢",
        channel="phone", owner=cast.agent_1001,
    )  # fmt: skip
    for step in case.type_version.steps:
        case.ticked.append(step["key"])
    case.save()
    for state, told in (("resolved", {"result": "已到账"}), ("closed", {})):
        case.refresh_from_db()
        change_state(actor=cast.agent_1001, case=case, state=state, **told)
    client.force_login(cast.agent_1001)
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert "尚未回答" in page
    Browser().post(link(gateway), {"satisfaction": "3", "comment": "等了两天"})
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert "满意度 3 / 5" in page and "等了两天" in page
    assert "等了两天" not in client.get("/desk/surveys/").content.decode()  # by the case's page only
    for state in ("reopened", "resolved", "closed"):
        case.refresh_from_db()
        change_state(actor=cast.agent_1001, case=case, state=state, result="好了")
    assert Survey.objects.count() == 1


def test_pages_and_api_show_what_one_may_see(
    cast, lines, gateway, wang, rule, client, django_assert_max_num_queries
) -> None:
    talk = served(lines["sms"], cast.agent_hq)
    Browser().post(link(gateway), {"satisfaction": "2", "recommend": "3", "comment": "没解决"})
    client.force_login(cast.agent_1001)
    page = client.get("/desk/surveys/?state=answered&satisfaction=2").content.decode()
    assert "没解决" in page and "2 / 5" in page
    assert "没解决" in client.get(f"/desk/surveys/of/{talk.pk}/").content.decode()
    rows = client.get("/api/v1/surveys/").json()["results"]
    assert [(row["client"], row["state"], row["satisfaction"], row["comment"]) for row in rows] == [
        ("C000001", "answered", 2, "没解决")
    ]
    for state in ("open", "expired", "never"):
        assert client.get(f"/api/v1/surveys/?state={state}").json()["results"] == []
    client.force_login(cast.agent_1002)
    assert "没解决" not in client.get("/desk/surveys/").content.decode()
    assert client.get("/api/v1/surveys/").json()["results"] == []
    assert client.get(f"/desk/surveys/of/{talk.pk}/").status_code == 404


def test_rules_on_their_page(cast, lines, client) -> None:
    client.force_login(cast.team_lead_hq)
    told = {"kind": "conversation", "line": "sms", "category": "", "share": "25", "quiet_days": "14",
            "valid_days": "5", "recommend": "on", "active": "on"}  # fmt: skip
    assert client.post("/desk/settings/surveys/", told).status_code == 302
    rule = rule_for(kind="conversation", line=lines["sms"])
    assert rule is not None and (rule.share, rule.quiet_days, rule.valid_days) == (25, 14, 5)
    path = f"/desk/settings/surveys/{rule.pk}/"
    assert client.post(path, {**told, "share": "101", "version": "1"}).status_code == 422
    assert client.post(path, {**told, "share": "50", "version": "1"}).status_code == 302
    assert client.post(path, {**told, "share": "60", "version": "1"}).status_code == 409
    rule.refresh_from_db()
    assert (rule.share, rule.version) == (50, 2)
    assert Decimal(rule.share) / 100 == Decimal("0.5")
    assert "50 %" in client.get("/desk/settings/surveys/").content.decode()


def test_rules_by_rest(cast, lines, client) -> None:
    client.force_login(cast.team_lead_hq)
    told = {"kind": "conversation", "line": "sms", "share": 20}
    made = client.post(
        "/api/v1/survey-rules/", told, content_type="application/json", headers={"Idempotency-Key": "r-1"}
    )
    assert made.status_code == 201
    path = f"/api/v1/survey-rules/{made.json()['id']}/"

    def change(match: str, **values: Any) -> Any:
        return client.patch(path, values, content_type="application/json", headers={"If-Match": match})

    assert change(made["ETag"], share=30, active=False).json()["version"] == 2
    assert change(made["ETag"], share=40).status_code == 412
    assert change("*", share=0).status_code in (400, 422)
    (row,) = client.get("/api/v1/survey-rules/").json()
    assert (row["line"], row["category"], row["share"], row["quiet_days"], row["active"]) == (
        "sms", None, 30, 30, False,
    )  # fmt: skip
