import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0002_first_types'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('secret', models.BinaryField(default=b'')),
                ('name', models.CharField(max_length=150)),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.IntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('coming', 'Still to be fetched'), ('waiting', 'Waiting for the scan'), ('clean', 'Clean'), ('refused', 'Refused'), ('lost', 'Could not be fetched')], default='waiting', max_length=7)),
                ('finding', models.CharField(blank=True, max_length=200)),
                ('added_by', models.CharField(max_length=150)),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='cases.case')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('size__gte', 0)), name='casefile_size')],
            },
        ),
    ]
