"""Pages, bulk deeds and REST of the sign-off."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from core.bulk import BulkWork
from kpis import actions, bulk
from kpis.actions.terms import Days, set_terms
from kpis.models import Confirmation, Scorecard, SignOff, Stage, Terms
from kpis.queries import readiness, stages, waiting
from tests.cast import Speak
from tests.kpis.frozen import settle
from tests.kpis.test_pages import text
from tests.kpis.test_revisions import busy
from tests.kpis.world import World, day

Q3 = "2026-Q3"
LIST = f"/scorecards/sign-off/?period={Q3}"


@pytest.fixture
def ready(world: World) -> World:
    """Cards of a third quarter that is over and settled."""
    busy(world).run("2026-09-30")
    settle()
    return world


def stages_of(user: Any, period: str = Q3) -> dict[str, str]:
    """Unit -> stage of the current cards in sight."""
    rows = stages.listed(user, readiness.all_periods()).filter(period=period)
    return {row.unit_label: row.stage for row in rows}


def test_the_unit_confirms_and_headquarters_signs_on_the_pages(
    ready: World, cast: SimpleNamespace, as_person: Speak
) -> None:
    card = ready.card(Q3)
    page, deed = f"/scorecards/{card.pk}/sign-off/", f"/scorecards/{card.pk}/sign-off/{{}}/"
    branch, headquarters = as_person(cast.branch_manager_1001), as_person(cast.value_analyst)
    assert branch.get("/scorecards/sign-off/")["Location"].startswith("/scorecards/sign-off/?period=2026-")
    assert f'href="{page}"' in text(branch, LIST)
    assert deed.format("confirm") in text(branch, page)
    assert deed.format("confirm") in text(headquarters, page)  # in the unit's place, for a reason
    assert headquarters.post(deed.format("confirm"), {"reason": ""}).status_code == 422
    assert branch.post(deed.format("confirm")).status_code == 302
    assert deed.format("sign") in text(headquarters, page)
    assert deed.format("sign") not in text(branch, page)
    assert deed.format("take-back") in text(branch, page)
    assert headquarters.post(deed.format("sign")).status_code == 302
    assert stages_of(cast.branch_manager_1001)["branch:1001"] == Stage.SIGNED
    signed = text(branch, page)
    assert cast.value_analyst.name in signed and deed.format("sign") not in signed
    assert branch.post(deed.format("confirm")).status_code == 302  # told that it is signed already
    assert SignOff.objects.count() == 1


def test_what_waits_for_whom(ready: World, cast: SimpleNamespace, as_person: Speak) -> None:
    everything = stages_of(cast.value_analyst)
    assert set(everything.values()) == {Stage.WAITING}
    own = list(stages_of(cast.branch_manager_1001))
    assert waiting.to_confirm(cast.branch_manager_1001)[0] > len(own)  # of all periods that are ready
    assert waiting.to_sign(cast.value_analyst) == (0, False)
    actions.confirm(actor=cast.branch_manager_1001, card=ready.card(Q3))
    assert waiting.to_sign(cast.value_analyst) == (1, False)
    assert waiting.to_sign(cast.branch_manager_1001) == (0, False)
    assert stages_of(cast.value_analyst, "2026") == dict.fromkeys(everything, Stage.SETTLING)
    late = text(as_person(cast.value_analyst), f"{LIST}&stage=late")
    assert f"/scorecards/{ready.card(Q3).pk}/sign-off/" in late  # the deadline was in October
    Terms.objects.update(is_required=False)
    assert set(stages_of(cast.value_analyst).values()) == {Stage.CONFIRMED, Stage.EXEMPT}
    assert "sign-off/confirm" not in text(as_person(cast.value_analyst), LIST)


def test_many_at_once(ready: World, cast: SimpleNamespace) -> None:
    cards = list(Scorecard.objects.filter(period=Q3, current=True).order_by("pk"))
    ids = [card.pk for card in cards]
    stand_in = BulkWork(1, ids, {"reason": "Nobody confirmed in time."}, cast.value_analyst)
    actions.confirm(actor=cast.branch_manager_1001, card=ready.card(Q3))
    done = bulk.confirm(stand_in)
    assert set(done.failures) == {ready.card(Q3).pk}
    assert Confirmation.objects.filter(card__in=ids).count() == len(ids)
    own = bulk.sign(BulkWork(2, ids, {}, cast.value_analyst))
    assert set(own.failures) == set(ids) - {ready.card(Q3).pk}  # nobody signs what they confirmed
    taken = bulk.take_back(BulkWork(3, ids[:2], {}, cast.value_analyst, {"confirmed": ids[:2]}))
    assert (taken, Confirmation.objects.filter(card__in=ids[:2]).count()) == ({}, 0)
    bulk.confirm(BulkWork(4, ids[:2], {"reason": "Again."}, cast.value_analyst))
    assert bulk.sign(BulkWork(5, ids, {}, cast.value_analyst_2)).failures.keys() == {ready.card(Q3).pk}
    assert SignOff.objects.count() == len(ids)
    assert set(stages_of(cast.value_analyst).values()) == {Stage.SIGNED}


def test_as_many_queries_for_many_cards_as_for_few(
    ready: World, cast: SimpleNamespace, as_person: Speak, django_assert_max_num_queries: Any
) -> None:
    browser = as_person(cast.value_analyst)
    with django_assert_max_num_queries(100) as few:
        browser.get(f"{LIST}&unit_type=branch")
    actions.confirm_many(
        actor=cast.value_analyst, reason="x",
        ids=list(Scorecard.objects.filter(period=Q3).values_list("pk", flat=True)),
    )  # fmt: skip
    with django_assert_max_num_queries(100) as many:
        browser.get(LIST)
    assert len(many.captured_queries) == len(few.captured_queries)


def test_terms_hold_from_a_day_on(ready: World, cast: SimpleNamespace, as_person: Speak) -> None:
    browser, today = as_person(cast.value_analyst), timezone.localdate()
    told = {
        "settle_days": 3,
        "confirm_days": 4,
        "sign_days": 6,
        "appeal_days": 8,
        "answer_days": 5,
        "is_required": "on",
    }
    page = "/scorecards/sign-off/terms/"
    assert text(browser, page)
    assert browser.post(page, told | {"effective_on": "2026-01-01"}).status_code == 422
    assert browser.post(page, told | {"effective_on": today, "sign_days": 3}).status_code == 422
    assert browser.post(page, told | {"effective_on": today}).status_code == 302
    made = Terms.objects.get(effective_on=today)
    assert (made.settle_days, made.set_by) == (3, cast.value_analyst)
    again = Days(settle_days=1, confirm_days=1, sign_days=1, appeal_days=1, answer_days=1)
    assert set_terms(actor=cast.value_analyst, effective_on=today, days=again).pk == made.pk
    quarter = readiness.all_periods()[Q3]
    assert quarter.ready_on == day("2026-10-14")  # it ended before that day


def test_rest(ready: World, cast: SimpleNamespace, as_person: Speak, as_system: Speak) -> None:
    card = ready.card(Q3)
    base, branch, headquarters = f"/api/v1/scorecards/{card.pk}/sign-off/", *map(
        as_person, (cast.branch_manager_1001, cast.value_analyst)
    )  # fmt: skip
    told = branch.get(base)
    assert (told.json()["stage"], told.json()["ready_on"]) == ("waiting", "2026-10-14")
    post(branch, base + "confirm/", 200, match=told["ETag"])
    post(branch, base + "confirm/", 412, match=told["ETag"])  # as it was read before
    assert post(headquarters, base + "sign/", 200)["stage"] == "signed"
    post(headquarters, base + "sign/", 409)
    system = as_system("scorecards:read")
    body = system.get(base).json()
    assert body["frozen"]["signed_by"] == cast.value_analyst.username
    assert set(body["definition"]) == {"zh-hans", "en"}
    assert post(system, base + "confirm/", 403)
    rows = system.get("/api/v1/scorecards/frozen/").json()["results"]
    assert [(row["id"], row["state"]) for row in rows] == [(card.pk, "final")]
    assert system.get(f"/api/v1/scorecards/frozen/?period={Q3}&unit=firm").json()["results"] == []


def post(browser: Browser, path: str, status: int, match: str = "") -> Any:
    """The JSON that a POST ends in."""
    headers = {"If-Match": match} if match else {}
    answer = browser.post(path, {}, content_type="application/json", headers=headers)
    assert answer.status_code == status, answer.content
    return answer.json()
