"""The stages a shard's rows pass through: temporary copies of the stage tables, emptied at every commit.

A session's own tables cost no write-ahead log and no dead rows. On a cluster, where the stages are
distributed by client_id, they would be left out and the tables themselves be emptied.
"""

from django.db import connection

from core import sql

STAGES = tuple(
    f"segmentation_{stage}"
    for stage in ("eventstage", "windowstage", "rawstage", "scorestage", "spanclient", "spanstage")
)


def open_stages(*stages: str) -> None:
    """Makes this session's stages, those of scores unless named; a notice that they are there is silent."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL client_min_messages = warning")
        for stage in stages or STAGES:
            cursor.execute(
                f"CREATE TEMPORARY TABLE IF NOT EXISTS {stage} (LIKE {stage}) ON COMMIT DELETE ROWS"
            )


def empty_stages(*, everyone: bool) -> None:
    """Before the next month or date of the same transaction.

    When everyone of a shard is redone its rows are joined as sets; a few clients are looked up one by one.
    """
    sql.allow_nested_loops(not everyone)
    truncate(*STAGES)


def truncate(*stages: str) -> None:
    """Empties stages within a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE " + ", ".join(f"pg_temp.{stage}" for stage in stages))
