"""Tags on a client: given once, taken off, on record; the list shows and narrows by them."""

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from clients.actions import tags
from clients.bulk.tags import TagForm, preview
from clients.models import Client, ClientTag, Tag
from core.models import AuditEntry
from staff.models import Unit
from tests.cast import Speak
from tests.clients.crowds import make_crowd

Units = dict[str, Unit]
pytestmark = pytest.mark.django_db


def test_a_tag_is_given_once_and_taken_off(units: Units, cast: SimpleNamespace) -> None:
    (client,) = make_crowd(units["1001"], 1)
    for name in ("高净值", "  高净值 ", "高净值"):
        tags.give_tag(actor=cast.agent_1001, client=client, name=name)
    tag = Tag.objects.get()
    assert [given.given_by for given in ClientTag.objects.all()] == ["liu.siqi"]
    assert tags.take_tag(actor=cast.agent_1001, client=client, tag=tag)
    assert not tags.take_tag(actor=cast.agent_1001, client=client, tag=tag)
    deeds = AuditEntry.objects.filter(client_id=client.pk).order_by("pk")
    assert [(entry.deed, entry.chain_id, entry.detail) for entry in deeds] == [
        ("client.tagged", "1001", {"tag": "高净值"}),
        ("client.untagged", "1001", {"tag": "高净值"}),
    ]


def test_the_database_holds_tags_together(units: Units, cast: SimpleNamespace) -> None:
    (client,) = make_crowd(units["1001"], 1)
    tag = tags.give_tag(actor=cast.agent_1001, client=client, name="高净值")
    with pytest.raises(IntegrityError), transaction.atomic():
        ClientTag.objects.create(client=client, tag=tag, given_by="x", given_at="2026-01-01T00:00:00Z")
    with pytest.raises(ProtectedError):
        tag.delete()


def test_the_list_narrows_by_tag_and_escapes_it(
    units: Units, cast: SimpleNamespace, as_person: Speak
) -> None:
    crowd = make_crowd(units["1001"], 3)
    tags.give_tag(actor=cast.agent_1001, client=crowd[1], name="<b>&")
    browser = as_person(cast.agent_1001)
    page = browser.get("/clients/", {"tag": "<b>&", "col": "tags"}).content.decode()
    assert ("C000002" in page, "C000001" in page) == (True, False)
    assert "&lt;b&gt;&amp;</td>" in page
    assert "<b>&" not in page
    unknown = browser.get("/clients/", {"tag": "nothing"}).content.decode()
    assert "C000002" not in unknown


def test_the_preview_counts_what_needs_nothing(units: Units, cast: SimpleNamespace) -> None:
    crowd = make_crowd(units["1001"], 3)
    tags.give_tag(actor=cast.agent_1001, client=crowd[0], name="高净值")
    rows = Client.objects.all()
    counts = {way: preview(rows, {"way": way, "tag": "高净值"}, None)[0].count for way in ("give", "take")}
    assert counts == {"give": 1, "take": 2}


def test_only_what_exists_can_be_taken_off(cast: SimpleNamespace) -> None:
    form = TagForm({"way": "take", "tag": "没有"}, person=cast.team_lead_1001)
    assert not form.is_valid()
    assert "tag" in form.errors
    assert not TagForm({"way": "give", "tag": "  "}, person=cast.team_lead_1001).is_valid()
