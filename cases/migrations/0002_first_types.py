"""The first types of cases, with the times of the service standard and of the rules on complaints."""

from django.db import migrations

DAY = 8 * 3600  # seconds of working hours in a working day
BANDS = ("V5-V4", "V3", "V2-V1", "other")
FIRST_RESPONSE = {
    "phone": ("always", (10, 20, 20)),
    "chat": ("trading", (30, 60, 120)),
    "wecom": ("trading", (30, 60, 120)),
    "wechat": ("trading", (30, 60, 120)),
    "email": ("working", (7200, 14400, DAY)),
    "weibo": ("working", (7200, 14400, DAY)),
    "sms": ("working", (7200, 14400, DAY)),
    "visit": ("always", (300, 600, 900)),
}
RESOLUTION = (DAY, 2 * DAY, 3 * DAY)
STATUTORY = (
    ("acknowledge", DAY, "working"),
    ("contact", 3 * DAY, "working"),
    ("resolution", 5 * DAY, "working"),
    ("hard_stop", 60 * 86400, "always"),
)


def _field(key, zh, en, kind, required=False, choices=()):
    return {"key": key, "zh": zh, "en": en, "kind": kind, "required": required, "choices": list(choices)}


def _step(key, zh, en, who="owner", required=False):
    return {"key": key, "zh": zh, "en": en, "who": who, "required": required}


TYPES = (
    ("service_request", "服务请求", "Service request", (), (
        _step("s1", "核对客户身份", "Check who the client is"),
        _step("s2", "办理并把结果告知客户", "Do it and tell the client the result", required=True),
    )),
    ("account_business", "账户业务", "Account business", (
        _field("account", "资金账号", "Account", "account"),
        _field("what", "办理事项", "What is to be done", "choice", True,
               ("资料变更", "权限开通", "密码重置", "银行变更", "销户", "其他")),
    ), (
        _step("s1", "核对客户身份", "Check who the client is", required=True),
        _step("s2", "材料齐全并已扫描", "Documents complete and scanned"),
        _step("s3", "复核", "Second look", "lead", True),
        _step("s4", "把结果告知客户", "Tell the client the result", required=True),
    )),
    ("trading_question", "交易问题", "Trading question", (
        _field("account", "资金账号", "Account", "account"),
        _field("security", "证券代码", "Security", "text"),
        _field("happened_on", "发生日期", "Happened on", "date"),
        _field("amount", "涉及金额（元）", "Amount, CNY", "number"),
    ), (
        _step("s1", "查询委托与成交", "Look at orders and trades"),
        _step("s2", "把结果告知客户", "Tell the client the result", required=True),
    )),
    ("system_fault", "系统故障", "System fault", (
        _field("system", "系统", "System", "choice", True, ("手机客户端", "电脑客户端", "电话委托", "网上营业厅", "其他")),
        _field("since", "开始日期", "Since", "date"),
    ), (
        _step("s1", "与技术部门确认", "Confirm with the technical department", required=True),
        _step("s2", "把结果告知客户", "Tell the client the result", required=True),
    )),
    ("callback_exception", "回访异常", "Exception of a callback", (
        _field("question", "异常的问题", "Question", "text"),
    ), (
        _step("s1", "与客户核实", "Clear it up with the client", required=True),
        _step("s2", "主管确认处理结果", "The lead confirms the result", "lead", True),
    )),
)  # fmt: skip
COMPLAINT = (
    _field("happened_on", "发生日期", "Happened on", "date"),
    _field("wants", "客户诉求", "What the client wants", "text", True),
    _field("amount", "涉及金额（元）", "Amount, CNY", "number"),
), (
    _step("s1", "登记并告知客户已受理", "Register it and acknowledge receipt", required=True),
    _step("s2", "被投诉人回避", "Whoever is complained about stays out of it"),
    _step("s3", "调取录音与往来记录", "Get recordings and messages", required=True),
    _step("s4", "联系客户了解诉求", "Speak with the client", required=True),
    _step("s5", "认定是否属实并定性", "Decide whether it is substantiated", "lead", True),
    _step("s6", "书面答复客户", "Answer the client in writing", required=True),
    _step("s7", "复核归档", "A second look before it is filed", "lead"),
)  # fmt: skip


def seed(apps, schema_editor):
    case_type, version = apps.get_model("cases", "CaseType"), apps.get_model("cases", "TypeVersion")
    time = apps.get_model("cases", "ClockTime")
    for position, (code, zh, en, fields, steps) in enumerate(TYPES, start=1):
        made = case_type.objects.create(code=code, position=position * 10)
        first = version.objects.create(
            type=made, number=1, name_zh=zh, name_en=en, fields=list(fields), steps=list(steps), made_by="system"
        )
        time.objects.bulk_create([*_responses(time, first), *_resolutions(time, first)])
    made = case_type.objects.create(code="complaint", position=5, is_complaint=True)
    first = version.objects.create(
        type=made, number=1, name_zh="投诉", name_en="Complaint", fields=list(COMPLAINT[0]),
        steps=list(COMPLAINT[1]), made_by="system",
    )  # fmt: skip
    time.objects.bulk_create(
        time(version=first, kind=kind, seconds=seconds, hours=hours, statutory=True)
        for kind, seconds, hours in STATUTORY
    )


def _responses(time, version):
    for channel, (hours, waits) in FIRST_RESPONSE.items():
        for band, seconds in zip(BANDS, (*waits, waits[-1]), strict=True):
            yield time(
                version=version, kind="first_response", channel=channel, band=band, seconds=seconds, hours=hours
            )


def _resolutions(time, version):
    for band, seconds in zip(BANDS, (*RESOLUTION, RESOLUTION[-1]), strict=True):
        yield time(version=version, kind="resolution", band=band, seconds=seconds, hours="working")


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
