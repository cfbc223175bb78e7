from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('interactions', '0024_tokens_and_media'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('recommend__isnull', False)), fields=['client'], name='conversation_recommend'),
        ),
    ]
