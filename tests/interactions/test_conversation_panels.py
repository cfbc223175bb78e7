"""Pieces that modules put into a conversation's page and below its wrap-up form."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core import registry
from core.registry import ConversationPanel, Module
from interactions.actions import desk
from interactions.models import Conversation, Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that puts pieces into both places, and one for administrators alone."""
    panels = [
        ConversationPanel("below", "Recordings", "levels:recordings_of", "desk.work", 2, "wrap_up"),
        ConversationPanel("beside", "Recordings", "levels:recordings_of", "desk.work", 1),
        ConversationPanel("hidden", "Recordings", "levels:recordings_of", "channels.manage", 1),
    ]
    everything = (*registry.modules(), Module("toy", conversation_panels=panels))
    monkeypatch.setattr(registry, "modules", lambda: everything)


def test_pieces_stand_by_place_right_and_hand(toy: None, cast: Any, units: Any, as_person: Any) -> None:
    line = Line.objects.create(code="calls", adapter="hotline", name="95", unit=units["1001"])
    talk = Conversation.objects.create(
        line=line, channel="phone", thread="c1", direction="in", unit=line.unit,
        opened_at=datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai")),
    )  # fmt: skip
    address = f"/desk/recordings/of/{talk.pk}/"

    def page() -> str:
        return as_person(cast.agent_1001).get(f"/desk/conversations/{talk.pk}/").content.decode()

    waiting = page()
    assert f'id="panel-beside" hx-get="{address}"' in waiting
    assert "panel-hidden" not in waiting and "wrap-panel-" not in waiting
    desk.take(actor=cast.agent_1001, conversation=talk)
    assert f'id="wrap-panel-below" hx-get="{address}"' in page()
