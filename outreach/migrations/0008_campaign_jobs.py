import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0008_exports_of_systems'),
        ('outreach', '0007_first_plan'),
    ]

    operations = [
        migrations.AddField(
            model_name='campaign',
            name='job',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.job'),
        ),
    ]
