"""The demo's calls of this morning that are over: written down, recorded, and some of them rated."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.utils import timezone

from clients.actions.consents import record_consents
from clients.models import Client, Consent
from crm.demo_loading.asked import ACTOR
from interactions import levels
from interactions.actions import desk, survey_rules, surveys
from interactions.actions.arrival import receive_envelopes
from interactions.actions.recordings import import_recordings
from interactions.actions.survey_rules import Asking
from interactions.channels import Envelope
from interactions.models import Conversation, Delivery, Line, Survey, SurveyKind
from knowledge.queries.scripts import parents_of, script_for
from staff.models import Person

CALLS: Sequence[tuple[str, str, int, int, str, str]] = (
    ("enquiry.trading", "咨询可转债申购中签后的缴款时间，已说明。", 6, 214, "liu.siqi", "happy"),
    ("request.opening", "询问开通创业板权限所需条件，已告知并约定临柜。", 31, 402, "liu.siqi", ""),
    ("enquiry.trading", "银证转账限额如何调整，指导客户在 App 内办理。", 12, 187, "li.jingyi", "glad"),
    ("enquiry", "询问营业部地址和停车。", 4, 65, "liu.siqi", "rated"),
    ("enquiry.trading", "融资利率与同业比较，客户对价格不满意。", 18, 521, "li.jingyi", "sad"),
    ("enquiry", "询问对账单寄送方式，改为电子对账单。", 9, 143, "liu.siqi", ""),
)
"""Category, what was written down, seconds in the queue, of talk, who answered, how the client liked it."""
ANSWERS = {
    "happy": (5, 10, "讲得很清楚。"),
    "glad": (4, 8, ""),
    "sad": (2, 4, "利率还是偏高，希望有优惠。"),
}
SETS_RULES = "ma.wentao"  # team lead at headquarters
FIRST = timedelta(hours=2, minutes=20)  # before now
BETWEEN = timedelta(minutes=14)


def make_served(lines: dict[str, Line]) -> None:
    """Who is asked, and calls as above with clients of branch 1001 who were spoken with before."""
    lead = Person.objects.get(username=SETS_RULES)
    for kind in SurveyKind.values:
        survey_rules.add_survey_rule(
            actor=lead, kind=kind, line=lines["hotline"] if kind == "conversation" else None,
            asking=Asking(share=100 if kind == "conversation" else 50),
        )  # fmt: skip
    known = Client.objects.filter(
        branch__code="1001", status=Client.Status.NORMAL, interactions__isnull=False
    )
    clients = list(known.distinct().order_by("-client_no")[: len(CALLS)])
    begun = timezone.now() - FIRST
    for place, (client, call) in enumerate(zip(clients, CALLS, strict=False)):
        _call(lines["hotline"], f"demo-served-{place + 1}", begun + place * BETWEEN, client, call)
    _record(lines["hotline"])
    levels.refresh()


def _call(
    line: Line, name: str, at: datetime, client: Client, call: tuple[str, str, int, int, str, str]
) -> None:
    category, words, queued, talked, username, liked = call
    person = Person.objects.get(username=username)
    steps = (("ring", 0), ("queued", 3), ("answer", 3 + queued), ("hangup", 3 + queued + talked))
    for kind, seconds in steps:
        _tell(line, name, kind, at + timedelta(seconds=seconds), person if kind == "answer" else None)
    if liked == "rated":
        _tell(line, name, "rating", at + timedelta(seconds=talked + 60), None)
    if liked in ANSWERS:
        record_consents(
            actor=ACTOR, client=client, channels=["sms"], purposes=["survey"], state=Consent.State.GIVEN,
            source=Consent.Source.RECORDED, evidence=name,
        )  # fmt: skip
    talk = Conversation.objects.get(line=line, thread=name)
    talk = desk.name_client(actor=person, conversation=talk, client=client)
    wrap = desk.Wrap(category=category, summary=words, steps=_all_done(talk, category))
    desk.wrap_up(actor=person, conversation=talk, wrap=wrap)
    _answer(talk, liked)


def _all_done(talk: Conversation, category: str) -> dict[str, Any]:
    """Every step of the script beside it, ticked."""
    script = script_for(category=category, parents=parents_of(category), tier=talk.tier, channel=talk.channel)
    return {"script": script.name, "ticked": [step["key"] for step in script.steps]} if script else {}


def _tell(line: Line, name: str, kind: str, at: datetime, person: Person | None) -> None:
    envelope = Envelope(
        event_id=f"{name}-{kind}", kind=kind, occurred_at=at, thread=name,
        agent=person.username if person else "",
        payload={"satisfaction": 5, "recommend": 9} if kind == "rating" else {},
    )  # fmt: skip
    receive_envelopes(line=line, envelopes=[envelope])


def _answer(talk: Conversation, liked: str) -> None:
    """The question went out, and some answered it."""
    asked = Survey.objects.filter(conversation=talk).first()
    if asked is None or liked not in ANSWERS:
        return
    Delivery.objects.filter(pk=asked.delivery_id).update(
        state=Delivery.State.DELIVERED, sent_at=timezone.now()
    )
    satisfaction, recommend, comment = ANSWERS[liked]
    surveys.answer(survey=asked, satisfaction=satisfaction, recommend=recommend, comment=comment)


def _record(line: Line) -> None:
    """The call centre's list of recordings, as it is brought each day."""
    rows = ["call_id,agent,started_at,ended_at,number,reference,sha256"]
    calls = Conversation.objects.filter(line=line, answered_by__isnull=False, ended_at__isnull=False)
    for talk in calls.select_related("answered_by").order_by("opened_at"):
        assert talk.answered_by and talk.answered_at and talk.ended_at  # asked for
        place = f"{talk.opened_at:%Y/%m/%d}/{talk.thread}.wav"
        mark = sha256(place.encode()).hexdigest()
        times = f"{talk.answered_at.isoformat()},{talk.ended_at.isoformat()}"
        rows.append(f"{talk.thread},{talk.answered_by.employee_no},{times},,{place},{mark}")
    import_recordings(actor=ACTOR, line=line, content="\n".join(rows).encode())
