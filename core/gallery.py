"""Every component and chart on one page, for those who build pages; served only while debugging."""

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse

from core.charts import (
    Group,
    Part,
    Series,
    Step,
    bars,
    concentration,
    donut,
    flow,
    gauge,
    heat_matrix,
    ring,
    sparkline,
    trend,
    waterfall,
)
from core.formats import percent
from core.lists import Column, ListFilters, ListPage
from core.templatetags.ui import tier_names

MONTHS = [f"2026-{month:02}" for month in range(1, 13)]
NEW = [4.1, 4.4, 4.9, 4.6, 5.2, 5.4, 5.1, 5.6, 5.9, 5.8, 6.1, 6.2]
LOST = [5.2, 5.0, 5.1, 4.8, 4.9, 4.6, 4.5, 4.6, 4.3, None, 4.1, 4.0]
UP = [5.9, 5.8, 6.2, 6.4, 6.1, 6.3, 6.6, 6.5, 6.8, 6.9, 7.0, 6.6]
STEPS = [
    ("Opening", 1000, True), ("New", 60, False), ("Reactivated", 5, False), ("Lost", -40, False),
    ("Excluded", -2, False), ("In", 10, False), ("Out", -13, False), ("Closing", 1020, True),
]  # fmt: skip
MOVES = {
    ("V5", "V5"): 45, ("V5", "V4"): 6, ("V4", "V5"): 9, ("V4", "V4"): 150, ("V4", "V3"): 20,
    ("V3", "V4"): 25, ("V3", "V3"): 300, ("V3", "V2"): 31, ("V2", "V3"): 38, ("V2", "V2"): 420,
    ("V2", "V1"): 60, ("V1", "V2"): 44, ("V1", "V1"): 700, ("NEW", "V1"): 80, ("NEW", "V2"): 30,
}  # fmt: skip
PARETO = [(0.0, 0.0), (0.01, 0.18), (0.05, 0.46), (0.2, 0.81), (0.5, 1.02), (0.7, 1.05), (1.0, 1.0)]
BY_ASSETS = [(0.0, 0.0), (0.01, 0.12), (0.05, 0.33), (0.2, 0.64), (0.5, 0.93), (0.7, 1.0), (1.0, 1.0)]


class PeopleFilters(ListFilters):
    q = django_filters.CharFilter(field_name="username", lookup_expr="icontains", label="Search")
    is_active = django_filters.BooleanFilter(label="Active")
    created_from = django_filters.DateFilter(
        field_name="created_at",
        lookup_expr="gte",
        label="Created from",
        widget=forms.DateInput({"type": "date"}),
    )


class PeopleList(ListPage):
    name = "gallery"
    caption = "People"
    filterset = PeopleFilters
    default_sort = "username"
    page_size = 20
    columns = (
        Column("username", "User name", sort="username", fixed=True, link=lambda row: f"#{row.pk}"),
        Column("name", "Name", sort="name"),
        Column("tier", "Tier", kind="tier", value=lambda row: list(tier_names())[row.pk % 6]),
        Column("assets", "Assets", kind="money_short", value=lambda row: 123456.789 * row.pk),
        Column("created_at", "Created", kind="moment", sort="created_at", descends=True, small=False),
        Column("last_login", "Last sign-in", kind="moment", sort="last_login", descends=True, shown=False),
    )


class ExampleForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the identity card.")
    amount = forms.DecimalField(label="Amount", required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")])
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)
    agreed = forms.BooleanField(label="Agreed", required=False)


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """All components; `?toast=1` shows the messages."""
    if "toast" in request.GET:
        messages.success(request, "Saved")
        messages.error(request, "That did not work. Try again; if it stays so, tell the administrator.")
    people = PeopleList(request, get_user_model()._default_manager.all())
    return people.render("core/gallery.html", {"form": ExampleForm({"amount": "x"}), **_charts()})


def _charts() -> dict[str, Any]:
    groups = [Group(code, name, f"t-{code}") for code, name in tier_names().items()]
    parts = [
        Part("Stocks", 44),
        Part("Funds", 25),
        Part("Private funds", 19),
        Part("Bonds", 8),
        Part("Cash", 4),
    ]
    lines = [Series("New", NEW), Series("Lost", LOST), Series("Upgraded", UP)]
    channels = [
        Series(name, [value / k for value in NEW[:6]]) for k, name in enumerate(("Phone", "WeCom", "App"), 1)
    ]
    return {
        "gauges": _gauges(),
        "trend": trend("Rates of 12 months", MONTHS, lines, target=5, write=lambda value: f"{value:.1f}%"),
        "stacked": bars("Service by channel", MONTHS[:6], channels, stacked=True),
        "grouped": bars(
            "Profit by tier", MONTHS[:6], [Series("H", [5, 4, 6, -2, 3, 5]), Series("L", [1, 2, 1, 1, 2, 2])]
        ),
        "waterfall": waterfall("From opening to closing", [Step(*step) for step in STEPS]),
        "donut": donut("Holdings", parts, total="1,288", unit="万"),
        "ring": ring("Value score", 87.4, tone="t-V5", caption="Score"),
        "pareto": concentration("Concentration of value", [("By score", PARETO), ("By assets", BY_ASSETS)]),
        "flow": flow("Tier migration", groups, MOVES),
        "matrix": heat_matrix("Tier migration", groups, MOVES, urls={("V4", "V5"): "#matrix"}),
        "spark": sparkline("Score of 12 months", UP, tone="t-V5"),
    }


def _gauges() -> list[dict[str, Any]]:
    """Four cards as on the scorecard: rate, target, state, change, spark line."""
    rows: list[tuple[Any, ...]] = [
        ("New client rate", 0.0524, 0.02, 0.08, 0.06, "warn", NEW, 0.8, "higher"),
        ("Lost client rate", 0.041, 0.08, 0.03, 0.04, "ok", LOST, -0.6, "lower"),
        ("Upgraded client rate", 0.066, 0.02, 0.10, 0.06, "ok", UP, 0.4, "higher"),
        ("Profitability", None, 0, 1, None, "", [None, None], None, "higher"),
    ]
    return [
        {
            "title": title, "tone": tone, "change": change, "better": better, "target": target,
            "chart": gauge(title, value, low=low, high=high, target=target, tone=tone or "c1", write=percent),
            "spark": sparkline(title, values, tone=tone or "c1"),
        }
        for title, value, low, high, target, tone, values, change, better in rows
    ]  # fmt: skip
