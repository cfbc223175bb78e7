"""What was ticked of the checklist, and why a step was left out, stands with the entry."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('interactions', '0018_unanswered'),
    ]

    operations = [
        migrations.AddField(
            model_name='interaction',
            name='steps',
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
