"""Released reports may be corrected: a further report of the month that says which one it corrects, and why."""

import django.db.models.deletion
from django.db import migrations, models

GUARDS = """
CREATE FUNCTION kpis_report_corrects() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF old.state <> 'draft' THEN
            RAISE EXCEPTION 'the report of % stands', old.period USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN old;
    END IF;
    IF new.corrects_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM kpis_report AS corrected
        WHERE corrected.id = new.corrects_id AND corrected.state = 'released'
          AND corrected.period = new.period AND corrected.number = new.number - 1
    ) THEN
        RAISE EXCEPTION 'only a released report of the month before it in number is corrected'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER report_corrects BEFORE INSERT OR DELETE OR UPDATE OF period, number, corrects_id ON kpis_report
    FOR EACH ROW EXECUTE FUNCTION kpis_report_corrects();
"""
NO_GUARDS = """
DROP TRIGGER report_corrects ON kpis_report;
DROP FUNCTION kpis_report_corrects();
"""


class Migration(migrations.Migration):

    dependencies = [('kpis', '0010_appeals')]

    operations = [
        migrations.AlterModelOptions(name='report', options={'ordering': ['-period', '-number']}),
        migrations.AddField('report', 'number', models.SmallIntegerField(default=1)),
        migrations.AddField(
            'report',
            'corrects',
            models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='kpis.report'),
        ),
        migrations.AddField('report', 'reason', models.CharField(blank=True, max_length=300, default=''), preserve_default=False),
        migrations.AlterField('report', 'period', models.CharField(max_length=7)),
        migrations.AddConstraint('report', models.UniqueConstraint(fields=['period', 'number'], name='report_number_once')),
        migrations.AddConstraint(
            'report',
            models.CheckConstraint(
                condition=models.Q(models.Q(('corrects__isnull', True), ('number', 1), ('reason', '')), models.Q(('corrects__isnull', False), ('number__gt', 1), models.Q(('reason', ''), _negated=True)), _connector='OR'),
                name='report_corrects_for_a_reason',
            ),
        ),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
