"""Drafts of the value model, and one function that scores all clients of a date by a draft.

A tier that the row has by hand stays under any draft; `plain` is by the cut-offs alone.

The function is one expression the planner puts into the statement that asks, so that it runs in parallel and
reads only what is asked for. OFFSET '0' keeps the planner from reckoning an expression twice; a plain 0, which it
takes for a limit until it has been cast, would keep workers out, as would a subquery that asks for one client: such
questions are functions.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

INDICATORS = (
    "contribution_12m", "contribution_3m_x4", "assets_avg_3m", "net_inflow_ratio", "declared_outside_assets",
    "recency_days", "active_months_12m", "turnover_12m", "product_families", "tenure_years",
)  # fmt: skip
# raw values enter their curve in whole units of their last place, as in sql/score_stage.sql
UNITS = {
    "contribution_12m": 10_000, "contribution_3m_x4": 10_000, "assets_avg_3m": 10_000,
    "net_inflow_ratio": 1_000_000, "declared_outside_assets": 10_000, "turnover_12m": 10_000,
    "tenure_years": 1_000_000,
}  # fmt: skip
AXES = {"current": (1, 2), "potential": (3, 4, 5), "loyalty": (6, 7, 8, 9, 10, 11)}
COLUMNS = (
    "client_id, branch_id, kind, mature, contribution_12m, contribution_3m_x4, assets_avg_3m, net_inflow_ratio, "
    "declared_outside_assets, recency_days, active_months_12m, turnover_12m, product_families, tenure_years, "
    "complaints_12m, assets_end, score, tier, tier_reason"
)


def _value(name):
    unit = UNITS.get(name)
    return f"({name} * {unit})::bigint::float8" if unit else f"{name}::float8"


def _lines():
    """The curves of a kind beside each other, one row a kind."""
    parts = [
        f"max({column}) FILTER (WHERE indicator = '{name}') AS {column}{number}"
        for number, name in enumerate(INDICATORS, start=1)
        for column in ("xs", "starts", "slopes")
    ]
    return ",\n               ".join(parts)


def _sum(axis):
    parts = (f"coalesce(weights[{number}] * p{number}, 0)" for number in AXES[axis])
    return f"{' + '.join(parts)} AS {axis}_sum"


def _weight(axis):
    parts = (f"segmentation_weight(p{number}, weights[{number}])" for number in AXES[axis])
    return f"{' + '.join(parts)} AS {axis}_weight"


def _listed(pattern):
    return ", ".join(pattern.format(n=number) for number in range(1, 11))


ARGUMENTS = (
    "draft bigint, day date, is_night boolean, is_close boolean, weights float8[], complaint_points float8, "
    "codes text[], cuts numeric[], closes_before_down integer[], up_margin numeric, down_margin numeric, "
    "closes date[]"
)
TYPES = (
    "bigint, date, boolean, boolean, float8[], float8, text[], numeric[], integer[], numeric, numeric, date[]"
)
FUNCTION = f"""
CREATE FUNCTION segmentation_tier_at(client bigint, day date) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT tier FROM segmentation_scoreclose WHERE client_id = client AND as_of = day
$$;
CREATE FUNCTION segmentation_closes_below(client bigint, line numeric, first date, day date) RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT count(*) FROM segmentation_scoreclose
WHERE client_id = client AND as_of >= first AND as_of < day AND score < line
$$;
CREATE FUNCTION segmentation_tried({ARGUMENTS})
    RETURNS TABLE (client_id bigint, branch_id bigint, contribution numeric, assets numeric, live_score numeric,
                   live_tier text, by_hand boolean, score numeric, tier text, plain text)
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT client_id, branch_id, contribution_12m, coalesce(assets_end, 0), live_score, live_tier, by_hand,
       CASE WHEN mature THEN score END,
       CASE WHEN by_hand THEN live_tier WHEN NOT mature THEN 'NEW'
            WHEN score IS NULL THEN before
            WHEN before_rank IS NULL THEN codes[plain_rank]
            WHEN up_rank > before_rank THEN codes[up_rank]
            WHEN is_close AND score < floor AND segmentation_closes_below(client_id, floor, closes[needed], day) = needed
                THEN codes[before_rank - 1]
            ELSE before END,
       CASE WHEN NOT mature THEN 'NEW' WHEN score IS NULL THEN before ELSE codes[plain_rank] END
FROM (
    SELECT placed.*, array_position(codes, before) AS before_rank,
           width_bucket(score, cuts) + 1 AS plain_rank, width_bucket(score - up_margin, cuts) + 1 AS up_rank,
           cuts[array_position(codes, before) - 1] - down_margin AS floor,
           closes_before_down[array_position(codes, before)] AS needed
    FROM (
        SELECT scored.*, tier_reason = 'override' AS by_hand,
               -- a tier that stays is that of the close before, a first one had none; of others the close is asked
               CASE WHEN tier_reason IN ('stay', 'new') THEN live_tier
                    WHEN tier_reason = 'first' AND score IS NOT NULL THEN ''
                    ELSE coalesce(segmentation_tier_at(client_id, closes[1]), '') END AS before
        FROM (
            SELECT client_id, branch_id, mature, contribution_12m, assets_end, live_score, live_tier, tier_reason,
                   round(round((
                       (coalesce(weights[12] * current, 0) + coalesce(weights[13] * potential, 0)
                        + coalesce(weights[14] * loyalty, 0))
                       / nullif(segmentation_weight(current, weights[12])
                                + segmentation_weight(potential, weights[13])
                                + segmentation_weight(loyalty, weights[14]), 0))::numeric, 9), 2) AS score
            FROM (
                SELECT client_id, branch_id, mature, contribution_12m, assets_end, live_score, live_tier, tier_reason,
                       CASE WHEN current_weight > 0.4999999 THEN current_sum / current_weight END AS current,
                       CASE WHEN potential_weight > 0.4999999 THEN potential_sum / potential_weight END AS potential,
                       CASE WHEN loyalty_weight > 0.4999999 THEN loyalty_sum / loyalty_weight END AS loyalty
                FROM (
                    SELECT client_id, branch_id, mature, contribution_12m, assets_end, live_score, live_tier,
                           tier_reason,
                           {_sum("current")}, {_weight("current")},
                           {_sum("potential")}, {_weight("potential")},
                           {_sum("loyalty")}, {_weight("loyalty")}
                    FROM (
                        SELECT client_id, branch_id, mature, contribution_12m, assets_end, live_score, live_tier,
                               tier_reason, p11,
                               {_listed("starts{n}[k{n}] + slopes{n}[k{n}] * (x{n} - xs{n}[k{n}]) AS p{n}")}
                        FROM (
                            SELECT unit.*, {_listed("xs{n}")}, {_listed("starts{n}")}, {_listed("slopes{n}")},
                                   {_listed("width_bucket(x{n}, xs{n}) AS k{n}")}
                            FROM (
                                SELECT client_id, branch_id, kind, mature, contribution_12m, assets_end,
                                       score AS live_score, tier::text AS live_tier, tier_reason,
                                       greatest(0, 100 - complaint_points * complaints_12m) AS p11,
                                       {", ".join(f"{_value(name)} AS x{n}" for n, name in enumerate(INDICATORS, 1))}
                                FROM (
                                    SELECT {COLUMNS}, as_of, true AS of_night FROM segmentation_clientscore
                                    UNION ALL
                                    SELECT {COLUMNS}, as_of, false AS of_night FROM segmentation_scoreclose
                                ) AS now
                                WHERE as_of = day AND of_night = is_night
                                OFFSET '0'
                            ) AS unit
                            LEFT JOIN (
                                SELECT kind AS of_kind,
                   {_lines()}
                                FROM segmentation_draftcurve WHERE draft_id = draft GROUP BY kind
                            ) AS curve ON curve.of_kind = unit.kind
                            OFFSET '0'
                        ) AS found
                        OFFSET '0'
                    ) AS pointed
                    OFFSET '0'
                ) AS weighted
                OFFSET '0'
            ) AS axis
            OFFSET '0'
        ) AS scored
        OFFSET '0'
    ) AS placed
    OFFSET '0'
) AS ranked
$$;
ALTER TABLE segmentation_draftcurve ALTER COLUMN xs SET STORAGE PLAIN, ALTER COLUMN starts SET STORAGE PLAIN,
    ALTER COLUMN slopes SET STORAGE PLAIN
"""
NO_FUNCTION = f"""
DROP FUNCTION segmentation_tried({TYPES});
DROP FUNCTION segmentation_closes_below(bigint, numeric, date, date);
DROP FUNCTION segmentation_tier_at(bigint, date)
"""

# What waits for approval or was published stays as it was seen.
KEEP = """
CREATE FUNCTION segmentation_keep_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'segmentation_modeldraft' THEN
        IF TG_OP = 'DELETE' AND OLD.state = 'draft' THEN
            RETURN OLD;
        END IF;
        IF TG_OP = 'UPDATE' AND (OLD.state = 'draft' OR OLD.state = 'proposed' AND
           (OLD.definition, OLD.base_id, OLD.renew_on, OLD.renew_kinds, OLD.author_id)
           IS NOT DISTINCT FROM (NEW.definition, NEW.base_id, NEW.renew_on, NEW.renew_kinds, NEW.author_id)) THEN
            RETURN NEW;
        END IF;
    ELSIF NOT EXISTS (
        SELECT FROM segmentation_modeldraft AS d
        WHERE d.state <> 'draft' AND d.id = CASE TG_OP WHEN 'INSERT' THEN NEW.draft_id ELSE OLD.draft_id END
    ) THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'a draft that waits for approval or was published stays as it is'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER model_draft_keeps BEFORE UPDATE OR DELETE ON segmentation_modeldraft
    FOR EACH ROW EXECUTE FUNCTION segmentation_keep_draft();
CREATE TRIGGER draft_curve_keeps BEFORE INSERT OR UPDATE OR DELETE ON segmentation_draftcurve
    FOR EACH ROW EXECUTE FUNCTION segmentation_keep_draft();
"""
NO_KEEP = """
DROP TRIGGER draft_curve_keeps ON segmentation_draftcurve;
DROP TRIGGER model_draft_keeps ON segmentation_modeldraft;
DROP FUNCTION segmentation_keep_draft();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0008_exports_of_systems'),
        ('segmentation', '0014_segments'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ModelDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('proposed', 'Waits for approval'), ('published', 'Published')], default='draft', max_length=9)),
                ('definition', models.JSONField()),
                ('renew_on', models.DateField(null=True)),
                ('renew_kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('individual', 'Individual'), ('institution', 'Institution'), ('product', 'Product')], max_length=12), default=list, size=None)),
                ('curves_taken', models.BooleanField(default=False)),
                ('short_history', models.BooleanField(default=False)),
                ('serves_from', models.DateField(null=True)),
                ('written_at', models.DateTimeField()),
                ('sent_back_for', models.CharField(blank=True, max_length=300)),
                ('version', models.IntegerField(default=1)),
                ('approved_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('author', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('base', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='segmentation.modelversion')),
                ('published_as', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='draft', to='segmentation.modelversion')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='DraftCurve',
            fields=[
                ('pk', models.CompositePrimaryKey('draft_id', 'kind', 'indicator', blank=True, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('individual', 'Individual'), ('institution', 'Institution'), ('product', 'Product')], max_length=12)),
                ('indicator', models.CharField(max_length=30)),
                ('quantiles', django.contrib.postgres.fields.ArrayField(base_field=models.DecimalField(decimal_places=6, max_digits=26), size=None)),
                ('xs', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                ('starts', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                ('slopes', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='curves', to='segmentation.modeldraft')),
            ],
        ),
        migrations.CreateModel(
            name='ModelTrial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('what_if', 'What-if'), ('backtest', 'Backtest')], max_length=8)),
                ('draft_version', models.IntegerField()),
                ('as_of', models.DateField()),
                ('asked_by', models.CharField(max_length=150)),
                ('asked_at', models.DateTimeField()),
                ('result', models.JSONField(null=True)),
                ('seconds', models.FloatField(null=True)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('draft', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='trials', to='segmentation.modeldraft')),
                ('job', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.job')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.AddConstraint(
            model_name='modeldraft',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('author')), _negated=True), _connector='OR'), name='model_draft_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='modeldraft',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_by__isnull', True), ('published_as__isnull', True), ('state__in', ['draft', 'proposed'])), models.Q(('approved_by__isnull', False), ('published_as__isnull', False), ('state', 'published')), _connector='OR'), name='model_draft_published_is_approved'),
        ),
        migrations.AddConstraint(
            model_name='modeldraft',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('curves_taken', True), ('serves_from__isnull', False)), _connector='OR'), name='model_draft_proposed_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='modeldraft',
            constraint=models.CheckConstraint(condition=models.Q(('renew_kinds', []), ('renew_on__isnull', False), _connector='OR'), name='model_draft_renewed_on_a_day'),
        ),
        migrations.AddIndex(
            model_name='modeltrial',
            index=models.Index(fields=['draft', 'kind', '-id'], name='model_trial_of_draft'),
        ),
        migrations.AddConstraint(
            model_name='modeltrial',
            constraint=models.CheckConstraint(condition=models.Q(('result__isnull', True), ('error', ''), _connector='OR'), name='model_trial_done_or_failed'),
        ),
        migrations.RunSQL(FUNCTION, NO_FUNCTION),
        migrations.RunSQL(KEEP, NO_KEEP),
    ]
