"""The unlogged stage of the nightly step, the append-only guard, and the channels' first rates and categories."""

from datetime import date

from django.db import migrations

STAGE = """
CREATE UNLOGGED TABLE interactions_servicemonth_stage (
    client_id bigint NOT NULL, month date NOT NULL, branch_id bigint NOT NULL, manager_no varchar(20) NOT NULL,
    interactions integer NOT NULL, minutes numeric(12, 2) NOT NULL, messages integer NOT NULL,
    cost numeric(20, 4) NOT NULL
);
CREATE INDEX interactions_servicemonth_stage_client ON interactions_servicemonth_stage (client_id);
"""
GUARD = """
CREATE TRIGGER interaction_append_only BEFORE UPDATE OR DELETE ON interactions_interaction
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
"""
FROM = date(1900, 1, 1)
RATES = {  # CNY per minute, per message
    "phone": ("1.2000", "0"),
    "visit": ("2.0000", "0"),
    "wecom": ("0.8000", "0.1000"),
    "wechat": ("0.8000", "0.1000"),
    "chat": ("0.8000", "0.1000"),
    "sms": ("0", "0.0500"),
    "email": ("1.0000", "0.0200"),
    "weibo": ("0.8000", "0.1000"),
}
CATEGORIES = [
    ("enquiry", None, "咨询", "Enquiry"),
    ("enquiry.account", "enquiry", "账户咨询", "Account enquiry"),
    ("enquiry.trading", "enquiry", "交易咨询", "Trading enquiry"),
    ("enquiry.product", "enquiry", "产品咨询", "Product enquiry"),
    ("enquiry.market", "enquiry", "行情与资讯", "Market and research"),
    ("request", None, "业务办理", "Request"),
    ("request.opening", "request", "开户与权限", "Opening and permissions"),
    ("request.change", "request", "资料变更", "Change of details"),
    ("request.funds", "request", "资金划转", "Transfer of funds"),
    ("care", None, "客户关怀", "Client care"),
    ("care.review", "care", "资产检视", "Portfolio review"),
    ("care.callback", "care", "回访", "Callback"),
    ("care.risk", "care", "风险提示", "Risk notice"),
    ("offer", None, "服务推介", "Service offer"),
    ("complaint", None, "投诉与建议", "Complaint or suggestion"),
]


def seed(apps, schema_editor):
    rate = apps.get_model("interactions", "ChannelRate")
    rate.objects.bulk_create(
        rate(channel=channel, effective_on=FROM, per_minute=minute, per_message=message)
        for channel, (minute, message) in RATES.items()
    )
    apps.get_model("interactions", "AccountCost").objects.create(effective_on=FROM, per_month=0)
    category = apps.get_model("interactions", "Category")
    made = {}
    for code, parent, name_zh, name_en in CATEGORIES:
        made[code] = category.objects.create(code=code, parent=made.get(parent), name_zh=name_zh, name_en=name_en)


class Migration(migrations.Migration):
    dependencies = [("interactions", "0001_initial"), ("core", "0002_guards")]
    operations = [
        migrations.RunSQL(STAGE, "DROP TABLE interactions_servicemonth_stage"),
        migrations.RunSQL(GUARD, "DROP TRIGGER interaction_append_only ON interactions_interaction"),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
