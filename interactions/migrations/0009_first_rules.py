"""The first routing rules, to be changed by each firm: the best clients to their own manager, others to the unit."""

from django.db import migrations

RULES = [
    {"position": 10, "name": "Own manager of the best clients", "tiers": ["V5", "V4"], "target": "owner", "priority": 10},
    {"position": 20, "name": "Somebody of the unit", "target": "unit"},
]


def seed(apps, schema_editor):
    rule = apps.get_model("interactions", "RoutingRule")
    rule.objects.bulk_create(rule(**columns) for columns in RULES)


class Migration(migrations.Migration):
    dependencies = [("interactions", "0008_event_agents")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
