import django.db.models.deletion
import kpis.models.scheme
from django.conf import settings
from django.db import migrations, models

# Bookings and approved pools are never changed. All bookings of a period and unit type sum to the pool that was
# approved last, when the transaction ends: whoever books by whatever way.
GUARDS = """
CREATE TRIGGER reward_entry_immutable BEFORE UPDATE OR DELETE ON kpis_rewardentry
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER reward_run_immutable BEFORE UPDATE OR DELETE ON kpis_rewardrun
    FOR EACH ROW WHEN (old.state = 'approved') EXECUTE FUNCTION core_refuse_change();
CREATE FUNCTION kpis_check_reward_sum() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    booked numeric;
    approved numeric;
BEGIN
    SELECT coalesce(sum(amount), 0) INTO booked FROM kpis_rewardentry
    WHERE period = new.period AND unit_type = new.unit_type;
    SELECT coalesce(max(pool), 0) INTO approved FROM (
        SELECT pool FROM kpis_rewardrun
        WHERE period = new.period AND unit_type = new.unit_type AND state = 'approved'
        ORDER BY id DESC LIMIT 1
    ) AS newest;
    IF booked <> approved THEN
        RAISE EXCEPTION 'rewards of % % sum to %, not to the pool of %', new.period, new.unit_type, booked, approved
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER reward_entry_sum AFTER INSERT ON kpis_rewardentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kpis_check_reward_sum();
CREATE CONSTRAINT TRIGGER reward_run_sum AFTER INSERT OR UPDATE ON kpis_rewardrun
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new.state = 'approved')
    EXECUTE FUNCTION kpis_check_reward_sum();
"""
NO_GUARDS = """
DROP TRIGGER reward_run_sum ON kpis_rewardrun;
DROP TRIGGER reward_entry_sum ON kpis_rewardentry;
DROP FUNCTION kpis_check_reward_sum();
DROP TRIGGER reward_run_immutable ON kpis_rewardrun;
DROP TRIGGER reward_entry_immutable ON kpis_rewardentry;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('kpis', '0007_proposals'),
        ('staff', '0003_how_people_sign_in'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='schemeversion',
            name='rewards',
            field=models.JSONField(default=kpis.models.scheme.default_rewards),
        ),
        migrations.CreateModel(
            name='RewardRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=7)),
                ('unit_type', models.CharField(choices=[('firm', 'Firm'), ('region', 'Region'), ('branch', 'Branch'), ('manager', 'Client manager')], max_length=7)),
                ('pool', models.DecimalField(decimal_places=2, max_digits=16)),
                ('reason', models.CharField(max_length=500)),
                ('lines', models.JSONField()),
                ('state', models.CharField(choices=[('proposed', 'Waits for approval'), ('approved', 'Approved'), ('declined', 'Declined')], default='proposed', max_length=10)),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('answer', models.CharField(blank=True, max_length=300)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kpis.schemeversion')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='RewardEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=7)),
                ('unit_type', models.CharField(choices=[('firm', 'Firm'), ('region', 'Region'), ('branch', 'Branch'), ('manager', 'Client manager')], max_length=7)),
                ('unit_code', models.CharField(blank=True, max_length=20)),
                ('unit_name', models.CharField(max_length=100)),
                ('score', models.DecimalField(decimal_places=2, max_digits=6, null=True)),
                ('coefficient', models.DecimalField(decimal_places=6, max_digits=12)),
                ('base', models.DecimalField(decimal_places=4, max_digits=16)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=16)),
                ('booked_at', models.DateTimeField(auto_now_add=True)),
                ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kpis.scorecard')),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='kpis.rewardentry')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.unit')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='kpis.rewardrun')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='rewardrun',
            constraint=models.CheckConstraint(condition=models.Q(('pool__gt', 0)), name='reward_run_pool_positive'),
        ),
        migrations.AddConstraint(
            model_name='rewardrun',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='reward_run_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='rewardrun',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('period', 'unit_type'), name='reward_run_proposed_once'),
        ),
        migrations.AddIndex(
            model_name='rewardentry',
            index=models.Index(fields=['period', 'unit_type'], name='reward_entry_period'),
        ),
        migrations.AddIndex(
            model_name='rewardentry',
            index=models.Index(fields=['unit_type', 'unit_code', '-id'], name='reward_entry_unit'),
        ),
        migrations.AddConstraint(
            model_name='rewardentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__gte', 0), ('reverses__isnull', True)), models.Q(('amount__lte', 0), ('reverses__isnull', False)), _connector='OR'), name='reward_entry_reversal_is_negative'),
        ),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
