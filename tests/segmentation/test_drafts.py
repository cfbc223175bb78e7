"""Drafts of the value model: begun, changed, checked in words, proposed, approved by somebody else, kept."""

from copy import deepcopy
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict
from core.models import AuditEntry
from segmentation.actions.drafts import (
    DraftTold,
    begin_draft,
    change_draft,
    discard_draft,
    propose_draft,
    publish_draft,
    send_back_draft,
)
from segmentation.actions.trials import ask_trial
from segmentation.checking import faults
from segmentation.leaf_words import differences
from segmentation.leaves import leaves, values_of, with_values
from segmentation.models import Breakpoint, ClientScore, Curve, ModelDraft, ModelVersion, RescoredTier
from staff.models import Notice
from tests.cast import Speak, make_cast
from tests.segmentation.trial_world import begun, loaded, newest, other_weights
from tests.segmentation.world import World, day
from trading.models import StaleMark

NIGHT = "2024-05-20"


@pytest.fixture
def firm(world: World) -> World:
    """Eight clients scored by version 1, the last night in the middle of May."""
    for number in range(1, 9):
        client = world.client(f"C{number}")
        world.months(client, "2024-01", "2024-05", 9_000 * number, net_commission=300 * number, trades=1)
    loaded(date(2024, 1, 2))
    world.run("2024-04-30")
    world.publish("2024-04-30")
    world.run(NIGHT)
    return world


@pytest.fixture
def cast(firm: World) -> SimpleNamespace:
    return make_cast(firm.units)


def rewrite(draft: ModelDraft, **more: Any) -> ModelDraft:
    told = {"name": draft.name, "definition": other_weights(draft.definition)} | more
    return change_draft(actor=draft.author, draft=draft, version=draft.version, told=DraftTold(**told))


def proposed(cast: SimpleNamespace, on: str = "2024-05-21") -> ModelDraft:
    draft = rewrite(begun(cast.value_analyst))
    ask_trial(actor=draft.author, draft=draft, kind="what_if")
    return propose_draft(actor=draft.author, draft=draft, version=draft.version, serves_from=day(on))


def test_a_draft_becomes_a_version_by_two_people(firm: World, cast: SimpleNamespace) -> None:
    draft = proposed(cast)
    with pytest.raises(Conflict) as refused:
        publish_draft(actor=cast.value_analyst, draft=draft, version=draft.version)
    assert refused.value.code == "four_eyes"
    made = publish_draft(actor=cast.compliance, draft=draft, version=draft.version)
    draft.refresh_from_db()
    assert (made.number, made.serves_from, made.breakpoints_as_of) == (
        2,
        day("2024-05-21"),
        day("2024-04-30"),
    )
    assert (made.proposed_by, made.approved_by) == (
        cast.value_analyst.actor_name, cast.compliance.actor_name,
    )  # fmt: skip
    assert (draft.state, draft.published_as, draft.approved_by) == ("published", made, cast.compliance)
    assert made.definition == draft.definition
    for model, names in ((Breakpoint, ("p", "value")), (Curve, ("xs", "starts", "slopes"))):
        of = [
            set(map(str, model.objects.filter(model_version__number=number).values_list("indicator", *names)))
            for number in (1, 2)
        ]
        assert of[0] == of[1] != set()
    mark = StaleMark.objects.get(client=None, month=date(2024, 5, 1))
    assert mark.told_on == day("2024-05-21")
    deeds = list(
        AuditEntry.objects.filter(subject_type="model_draft").order_by("pk").values_list("deed", flat=True)
    )
    assert deeds == [f"model_draft.{name}" for name in ("begun", "written", "tried", "proposed", "published")]
    assert Notice.objects.filter(person=cast.value_analyst, kind="model").count() == 1
    firm.run("2024-05-22", since="2024-05")
    assert set(ClientScore.objects.values_list("model_version__number", flat=True)) == {2}
    assert RescoredTier.objects.filter(model_version=made).exists()


def test_the_tried_tiers_are_those_of_the_first_night(firm: World, cast: SimpleNamespace) -> None:
    draft = rewrite(begun(cast.value_analyst))
    trial = ask_trial(actor=draft.author, draft=draft, kind="what_if", as_of=day(NIGHT))
    assert trial.result is not None
    draft = propose_draft(actor=draft.author, draft=draft, version=draft.version, serves_from=day(NIGHT))
    publish_draft(actor=cast.compliance, draft=draft, version=draft.version)
    firm.run(NIGHT, since="2024-05")
    counts: dict[str, int] = {}
    for tier in ClientScore.objects.values_list("tier", flat=True):
        counts[tier] = counts.get(tier, 0) + 1
    assert {code: row["clients"] for code, row in trial.result["tiers"]["draft"].items()} == counts


def test_what_waits_or_was_published_stays_as_it_is(cast: SimpleNamespace) -> None:
    draft = proposed(cast)
    rows = ModelDraft.objects.filter(pk=draft.pk)
    changes = [
        lambda: rows.update(definition={}),
        lambda: rows.update(author=cast.compliance),
        lambda: rows.delete(),
        lambda: draft.curves.all().delete(),
        lambda: draft.curves.update(kind="product"),
        lambda: rows.update(state="published", approved_by=cast.value_analyst, published_as=newest()),
        lambda: rows.update(state="published", approved_by=cast.compliance),
    ]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    publish_draft(actor=cast.compliance, draft=draft, version=draft.version)
    for change in (lambda: rows.update(note="x"), lambda: rows.update(state="draft"), lambda: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_proposing_needs_a_what_if_of_the_draft_as_it_stands(cast: SimpleNamespace) -> None:
    draft = begun(cast.value_analyst)
    for _time in range(2):
        with pytest.raises(Conflict) as refused:
            propose_draft(
                actor=draft.author, draft=draft, version=draft.version, serves_from=day("2024-05-21")
            )
        assert refused.value.code == "not_tried"
        ask_trial(actor=draft.author, draft=draft, kind="what_if")
        draft = rewrite(draft)


def test_the_day_may_not_touch_closed_months_nor_a_later_version(cast: SimpleNamespace) -> None:
    draft = rewrite(begun(cast.value_analyst))
    ask_trial(actor=draft.author, draft=draft, kind="what_if")
    with pytest.raises(ValidationError, match="2024-04-30"):
        propose_draft(actor=draft.author, draft=draft, version=draft.version, serves_from=day("2024-04-30"))
    first = proposed(cast, "2024-06-01")
    publish_draft(actor=cast.compliance, draft=first, version=first.version)
    with pytest.raises(Conflict) as refused:
        propose_draft(actor=draft.author, draft=draft, version=draft.version, serves_from=day("2024-05-21"))
    assert refused.value.code == "later_version"


def test_sent_back_with_a_reason_and_begun_from_a_draft(cast: SimpleNamespace) -> None:
    draft = proposed(cast)
    back = send_back_draft(
        actor=cast.compliance, draft=draft, version=draft.version, reason=" Too much at once "
    )
    assert (back.state, back.sent_back_for) == ("draft", "Too much at once")
    again = begin_draft(actor=cast.value_analyst, name="Less", draft=back)
    assert (again.definition, again.base, again.state) == (back.definition, back.base, "draft")
    discard_draft(actor=cast.value_analyst, draft=again, version=again.version)
    assert list(ModelDraft.objects.all()) == [back]
    with pytest.raises(Conflict):
        discard_draft(actor=cast.value_analyst, draft=back, version=back.version - 1)


def test_who_may_what(cast: SimpleNamespace) -> None:
    draft = begun(cast.value_analyst)
    for person in (cast.compliance, cast.branch_manager_1001, cast.administrator):
        with pytest.raises(PermissionDenied):
            change_draft(actor=person, draft=draft, version=1, told=DraftTold(name="x", definition={}))
    for person in (cast.branch_manager_1001, cast.administrator):
        assert not ModelDraft.objects.visible_to(person).exists()
        with pytest.raises(PermissionDenied):
            publish_draft(actor=person, draft=draft, version=1)


@pytest.mark.django_db
def test_a_draft_needs_a_version_that_scores(cast_only: SimpleNamespace) -> None:
    with pytest.raises(Conflict) as refused:
        begun(cast_only.value_analyst)
    assert refused.value.code == "no_version"


@pytest.fixture
def cast_only(units: Any) -> SimpleNamespace:
    return make_cast(units)


def definition() -> dict[str, Any]:
    """Version 1 as it is delivered."""
    from importlib import import_module

    made: dict[str, Any] = deepcopy(import_module("segmentation.migrations.0005_first_model").DEFINITION)
    return made


WRONG: list[tuple[dict[str, Any], set[str]]] = [
    ({"axis__current": "0.6"}, {"axis__current"}),
    ({"axis__current": "0.8", "axis__potential": "0.2", "axis__loyalty": "0"}, {"axis__loyalty"}),
    ({"weight__turnover_12m": "0.2"}, {"weight__recency_days"}),
    ({"weight__contribution_12m": "0", "weight__contribution_3m_x4": "0"}, {"weight__contribution_12m"}),
    ({"cut__V4": "50"}, {"cut__V4"}),
    ({"cut__V5": "101"}, {"cut__V5"}),
    ({"closes__V3": 0}, {"closes__V3"}),
    ({"name_en__V1": "Gold"}, {"name_en__V1", "name_en__V3"}),
    ({"name_zh_hans__V1": ""}, {"name_zh_hans__V1"}),
    ({"hysteresis__up": "-1"}, {"hysteresis__up"}),
    ({"client__active_months": 1}, {"client__active_months"}),
    ({"at_risk__tiers": ["V9"]}, {"at_risk__tiers"}),
    ({"at_risk__assets_share": "1.5"}, {"at_risk__assets_share"}),
]


@pytest.mark.parametrize(("values", "names"), WRONG, ids=lambda part: "-".join(sorted(part)))
def test_what_is_wrong_is_said_where_it_stands(values: dict[str, Any], names: set[str]) -> None:
    from segmentation.leaves import read

    base = definition()
    known = {leaf.name: leaf for leaf in leaves(base)}
    told = {name: read(known[name], value) for name, value in values.items()}
    found = faults(with_values(base, told), base)
    assert set(found) == names
    assert all(words for lines in found.values() for words in lines)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.pop("tiers"),
        lambda data: data["tiers"].pop(),
        lambda data: data["indicators"][0].update(axis="loyalty"),
        lambda data: data.update(caps={"product_families": 9, "tenure_years": 10}),
        lambda data: data.update(new_months=1),
        lambda data: data["axes"][0].update(weight="much"),
        lambda data: data["axes"][0].update(weight=None),
        lambda data: data["axes"][0].update(weight="NaN"),
        lambda data: data["axes"][0].update(weight="0.50001"),
    ],
)
def test_anything_but_values_is_refused(change: Any) -> None:
    data = definition()
    change(data)
    assert set(faults(data, definition())) == {"definition"}
    assert set(faults([data], definition())) == {"definition"}


@given(st.lists(st.integers(1, 50), min_size=3, max_size=3), st.sets(st.sampled_from(["cut__V2", "cut__V3"])))
def test_values_read_back_as_they_were_written(weights: list[int], cuts: set[str]) -> None:
    base = definition()
    values = values_of(base)
    values |= {
        f"axis__{axis}": values[f"axis__{axis}"] * number
        for axis, number in zip(("current", "potential", "loyalty"), weights, strict=True)
    }
    values |= {name: values[name] + 1 for name in cuts}
    made = with_values(base, values)
    assert values_of(made) == values
    changed = {change.name for change in differences(base, made)}
    assert changed == {name for name in values if values[name] != values_of(base)[name]}
    assert with_values(base, values_of(base)) == base


def test_the_page_from_a_draft_to_a_version(cast: SimpleNamespace, as_person: Speak) -> None:
    analyst, second = as_person(cast.value_analyst), as_person(cast.compliance)
    begun_ = analyst.post("/segments/models/new/", {"name": "Assets", "source": "version:1"})
    draft = ModelDraft.objects.get()
    assert begun_.url == f"/segments/models/drafts/{draft.pk}/edit/"
    form = analyst.get(begun_.url).context["form"]
    posted = {field.html_name: field.value() for field in form if field.value() not in (None, False)}
    posted |= {"axis__current": "30", "axis__potential": "30", "axis__loyalty": "30"}
    wrong = analyst.post(begun_.url, posted)
    assert (wrong.status_code, "axis__current" in wrong.context["form"].errors) == (422, True)
    right = analyst.post(begun_.url, posted | {"spread": "on"})
    assert right.url == f"/segments/models/drafts/{draft.pk}/"
    draft.refresh_from_db()
    assert [axis["weight"] for axis in draft.definition["axes"]] == ["0.3334", "0.3333", "0.3333"]
    analyst.post(f"{right.url}try/what-if/", {"as_of": NIGHT})
    page = analyst.get(right.url).content.decode()
    for words in (
        "当前价值",
        "50%",
        "tier-V1",
        'class="chart flow"',
        "变动最大的客户",
    ):
        assert words in page
    told = {"version": draft.version, "serves_from": "2024-05-21"}
    assert analyst.post(f"{right.url}do/propose/", told).url == right.url
    draft.refresh_from_db()
    assert draft.state == "proposed"
    assert second.get(right.url).context["may_publish"]
    answer = second.post(f"{right.url}do/publish/", {"version": draft.version})
    assert answer.url == "/segments/models/"
    page = second.get(answer.url).content.decode()
    assert "第 2 版" in page
    assert "33.34%" in page
    assert ModelVersion.objects.get(number=2).proposed_by == cast.value_analyst.actor_name
    assert "33.34%" in second.get("/segments/models/versions/2/").content.decode()


def test_two_drafts_side_by_side(cast: SimpleNamespace, as_person: Speak) -> None:
    left, right = begun(cast.value_analyst, "As it is"), rewrite(begun(cast.value_analyst))
    for draft in (left, right):
        ask_trial(actor=draft.author, draft=draft, kind="what_if")
    browser = as_person(cast.value_analyst)
    path = f"/segments/models/compare/?left={left.pk}&right={right.pk}"
    answer = browser.get(path)
    assert answer.context["sides"][0]["tried"].moved == 0
    assert {change.name for change in answer.context["changes"]} >= {"axis__current", "cut__V4"}
    assert browser.get(f"/segments/models/compare/?left={left.pk}&right=0").status_code == 404


def test_the_same_by_rest(cast: SimpleNamespace, as_person: Speak) -> None:
    analyst, second = as_person(cast.value_analyst), as_person(cast.compliance)
    json = {"content_type": "application/json"}
    made = analyst.post("/api/v1/model-drafts/", {"name": "By REST", "version": 1}, **json)
    assert (made.status_code, made.json()["changes"]) == (201, [])
    path = f"/api/v1/model-drafts/{made.json()['id']}/"
    told = {"name": "By REST", "definition": other_weights(made.json()["definition"])}
    tag = analyst.get(path)["ETag"]
    wrong = analyst.put(path, told | {"definition": {}}, **json)
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "definition")
    assert analyst.put(path, told, headers={"If-Match": '"old"'}, **json).status_code == 412
    written = analyst.put(path, told, headers={"If-Match": tag}, **json)
    assert {change["name"] for change in written.json()["changes"]} >= {"axis__current", "cut__V4"}
    trial = analyst.post(f"{path}trials/what-if/", {}, **json)
    assert (trial.status_code, trial.json()["result"]["clients"]) == (201, 8)
    again = analyst.get(f"/api/v1/model-trials/{trial.json()['id']}/").json()
    assert again["result"]["moves"] == trial.json()["result"]["moves"]
    assert analyst.get(f"{path}trials/what-if/").json()["results"][0]["id"] == trial.json()["id"]
    told = {"serves_from": "2024-05-21"}
    assert analyst.post(f"{path}propose/", told, **json).json()["state"] == "proposed"
    assert analyst.post(f"{path}publish/", {}, **json).status_code == 409
    assert second.post(f"{path}publish/", {}, **json).json()["published_as"] == 2
    versions = analyst.get("/api/v1/models/").json()["results"]
    assert [version["number"] for version in versions] == [2, 1]
    assert analyst.get("/api/v1/models/2/").json()["changes"] == versions[0]["changes"] != []
    assert analyst.delete(path).status_code == 409


def test_the_moment_of_writing_is_kept(cast: SimpleNamespace) -> None:
    before = timezone.now()
    assert before <= begun(cast.value_analyst).written_at <= timezone.now()
