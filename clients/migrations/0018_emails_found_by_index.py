from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "0017_indexes_that_answer")]
    operations = [
        migrations.AddIndex(
            model_name="client",
            index=models.Index(
                condition=models.Q(("email_index__isnull", False)), fields=["email_index"], name="client_email_index"
            ),
        )
    ]
