"""Search by any two characters of a name: a GIN index over its pairs (trigrams can't find two characters)."""

from django.db import migrations

PAIRS = """
CREATE FUNCTION clients_name_pairs(name text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT substr(name, start, 2))
    FROM generate_series(1, greatest(length(name) - 1, 1)) AS start
$$;
CREATE INDEX client_name_pairs ON clients_client USING gin (clients_name_pairs(name));
"""
UNDO = "DROP INDEX client_name_pairs; DROP FUNCTION clients_name_pairs(text);"


class Migration(migrations.Migration):
    dependencies = [("clients", "0002_indexes_for_lists_and_search")]
    operations = [migrations.RunSQL(PAIRS, UNDO)]
