"""What clients allow, further ways to reach them, people around them, risk warnings given."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

APPEND_ONLY = ("clients_consent", "clients_contactstop", "clients_riskwarning")
GUARDS = "".join(
    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION core_refuse_change();"
    for table in APPEND_ONLY
)
UNDO = "".join(f"DROP TRIGGER {table}_append_only ON {table};" for table in APPEND_ONLY)


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0012_privacy_and_quality"),
        ("core", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("phone", "Phone"),
                            ("sms", "SMS"),
                            ("wecom", "WeCom"),
                            ("wechat", "WeChat official account"),
                            ("email", "Email"),
                            ("app", "App message"),
                        ],
                        max_length=6,
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("service", "Service"),
                            ("marketing", "Marketing"),
                            ("research", "Research reports"),
                            ("survey", "Surveys"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(choices=[("given", "Given"), ("withdrawn", "Withdrawn")], max_length=10),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("written", "In writing"),
                            ("recorded", "Recorded call"),
                            ("counter", "At the counter"),
                            ("online", "App or website"),
                            ("message", "Message from the client"),
                        ],
                        max_length=10,
                    ),
                ),
                ("evidence", models.CharField(blank=True, max_length=500)),
                ("recorded_by", models.CharField(max_length=150)),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="clients.client",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["client", "channel", "purpose", "-id"], name="consent_newest")
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mobile", "Mobile"),
                            ("phone", "Landline"),
                            ("email", "Email"),
                            ("address", "Address"),
                        ],
                        max_length=7,
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=40)),
                ("value", models.BinaryField()),
                ("mobile_index", models.BinaryField(null=True)),
                ("tail_index", models.BinaryField(null=True)),
                ("email_index", models.BinaryField(null=True)),
                ("preferred", models.BooleanField(default=False)),
                ("added_by", models.CharField(max_length=150)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                ("ended_by", models.CharField(blank=True, max_length=150)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact_points",
                        to="clients.client",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["client", "kind"], name="contact_point_client"),
                    models.Index(fields=["mobile_index"], name="contact_point_mobile"),
                    models.Index(fields=["tail_index"], name="contact_point_tail"),
                    models.Index(fields=["email_index"], name="contact_point_email"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True), ("preferred", True)),
                        fields=("client", "kind"),
                        name="contact_point_one_preferred",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactStop",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stopped", models.BooleanField()),
                ("reason", models.CharField(max_length=300)),
                ("recorded_by", models.CharField(max_length=150)),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact_stops",
                        to="clients.client",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["client", "-id"], name="contact_stop_newest")],
            },
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("other_name", models.CharField(blank=True, max_length=200)),
                ("other_mobile", models.BinaryField(null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("spouse", "Spouse"),
                            ("parent", "Parent"),
                            ("household", "Household member"),
                            ("beneficial_owner", "Beneficial owner"),
                            ("legal_representative", "Legal representative"),
                            ("authorised_agent", "Authorised agent"),
                            ("guardian", "Guardian"),
                            ("controller", "Controller"),
                            ("referred_by", "Recommended by"),
                            ("other", "Other relation"),
                        ],
                        max_length=20,
                    ),
                ),
                ("backward", models.BooleanField(default=False)),
                ("share", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("from_date", models.DateField()),
                ("to_date", models.DateField(null=True)),
                ("added_by", models.CharField(max_length=150)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                ("ended_by", models.CharField(blank=True, max_length=150)),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relations",
                        to="clients.client",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relations_back",
                        to="clients.client",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["client", "kind"], name="relation_client"),
                    models.Index(fields=["other", "kind"], name="relation_other"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("backward", False),
                                ("other__isnull", False),
                                ("other_mobile__isnull", True),
                                ("other_name", ""),
                            ),
                            models.Q(("other__isnull", True), models.Q(("other_name", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="relation_client_or_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("other__isnull", True),
                            models.Q(("other", models.F("client")), _negated=True),
                            _connector="OR",
                        ),
                        name="relation_not_to_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("share__isnull", True),
                            models.Q(("kind", "beneficial_owner"), ("share__gt", 0), ("share__lte", 100)),
                            _connector="OR",
                        ),
                        name="relation_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_date__isnull", True),
                            ("to_date__gte", models.F("from_date")),
                            _connector="OR",
                        ),
                        name="relation_ends_after_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("other__isnull", False), ("to_date__isnull", True)),
                        fields=("client", "other", "kind"),
                        name="relation_once_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskWarning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("product_code", models.CharField(max_length=30)),
                ("product_name", models.CharField(blank=True, max_length=200)),
                ("product_level", models.CharField(max_length=2)),
                ("client_level", models.CharField(max_length=10)),
                (
                    "manner",
                    models.CharField(
                        choices=[
                            ("written", "In writing"),
                            ("video", "Audio and video recording"),
                            ("recorded", "Recorded call"),
                            ("online", "App or website"),
                        ],
                        max_length=10,
                    ),
                ),
                ("evidence", models.CharField(blank=True, max_length=300)),
                ("warned_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=150)),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="risk_warnings",
                        to="clients.client",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["client", "-warned_at"], name="risk_warning_client")],
            },
        ),
        migrations.RunSQL(GUARDS, UNDO),
    ]
