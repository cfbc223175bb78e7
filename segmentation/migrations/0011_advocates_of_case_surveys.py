"""Who recommends us, as of a day (S11): marks given after a case count beside those of conversations."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("segmentation.migrations.0010_advocates").FUNCTION
MARKS = """
    WITH said AS (
        SELECT talk.client_id, (event.told ->> 'recommend')::integer AS mark, event.occurred_at AS at, event.id
        FROM interactions_conversation AS talk
        JOIN interactions_channelevent AS event ON event.conversation_id = talk.id
        WHERE talk.client_id BETWEEN lo AND hi AND talk.recommend IS NOT NULL AND event.told ? 'recommend'
        UNION ALL
        SELECT survey.client_id, survey.recommend, survey.answered_at, survey.id
        FROM interactions_survey AS survey
        WHERE survey.client_id BETWEEN lo AND hi AND survey.kind = 'case' AND survey.recommend IS NOT NULL
    ), rated AS (
        SELECT DISTINCT ON (said.client_id) said.client_id, said.mark FROM said
        WHERE said.at < (as_of + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
        ORDER BY said.client_id, said.at DESC, said.id DESC
    ), told AS ("""
HEAD, _WITH, REST = BEFORE.partition("    WITH rated AS (")
FUNCTION = HEAD.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION") + MARKS.strip("\n") + (
    REST.partition("), told AS (")[2]
)


class Migration(migrations.Migration):
    dependencies = [("segmentation", "0010_advocates"), ("interactions", "0025_recommending_clients")]
    operations = [
        migrations.RunSQL(FUNCTION, BEFORE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
    ]
