import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0009_search'),
        ('staff', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_date', models.DateField()),
                ('manager_no', models.CharField(blank=True, max_length=20)),
                ('old_manager_no', models.CharField(blank=True, max_length=20)),
                ('reason', models.CharField(max_length=300)),
                ('batch', models.BigIntegerField(null=True)),
                ('applied', models.BooleanField(default=False)),
                ('made_by', models.CharField(max_length=150)),
                ('made_at', models.DateTimeField()),
                ('cancelled_by', models.CharField(blank=True, max_length=150)),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.unit')),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='handovers', to='clients.client')),
                ('old_branch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['client', '-from_date'], name='handover_client'), models.Index(condition=models.Q(('batch__isnull', False)), fields=['batch', 'client'], name='handover_batch'), models.Index(condition=models.Q(('applied', False), ('cancelled_at__isnull', True)), fields=['from_date'], name='handover_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('cancelled_at__isnull', True)), fields=('client', 'from_date'), name='handover_once_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('cancelled_at__isnull', True), ('cancelled_by', '')), models.Q(('cancelled_at__isnull', False), models.Q(('cancelled_by', ''), _negated=True)), _connector='OR'), name='handover_cancelled_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='RecordMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('told_on', models.DateField()),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='clients.client')),
            ],
            options={
                'indexes': [models.Index(fields=['told_on'], name='record_mark_told_on')],
            },
        ),
    ]
