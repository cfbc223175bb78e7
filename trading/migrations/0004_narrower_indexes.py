"""The primary keys begin with client_id, so the foreign keys need no index of their own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0004_account_first_told_on'),
        ('staff', '0001_initial'),
        ('trading', '0003_partitions_and_staging'),
    ]

    operations = [
        migrations.AlterField(
            model_name='clientmonth',
            name='branch',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.unit'),
        ),
        migrations.AlterField(
            model_name='clientmonth',
            name='client',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='months', to='clients.client'),
        ),
        migrations.AlterField(
            model_name='recordspan',
            name='branch',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.unit'),
        ),
        migrations.AlterField(
            model_name='recordspan',
            name='client',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='record_spans', to='clients.client'),
        ),
        # every open client's row of the running month changes each night: room for updates inside the page
        migrations.RunSQL(
            "ALTER TABLE trading_clientmonth SET (fillfactor = 70)",
            "ALTER TABLE trading_clientmonth RESET (fillfactor)",
        ),
    ]
