"""Extensions for exclusion constraints, and the trigger that keeps the audit trail append-only."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION core_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON core_auditentry
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
"""
UNDO = "DROP TRIGGER audit_append_only ON core_auditentry; DROP FUNCTION core_refuse_change();"


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [BtreeGistExtension(), migrations.RunSQL(APPEND_ONLY, UNDO)]
