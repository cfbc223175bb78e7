"""The trigger that keeps versions as they were approved: in force, the one thing that still happens is the end."""

from django.db import migrations

KEEP = """
CREATE FUNCTION knowledge_keep_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ending text[] := ARRAY['state', 'in_force_to'];
BEGIN
    IF OLD.state IN ('draft', 'proposed') THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state = 'in_force' AND NEW.state = 'retired'
        AND to_jsonb(OLD) - ending = to_jsonb(NEW) - ending THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a version of a script that was in force stays as it was'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER script_version_keeps BEFORE UPDATE OR DELETE ON knowledge_scriptversion
    FOR EACH ROW EXECUTE FUNCTION knowledge_keep_published();
"""
UNDO = """
DROP TRIGGER script_version_keeps ON knowledge_scriptversion;
DROP FUNCTION knowledge_keep_published();
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_initial")]
    operations = [migrations.RunSQL(KEEP, UNDO)]
