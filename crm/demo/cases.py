"""What the demo's clients asked for and complained of: words, and how long ago, from the seed alone."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

CASES = 120
DAYS = 60


@dataclass(frozen=True)
class Told:
    """One case: its type, words and answers; age in minutes; whose turn it is; how it stands."""

    kind: str
    channel: str
    subject: str
    text: str
    fields: dict[str, str]
    age: int
    client: int  # place among the demo's clients
    state: str
    owner: int | None  # place among those who work on cases


REQUESTS: tuple[tuple[str, str, str, str, dict[str, str]], ...] = (
    ("service_request", "phone", "查询去年对账单", "客户想要 2025 年全年对账单，发到预留邮箱。", {}),
    ("service_request", "wecom", "咨询新股申购规则", "沪深两市市值如何计算，能否合并。", {}),
    ("service_request", "email", "开具资产证明", "用于出国签证，需要加盖公章。", {}),
    ("service_request", "visit", "预约办理科创板权限", "本周五下午到营业部办理。", {}),
    ("account_business", "phone", "手机号码变更", "原号码已停机，需要更换。", {"what": "资料变更"}),
    ("account_business", "visit", "重置交易密码", "多次输错被锁定。", {"what": "密码重置"}),
    ("account_business", "chat", "变更三方存管银行", "换成工资卡所在银行。", {"what": "银行变更"}),
    ("account_business", "phone", "申请开通创业板", "风险测评已更新。", {"what": "权限开通"}),
    ("trading_question", "phone", "委托未成交原因", "上午 10 点委托，一直显示已报。", {"security": "600519"}),
    ("trading_question", "chat", "成交价与委托价不一致", "限价单成交价更低。", {"security": "000858"}),
    ("trading_question", "wecom", "佣金计算有疑问", "单笔收取了 5 元。", {"amount": "5"}),
    ("system_fault", "weibo", "APP 登录很慢", "开盘后登录要一分钟。", {"system": "手机客户端"}),
    ("system_fault", "phone", "行情不刷新", "自选股行情停在 9:41。", {"system": "手机客户端"}),
    ("callback_exception", "phone", "回访时表示不知情", "客户称未听过风险说明。", {"question": "风险揭示"}),
)  # fmt: skip
COMPLAINTS = (
    ("phone", "佣金未按约定下调", "客户称客户经理承诺万二，实际仍为万三。", {"wants": "退还多收佣金"}),
    ("wecom", "推荐产品亏损", "购买基金后亏损 12%，认为风险说明不充分。", {"wants": "说明并补偿"}),
    ("phone", "开盘时无法委托", "9:30 至 9:38 无法下单，造成损失。", {"wants": "赔偿损失"}),
    ("email", "销户办理推诿", "去了两次营业部都没有办成。", {"wants": "尽快销户"}),
    ("visit", "柜台服务态度差", "排队一小时后被告知材料不全。", {"wants": "道歉"}),
    ("phone", "多次接到营销电话", "已要求不再来电，仍被打扰。", {"wants": "停止来电"}),
)
OUTAGE = ("system_fault", "chat", "行情中断", "今天上午行情中断，看不到价格。", {"system": "手机客户端"})


def told_cases(seed: int, clients: int, workers: int) -> Iterator[Told]:
    """In the order they came; every tenth is a complaint, the last dozen are of one outage."""
    draw = random.Random(f"cases {seed}")
    for number in range(CASES):
        is_complaint = number % 10 == 3
        if number >= CASES - 12:
            kind, channel, subject, text, fields = OUTAGE
        elif is_complaint:
            channel, subject, text, fields = draw.choice(COMPLAINTS)
            kind = "complaint"
        else:
            kind, channel, subject, text, fields = draw.choice(REQUESTS)
        age = _age(draw, number, outage=number >= CASES - 12)
        state = _state(draw, age, is_complaint)
        owner = draw.randrange(workers) if state != "new" or is_complaint else None
        yield Told(kind, channel, subject, text, fields, age, draw.randrange(clients), state, owner)


def _age(draw: random.Random, number: int, *, outage: bool) -> int:
    """Minutes; older ones first, the last third of the last two days."""
    if outage:
        return draw.randrange(20, 180)
    share = 1 - number / CASES
    days = DAYS * share**2
    return max(15, int(days * 1440) + draw.randrange(0, 600))


def _state(draw: random.Random, age: int, is_complaint: bool) -> str:
    if age > 12 * 1440:
        return "closed"
    if age > 5 * 1440 and not is_complaint:
        return draw.choices(["closed", "resolved", "waiting_third"], [8, 1, 1])[0]
    if age > 2 * 1440:
        return draw.choices(["closed", "resolved", "open", "waiting_client"], [4, 2, 3, 2])[0]
    return draw.choices(["new", "open", "waiting_client", "waiting_third", "resolved"], [5, 6, 2, 1, 1])[0]
