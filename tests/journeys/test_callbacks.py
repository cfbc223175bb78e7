"""A session of callbacks by keyboard alone: ten clients, one of them with an exception that makes a case."""

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Page, expect

from cases.models import Case
from clients.models import Client
from interactions.models import Interaction
from outreach.models import Callback, CallbackProgramme
from tests.journeys.firm import Firm
from tests.journeys.steps import Site, sign_in

TEN = 10
FIRST = date(2000, 1, 31)  # more urgent than whatever else waits
FINE = "1111121"


@pytest.fixture
def ten(firm: Firm) -> Iterator[list[Callback]]:
    """Callbacks of ten clients of branch 1001 before all others, at any hour; over when the journey is."""
    programme = _at_any_hour(firm)
    agent = firm.people.agent_1001
    rows = Client.objects.filter(branch__code="1001", merged_into=None, status="normal")
    rows = rows.exclude(interactions=None).exclude(pk=firm.found.pk).exclude(manager_no=agent.employee_no)
    now, earlier = timezone.now(), Callback.objects.count()
    made = Callback.objects.bulk_create(
        Callback(
            client=client, kind="new_account", programme=programme, branch=client.branch, due_on=FIRST,
            occasion_on=FIRST - timedelta(days=30 + earlier + number), next_at=now,
        )
        for number, client in enumerate(rows.select_related("branch").distinct().order_by("client_no")[:TEN])
    )  # fmt: skip
    yield made
    left = Callback.objects.filter(pk__in=[row.pk for row in made], state="open")
    left.update(state="dropped", ended_at=now, caller=None, caller_no="")


def _at_any_hour(firm: Firm) -> CallbackProgramme:
    """The first programme as a version of long ago, so that the journey can be made at night too."""
    old = CallbackProgramme.objects.get(kind="new_account", number=1)
    now, people = timezone.now(), firm.people
    told = {
        "state": "retired", "days": 30, "call_from": time(0), "call_to": time(23, 59, 59),
        "greeting_zh": old.greeting_zh, "questions": old.questions, "author": people.team_lead_hq,
        "written_at": now, "approved_by": people.compliance, "in_force_from": now, "in_force_to": now,
    }  # fmt: skip
    return CallbackProgramme.objects.get_or_create(kind="new_account", number=900, defaults=told)[0]


def test_ten_clients_are_called_back_by_keyboard(site: Site, firm: Firm, ten: list[Callback]) -> None:
    agent, page = firm.people.agent_1001, site.page
    before = Case.objects.count()
    sign_in(site, agent)
    site.open("/callbacks/")
    page.keyboard.press("s")
    for number, row in enumerate(ten):
        _arrived(site, row)
        _say(page, number)
        with page.expect_navigation():
            page.keyboard.press("n" if number == 4 else "s")
    states = Callback.objects.filter(pk__in=[row.pk for row in ten]).order_by("pk")
    expected = [("passed", 0)] * TEN
    expected[3], expected[4] = ("exception", 0), ("open", 1)
    assert list(states.values_list("state", "tries")) == expected
    assert Case.objects.count() == before + 1
    assert Case.objects.get(open_key=f"callback:{ten[3].pk}").client_id == ten[3].client_id
    entries = Interaction.objects.filter(
        agent=agent, category__code="care.callback", started_at__gt=_since(ten)
    )
    assert entries.count() == TEN
    assert not Callback.objects.filter(pk__in=[row.pk for row in ten], caller_no=F("manager_no")).exists()


def _arrived(site: Site, row: Callback) -> None:
    expect(site.page.locator("#client-title")).to_contain_text(row.client.name)
    assert site.path == row.get_absolute_url()
    site.page.wait_for_load_state()  # the keys are heard once the scripts run
    expect(site.page.locator(".question.current")).to_have_count(1)


def _say(page: Page, number: int) -> None:
    """Digits answer one question after the other; the fourth client does not know of the risks."""
    if number == 4:
        return
    for place, digit in enumerate(FINE):
        page.keyboard.press("2" if number == 3 and place == 3 else digit)
    expect(page.locator(".question input:checked")).to_have_count(len(FINE))
    warned = page.locator(".session-exception")
    if number == 3:
        expect(warned).to_be_visible()
        page.keyboard.press("Escape")  # out of the remarks
        page.keyboard.press("m")
        page.keyboard.type("客户不清楚市场风险")
        page.keyboard.press("Escape")
    else:
        expect(warned).to_be_hidden()
        page.keyboard.press("Escape")


def _since(ten: list[Callback]) -> object:
    return ten[0].next_at - timedelta(minutes=1)


def test_what_is_typed_is_still_there_after_the_page_was_left(
    site: Site, firm: Firm, ten: list[Callback]
) -> None:
    page = site.page
    sign_in(site, firm.people.team_lead_1001)
    site.open("/callbacks/")
    page.keyboard.press("s")
    page.wait_for_load_state()
    expect(page.locator(".question.current")).to_have_count(1)
    with page.expect_response("**/draft/"):
        page.keyboard.press("1")
    address = site.path
    site.open("/callbacks/")
    site.open(address)
    expect(page.locator(".question input:checked")).to_have_count(1)
    page.get_by_role("button", name="放回").click()
    expect(page.get_by_role("button", name="回访下一位客户")).to_be_visible()
