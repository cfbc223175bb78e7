"""The lifecycle thresholds and version 1 of the value model; it scores nobody until breakpoints are published."""

from datetime import date

from django.db import migrations
from django.utils import timezone


def _indicator(code, axis, weight, places, ranks="all"):
    return {"code": code, "axis": axis, "weight": weight, "places": places, "ranks": ranks}


def _tier(code, cut, closes_before_down, chinese, english, colour):
    names = {"zh-hans": chinese, "en": english}
    return {
        "code": code, "cut": cut, "closes_before_down": closes_before_down, "names": names, "colour": colour,
    }  # fmt: skip


DEFINITION = {
    "axes": [
        {"code": "current", "weight": "0.50"},
        {"code": "potential", "weight": "0.30"},
        {"code": "loyalty", "weight": "0.20"},
    ],
    "indicators": [
        _indicator("contribution_12m", "current", "0.70", 4, "positive"),
        _indicator("contribution_3m_x4", "current", "0.30", 4, "positive"),
        _indicator("assets_avg_3m", "potential", "0.50", 4, "positive"),
        _indicator("net_inflow_ratio", "potential", "0.25", 6),
        _indicator("declared_outside_assets", "potential", "0.25", 4, "positive"),
        _indicator("recency_days", "loyalty", "0.15", 0, "inverted"),
        _indicator("active_months_12m", "loyalty", "0.15", 0),
        _indicator("turnover_12m", "loyalty", "0.10", 4),
        _indicator("product_families", "loyalty", "0.25", 0),
        _indicator("tenure_years", "loyalty", "0.25", 6),
        _indicator("complaints_12m", "loyalty", "0.10", 0, "fixed"),
    ],
    "complaint_points": 25,
    "caps": {"product_families": 6, "tenure_years": 10},
    "new_months": 3,
    "tiers": [
        _tier("V1", None, 0, "普通", "Standard", "#5d6b84"),
        _tier("V2", "30", 2, "银", "Silver", "#475569"),
        _tier("V3", "50", 2, "金", "Gold", "#7a4f00"),
        _tier("V4", "70", 5, "白金", "Platinum", "#1d5b74"),
        _tier("V5", "85", 5, "钻石", "Diamond", "#4b3bb8"),
    ],
    "hysteresis": {"up": "2", "down": "3"},
    "matrix": {"current": "60", "potential": "60"},
    "flags": {
        "dormant_asset": {"assets": "10000"},
        "at_risk": {"assets_share": "0.5", "contribution_share": "0.5", "tiers": ["V3", "V4", "V5"]},
    },
    "stages": {
        "repeat": {"active_months": 2, "product_families": 2},
        "client": {"active_months": 6, "product_families": 2, "tenure_years": 1},
        "advocate": {"referral_months": 24, "nps": 9},
    },
    "clv": {"years": 5, "discount": "0.10"},
    "asset_classes": [
        {"code": "large", "assets": "5000000"},
        {"code": "medium", "assets": "500000"},
        {"code": "retail", "assets": None},
    ],
}


def seed(apps, schema_editor):
    apps.get_model("segmentation", "Threshold").objects.create(effective_on=date(1900, 1, 1))
    apps.get_model("segmentation", "ModelVersion").objects.create(
        number=1, definition=DEFINITION, state="published", published_at=timezone.now()
    )


class Migration(migrations.Migration):
    dependencies = [("segmentation", "0004_view_and_stages")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
