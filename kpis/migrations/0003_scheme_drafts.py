import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# No version may begin within signed periods, whoever writes it and by whatever way.
GUARD = """
CREATE FUNCTION kpis_scheme_not_into_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM kpis_scorecard
               WHERE state = 'final' AND start >= coalesce(new.serves_from, '0001-01-01')) THEN
        RAISE EXCEPTION 'a version of the scheme may not begin within signed periods'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER scheme_not_into_signed BEFORE INSERT ON kpis_schemeversion
    FOR EACH ROW EXECUTE FUNCTION kpis_scheme_not_into_signed();
"""
NO_GUARD = """
DROP TRIGGER scheme_not_into_signed ON kpis_schemeversion;
DROP FUNCTION kpis_scheme_not_into_signed();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('kpis', '0002_guards_and_stages'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SchemeDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('proposed', 'Waits for approval'), ('published', 'Published'), ('discarded', 'Discarded')], default='draft', max_length=10)),
                ('content', models.JSONField()),
                ('serves_from', models.DateField(null=True)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('edited_at', models.DateTimeField()),
                ('proposed_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('answer', models.CharField(blank=True, max_length=300)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.AlterField(
            model_name='schemeversion',
            name='approved_by',
            field=models.CharField(blank=True, max_length=160),
        ),
        migrations.AlterField(
            model_name='schemeversion',
            name='proposed_by',
            field=models.CharField(blank=True, max_length=160),
        ),
        migrations.AddConstraint(
            model_name='schemeversion',
            constraint=models.CheckConstraint(condition=models.Q(('number', 1), models.Q(models.Q(('proposed_by', ''), _negated=True), models.Q(('approved_by', ''), _negated=True), ('serves_from__isnull', False)), _connector='OR'), name='scheme_published_by_two'),
        ),
        migrations.AddField(
            model_name='schemedraft',
            name='based_on',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kpis.schemeversion'),
        ),
        migrations.AddField(
            model_name='schemedraft',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='schemedraft',
            name='edited_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='schemedraft',
            name='proposed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='schemedraft',
            name='published',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='draft', to='kpis.schemeversion'),
        ),
        migrations.AddConstraint(
            model_name='schemedraft',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), models.Q(('decided_by__isnull', False), ('proposed_by__isnull', False), ('published__isnull', False), models.Q(('decided_by', models.F('proposed_by')), _negated=True), models.Q(('decided_by', models.F('edited_by')), _negated=True)), _connector='OR'), name='scheme_draft_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='schemedraft',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'proposed'), _negated=True), models.Q(('proposed_by__isnull', False), ('serves_from__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='scheme_draft_proposed_is_complete'),
        ),
        migrations.AddConstraint(
            model_name='schemedraft',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('state',), name='scheme_draft_proposed_once'),
        ),
        migrations.RunSQL(GUARD, NO_GUARD),
    ]
