"""Sign-offs, and what keeps a frozen card as it is."""

import datetime
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# A final card stays as it is, its lines too; only whether it is the current revision may change.
GUARDS = """
CREATE FUNCTION kpis_keep_final_card() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept kpis_scorecard;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        kept := new;
        kept.current := old.current;
        IF kept IS NOT DISTINCT FROM old THEN
            RETURN new;
        END IF;
    END IF;
    RAISE EXCEPTION 'a final scorecard stays as it is' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER scorecard_final_stays BEFORE UPDATE OR DELETE ON kpis_scorecard
    FOR EACH ROW WHEN (old.state = 'final') EXECUTE FUNCTION kpis_keep_final_card();

CREATE FUNCTION kpis_keep_final_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM kpis_scorecard WHERE id = old.card_id AND state = 'final') THEN
        RAISE EXCEPTION 'the lines of a final scorecard stay as they are'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(new, old);
END $$;
CREATE TRIGGER scorecard_final_lines_stay BEFORE UPDATE OR DELETE ON kpis_scorecardline
    FOR EACH ROW EXECUTE FUNCTION kpis_keep_final_lines();

CREATE TRIGGER sign_off_append_only BEFORE UPDATE OR DELETE ON kpis_signoff
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();

CREATE FUNCTION kpis_check_sign_off() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    signed kpis_scorecard;
    newest bigint;
BEGIN
    SELECT * INTO signed FROM kpis_scorecard WHERE id = new.card_id;
    SELECT before.id INTO newest
    FROM kpis_signoff AS before
    JOIN kpis_scorecard AS card ON card.id = before.card_id
    WHERE card.period = signed.period AND card.unit_type = signed.unit_type AND card.unit_code = signed.unit_code
    ORDER BY card.revision DESC
    LIMIT 1;
    IF newest IS DISTINCT FROM new.replaces_id THEN
        RAISE EXCEPTION 'a sign-off replaces the newest one of its unit and period' USING ERRCODE = 'check_violation';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER sign_off_follows BEFORE INSERT ON kpis_signoff
    FOR EACH ROW EXECUTE FUNCTION kpis_check_sign_off();

CREATE FUNCTION kpis_check_final() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told bigint := CASE TG_TABLE_NAME WHEN 'kpis_signoff' THEN (to_jsonb(new) ->> 'card_id')::bigint ELSE new.id END;
BEGIN
    IF (SELECT state = 'final' FROM kpis_scorecard WHERE id = told)
       IS DISTINCT FROM EXISTS (SELECT FROM kpis_signoff WHERE card_id = told) THEN
        RAISE EXCEPTION 'a scorecard is final with its sign-off' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER scorecard_final_is_signed AFTER INSERT OR UPDATE OF state ON kpis_scorecard
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new.state = 'final') EXECUTE FUNCTION kpis_check_final();
CREATE CONSTRAINT TRIGGER sign_off_makes_final AFTER INSERT ON kpis_signoff
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kpis_check_final();
"""
NO_GUARDS = """
DROP TRIGGER sign_off_makes_final ON kpis_signoff;
DROP TRIGGER scorecard_final_is_signed ON kpis_scorecard;
DROP TRIGGER sign_off_follows ON kpis_signoff;
DROP TRIGGER sign_off_append_only ON kpis_signoff;
DROP TRIGGER scorecard_final_lines_stay ON kpis_scorecardline;
DROP TRIGGER scorecard_final_stays ON kpis_scorecard;
DROP FUNCTION kpis_check_final();
DROP FUNCTION kpis_check_sign_off();
DROP FUNCTION kpis_keep_final_lines();
DROP FUNCTION kpis_keep_final_card();
"""
FIRST_TERMS = """
INSERT INTO kpis_terms (effective_on, settle_days, confirm_days, sign_days, appeal_days, is_required)
VALUES ('1900-01-01', 5, 5, 10, 10, true)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('kpis', '0003_scheme_drafts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('confirmed_at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('card', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='confirmation', to='kpis.scorecard')),
                ('confirmed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='SignOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('definition', models.JSONField()),
                ('confirmed_at', models.DateTimeField()),
                ('signed_at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('card', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='sign_off', to='kpis.scorecard')),
                ('confirmed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='kpis.signoff')),
                ('signed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('confirmed_by', models.F('signed_by')), _negated=True), name='sign_off_four_eyes'), models.CheckConstraint(condition=models.Q(('replaces__isnull', True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='sign_off_adopted_for_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Terms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_on', models.DateField(default=datetime.date(1900, 1, 1), unique=True, verbose_name='In force from')),
                ('settle_days', models.PositiveSmallIntegerField(default=5, verbose_name='Days until cards are ready')),
                ('confirm_days', models.PositiveSmallIntegerField(default=5, verbose_name='Days to confirm')),
                ('sign_days', models.PositiveSmallIntegerField(default=10, verbose_name='Days to sign')),
                ('appeal_days', models.PositiveSmallIntegerField(default=10, verbose_name='Days to appeal')),
                ('is_required', models.BooleanField(default=True, verbose_name='Cards have to be signed')),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('sign_days__gte', models.F('confirm_days'))), name='terms_sign_later'), models.CheckConstraint(condition=models.Q(('settle_days__lte', 60), ('sign_days__lte', 60), ('appeal_days__lte', 60)), name='terms_within_a_quarter')],
            },
        ),
        migrations.RunSQL(FIRST_TERMS, migrations.RunSQL.noop),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
