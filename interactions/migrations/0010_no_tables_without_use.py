
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('interactions', '0009_first_rules'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='cannedreply',
            name='owner',
        ),
        migrations.RemoveField(
            model_name='cannedreply',
            name='unit',
        ),
        migrations.RemoveField(
            model_name='delivery',
            name='client',
        ),
        migrations.RemoveField(
            model_name='delivery',
            name='contact',
        ),
        migrations.RemoveField(
            model_name='delivery',
            name='line',
        ),
        migrations.RemoveField(
            model_name='delivery',
            name='message',
        ),
        migrations.RemoveField(
            model_name='draft',
            name='conversation',
        ),
        migrations.RemoveField(
            model_name='draft',
            name='person',
        ),
        migrations.RemoveField(
            model_name='verification',
            name='checked_by',
        ),
        migrations.RemoveField(
            model_name='verification',
            name='client',
        ),
        migrations.RemoveField(
            model_name='verification',
            name='conversation',
        ),
        migrations.RemoveField(
            model_name='message',
            name='kind',
        ),
        migrations.AlterField(
            model_name='line',
            name='adapter',
            field=models.CharField(choices=[('hotline', 'Hotline'), ('outbound', 'Outbound calls'), ('wecom', 'WeCom'), ('wechat', 'WeChat official account'), ('chat', 'App or web chat'), ('sms', 'SMS'), ('weibo', 'Weibo'), ('visit', 'Branch visit')], max_length=10),
        ),
        migrations.DeleteModel(
            name='Attachment',
        ),
        migrations.DeleteModel(
            name='CannedReply',
        ),
        migrations.DeleteModel(
            name='Delivery',
        ),
        migrations.DeleteModel(
            name='Draft',
        ),
        migrations.DeleteModel(
            name='Verification',
        ),
    ]
