"""The demo's scripts are in force, complete in both languages, and found where they belong."""

import pytest

from crm.demo_loading.scripts import make_scripts
from knowledge.models import ScriptVersion
from knowledge.queries.scripts import parents_of, script_for

pytestmark = pytest.mark.django_db


def test_all_are_in_force_once(cast) -> None:
    make_scripts()
    make_scripts()
    rows = ScriptVersion.objects.order_by("script__code", "number").values_list(
        "script__code", "number", "state", "author__username", "approved_by__username"
    )
    codes = (
        "account-opening", "app-fault", "call-opening", "complaint-first", "margin-trading",
        "portfolio-review", "portfolio-review-best",
    )  # fmt: skip
    first = {(code, 1, "in_force", "ma.wentao", "pei.guoqiang") for code in codes}
    assert set(rows) == first | {("call-opening", 2, "proposed", "ma.wentao", None)}
    assert len(rows) == 8


def test_both_languages_are_complete(cast) -> None:
    make_scripts()
    for version in ScriptVersion.objects.all():
        assert version.title_en and version.body_en
        assert version.body_zh.count("\n\n") == version.body_en.count("\n\n")
        assert all(step["zh"] and step["en"] for step in version.steps)
        assert any(step["required"] for step in version.steps)


@pytest.mark.parametrize(
    ("category", "tier", "channel", "code"),
    [
        ("complaint", "V1", "phone", "complaint-first"),
        ("care.review", "V5", "phone", "portfolio-review-best"),
        ("care.review", "V2", "wecom", "portfolio-review"),
        ("enquiry.account", "", "weibo", "app-fault"),
        ("enquiry.account", "", "phone", "app-fault"),
        ("enquiry.trading", "V4", "chat", "margin-trading"),
        ("request.opening", "", "visit", "account-opening"),
        ("offer", "V3", "phone", "call-opening"),
        ("offer", "V3", "email", None),
    ],
)
def test_each_stands_where_it_belongs(cast, category: str, tier: str, channel: str, code: str | None) -> None:
    make_scripts()
    found = script_for(category=category, parents=parents_of(category), tier=tier, channel=channel)
    assert (found and found.script.code) == code
