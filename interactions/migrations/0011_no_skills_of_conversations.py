from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('interactions', '0010_no_tables_without_use'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='conversation',
            name='skills',
        ),
    ]
