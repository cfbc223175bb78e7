"""Rows that do not count are found without a walk through the table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trading", "0005_cash_flow_dates")]

    operations = [
        migrations.AddIndex(
            model_name="cashflow",
            index=models.Index(condition=models.Q(("counts", False)), fields=["flow_no"], name="cash_flow_shadow"),
        ),
        migrations.AddIndex(
            model_name="income",
            index=models.Index(condition=models.Q(("counts", False)), fields=["income_no"], name="income_shadow"),
        ),
        migrations.AddIndex(
            model_name="custodyevent",
            index=models.Index(condition=models.Q(("counts", False)), fields=["event_no"], name="custody_shadow"),
        ),
    ]
