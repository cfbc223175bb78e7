import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0019_imports_of_systems'),
        ('outreach', '0008_campaign_jobs'),
    ]

    operations = [
        migrations.AlterField(
            model_name='campaignmember',
            name='reason',
            field=models.CharField(blank=True, choices=[('closed', 'No client any more, or none yet'), ('excluded', 'Taken out by hand'), ('listed', 'On the exclusion list'), ('stopped', 'Do not contact'), ('no_consent', 'No consent for channel and purpose'), ('unreachable', 'No address for the channel'), ('unsuitable', 'The product does not suit, or the assessment has ended'), ('complaint', 'Open complaint'), ('pressure', 'Contacted a short time ago')], max_length=11),
        ),
        migrations.CreateModel(
            name='Exclusion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300)),
                ('from_on', models.DateField()),
                ('until', models.DateField(null=True)),
                ('by_name', models.CharField(max_length=60)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.CharField(blank=True, max_length=60)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('client',), name='exclusion_once'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('from_on')), _connector='OR'), name='exclusion_days'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='exclusion_for_a_reason')],
            },
        ),
    ]
