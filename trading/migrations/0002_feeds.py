"""The feeds' own tables. Balance, Holding and Trade are partitioned by month: 0003 makes them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0004_account_first_told_on'),
        ('staff', '0001_initial'),
        ('trading', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarOverride',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('is_open', models.BooleanField()),
                ('reason', models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30, unique=True)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('family', models.CharField(blank=True, choices=[('equity_fund', 'Equity fund'), ('bond_fund', 'Bond fund'), ('money_fund', 'Money market fund'), ('private_fund', 'Private fund'), ('structured_note', 'Structured note'), ('asset_management', 'Asset management plan'), ('advisory', 'Investment advisory')], max_length=20)),
                ('risk_level', models.CharField(blank=True, max_length=2)),
                ('told_on', models.DateField()),
                ('told_version', models.IntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='TradeKey',
            fields=[
                ('trade_no', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('feed_day', models.DateField()),
                ('client_id', models.BigIntegerField()),
                ('traded_on', models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name='TradingDay',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('is_open', models.BooleanField()),
            ],
        ),
        migrations.AddField(
            model_name='stalemark',
            name='taken',
            field=models.BooleanField(default=False),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Balance',
                    fields=[
                        ('pk', models.CompositePrimaryKey('client_id', 'day', 'account_id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('day', models.DateField()),
                        ('cash', models.DecimalField(decimal_places=4, max_digits=20)),
                        ('market_value', models.DecimalField(decimal_places=4, max_digits=20)),
                        ('product_value', models.DecimalField(decimal_places=4, max_digits=20)),
                        ('margin_debit', models.DecimalField(decimal_places=4, max_digits=20)),
                        ('account', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='clients.account')),
                        ('client', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='clients.client')),
                    ],
                ),
            ]
        ),
        migrations.CreateModel(
            name='FeedPackage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('trade_date', models.DateField(null=True)),
                ('version', models.IntegerField(null=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('loaded', 'Loaded'), ('replaced', 'Replaced by a correction'), ('already_loaded', 'Already loaded'), ('superseded', 'Superseded'), ('refused', 'Refused')], max_length=15)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('files', models.JSONField(default=dict)),
                ('problems', models.JSONField(default=list)),
                ('rows', models.BigIntegerField(default=0)),
                ('loaded', models.BigIntegerField(default=0)),
                ('quarantined', models.BigIntegerField(default=0)),
                ('sent_by', models.CharField(max_length=150)),
                ('received_at', models.DateTimeField(auto_now_add=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('upload', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'indexes': [models.Index(fields=['state', '-id'], name='feed_package_state')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'loaded')), fields=('trade_date',), name='feed_package_in_force_once'), models.UniqueConstraint(condition=models.Q(('state__in', ['loaded', 'replaced'])), fields=('trade_date', 'version'), name='feed_package_version_once')],
            },
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Holding',
                    fields=[
                        ('pk', models.CompositePrimaryKey('client_id', 'day', 'account_id', 'market', 'security_code', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('day', models.DateField()),
                        ('market', models.CharField(max_length=3)),
                        ('security_code', models.CharField(max_length=30)),
                        ('quantity', models.DecimalField(decimal_places=4, max_digits=20, null=True)),
                        ('market_value', models.DecimalField(decimal_places=4, max_digits=20, null=True)),
                        ('account', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='clients.account')),
                        ('client', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='clients.client')),
                        ('product', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='trading.product')),
                    ],
                ),
            ]
        ),
        migrations.CreateModel(
            name='ProductRecord',
            fields=[
                ('pk', models.CompositePrimaryKey('product_id', 'told_on', blank=True, editable=False, primary_key=True, serialize=False)),
                ('told_on', models.DateField()),
                ('told_version', models.IntegerField(default=1)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('family', models.CharField(blank=True, max_length=20)),
                ('risk_level', models.CharField(blank=True, max_length=2)),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='records', to='trading.product')),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Trade',
                    fields=[
                        ('pk', models.CompositePrimaryKey('client_id', 'traded_on', 'trade_no', 'feed_day', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('traded_on', models.DateField()),
                        ('trade_no', models.CharField(max_length=40)),
                        ('feed_day', models.DateField()),
                        ('counts', models.BooleanField(default=True)),
                        ('traded_at', models.DateTimeField()),
                        ('market', models.CharField(max_length=3, null=True)),
                        ('security_code', models.CharField(max_length=30, null=True)),
                        ('side', models.CharField(max_length=4)),
                        ('quantity', models.DecimalField(decimal_places=4, max_digits=20)),
                        ('price', models.DecimalField(decimal_places=4, max_digits=20)),
                        ('amount', models.DecimalField(decimal_places=4, max_digits=20)),
                        ('gross_commission', models.DecimalField(decimal_places=4, max_digits=20)),
                        ('handling_fee', models.DecimalField(decimal_places=4, max_digits=20)),
                        ('csrc_fee', models.DecimalField(decimal_places=4, max_digits=20)),
                        ('transfer_fee', models.DecimalField(decimal_places=4, max_digits=20)),
                        ('stamp_duty', models.DecimalField(decimal_places=4, max_digits=20)),
                        ('account', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='clients.account')),
                        ('client', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='clients.client')),
                    ],
                ),
            ]
        ),
        migrations.CreateModel(
            name='CashFlow',
            fields=[
                ('pk', models.CompositePrimaryKey('client_id', 'occurred_on', 'flow_no', 'feed_day', blank=True, editable=False, primary_key=True, serialize=False)),
                ('occurred_on', models.DateField()),
                ('flow_no', models.CharField(max_length=40)),
                ('feed_day', models.DateField()),
                ('counts', models.BooleanField(default=True)),
                ('occurred_at', models.DateTimeField()),
                ('direction', models.CharField(max_length=3)),
                ('amount', models.DecimalField(decimal_places=4, max_digits=20)),
                ('account', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='clients.account')),
                ('client', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='clients.client')),
            ],
            options={
                'indexes': [models.Index(fields=['feed_day'], name='cash_flow_feed_day')],
                'constraints': [models.UniqueConstraint(fields=('flow_no', 'feed_day'), name='cash_flow_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='CustodyEvent',
            fields=[
                ('pk', models.CompositePrimaryKey('client_id', 'feed_day', 'event_no', blank=True, editable=False, primary_key=True, serialize=False)),
                ('feed_day', models.DateField()),
                ('event_no', models.CharField(max_length=40)),
                ('counts', models.BooleanField(default=True)),
                ('kind', models.CharField(max_length=25)),
                ('value', models.DecimalField(decimal_places=4, max_digits=20)),
                ('residual_assets', models.DecimalField(decimal_places=4, max_digits=20)),
                ('client', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='clients.client')),
            ],
            options={
                'indexes': [models.Index(fields=['feed_day'], name='custody_feed_day')],
                'constraints': [models.UniqueConstraint(fields=('event_no', 'feed_day'), name='custody_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Income',
            fields=[
                ('pk', models.CompositePrimaryKey('client_id', 'feed_day', 'income_no', blank=True, editable=False, primary_key=True, serialize=False)),
                ('feed_day', models.DateField()),
                ('income_no', models.CharField(max_length=40)),
                ('counts', models.BooleanField(default=True)),
                ('kind', models.CharField(max_length=20)),
                ('amount', models.DecimalField(decimal_places=4, max_digits=20)),
                ('client', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='clients.client')),
            ],
            options={
                'indexes': [models.Index(fields=['feed_day'], name='income_feed_day')],
                'constraints': [models.UniqueConstraint(fields=('income_no', 'feed_day'), name='income_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='QuarantinedRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.CharField(max_length=20)),
                ('line', models.BigIntegerField()),
                ('key', models.CharField(blank=True, max_length=100)),
                ('column', models.CharField(blank=True, max_length=60)),
                ('code', models.CharField(max_length=30)),
                ('values', models.JSONField(default=dict)),
                ('parent', models.CharField(blank=True, max_length=60)),
                ('raw', models.BinaryField()),
                ('corrected', models.BinaryField(null=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting for its parent'), ('held', 'Held'), ('released', 'Released'), ('corrected', 'Corrected')], max_length=10)),
                ('settled_at', models.DateTimeField(null=True)),
                ('settled_by', models.CharField(blank=True, max_length=150)),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quarantine', to='trading.feedpackage')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['parent'], name='quarantined_row_parent'), models.Index(fields=['state', 'id'], name='quarantined_row_state')],
                'constraints': [models.UniqueConstraint(fields=('package', 'file', 'line'), name='quarantined_row_once')],
            },
        ),
        migrations.CreateModel(
            name='UnitSpan',
            fields=[
                ('pk', models.CompositePrimaryKey('unit_id', 'from_date', blank=True, editable=False, primary_key=True, serialize=False)),
                ('from_date', models.DateField()),
                ('to_date', models.DateField()),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='staff.unit')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='staff.unit')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('to_date__gt', models.F('from_date'))), name='unit_span_forward')],
            },
        ),
    ]
