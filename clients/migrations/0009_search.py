"""Search by one or two characters anywhere in a name or short name, and by every reading of a name."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GRAMS = """
CREATE FUNCTION clients_name_grams(name text, short_name text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 2000 AS $$
    SELECT array_agg(DISTINCT substr(written, place, size))
    FROM lower(name || ' ' || short_name) AS written,
         generate_series(1, length(written)) AS place,
         generate_series(1, 2) AS size
    WHERE position(' ' IN substr(written, place, size)) = 0
$$;
CREATE INDEX client_name_grams ON clients_client USING gin (clients_name_grams(name, short_name));
DROP INDEX client_name_pairs;
DROP FUNCTION clients_name_pairs(text);
"""
BACK = """
CREATE FUNCTION clients_name_pairs(name text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT substr(name, start, 2))
    FROM generate_series(1, greatest(length(name) - 1, 1)) AS start
$$;
CREATE INDEX client_name_pairs ON clients_client USING gin (clients_name_pairs(name));
DROP INDEX client_name_grams;
DROP FUNCTION clients_name_grams(text, text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0008_hand_kept_and_prospects"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "client_id", "of", "pinyin", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("of", models.CharField(choices=[("name", "Name"), ("short", "Short Name")], max_length=5)),
                ("pinyin", models.CharField(max_length=400)),
                ("initials", models.CharField(max_length=100)),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="readings",
                        to="clients.client",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["pinyin"], name="reading_pinyin", opclasses=["varchar_pattern_ops"]),
                    models.Index(
                        fields=["initials"], name="reading_initials", opclasses=["varchar_pattern_ops"]
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Opened",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "client_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clients.client"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "-at"], name="opened_newest")],
            },
        ),
        migrations.AddIndex(
            model_name="client",
            index=models.Index(
                condition=models.Q(("short_name", ""), _negated=True),
                fields=["short_name"],
                name="client_short_name",
            ),
        ),
        migrations.RunSQL(GRAMS, BACK),
    ]
