"""The programmes that come with the house, and the trigger that keeps versions as they were approved."""

from datetime import time
from decimal import Decimal

from django.db import migrations
from django.utils import timezone

KEEP = """
CREATE FUNCTION outreach_keep_programme() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ending text[] := ARRAY['state', 'in_force_to'];
BEGIN
    IF OLD.state IN ('draft', 'proposed') THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state = 'in_force' AND NEW.state = 'retired'
        AND to_jsonb(OLD) - ending = to_jsonb(NEW) - ending THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a callback programme that was in force stays as it was'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER callback_programme_keeps BEFORE UPDATE OR DELETE ON outreach_callbackprogramme
    FOR EACH ROW EXECUTE FUNCTION outreach_keep_programme();
"""
UNDO = """
DROP TRIGGER callback_programme_keeps ON outreach_callbackprogramme;
DROP FUNCTION outreach_keep_programme();
"""


def _asks(key, zh, en, kind="yes_no", exceptions=("no",), choices=(), required=True):
    return {
        "key": key, "zh": zh, "en": en, "kind": kind, "required": required, "choices": list(choices),
        "exceptions": list(exceptions),
    }  # fmt: skip


REMARKS = _asks("q9", "其他意见或建议", "Anything else you want to tell us", "text", (), required=False)
NEW_ACCOUNT = (
    _asks("q1", "请问是您本人吗？", "Am I speaking to the account holder in person?"),
    _asks("q2", "账户是您本人自愿开立的吗？", "Did you open the account yourself and of your own will?"),
    _asks("q3", "开户文件是您本人签署的吗？", "Did you sign the documents yourself?"),
    _asks("q4", "您是否已了解市场风险？", "Do you understand the risks of the market?"),
    _asks("q5", "密码是您本人设置并妥善保管的吗？", "Did you set your password yourself and keep it to yourself?"),
    _asks("q6", "账户是否由他人代为操作？", "Does somebody else trade on the account for you?", exceptions=("yes",)),
    _asks("q7", "风险测评结果与您的情况相符吗？", "Does the result of the risk assessment fit you?"),
    REMARKS,
)
YEARLY = (
    _asks("q1", "请问是您本人吗？", "Am I speaking to the account holder in person?"),
    _asks("q2", "您的联系方式和地址有变化吗？", "Has your address or number changed?", exceptions=()),
    _asks("q3", "账户是否由他人代为操作？", "Does somebody else trade on the account for you?", exceptions=("yes",)),
    _asks(
        "q4", "工作人员是否承诺过收益或代客理财？", "Did anybody of our staff promise returns or trade for you?",
        exceptions=("yes",),
    ),
    _asks(
        "q5", "您对我们的服务满意吗？", "How content are you with our service?", "choice", ("不满意",),
        ("满意", "一般", "不满意"),
    ),
    REMARKS,
)  # fmt: skip
RISK = (
    _asks("q1", "请问是您本人吗？", "Am I speaking to the account holder in person?"),
    _asks("q2", "风险测评是您本人独立完成的吗？", "Did you answer the risk assessment yourself?"),
    _asks("q3", "您是否清楚高风险产品可能损失全部本金？", "Do you know that such products can lose all you put in?"),
    _asks(
        "q4", "可用于投资的资金约占家庭资产的百分之几？", "What share of your assets, in per cent, do you invest?",
        "number", (">80",),
    ),
    REMARKS,
)  # fmt: skip
COMPLAINT = (
    _asks("q1", "处理结果是否已告知您？", "Were you told the result?"),
    _asks(
        "q2", "您对处理结果满意吗？", "How content are you with the result?", "choice", ("不满意",),
        ("满意", "基本满意", "不满意"),
    ),
    _asks("q3", "问题是否再次发生？", "Has it happened again?", exceptions=("yes",)),
    REMARKS,
)  # fmt: skip
HELLO_ZH = "您好，我是公司客户服务中心的工作人员，来电做一次回访，通话将被录音，大约需要三分钟。请问现在方便吗？"
HELLO_EN = (
    "Good day, this is the client service centre. We are calling you back; the call is recorded and takes about "
    "three minutes. Is this a good moment?"
)
PROGRAMMES = {
    "new_account": (NEW_ACCOUNT, {"days": 30}),
    "yearly": (YEARLY, {"share": Decimal("0.1")}),
    "product_risk": (RISK, {"days": 15, "risk_levels": ["C5"]}),
    "complaint": (COMPLAINT, {"days": 15}),
}


def seed(apps, schema_editor):
    programme = apps.get_model("outreach", "CallbackProgramme")
    now = timezone.now()
    for kind, (questions, terms) in PROGRAMMES.items():
        programme.objects.create(
            kind=kind, number=1, state="in_force", attempts=3, call_from=time(9), call_to=time(20),
            greeting_zh=HELLO_ZH, greeting_en=HELLO_EN, questions=list(questions), written_at=now,
            in_force_from=now, **terms,
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("outreach", "0003_callbacks")]
    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunSQL(KEEP, UNDO),
    ]
