"""Types of cases on their page: every line of form, checklist and times added, changed and removed."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client as Browser

from cases.models import Case, CaseType, ClockTime, TypeVersion
from core.models import AuditEntry
from staff.models import Unit
from tests.cases.world import make_case
from tests.cast import Speak
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
PARTS = ("fields", "steps", "times")


@pytest.fixture
def keeper(cast: SimpleNamespace, as_person: Speak) -> Browser:
    return as_person(cast.team_lead_hq)


def newest(code: str) -> TypeVersion:
    return TypeVersion.objects.filter(type__code=code).latest("number")


def shown(keeper: Browser, code: str) -> dict[str, Any]:
    """What the page would send when nothing was changed."""
    answer = keeper.get(f"/cases/settings/{code}/")
    told: dict[str, Any] = dict(answer.context["form"].initial)
    for part in PARTS:
        lines = answer.context[part]
        told |= {
            f"{part}-{name}": lines.management_form[name].value() for name in lines.management_form.fields
        }
        for form in lines:
            told |= {field.html_name: field.value() for field in form}
    return {name: value for name, value in told.items() if value is not None and value is not False}


def empty(told: dict[str, Any], part: str) -> str:
    """How the first of the empty lines begins."""
    return f"{part}-{int(told[f'{part}-INITIAL_FORMS'])}"


def saved(keeper: Browser, code: str, told: dict[str, Any], status: int = 302) -> TypeVersion:
    answer = keeper.post(f"/cases/settings/{code}/", told)
    assert answer.status_code == status, answer.content.decode()
    return newest(code)


def times_of(version: TypeVersion) -> set[tuple[Any, ...]]:
    names = ("kind", "channel", "band", "hours", "seconds", "statutory")
    return set(version.times.values_list(*names))


def test_saved_unchanged_it_says_the_same(keeper: Browser) -> None:
    for code in CaseType.objects.values_list("code", flat=True):
        old = newest(code)
        made = saved(keeper, code, shown(keeper, code))
        assert made.number == old.number + 1
        assert (made.fields, made.steps, times_of(made)) == (old.fields, old.steps, times_of(old))
        assert (made.name_zh, made.name_en) == (old.name_zh, old.name_en)


def test_a_line_of_each_is_added(keeper: Browser, cast: SimpleNamespace, units: dict[str, Unit]) -> None:
    before = make_case(cast.agent_1001, make_client(units["1001"], "C000001"))
    told, old = shown(keeper, "service_request"), newest("service_request")
    field, step, time = (empty(told, part) for part in PARTS)
    told |= {f"{field}-zh": "期望日期", f"{field}-en": "Wanted by", f"{field}-kind": "date"}
    told |= {f"{step}-zh": "回访客户", f"{step}-who": "lead", f"{step}-required": "on"}
    told |= {f"{time}-kind": "contact", f"{time}-channel": "phone", f"{time}-hours": "working",
             f"{time}-seconds": "3600"}  # fmt: skip
    made = saved(keeper, "service_request", told)
    assert made.fields == [
        {"key": "f1", "zh": "期望日期", "en": "Wanted by", "kind": "date", "required": False, "choices": []}
    ]
    assert made.steps[2:] == [{"key": "s3", "zh": "回访客户", "en": "", "who": "lead", "required": True}]
    assert times_of(made) - times_of(old) == {("contact", "phone", "", "working", 3600, False)}
    assert AuditEntry.objects.get(deed="case_type.changed").detail == {"number": 2}
    after = make_case(cast.agent_1001, before.client, channel="phone", fields={"f1": "2026-12-31"})
    assert (Case.objects.get(pk=before.pk).type_version, after.type_version) == (old, made)
    assert after.clocks.filter(kind="contact").count() == 1


def test_a_line_of_each_is_removed_and_others_change_places(keeper: Browser) -> None:
    told, old = shown(keeper, "account_business"), newest("account_business")
    gone = next(name for name, value in told.items() if name.startswith("times") and value == "resolution")
    told |= {"fields-0-zh": "", "steps-1-zh": "", gone.replace("kind", "seconds"): ""}
    told |= {"steps-0-ORDER": "9"}
    made = saved(keeper, "account_business", told)
    assert [one["key"] for one in made.fields] == ["what"]
    assert [one["key"] for one in made.steps] == ["s3", "s4", "s1"]
    lost = times_of(old) - times_of(made)
    assert (len(lost), {one[0] for one in lost}) == (1, {"resolution"})


def test_the_regulator_s_times_stay_and_only_get_shorter(keeper: Browser) -> None:
    told, old = shown(keeper, "complaint"), newest("complaint")
    lines = {value: name.removesuffix("-kind") for name, value in told.items() if name.endswith("-kind")}
    contact, free = lines["contact"], empty(told, "times")
    longer = {f"{free}-kind": "contact", f"{free}-channel": "email", f"{free}-hours": "working"}
    wrong: list[dict[str, Any]] = [
        {f"{contact}-seconds": ""},
        {f"{contact}-seconds": str(3 * 28800 + 1)},
        {f"{contact}-hours": "trading"},
        {f"{contact}-channel": "phone"},
        {**longer, f"{free}-seconds": str(3 * 28800 + 1)},
        {**longer, f"{free}-channel": "", f"{free}-seconds": "60"},
        {f"{contact}-seconds": "6000000"},
        {"name_zh": " "},
        {"number": "9"},
    ]
    for change in wrong:
        status = 412 if "number" in change else 422
        assert saved(keeper, "complaint", {**told, **change}, status) == old, change
    made = saved(keeper, "complaint", {**told, **longer, f"{free}-seconds": "28800"})
    assert ("contact", "email", "", "working", 28800, True) in times_of(made)
    assert ClockTime.objects.filter(version=made, statutory=False).count() == 0


def test_a_choice_needs_something_to_choose_from(keeper: Browser) -> None:
    told = shown(keeper, "service_request")
    line = empty(told, "fields")
    told |= {f"{line}-zh": "渠道", f"{line}-kind": "choice"}
    saved(keeper, "service_request", told, 422)
    made = saved(keeper, "service_request", {**told, f"{line}-choices": "柜台，网上, "})
    assert made.fields[0]["choices"] == ["柜台", "网上"]
