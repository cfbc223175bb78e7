"""Version 1 of the service plan, and what to do about the entries of each list; both are settings."""

from datetime import date

from django.db import migrations
from django.utils import timezone

EFFECTIVE = date(2026, 1, 1)
# tier: days, ways of contact, adviser, first response in minutes, products and entitlements in both languages
TIERS = {
    "V5": (14, "visit phone wecom", "manager", 5, "私募、家族信托、融资融券", "Private funds, family trust, margin",
           "专属客户经理、每季度资产检视、新股与策略专场", "Own client manager, quarterly review, events"),
    "V4": (30, "phone wecom visit", "manager", 10, "公募精选、融资融券", "Selected funds, margin",
           "专属客户经理、半年资产检视", "Own client manager, half-yearly review"),
    "V3": (60, "phone wecom", "manager", 15, "公募基金、国债逆回购", "Funds, treasury repo",
           "客户经理服务、年度资产检视", "Client manager, yearly review"),
    "V2": (180, "phone wecom sms", "agent", 30, "货币基金、指数基金", "Money market and index funds",
           "客服专席、投资者教育", "Service desk, investor education"),
    "V1": (None, "chat wechat", "hq", 60, "货币基金", "Money market funds", "在线客服", "Online service"),
    "NEW": (30, "phone wecom", "agent", 15, "新客理财、国债逆回购", "Starter products, treasury repo",
            "开户后90天陪伴服务", "Company through the first 90 days"),
}  # fmt: skip
SUGGESTIONS = {
    "plan": ("致电问候，检视持仓与需求，并记录下次安排。",
             "Call, look through holdings and wishes together, note what comes next."),
    "at_risk": ("了解资产转出或交易减少的原因，提供费率与服务方案。",
                "Ask why money or trading went away; offer terms and service that answer it."),
    "almost_upgraded": ("说明下一等级的权益，推荐所示的一项服务。",
                        "Say what the next tier is entitled to and offer the one service named here."),
    "dormant_asset": ("介绍适合其风险等级的现金管理或定投产品。",
                      "Offer cash management or a savings plan that fits the risk level."),
    "first_90_days": ("按步骤陪伴：登录、首次交易、产品介绍、满意度。",
                      "Go along step by step: sign-in, first trade, products, satisfaction."),
    "birthday": ("送上生日祝福，不做推销。", "Wish a happy birthday; sell nothing."),
    "expiring": ("提醒客户更新证件或重做风险测评，并协助线上办理。",
                 "Remind of the new document or assessment and help to do it online."),
}  # fmt: skip


def first_plan(apps, _schema):
    plan = apps.get_model("outreach", "ServicePlan").objects.create(
        number=1, state="published", effective_on=EFFECTIVE, written_at=timezone.now(),
        published_at=timezone.now(),
    )  # fmt: skip
    for tier, (days, ways, adviser, response, zh, en, entitled_zh, entitled_en) in TIERS.items():
        apps.get_model("outreach", "ServiceTier").objects.create(
            plan=plan, tier=tier, rhythm_days=days, channels=ways.split(), adviser=adviser,
            first_response=response, products_zh=zh, products_en=en, entitled_zh=entitled_zh,
            entitled_en=entitled_en,
        )  # fmt: skip
    for name, (zh, en) in SUGGESTIONS.items():
        apps.get_model("outreach", "Suggestion").objects.create(list=name, text_zh=zh, text_en=en)


# What nights have gone by stays as it was.
KEEP = """
CREATE FUNCTION outreach_keep_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'outreach_serviceplan' THEN
        IF OLD.state <> 'published' THEN
            RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
        END IF;
    ELSIF NOT EXISTS (
        SELECT 1 FROM outreach_serviceplan AS p
        WHERE p.state = 'published'
          AND p.id = CASE TG_OP WHEN 'INSERT' THEN NEW.plan_id ELSE OLD.plan_id END
    ) THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'a published version of the service plan stays as it is'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER service_plan_keeps BEFORE UPDATE OR DELETE ON outreach_serviceplan
    FOR EACH ROW EXECUTE FUNCTION outreach_keep_plan();
CREATE TRIGGER service_tier_keeps BEFORE INSERT OR UPDATE OR DELETE ON outreach_servicetier
    FOR EACH ROW EXECUTE FUNCTION outreach_keep_plan();
"""
UNDO = """
DROP TRIGGER service_tier_keeps ON outreach_servicetier;
DROP TRIGGER service_plan_keeps ON outreach_serviceplan;
DROP FUNCTION outreach_keep_plan();
"""


class Migration(migrations.Migration):
    dependencies = [("outreach", "0006_due")]
    operations = [migrations.RunPython(first_plan, migrations.RunPython.noop), migrations.RunSQL(KEEP, UNDO)]
