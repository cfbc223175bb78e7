"""What the checklist demands is ticked before the wrap-up, or the reason stands with the entry."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from interactions.actions import desk
from interactions.actions.log import as_told, correct_interaction
from interactions.models import Conversation, Interaction, Line
from knowledge.actions import scripts
from tests.clients.people import make_client
from tests.knowledge.words import in_force, now, renewed, told

pytestmark = pytest.mark.django_db
FORM = {"category": "enquiry", "summary": "问账户", "outcome": "resolved"}


@pytest.fixture
def talk(cast: Any, units: Any) -> Conversation:
    line = Line.objects.create(code="calls", adapter="hotline", name="95", unit=units["1001"])
    made = Conversation.objects.create(
        line=line, channel="phone", thread="c1", direction="in", unit=line.unit,
        client=make_client(units["1001"], "C000001", manager_no="M1001A"),
        opened_at=datetime(2026, 11, 20, 2, 0, tzinfo=UTC),
    )  # fmt: skip
    return desk.take(actor=cast.agent_1001, conversation=made)


def wrap(**steps: Any) -> desk.Wrap:
    return desk.Wrap(category="enquiry", summary="问账户", steps=steps)


def test_a_demanded_step_is_ticked_or_explained(cast: Any, talk: Conversation) -> None:
    version = in_force(cast, "opening")
    (key,) = (step["key"] for step in version.steps)
    for steps in (
        {},
        {"script": version.name},
        {"script": "made-up/7", "ticked": ["nonsense"], "reason": " "},
    ):
        with pytest.raises(ValidationError) as refused:
            desk.wrap_up(actor=cast.agent_1001, conversation=talk, wrap=wrap(**steps))
        assert "核对姓名" in refused.value.message_dict["steps"][0]
    assert not Interaction.objects.exists()
    entry = desk.wrap_up(actor=cast.agent_1001, conversation=talk, wrap=wrap(reason="电话突然断了"))
    assert entry.steps == {
        "script": "opening/1", "ticked": [], "left_out": [key], "reason": "电话突然断了",
    }  # fmt: skip
    again = correct_interaction(actor=cast.team_lead_1001, original=entry, entry=as_told(entry))
    assert again.steps == entry.steps
    assert Conversation.objects.get().entry == again


def test_the_version_that_was_shown_counts(cast: Any, talk: Conversation) -> None:
    """Another version came into force while somebody wrote; one of another script is not taken instead."""
    first = in_force(cast, "opening")
    (key,) = (step["key"] for step in first.steps)
    other = in_force(cast, "closing", category="complaint", steps=[])
    scripts.change_draft(
        actor=cast.team_lead_1001, script=first.script, version=now(first.script),
        told=told(steps=[scripts.Step(zh="问来意", en="Ask why", required=True)]),
    )  # fmt: skip
    renewed(cast, first.script)
    with pytest.raises(ValidationError):
        desk.wrap_up(actor=cast.agent_1001, conversation=talk, wrap=wrap(script=other.name))
    entry = desk.wrap_up(
        actor=cast.agent_1001, conversation=talk, wrap=wrap(script="opening/1", ticked=[key])
    )
    assert entry.steps == {"script": "opening/1", "ticked": [key]}


def test_without_a_script_nothing_is_asked(cast: Any, talk: Conversation) -> None:
    entry = desk.wrap_up(actor=cast.agent_1001, conversation=talk, wrap=wrap(script="x/1", reason="y"))
    assert entry.steps == {}


def test_the_page_keeps_what_was_ticked(cast: Any, talk: Conversation, as_person: Any) -> None:
    steps = [scripts.Step(zh=words, en=words, required=True) for words in ("甲", "乙")]
    version = in_force(cast, "opening", steps=steps)
    first, second = (step["key"] for step in version.steps)
    browser, address = as_person(cast.agent_1001), f"/desk/conversations/{talk.pk}/wrap-up/"
    refused = browser.post(address, {**FORM, "script": version.name, "step": first})
    shown = refused.content.decode()
    assert refused.status_code == 422 and "乙" in shown
    assert f'name="step" value="{first}" checked' in shown and f'value="{second}"' not in shown
    panel = browser.get(
        "/scripts/for/", {"category": "enquiry", "script": version.name, "step": first, "reason": "忙"}
    ).content.decode()
    assert 'name="reason"' in panel and 'value="忙"' in panel
    assert browser.post(address, {**FORM, "script": version.name, "step": [first, second]}).status_code == 302
    assert Interaction.objects.get().steps["ticked"] == [first, second]
