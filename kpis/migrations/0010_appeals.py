"""Appeals, their evidence, and adjustments that stay as they are once decided."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE TRIGGER adjustment_decided_stays BEFORE UPDATE OR DELETE ON kpis_adjustment
    FOR EACH ROW WHEN (old.state <> 'proposed') EXECUTE FUNCTION core_refuse_change();
"""
NO_GUARD = "DROP TRIGGER adjustment_decided_stays ON kpis_adjustment"


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0019_imports_of_systems'),
        ('kpis', '0009_ways'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Adjustment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=7)),
                ('unit_type', models.CharField(max_length=7)),
                ('unit_code', models.CharField(blank=True, max_length=20)),
                ('subject', models.CharField(max_length=17)),
                ('amount', models.DecimalField(decimal_places=4, max_digits=20)),
                ('state', models.CharField(choices=[('proposed', 'Waits for a second person'), ('approved', 'Approved'), ('declined', 'Declined')], default='proposed', max_length=8)),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='CardAppeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.CharField(max_length=13)),
                ('text', models.CharField(max_length=2000)),
                ('lodged_at', models.DateTimeField()),
                ('answer_by', models.DateField(null=True)),
                ('state', models.CharField(choices=[('lodged', 'Lodged'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn')], default='lodged', max_length=9)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answer', models.CharField(blank=True, max_length=2000)),
                ('remedy', models.CharField(blank=True, choices=[('correction', 'Correction in the source'), ('adjustment', 'Adjustment')], max_length=10)),
                ('reference', models.CharField(blank=True, max_length=300)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='AppealFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('secret', models.BinaryField(default=b'')),
                ('name', models.CharField(max_length=150)),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.IntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('coming', 'Still to be fetched'), ('waiting', 'Waiting for the scan'), ('clean', 'Clean'), ('refused', 'Refused'), ('lost', 'Could not be fetched')], default='waiting', max_length=7)),
                ('finding', models.CharField(blank=True, max_length=200)),
                ('added_by', models.CharField(max_length=150)),
                ('added_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='terms',
            name='terms_within_a_quarter',
        ),
        migrations.AddField(
            model_name='terms',
            name='answer_days',
            field=models.PositiveSmallIntegerField(default=10, verbose_name='Days to answer an appeal'),
        ),
        migrations.AddConstraint(
            model_name='terms',
            constraint=models.CheckConstraint(condition=models.Q(('settle_days__lte', 60), ('sign_days__lte', 60), ('appeal_days__lte', 60), ('answer_days__lte', 60)), name='terms_within_a_quarter'),
        ),
        migrations.AddField(
            model_name='adjustment',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='adjustment',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='cardappeal',
            name='answered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='cardappeal',
            name='card',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='kpis.scorecard'),
        ),
        migrations.AddField(
            model_name='cardappeal',
            name='clients',
            field=models.ManyToManyField(related_name='+', to='clients.client'),
        ),
        migrations.AddField(
            model_name='cardappeal',
            name='lodged_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='adjustment',
            name='appeal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adjustments', to='kpis.cardappeal'),
        ),
        migrations.AddField(
            model_name='appealfile',
            name='appeal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='kpis.cardappeal'),
        ),
        migrations.AddConstraint(
            model_name='cardappeal',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'lodged')), fields=('card', 'line'), name='scorecard_appeal_open_once'),
        ),
        migrations.AddConstraint(
            model_name='cardappeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_by__isnull', True), ('state__in', ['lodged', 'withdrawn'])), models.Q(('answered_by__isnull', False), ('state__in', ['accepted', 'declined']), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='scorecard_appeal_answered'),
        ),
        migrations.AddConstraint(
            model_name='cardappeal',
            constraint=models.CheckConstraint(condition=models.Q(('answered_by__isnull', True), models.Q(('answered_by', models.F('lodged_by')), _negated=True), _connector='OR'), name='scorecard_appeal_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='cardappeal',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'accepted'), ('remedy', ''), _connector='XOR'), name='scorecard_appeal_remedy'),
        ),
        migrations.AddConstraint(
            model_name='cardappeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('remedy', 'correction'), _negated=True), models.Q(('reference', ''), _negated=True), _connector='OR'), name='scorecard_appeal_reference'),
        ),
        migrations.AddIndex(
            model_name='adjustment',
            index=models.Index(fields=['period', 'unit_type', 'unit_code'], name='adjustment_unit'),
        ),
        migrations.AddConstraint(
            model_name='adjustment',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'declined'), _negated=True), fields=('appeal',), name='adjustment_once'),
        ),
        migrations.AddConstraint(
            model_name='adjustment',
            constraint=models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='adjustment_not_nothing'),
        ),
        migrations.AddConstraint(
            model_name='adjustment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', True), ('state', 'proposed')), models.Q(('decided_by__isnull', False), ('state__in', ['approved', 'declined'])), _connector='OR'), name='adjustment_decided'),
        ),
        migrations.AddConstraint(
            model_name='adjustment',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='adjustment_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='appealfile',
            constraint=models.CheckConstraint(condition=models.Q(('size__gte', 0)), name='appeal_file_size'),
        ),
        migrations.RunSQL(GUARD, NO_GUARD),
    ]
