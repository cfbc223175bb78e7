"""Rules of saved segments: what is refused and why, and the compiled query against a slow answer."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clients.models import Client
from segmentation import building
from segmentation.queries.catalogue import CATALOGUE, FIELDS
from segmentation.queries.compiling import Frame, bits, framed, matching, of_bits, whole
from segmentation.queries.telling import Teller
from segmentation.rules import Condition, Field, Group, Kind, RuleError, leaves, plain, read, span
from segmentation.rules.fields import CALENDAR, OF_CODES, RELATIVE, WITH_MONTHS, WITHOUT_VALUE
from segmentation.rules.tree import JOINS
from staff.models import Unit
from tests.segmentation.crowd import FAMILIES, LEVELS, TAGS, TIERS, TODAY, holds, make_crowd, meets

CODES = {
    "branch": ["1001", "1002", "1005", "1099"], "region": ["R1", "R2"], "manager_no": ["M1", "M2", "M9"],
    "kind": Client.Kind.values, "status": ["normal", "frozen", "closed"], "sex": ["F", "M"],
    "risk_level": [level for level in LEVELS if level], "investor_class": ["ordinary", "professional_a"],
    "tags": list(TAGS), "tier": [tier for tier in TIERS if tier], "matrix": ["core", "grow", "watch"],
    "stage": ["first", "repeat", "client", "lapsed"], "flags": ["at_risk", "dormant_asset"],
    "families": [*FAMILIES, "advisory"],
}  # fmt: skip
NUMBERS = st.sampled_from(
    [Decimal(text) for text in ("-1", "0", "0.25", "3.5", "30", "60", "999", "1000", "50000")]
)
DAYS = st.sampled_from([date(2026, 10, 31), date(2026, 10, 1), date(2026, 8, 2), date(2025, 10, 31)])
# Facts that the crowd leaves out: all clients are alike in them.
LEFT_OUT = {"callback_passed_on"} | {
    field.key for field in FIELDS if field.key in (
        "potential", "loyalty", "contribution_3m_x4", "assets_avg_3m", "active_months_12m", "turnover_12m",
        "product_families", "tenure_years", "complaints_12m",
    )
}  # fmt: skip
# A row that may be missing, asked for twice beside each other, once against.
TWICE = Group(
    "any",
    (Condition("tier_since", "in_last", 1, "days", None), Condition("tier", "not_in", ("V1",), "", None)),
)
FINE = {"field": "score", "op": "gte", "value": "70"}
ASKED = [field for field in FIELDS if field.key not in LEFT_OUT]


def _pair(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.tuples(values, values).map(lambda two: tuple(sorted(two)))


def _values(field: Field, op: str) -> st.SearchStrategy[Any]:
    if op in WITHOUT_VALUE:
        return st.none()
    if op in OF_CODES:
        return st.lists(st.sampled_from(CODES[field.key]), min_size=1, max_size=3, unique=True).map(tuple)
    if op in RELATIVE:
        return st.sampled_from([1, 3, 12, 30, 90])
    if op in CALENDAR:
        return st.sampled_from(["month", "quarter", "year"])
    kinds: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.DATE: DAYS,
        Kind.EVENT: DAYS,
        Kind.AGE: st.sampled_from([0, 20, 40, 76]),
    }
    one = kinds.get(field.kind, NUMBERS)
    return _pair(one) if op == "between" else one


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    field = draw(st.sampled_from(ASKED))
    op = draw(st.sampled_from(field.operators))
    months = draw(st.integers(1, 9)) if field.kind in WITH_MONTHS else None
    unit = draw(st.sampled_from(["days", "months"])) if op in RELATIVE else ""
    return Condition(field.key, op, draw(_values(field, op)), unit, months)


def groups(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Group]:
    return st.builds(Group, st.sampled_from(JOINS), st.lists(items, min_size=1, max_size=3).map(tuple))


RULES = st.recursive(groups(conditions()), lambda below: groups(conditions() | below), max_leaves=6)


@pytest.mark.django_db
def test_any_rule_finds_whom_the_slow_answer_finds(units: dict[str, Unit]) -> None:
    """Live and at a close; and the bits of its conditions tell which counted for whom."""
    crowd = make_crowd(units)

    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(RULES)
    @example(TWICE)
    def agrees(rule: Group) -> None:
        expected = {facts.client.pk for facts in crowd if meets(facts, rule)}
        for frame in (Frame(TODAY), Frame(TODAY, at_close=True), Frame(TODAY, ids=(1, 2**31))):
            found = list(matching(Client.objects.order_by("pk"), rule, frame).values_list("pk", flat=True))
            assert found == sorted(expected)
            told = (
                framed(Client.objects.all(), frame).annotate(told=bits(rule, frame)).values_list("pk", "told")
            )
            counted = {
                facts.client.pk: sum(
                    (holds(facts, one.condition) != one.against) << one.number for one in leaves(rule)
                )
                for facts in crowd
            }
            assert dict(told) == counted
            assert _by_bits(rule, counted) == expected

    agrees()


def _by_bits(rule: Group, told: dict[int, int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM unnest(%s::int[], %s::int[]) AS found (id, told) WHERE {of_bits(rule)}",
            [list(told), list(told.values())],
        )
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db
def test_each_condition_alone_is_true_or_false_of_everybody(units: dict[str, Unit]) -> None:
    """Whatever is unknown: who does not meet it meets its opposite."""
    crowd = make_crowd(units, seed=5, size=12)
    everybody = {facts.client.pk for facts in crowd}

    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
    @given(conditions())
    def splits(condition: Condition) -> None:
        with_it, without = (
            set(
                matching(Client.objects.all(), Group(join, (condition,)), Frame(TODAY)).values_list(
                    "pk", flat=True
                )
            )
            for join in ("all", "none")
        )
        assert (with_it | without, with_it & without) == (everybody, set())

    splits()


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(RULES)
def test_a_rule_is_read_back_as_it_was_kept(rule: Group) -> None:
    known = {key: Field(one.key, one.source, one.kind, one.words) for key, one in CATALOGUE.items()}
    assert read(plain(rule), known) == rule
    assert Teller().sentence(rule)
    assert read(building.of_rule(plain(rule)).data(), known) == rule


@pytest.mark.parametrize(
    ("told", "places"),
    [
        ([], {""}),
        ({"all": []}, {""}),
        ({"all": [], "any": []}, {""}),
        ({"all": [{"any": []}]}, {"0"}),
        ({"all": [{"field": "nothing", "op": "in", "value": ["x"]}]}, {"0"}),
        ({"all": [{"field": "score", "op": "in", "value": ["70"]}]}, {"0"}),
        ({"all": [{"field": "score", "op": "gte", "value": "many"}]}, {"0"}),
        ({"all": [{"field": "score", "op": "gte", "value": True}]}, {"0"}),
        ({"all": [{"field": "score", "op": "gte", "value": "NaN"}]}, {"0"}),
        ({"all": [{"field": "score", "op": "between", "value": ["70", "30"]}]}, {"0"}),
        ({"all": [FINE, {"field": "tier", "op": "in", "value": []}]}, {"1"}),
        ({"all": [{"field": "tier", "op": "in", "value": ["V9"]}]}, {"0"}),
        ({"all": [{"any": [{"field": "opened_on", "op": "since", "value": "soon"}]}]}, {"0.0"}),
        ({"all": [{"field": "opened_on", "op": "in_last", "value": 0}]}, {"0"}),
        ({"all": [{"field": "opened_on", "op": "in_last", "value": 3, "unit": "weeks"}]}, {"0"}),
        ({"all": [{"field": "opened_on", "op": "this", "value": "week"}]}, {"0"}),
        ({"all": [{"field": "inflow", "op": "gte", "value": "1", "months": 99}]}, {"0"}),
        ({"all": [{"field": "inflow", "op": "gte", "value": "1"}]}, {"0"}),
        ({"all": [{"any": [{"any": [{"any": [{"any": [FINE]}]}]}]}]}, {"0.0.0.0"}),
        ({"all": [FINE] * 31}, {""}),
        ({"all": ["score"]}, {"0"}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_at_its_place(told: Any, places: set[str]) -> None:
    with pytest.raises(RuleError) as wrong:
        read(told, CATALOGUE)
    assert set(wrong.value.errors) == places


@pytest.mark.parametrize(
    ("op", "value", "unit", "days"),
    [
        ("in_last", 90, "days", (date(2026, 3, 2), date(2026, 5, 31))),
        ("in_last", 3, "months", (date(2026, 2, 28), date(2026, 5, 31))),
        ("older", 90, "days", (None, date(2026, 3, 1))),
        ("in_next", 1, "months", (date(2026, 5, 31), date(2026, 6, 30))),
        ("this", "month", "", (date(2026, 5, 1), date(2026, 5, 31))),
        ("this", "quarter", "", (date(2026, 4, 1), date(2026, 6, 30))),
        ("last", "quarter", "", (date(2026, 1, 1), date(2026, 3, 31))),
        ("last", "year", "", (date(2025, 1, 1), date(2025, 12, 31))),
        ("since", date(2026, 1, 1), "", (date(2026, 1, 1), None)),
    ],
)
def test_relative_dates_are_spans_of_days(op: str, value: Any, unit: str, days: Any) -> None:
    assert span(op, value, unit, date(2026, 5, 31)) == days


@pytest.mark.django_db
def test_the_rule_is_one_statement_with_bound_parameters(units: dict[str, Unit]) -> None:
    evil = "x' OR 1=1 --"
    rule = Group(
        "all", (Condition("manager_no", "in", (evil,)), Condition("contact", "not_in_last", 30, "days"))
    )
    sql, params = Client.objects.filter(whole(rule, Frame(TODAY))).query.sql_with_params()
    assert evil not in sql
    assert evil in params
