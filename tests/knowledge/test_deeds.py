"""Deeds on scripts, four eyes held by the database, and which script fits, as the rule is read slowly."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.errors import Conflict
from core.models import AuditEntry
from knowledge.actions import scripts as actions
from knowledge.actions.scripts import Step
from knowledge.models import Script, ScriptVersion
from knowledge.queries.scripts import difference, script_for
from staff.models import Person
from tests.knowledge.words import in_force, now, renewed, told

pytestmark = pytest.mark.django_db
COLUMNS = ("script__code", "number", "state", "title_zh", "author__username", "approved_by__username")


def table() -> list[tuple[Any, ...]]:
    """All versions there are."""
    return list(ScriptVersion.objects.order_by("script__code", "number").values_list(*COLUMNS))


def test_the_life_of_a_script(cast) -> None:
    lead, manager = cast.team_lead_1001, cast.branch_manager_1001
    first = in_force(cast, "hello")
    script = first.script
    actions.change_draft(actor=manager, script=script, version=now(script), told=told(title_zh="二"))
    actions.change_draft(actor=lead, script=script, version=now(script), told=told(title_zh="二改"))
    assert script_for(category="", channel="phone") == first
    actions.propose(actor=manager, script=script, version=now(script))
    actions.send_back(actor=manager, script=script, version=now(script), reason="错字")
    assert script.versions.get(state="draft").sent_back_for == "错字"
    second = renewed(cast, script)
    assert second.sent_back_for == ""
    assert table() == [
        ("hello", 1, "retired", "开场", "song.xiaoyu", "wang.haifeng"),
        ("hello", 2, "in_force", "二改", "song.xiaoyu", "wang.haifeng"),
    ]
    assert script_for(category="") == second
    first.refresh_from_db()
    assert first.in_force_to <= second.in_force_from
    actions.retire(actor=lead, script=script, version=now(script))
    assert script_for(category="") is None
    deeds = AuditEntry.objects.filter(subject_type="script", subject_id="hello").order_by("pk")
    assert list(deeds.values_list("deed", flat=True)) == [
        "script.drafted", "script.proposed", "script.approved", "script.changed", "script.changed",
        "script.proposed", "script.sent_back", "script.proposed", "script.approved", "script.retired",
    ]  # fmt: skip


def test_whoever_wrote_it_does_not_approve_it(cast) -> None:
    script = actions.draft_script(actor=cast.team_lead_1001, code="hello", told=told()).script
    actions.propose(actor=cast.branch_manager_1001, script=script, version=1)
    with pytest.raises(Conflict) as refused:
        actions.approve(actor=cast.team_lead_1001, script=script, version=2)
    assert refused.value.code == "four_eyes"
    assert table() == [("hello", 1, "proposed", "开场", "song.xiaoyu", None)]
    assert now(script) == 2


def test_the_database_holds_four_eyes_too(cast) -> None:
    draft = actions.draft_script(actor=cast.team_lead_1001, code="hello", told=told())
    rows = ScriptVersion.objects.filter(pk=draft.pk)
    start = timezone.now()
    by_oneself = {"state": "in_force", "approved_by": cast.team_lead_1001, "in_force_from": start}
    by_nobody = {"state": "in_force", "in_force_from": start}
    for change, name in ((by_oneself, "script_four_eyes"), (by_nobody, "script_in_force_is_approved")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            rows.update(**change)


@pytest.mark.parametrize("change", [{"body_zh": "x"}, {"steps": []}, {"tiers": ["V5"]}, {"state": "draft"}])
def test_a_published_version_never_changes(cast, change: dict[str, Any]) -> None:
    version = in_force(cast, "hello")
    rows = ScriptVersion.objects.filter(pk=version.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        version.script.delete()
    rows.update(state="retired", in_force_to=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(in_force_to=timezone.now() + timedelta(days=1))


def test_one_in_force_and_one_being_written(cast) -> None:
    version = in_force(cast, "hello")
    for state, name in (("draft", "script_one_being_written"), ("in_force", "script_one_in_force")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            for number in (8, 9):
                copy = ScriptVersion.objects.get(pk=version.pk)
                copy.pk, copy.number, copy.state = None, number, state
                if state == "draft":
                    copy.approved_by, copy.in_force_from = None, None
                copy.save(force_insert=True)


@pytest.mark.parametrize("deed", ["change_draft", "propose", "send_back", "approve", "retire", "drop_draft"])
def test_the_second_hears_that_somebody_was_faster(cast, deed: str) -> None:
    script = in_force(cast, "hello").script
    more = {"told": told()} if deed == "change_draft" else {}
    before = table()
    with pytest.raises(Conflict):
        getattr(actions, deed)(actor=cast.team_lead_hq, script=script, version=now(script) - 1, **more)
    assert table() == before


def test_what_waits_is_not_changed_under_the_approver(cast) -> None:
    script = actions.draft_script(actor=cast.team_lead_1001, code="hello", told=told()).script
    actions.propose(actor=cast.team_lead_1001, script=script, version=1)
    with pytest.raises(Conflict):
        actions.change_draft(actor=cast.team_lead_1001, script=script, version=2, told=told(title_zh="x"))
    assert table() == [("hello", 1, "proposed", "开场", "song.xiaoyu", None)]


def test_a_draft_thrown_away_leaves_the_others(cast) -> None:
    script = in_force(cast, "hello").script
    actions.change_draft(actor=cast.team_lead_1001, script=script, version=now(script), told=told())
    assert actions.drop_draft(actor=cast.team_lead_1001, script=script, version=now(script))
    assert [row[:3] for row in table()] == [("hello", 1, "in_force")]
    young = actions.draft_script(actor=cast.team_lead_1001, code="young", told=told()).script
    assert not actions.drop_draft(actor=cast.team_lead_1001, script=young, version=1)
    assert list(Script.objects.values_list("code", flat=True)) == ["hello"]


def test_steps_keep_their_keys_and_keys_are_not_used_again(cast) -> None:
    first = in_force(cast, "hello", steps=[Step(zh="一"), Step(zh="二")])
    script = first.script
    steps = [Step(zh="三"), Step(zh="二改", key="s2"), Step(zh="四", key="s2"), Step(zh="五", key="bad")]
    draft = actions.change_draft(
        actor=cast.team_lead_1001, script=script, version=now(script), told=told(steps=steps)
    )
    assert [(step["key"], step["zh"]) for step in draft.steps] == [
        ("s3", "三"), ("s2", "二改"), ("s4", "四"), ("s5", "五"),
    ]  # fmt: skip
    changed = [(line.kind, line.words) for line in difference(first, draft, {}) if line.kind != "same"]
    assert changed == [
        ("out", "☐ 一"),
        ("out", "☐ 二"),
        *(("in", f"☐ {one}") for one in ("三", "二改", "四", "五")),
    ]
    assert difference(draft, draft, {}) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[("code", "a b"), ("code", "for"), ("code", "-"), ("title_zh", " "), ("title_en", "x" * 81)],
        *[("body_zh", ""), ("body_en", "x" * 4001), ("category", "none-such"), ("tiers", ["V9"])],
        *[("channels", ["pigeon"]), ("steps", [Step(zh=" ")]), ("steps", [Step(zh="x")] * 21)],
    ],
)
def test_what_cannot_be_kept(cast, field: str, value: Any) -> None:
    more = {} if field == "code" else {field: value}
    with pytest.raises(ValidationError) as refused:
        actions.draft_script(
            actor=cast.team_lead_1001, code=value if field == "code" else "x1", told=told(**more)
        )
    assert list(refused.value.message_dict) == [field]
    assert not Script.objects.exists()


def test_each_reader_has_the_own_language_and_chinese_where_there_is_no_other(cast) -> None:
    both = in_force(cast, "both")
    chinese = in_force(cast, "chinese", title_en="", body_en="", steps=[Step(zh="只有中文")])
    with override("en"):
        assert (both.title, both.body) == ("Opening", "Good day!")
        assert both.checklist == [{"key": "s1", "words": "Check the name", "required": True}]
        assert (chinese.title, chinese.body) == ("开场", "您好！")
        assert chinese.checklist == [{"key": "s1", "words": "只有中文", "required": False}]
    with override("zh-hans"):
        assert (both.title, both.checklist[0]["words"]) == ("开场", "核对姓名")


def test_a_code_is_used_once(cast) -> None:
    in_force(cast, "hello")
    with pytest.raises(ValidationError) as refused:
        actions.draft_script(actor=cast.team_lead_1001, code="Hello ", told=told(title_zh="另一个"))
    assert list(refused.value.message_dict) == ["code"]
    assert [row[:4] for row in table()] == [("hello", 1, "in_force", "开场")]


TREE = {"enquiry.account.fee": ["enquiry.account", "enquiry"], "enquiry": [], "": []}
PLACES = st.sampled_from(["", "enquiry", "enquiry.account", "enquiry.account.fee", "complaint"])
TIERS = st.lists(st.sampled_from(["V5", "V4", "V1"]), unique=True, max_size=2)
CHANNELS = st.lists(st.sampled_from(["phone", "chat"]), unique=True, max_size=2)


class WhichFits(TestCase):
    """The query against the rule read slowly, over any set of scripts."""

    @settings(max_examples=60, deadline=None)
    @given(
        scripts=st.lists(st.tuples(PLACES, TIERS, CHANNELS, st.booleans()), max_size=7),
        category=st.sampled_from(sorted(TREE)),
        tier=st.sampled_from(["", "V5", "V4", "V3"]),
        channel=st.sampled_from(["", "phone", "sms"]),
    )
    def test_as_the_rule_says(self, scripts: list, category: str, tier: str, channel: str) -> None:
        author, other = (
            Person.objects.create(username=name, name=name, employee_no=name) for name in ("a", "b")
        )
        for number, (place, tiers, channels, published) in enumerate(scripts):
            keep(f"s{number}", author, other if published else None, place, tiers, channels)
        parents = TREE[category]
        found = script_for(category=category, parents=parents, tier=tier, channel=channel)
        wanted = slowly(scripts, [category, *parents, ""], tier, channel)
        assert (found and found.script.code) == wanted


def keep(code: str, author: Person, approver: Person | None, place: str, tiers: list, channels: list) -> None:
    start = timezone.now()
    state = {"state": "in_force", "approved_by": approver, "in_force_from": start} if approver else {}
    ScriptVersion.objects.create(
        script=Script.objects.create(code=code), number=1, title_zh=code, body_zh=code, author=author,
        written_at=start, category=place, tiers=tiers, channels=channels, **state,
    )  # fmt: skip


def slowly(scripts: list, places: list[str], tier: str, channel: str) -> str | None:
    """Place by place from the nearest, then with tier before without, then with channel before without."""
    for place in places:
        for named_tier in (True, False):
            for named_channel in (True, False):
                for number, (at, tiers, channels, published) in enumerate(scripts):
                    tier_fits = tier in tiers if named_tier else not tiers
                    channel_fits = channel in channels if named_channel else not channels
                    if published and at == place and tier_fits and channel_fits:
                        return f"s{number}"
    return None
