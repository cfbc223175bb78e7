"""Lines, conversations and the desk; the log's levels of confidentiality; the kind of contact nobody sorted."""

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


# A changed type rewrites the table at once; an UPDATE is what the append-only guard refuses.
LEVELS = """
ALTER TABLE interactions_interaction
    ALTER confidential DROP DEFAULT,
    ALTER confidential TYPE varchar(10) USING CASE WHEN confidential THEN 'restricted' ELSE 'normal' END;
ALTER TABLE interactions_interaction RENAME confidential TO confidentiality;
ALTER TABLE interactions_interaction ALTER confidentiality SET DEFAULT 'normal';
"""
LEVELS_UNDONE = """
ALTER TABLE interactions_interaction
    ALTER confidentiality DROP DEFAULT,
    ALTER confidentiality TYPE boolean USING confidentiality <> 'normal';
ALTER TABLE interactions_interaction RENAME confidentiality TO confidential;
"""
GUARD = """
CREATE TRIGGER verification_append_only BEFORE UPDATE OR DELETE ON interactions_verification
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
"""


def seed(apps, schema_editor):
    apps.get_model("interactions", "Category").objects.create(
        code="unsorted", name_zh="未分类", name_en="Not sorted"
    )


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0015_gaps'),
        ('interactions', '0004_covered_indexes'),
        ('staff', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=150)),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.IntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('waiting', 'Waiting for the scan'), ('clean', 'Clean'), ('refused', 'Refused')], default='waiting', max_length=7)),
                ('finding', models.CharField(blank=True, max_length=200)),
                ('added_by', models.CharField(max_length=150)),
                ('added_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='ChannelEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_id', models.CharField(max_length=120)),
                ('kind', models.CharField(max_length=20)),
                ('occurred_at', models.DateTimeField()),
                ('received_at', models.DateTimeField(auto_now_add=True)),
                ('raw', models.BinaryField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('applied', 'Applied'), ('parked', 'Parked')], default='waiting', max_length=8)),
                ('attempts', models.SmallIntegerField(default=0)),
                ('fault', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='ContactLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('linked_by', models.CharField(max_length=150)),
                ('linked_at', models.DateTimeField(auto_now_add=True)),
                ('ended_by', models.CharField(blank=True, max_length=150)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Conversation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('phone', 'Phone'), ('visit', 'Branch visit'), ('wecom', 'WeCom'), ('wechat', 'WeChat official account'), ('chat', 'App or web chat'), ('sms', 'SMS'), ('email', 'Email'), ('weibo', 'Weibo')], max_length=10)),
                ('thread', models.CharField(max_length=200)),
                ('direction', models.CharField(choices=[('in', 'Client contacted us'), ('out', 'We contacted the client')], max_length=3)),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('opened_at', models.DateTimeField()),
                ('queued_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('last_in_at', models.DateTimeField(null=True)),
                ('last_out_at', models.DateTimeField(null=True)),
                ('hold_seconds', models.IntegerField(default=0)),
                ('messages_in', models.IntegerField(default=0)),
                ('messages_out', models.IntegerField(default=0)),
                ('satisfaction', models.SmallIntegerField(null=True)),
                ('recommend', models.SmallIntegerField(null=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('active', 'In hand'), ('snoozed', 'Snoozed'), ('wrap_up', 'Wrap-up'), ('closed', 'Closed')], default='waiting', max_length=8)),
                ('skills', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), default=list, size=None)),
                ('tier', models.CharField(blank=True, max_length=3)),
                ('priority', models.SmallIntegerField(default=0)),
                ('waiting_since', models.DateTimeField(null=True)),
                ('snoozed_until', models.DateTimeField(null=True)),
                ('wrapped_at', models.DateTimeField(null=True)),
                ('version', models.IntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-opened_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('purpose', models.CharField(choices=[('service', 'Service'), ('marketing', 'Marketing'), ('research', 'Research reports'), ('survey', 'Surveys')], max_length=10)),
                ('exempt', models.CharField(blank=True, choices=[('', 'Not exempt'), ('fraud', 'Fraud warning'), ('margin_call', 'Margin call'), ('regulatory', 'Regulatory notice'), ('answer', 'Answer to the client')], max_length=11)),
                ('recipient', models.BinaryField()),
                ('subject', models.BinaryField(null=True)),
                ('body', models.BinaryField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'Being sent'), ('sent', 'Sent'), ('delivered', 'Delivered'), ('read', 'Read'), ('failed', 'Failed'), ('bounced', 'Bounced'), ('suppressed', 'Not allowed'), ('cancelled', 'Cancelled')], default='waiting', max_length=10)),
                ('due_at', models.DateTimeField()),
                ('held_for', models.CharField(blank=True, max_length=60)),
                ('attempts', models.SmallIntegerField(default=0)),
                ('gateway_ref', models.CharField(blank=True, max_length=200)),
                ('fault', models.CharField(blank=True, max_length=300)),
                ('sent_at', models.DateTimeField(null=True)),
                ('receipt_at', models.DateTimeField(null=True)),
                ('requested_by', models.CharField(max_length=150)),
                ('requested_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-requested_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('body', models.BinaryField(null=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=30, unique=True)),
                ('adapter', models.CharField(choices=[('hotline', 'Hotline'), ('outbound', 'Outbound calls'), ('wecom', 'WeCom'), ('wechat', 'WeChat official account'), ('chat', 'App or web chat'), ('sms', 'SMS'), ('email', 'Email'), ('weibo', 'Weibo'), ('visit', 'Branch visit')], max_length=10)),
                ('name', models.CharField(max_length=60)),
                ('settings', models.JSONField(default=dict)),
                ('secrets', models.BinaryField(null=True)),
                ('active', models.BooleanField(default=True)),
                ('version', models.IntegerField(default=1)),
            ],
            options={
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('event_id', models.CharField(max_length=200)),
                ('direction', models.CharField(choices=[('in', 'Client contacted us'), ('out', 'We contacted the client')], max_length=3)),
                ('kind', models.CharField(choices=[('text', 'Text'), ('file', 'File'), ('note', 'Internal note'), ('system', 'Notice')], default='text', max_length=6)),
                ('body', models.BinaryField(null=True)),
                ('at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='presence', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('state', models.CharField(choices=[('available', 'Available'), ('busy', 'Busy'), ('break', 'On a break'), ('off', 'Away')], default='off', max_length=9)),
                ('capacity', models.SmallIntegerField(default=3)),
                ('since', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('offered_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='RoutingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.IntegerField(unique=True)),
                ('name', models.CharField(max_length=80)),
                ('active', models.BooleanField(default=True)),
                ('channels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('phone', 'Phone'), ('visit', 'Branch visit'), ('wecom', 'WeCom'), ('wechat', 'WeChat official account'), ('chat', 'App or web chat'), ('sms', 'SMS'), ('email', 'Email'), ('weibo', 'Weibo')], max_length=10), blank=True, default=list, size=None)),
                ('tiers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), blank=True, default=list, size=None)),
                ('lines', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), blank=True, default=list, size=None)),
                ('known', models.BooleanField(null=True)),
                ('waited_seconds', models.IntegerField(default=0)),
                ('target', models.CharField(choices=[('owner', "The client's manager"), ('last_agent', 'Whoever served the client last'), ('skilled', 'Somebody with the skill'), ('unit', 'Somebody of the unit'), ('queue', "The unit's queue")], max_length=10)),
                ('priority', models.SmallIntegerField(default=0)),
                ('version', models.IntegerField(default=1)),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Skill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=30, unique=True)),
                ('name_zh', models.CharField(max_length=60)),
                ('name_en', models.CharField(max_length=60)),
            ],
            options={
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='SkillOfPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.SmallIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('method', models.CharField(choices=[('questions', 'Questions on the account'), ('password', 'Telephone password'), ('document', 'ID document seen'), ('bound', 'Account bound to the client'), ('callback', 'Called back on the number of record')], max_length=9)),
                ('passed', models.BooleanField()),
                ('note', models.CharField(blank=True, max_length=300)),
                ('checked_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(LEVELS, LEVELS_UNDONE)],
            state_operations=[
                migrations.RemoveField(
                    model_name='interaction',
                    name='confidential',
                ),
                migrations.AddField(
                    model_name='interaction',
                    name='confidentiality',
                    field=models.CharField(choices=[('normal', 'Normal'), ('restricted', 'Restricted'), ('secret', 'Secret')], db_default='normal', default='normal', max_length=10),
                ),
            ],
        ),
        migrations.AddField(
            model_name='interaction',
            name='unit',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.unit'),
        ),
        migrations.AlterField(
            model_name='interaction',
            name='client',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='interactions', to='clients.client'),
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('how', models.CharField(choices=[('rule', 'By a rule'), ('taken', 'Taken'), ('given', 'Given'), ('transferred', 'Transferred'), ('answered', 'Answered the call')], max_length=11)),
                ('rule', models.CharField(blank=True, max_length=120)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('given_by', models.CharField(max_length=150)),
                ('from_at', models.DateTimeField()),
                ('to_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='CannedReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30)),
                ('title', models.CharField(max_length=80)),
                ('body', models.TextField(max_length=2000)),
                ('channels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('phone', 'Phone'), ('visit', 'Branch visit'), ('wecom', 'WeCom'), ('wechat', 'WeChat official account'), ('chat', 'App or web chat'), ('sms', 'SMS'), ('email', 'Email'), ('weibo', 'Weibo')], max_length=10), blank=True, default=list, size=None)),
                ('retired_at', models.DateTimeField(null=True)),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.unit')),
            ],
            options={
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('phone', 'Phone number'), ('email', 'Email'), ('wecom', 'WeCom'), ('wechat', 'WeChat official account'), ('chat', 'App or web chat'), ('weibo', 'Weibo'), ('visit', 'Branch visit')], max_length=7)),
                ('address', models.BinaryField()),
                ('address_index', models.BinaryField()),
                ('name', models.CharField(blank=True, max_length=60)),
                ('first_seen_at', models.DateTimeField()),
                ('last_seen_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'address_index'), name='contact_once')],
            },
        ),
        migrations.AddField(
            model_name='interaction',
            name='contact',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='interactions', to='interactions.contact'),
        ),
        migrations.AddIndex(
            model_name='interaction',
            index=models.Index(condition=models.Q(('client__isnull', True)), fields=['contact', '-started_at'], name='interaction_unknown'),
        ),
        migrations.AddIndex(
            model_name='interaction',
            index=models.Index(fields=['agent', '-started_at'], name='interaction_agent'),
        ),
        migrations.AddConstraint(
            model_name='interaction',
            constraint=models.CheckConstraint(condition=models.Q(('client__isnull', False), ('unit__isnull', False), _connector='OR'), name='interaction_of_somebody'),
        ),
        migrations.AddField(
            model_name='contactlink',
            name='client',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contact_links', to='clients.client'),
        ),
        migrations.AddField(
            model_name='contactlink',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='interactions.contact'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='agent',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='conversation',
            name='answered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='conversation',
            name='category',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='interactions.category'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='client',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='conversations', to='clients.client'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='contact',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='conversations', to='interactions.contact'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='entry',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='of_conversation', to='interactions.interaction'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='unit',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.unit'),
        ),
        migrations.AddField(
            model_name='channelevent',
            name='conversation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='interactions.conversation'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='conversation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='interactions.conversation'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='conversation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='interactions.conversation'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='client',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='clients.client'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='contact',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='interactions.contact'),
        ),
        migrations.AddField(
            model_name='draft',
            name='conversation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='interactions.conversation'),
        ),
        migrations.AddField(
            model_name='draft',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='line',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.unit'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='line',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='interactions.line'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='line',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='conversations', to='interactions.line'),
        ),
        migrations.AddField(
            model_name='channelevent',
            name='line',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='interactions.line'),
        ),
        migrations.AddField(
            model_name='message',
            name='author',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='message',
            name='conversation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='interactions.conversation'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='message',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='delivery', to='interactions.message'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='message',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='interactions.message'),
        ),
        migrations.AddConstraint(
            model_name='presence',
            constraint=models.CheckConstraint(condition=models.Q(('capacity__range', (0, 20))), name='presence_capacity'),
        ),
        migrations.AddField(
            model_name='routingrule',
            name='unit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.unit'),
        ),
        migrations.AddField(
            model_name='routingrule',
            name='skill',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='interactions.skill'),
        ),
        migrations.AddField(
            model_name='skillofperson',
            name='person',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='skills', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='skillofperson',
            name='skill',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='interactions.skill'),
        ),
        migrations.AddField(
            model_name='verification',
            name='checked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='verification',
            name='client',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client'),
        ),
        migrations.AddField(
            model_name='verification',
            name='conversation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verifications', to='interactions.conversation'),
        ),
        migrations.AddConstraint(
            model_name='cannedreply',
            constraint=models.UniqueConstraint(condition=models.Q(('retired_at__isnull', True)), fields=('code', 'unit', 'owner'), name='canned_reply_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='contactlink',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('contact', 'client'), name='contact_link_once'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(condition=models.Q(('to_at__isnull', True)), fields=('conversation',), name='assignment_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('to_at__isnull', True), ('to_at__gte', models.F('from_at')), _connector='OR'), name='assignment_span'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(fields=('conversation', 'person'), name='draft_once'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['-priority', 'waiting_since', 'id'], name='conversation_queue'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('state', 'closed'), _negated=True), fields=['agent', 'state', 'waiting_since'], name='conversation_agent'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('state', 'snoozed')), fields=['snoozed_until'], name='conversation_snoozed'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(fields=['opened_at', 'id'], name='conversation_time'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(fields=['contact', '-opened_at'], name='conversation_contact'),
        ),
        migrations.AddConstraint(
            model_name='conversation',
            constraint=models.UniqueConstraint(fields=('line', 'thread'), name='conversation_once'),
        ),
        migrations.AddConstraint(
            model_name='conversation',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'closed']), ('agent__isnull', False), _connector='OR'), name='conversation_in_hands'),
        ),
        migrations.AddConstraint(
            model_name='conversation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'waiting'), _negated=True), ('agent__isnull', True), _connector='OR'), name='conversation_waits_for_anybody'),
        ),
        migrations.AddConstraint(
            model_name='conversation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'snoozed'), _negated=True), ('snoozed_until__isnull', False), _connector='OR'), name='conversation_snoozed_until'),
        ),
        migrations.AddConstraint(
            model_name='conversation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), ('entry__isnull', False), _connector='OR'), name='conversation_closed_with_entry'),
        ),
        migrations.AddConstraint(
            model_name='conversation',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('ended_at__gte', models.F('opened_at')), _connector='OR'), name='conversation_ends_after_start'),
        ),
        migrations.AddIndex(
            model_name='channelevent',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['received_at'], name='channel_event_waiting'),
        ),
        migrations.AddIndex(
            model_name='channelevent',
            index=models.Index(condition=models.Q(('state', 'parked')), fields=['-received_at'], name='channel_event_parked'),
        ),
        migrations.AddConstraint(
            model_name='channelevent',
            constraint=models.UniqueConstraint(fields=('line', 'event_id'), name='channel_event_once'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['conversation', 'at', 'id'], name='message_order'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('conversation', 'event_id'), name='message_once'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'sending'])), fields=['due_at'], name='delivery_due'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['-requested_at', '-id'], name='delivery_time'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(condition=models.Q(('gateway_ref', ''), _negated=True), fields=('line', 'gateway_ref'), name='delivery_gateway_ref'),
        ),
        migrations.AddConstraint(
            model_name='routingrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('target', 'skilled'), _negated=True), ('skill__isnull', False), _connector='OR'), name='routing_rule_names_skill'),
        ),
        migrations.AddConstraint(
            model_name='routingrule',
            constraint=models.CheckConstraint(condition=models.Q(('waited_seconds__gte', 0)), name='routing_rule_waited'),
        ),
        migrations.AddConstraint(
            model_name='skillofperson',
            constraint=models.UniqueConstraint(fields=('person', 'skill'), name='skill_of_person_once'),
        ),
        migrations.AddConstraint(
            model_name='skillofperson',
            constraint=models.CheckConstraint(condition=models.Q(('level__range', (1, 5))), name='skill_level_1_to_5'),
        ),
        migrations.RunSQL(GUARD, "DROP TRIGGER verification_append_only ON interactions_verification"),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
