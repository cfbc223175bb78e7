"""Saved segments as filters: rules over months, and lists that take long to count."""

from types import SimpleNamespace

import pytest

from clients.models import Client, ClientStanding
from core.lists import page
from segmentation.actions import segments as deeds
from segmentation.models import Segment
from segmentation.queries import segments as queries
from tests.cast import Speak
from tests.clients.people import make_client
from tests.segmentation.test_saved_segments import NIGHTS, RICH, clients, night, rescore, write

__all__ = ["clients"]

INACTIVE = {
    "all": [
        {"field": "score", "op": "gte", "value": "70"},
        {"field": "inflow", "op": "lt", "value": "1", "months": 12},
    ]
}


def test_a_rule_over_months_is_read_as_the_last_night_found_it(
    cast: SimpleNamespace, clients: dict[str, Client]
) -> None:
    everybody = Client.objects.order_by("client_no")
    kept, unkept = (
        write(cast.value_analyst, INACTIVE, name=name, is_kept=name == "kept") for name in ("kept", "un")
    )

    def found(segment: Segment) -> list[str]:
        return [client.client_no for client in queries.narrowed(everybody, segment)]

    assert found(kept) == found(unkept) == ["Ca", "Cc"]  # no night yet: asked of all clients at once
    night(NIGHTS[0])
    kept.refresh_from_db()
    rescore(clients["a"], 60)
    assert (found(kept), found(unkept)) == (["Ca", "Cc"], ["Cc"])
    deeds.change_segment(
        actor=cast.value_analyst, segment=kept, version=kept.version,
        told=deeds.SegmentTold(name="kept", rule={"all": [INACTIVE["all"][1]]}),
    )  # fmt: skip
    kept.refresh_from_db()
    assert found(kept) == ["Ca", "Cb", "Cc"]  # the night knows another rule
    night(NIGHTS[1])
    assert found(kept) == ["Ca", "Cb", "Cc"]


def test_a_list_that_takes_long_to_count_says_more_than_it_shows(
    cast: SimpleNamespace, clients: dict[str, Client], as_person: Speak, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = write(cast.value_analyst, RICH)
    monkeypatch.setattr(page, "in_time", lambda _ask, _limit: None)
    browser = as_person(cast.value_analyst)
    assert browser.get(f"/clients/?segment={segment.pk}").context["list"].count_text == "2 条"
    for number in range(30):
        client = make_client(clients["a"].branch, f"D{number:02}")
        ClientStanding.objects.create(client=client, branch=client.branch, score=90, as_of=NIGHTS[0])
    shown = browser.get(f"/clients/?segment={segment.pk}&size=20").context["list"]
    assert shown.count_text == "超过 20 条"
