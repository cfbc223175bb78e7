"""Client-months by month first: a night reads and writes the running month of a range of clients, and finds its rows
on neighbouring pages of the index instead of one page for every eight clients."""

from django.db import migrations, models

BUILD = """
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS trading_clientmonth_key
    ON trading_clientmonth (%s, branch_id, manager_no)
"""
SWAP = """
ALTER TABLE trading_clientmonth
    DROP CONSTRAINT trading_clientmonth_pkey,
    ADD CONSTRAINT trading_clientmonth_pkey PRIMARY KEY USING INDEX trading_clientmonth_key
"""
NEW, OLD = BUILD % "month, client_id", BUILD % "client_id, month"


class Migration(migrations.Migration):

    # The index is built beside the work; rows are locked only while the key is exchanged.
    atomic = False

    dependencies = [
        ("trading", "0009_business_time"),
    ]

    operations = [
        migrations.RunSQL(NEW, migrations.RunSQL.noop),
        migrations.RunSQL(
            SWAP,
            [OLD, SWAP],
            state_operations=[
                migrations.AlterField(
                    model_name="clientmonth",
                    name="pk",
                    field=models.CompositePrimaryKey(
                        "month", "client_id", "branch_id", "manager_no",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
            ],
        ),
    ]
