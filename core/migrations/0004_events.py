"""Events are told to other systems by their position; nothing was ever written to the first shape."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0003_answers_and_signs_of_life")]

    operations = [
        migrations.DeleteModel("OutboxMessage"),
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.BigIntegerField(null=True, unique=True)),
                ("event", models.CharField(max_length=60)),
                ("unit_code", models.CharField(blank=True, max_length=20)),
                ("subject_type", models.CharField(max_length=40)),
                ("subject_id", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("position__isnull", True)), fields=["id"], name="outbox_new")
                ]
            },
        ),
        migrations.RunSQL("CREATE SEQUENCE core_outbox_position", "DROP SEQUENCE core_outbox_position"),
    ]
