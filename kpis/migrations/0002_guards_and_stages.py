"""The passage view, the stages of the recompute, and what keeps published schemes as they are."""

from django.db import migrations

# One row per client: the arrays of the groups unfolded.
VIEW = """
CREATE VIEW kpis_passage AS
SELECT passage.id AS group_id, member.client_id, passage.period, passage.kind, passage.movement,
       passage.tier_from, passage.tier_to, passage.opening_branch, passage.opening_region, passage.opening_manager,
       passage.closing_branch, passage.closing_region, passage.closing_manager,
       passage.record_branch, passage.record_region, passage.record_manager, passage.from_build, passage.to_build
FROM kpis_passagegroup AS passage
CROSS JOIN LATERAL unnest(passage.clients) AS member(client_id)
"""

# Filled and emptied inside one chunk's transaction; lost in a crash, which starts the chunk anew.
STAGES = """
CREATE UNLOGGED TABLE kpis_freshpassage (
    period varchar(7) NOT NULL, kind varchar(8) NOT NULL, movement varchar(8) NOT NULL,
    tier_from varchar(3) NOT NULL, tier_to varchar(3) NOT NULL,
    opening_branch varchar(20) NOT NULL, opening_region varchar(20) NOT NULL, opening_manager varchar(20) NOT NULL,
    closing_branch varchar(20) NOT NULL, closing_region varchar(20) NOT NULL, closing_manager varchar(20) NOT NULL,
    record_branch varchar(20) NOT NULL, record_region varchar(20) NOT NULL, record_manager varchar(20) NOT NULL,
    clients bigint[] NOT NULL, size integer NOT NULL, digest numeric(40, 0) NOT NULL
);
CREATE UNLOGGED TABLE kpis_freshcard (
    period varchar(7) NOT NULL, period_type varchar(7) NOT NULL,
    unit_type varchar(7) NOT NULL, unit_code varchar(20) NOT NULL, unit_name varchar(100) NOT NULL, unit_id bigint,
    start date NOT NULL, "end" date NOT NULL, reckoned_to date NOT NULL, as_of date NOT NULL,
    revision integer NOT NULL, build integer NOT NULL, state varchar(12) NOT NULL, completeness varchar(8) NOT NULL,
    flags varchar(20)[] NOT NULL, notes jsonb NOT NULL, counts jsonb NOT NULL, profitability jsonb NOT NULL,
    total numeric(32, 12), scheme_id bigint NOT NULL, model_version integer, inputs jsonb NOT NULL,
    fingerprint varchar(64) NOT NULL, lines jsonb NOT NULL
);
"""

# A published scheme stays as it is; the weights of its groups sum to 1 when its transaction ends.
GUARDS = """
CREATE TRIGGER scheme_immutable BEFORE UPDATE OR DELETE ON kpis_schemeversion
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER scheme_group_immutable BEFORE UPDATE OR DELETE ON kpis_schemegroup
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE FUNCTION kpis_check_group_weights() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(weight) FROM kpis_schemegroup WHERE scheme_id = new.scheme_id) <> 1 THEN
        RAISE EXCEPTION 'the weights of the groups of a scheme must sum to 1' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER scheme_group_weights AFTER INSERT ON kpis_schemegroup
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kpis_check_group_weights();
"""
NO_GUARDS = """
DROP TRIGGER scheme_group_weights ON kpis_schemegroup;
DROP FUNCTION kpis_check_group_weights();
DROP TRIGGER scheme_group_immutable ON kpis_schemegroup;
DROP TRIGGER scheme_immutable ON kpis_schemeversion;
"""

FIRST_SCHEME = """
INSERT INTO kpis_schemeversion (
    number, weight_new, weight_lost, weight_upgraded, weight_profitability, cap, small_base, base_added,
    small_group, group_added, share_needed, undo_days, months_behind, proposed_by, approved_by, published_at
) VALUES (1, 20, 30, 30, 20, 100, 200, 100, 30, 30, 0.7, 30, 12, '', '', now());
INSERT INTO kpis_schemegroup (scheme_id, position, name, tiers, weight)
SELECT id, position, name, tiers, weight
FROM kpis_schemeversion, (VALUES (1, 'H', ARRAY['V5', 'V4'], 0.5), (2, 'M', ARRAY['V3', 'V2'], 0.3),
                                 (3, 'L', ARRAY['V1', 'NEW'], 0.2)) AS part(position, name, tiers, weight);
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("kpis", "0001_initial"), ("core", "0002_guards")]
    operations = [
        migrations.RunSQL(VIEW, "DROP VIEW kpis_passage"),
        migrations.RunSQL(STAGES, "DROP TABLE kpis_freshcard, kpis_freshpassage"),
        migrations.RunSQL(FIRST_SCHEME, migrations.RunSQL.noop),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
