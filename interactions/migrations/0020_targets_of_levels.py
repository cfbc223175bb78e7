"""Targets of the service levels as data; those so far hold for the firm from the beginning."""

from datetime import date
from decimal import Decimal
from typing import Any

import django.db.models.deletion
from django.db import migrations, models


BEGINNING = date(1900, 1, 1)
FIRST = (
    ("service_level", "", "0.8", "0.7"),
    ("service_level_target", "", "0.8", "0.7"),
    ("abandonment", "", "0.05", "0.08"),
    ("asa_seconds", "", "20", "30"),
    ("aht_seconds", "", "300", "360"),
    ("csat", "", "0.9", "0.8"),
    *(("asa_seconds", channel, "60", "120") for channel in ("chat", "wecom", "wechat")),
    *(("asa_seconds", channel, "7200", "14400") for channel in ("email", "weibo", "sms")),
    ("asa_seconds", "visit", "300", "900"),
)
"""Figure, channel, target, near until; for written channels after the thresholds of their best tiers."""


def seed(apps: Any, _editor: Any) -> None:
    apps.get_model("interactions", "LevelTarget").objects.bulk_create(
        apps.get_model("interactions", "LevelTarget")(
            figure=figure, channel=channel, target=Decimal(target), limit=Decimal(limit), from_date=BEGINNING
        )
        for figure, channel, target, limit in FIRST
    )


class Migration(migrations.Migration):

    dependencies = [
        ('interactions', '0019_steps_of_entries'),
        ('staff', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='LevelTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('figure', models.CharField(choices=[('service_level', 'Service level 80/20'), ('service_level_target', 'Service level by channel and tier'), ('abandonment', 'Abandonment'), ('asa_seconds', 'Average speed of answer'), ('aht_seconds', 'Average handling time'), ('fcr', 'First contact resolution'), ('csat', 'Satisfaction'), ('nps', 'Net promoter score')], max_length=20)),
                ('channel', models.CharField(blank=True, choices=[('phone', 'Phone'), ('visit', 'Branch visit'), ('wecom', 'WeCom'), ('wechat', 'WeChat official account'), ('chat', 'App or web chat'), ('sms', 'SMS'), ('email', 'Email'), ('weibo', 'Weibo')], max_length=10)),
                ('target', models.DecimalField(decimal_places=6, max_digits=12)),
                ('limit', models.DecimalField(decimal_places=6, max_digits=12)),
                ('from_date', models.DateField(default=date(1900, 1, 1))),
                ('unit', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.unit')),
            ],
            options={
                'ordering': ['figure', 'channel', 'unit', 'from_date'],
                'constraints': [models.UniqueConstraint(fields=('figure', 'channel', 'unit', 'from_date'), name='level_target_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('figure__in', ['abandonment', 'asa_seconds', 'aht_seconds']), ('limit__gte', models.F('target'))), models.Q(models.Q(('figure__in', ['abandonment', 'asa_seconds', 'aht_seconds']), _negated=True), ('limit__lte', models.F('target'))), _connector='OR'), name='level_target_before_limit')],
            },
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
