"""The index of a client's entries carries what rules of segments ask of them, so that the entries stay unread."""

from django.db import migrations, models

NEW = """
CREATE INDEX CONCURRENTLY IF NOT EXISTS interaction_client_new
    ON interactions_interaction (client_id, started_at DESC) INCLUDE (confidentiality, started_on)
"""
OLD = """
CREATE INDEX CONCURRENTLY IF NOT EXISTS interaction_client_new
    ON interactions_interaction (client_id, started_at DESC)
"""
DROP = "DROP INDEX CONCURRENTLY IF EXISTS interaction_client"
RENAME = "ALTER INDEX IF EXISTS interaction_client_new RENAME TO interaction_client"


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ("interactions", "0025_recommending_clients"),
    ]

    operations = [
        migrations.RunSQL(
            [NEW, DROP, RENAME],
            [OLD, DROP, RENAME],
            state_operations=[
                migrations.RemoveIndex(model_name="interaction", name="interaction_client"),
                migrations.AddIndex(
                    model_name="interaction",
                    index=models.Index(
                        fields=["client", "-started_at"], include=["confidentiality", "started_on"],
                        name="interaction_client",
                    ),
                ),
            ],
        ),
    ]
