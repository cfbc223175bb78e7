"""Interactions of the service staff with the demo clients: a few thousand, more with the wealthy."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from crm.demo.market import Market
from crm.demo.names import BRANCHES
from crm.demo.people import People
from crm.demo.plan import Action, Plan

SHANGHAI = ZoneInfo("Asia/Shanghai")
MOST = 20_000
MANAGER, BRANCH_DESK, CENTRE = "manager", "branch", "centre"


@dataclass(frozen=True)
class Subject:
    """A kind of contact: its category, how it comes about, and what is noted."""

    category: str
    channel: str
    direction: str
    desk: str
    minutes: tuple[int, int]
    messages: tuple[int, int]
    weight: int
    summaries: tuple[str, ...]


@dataclass(frozen=True)
class Contact:
    """One interaction. ``agent`` is a manager number, or empty: then ``desk`` and ``branch`` say who."""

    client_no: str
    branch: str
    agent: str
    desk: str
    channel: str
    direction: str
    category: str
    started_at: datetime
    minutes: int
    messages: int
    summary: str
    outcome: str
    satisfaction: int | None


SUBJECTS = (
    Subject(
        "enquiry.account",
        "phone",
        "in",
        CENTRE,
        (2, 9),
        (0, 0),
        16,
        (
            "客户来电咨询账户密码重置流程,已指引通过手机端自助办理。",
            "咨询佣金费率及调整方式,已说明现行标准。",
            "询问账户资产为何与昨日不一致,解释了港股通汇兑影响。",
            "咨询证件到期后的影响及更新渠道。",
        ),
    ),
    Subject(
        "enquiry.trading",
        "chat",
        "in",
        CENTRE,
        (3, 12),
        (4, 18),
        14,
        (
            "咨询科创板交易规则及权限开通条件。",
            "客户反映委托未成交,核实为价格未到,已解释。",
            "询问可转债申购与中签缴款时间。",
            "咨询融资融券维持担保比例的计算方法。",
        ),
    ),
    Subject(
        "enquiry.product",
        "wecom",
        "in",
        MANAGER,
        (3, 15),
        (3, 14),
        13,
        (
            "询问货币基金赎回到账时间,已答复。",
            "咨询收益凭证的期限和收益区间,已发送产品说明。",
            "比较两只债券基金的回撤与费率。",
        ),
    ),
    Subject(
        "enquiry.market",
        "wechat",
        "in",
        MANAGER,
        (2, 8),
        (2, 9),
        8,
        ("询问大盘后市观点,转发了研究所周报。", "咨询持仓个股公告影响,已提示以公告原文为准。"),
    ),
    Subject(
        "request.opening",
        "visit",
        "in",
        BRANCH_DESK,
        (20, 55),
        (0, 0),
        6,
        (
            "临柜开通创业板权限,完成风险揭示签署。",
            "临柜办理融资融券开户,资料齐全。",
            "陪同子女了解开户流程,预约下周办理。",
        ),
    ),
    Subject(
        "request.change",
        "visit",
        "in",
        BRANCH_DESK,
        (12, 35),
        (0, 0),
        5,
        ("临柜更新身份证有效期。", "变更三方存管银行,已办结。", "变更联系电话与通讯地址。"),
    ),
    Subject(
        "request.funds",
        "phone",
        "in",
        CENTRE,
        (3, 10),
        (0, 0),
        6,
        ("银证转账失败,核实为超出银行限额,已告知处理办法。", "大额资金转出预约,已登记。"),
    ),
    Subject(
        "care.review",
        "visit",
        "out",
        MANAGER,
        (30, 80),
        (0, 0),
        7,
        (
            "上门做年度资产检视,建议降低单一个股集中度。",
            "季度检视:客户计划增加固收类配置。",
            "与企业财务负责人沟通闲置资金管理方案。",
        ),
    ),
    Subject(
        "care.callback",
        "phone",
        "out",
        CENTRE,
        (3, 8),
        (0, 0),
        9,
        (
            "新开户回访完成,客户确认本人意愿开户。",
            "存量客户年度回访,客户对服务满意。",
            "产品购买后回访,客户了解产品风险。",
        ),
    ),
    Subject(
        "care.risk",
        "sms",
        "out",
        CENTRE,
        (0, 0),
        (1, 1),
        8,
        ("发送风险测评即将到期提醒。", "发送融资融券合约到期提醒。", "发送持仓股票退市风险提示。"),
    ),
    Subject(
        "care.review",
        "phone",
        "out",
        MANAGER,
        (6, 22),
        (0, 0),
        9,
        (
            "电话沟通近期持仓,客户表示暂不调整。",
            "提醒客户资金闲置较久,客户考虑申购货币基金。",
            "了解客户资金流出原因:购房,预计半年后转回。",
        ),
    ),
    Subject(
        "offer",
        "wecom",
        "out",
        MANAGER,
        (2, 8),
        (2, 8),
        6,
        ("邀请参加营业部投资策略会,客户确认参加。", "推介与风险等级匹配的稳健类产品,客户有意向。"),
    ),
    Subject(
        "request.change",
        "email",
        "in",
        CENTRE,
        (5, 16),
        (1, 3),
        3,
        ("机构客户来函申请更换经办人,已回复所需材料。", "邮件索取年度对账单,已发送加密文件。"),
    ),
    Subject(
        "complaint",
        "phone",
        "in",
        CENTRE,
        (8, 26),
        (0, 0),
        2,
        ("客户投诉手机软件行情延迟,已记录并转技术部门。", "客户对佣金标准不满,已登记并承诺三日内答复。"),
    ),
)


def draw_contacts(people: People, market: Market, plan: Plan, seed: int) -> list[Contact]:
    """About one contact per two clients, at most 20 000, ascending by time; none with clients who leave."""
    random = np.random.default_rng([seed, 8])
    count = min(max(20, len(people) // 2), MOST)
    clients = random.choice(len(people), count, p=_pull(people, plan))
    weights = np.array([subject.weight for subject in SUBJECTS])
    subjects = random.choice(len(SUBJECTS), count, p=weights / weights.sum())
    span = len(market.days) - people.told[clients]
    days = people.told[clients] + (random.random(count) * span).astype(np.int64)
    seconds = random.integers(8 * 3600 + 1800, 17 * 3600, count)
    order = np.lexsort((seconds, days))
    dice = random.random((count, 5))
    return [
        _contact(
            people, market, (int(clients[n]), int(days[n]), int(seconds[n])), SUBJECTS[subjects[n]], dice[n]
        )
        for n in order.tolist()
    ]


def _pull(people: People, plan: Plan) -> np.ndarray:
    pull = 1 + np.log10(1 + people.wealth / 100) ** 2
    gone = plan.table[np.isin(plan.table[:, 1], (Action.CLOSE, Action.DECEASE)), 2]
    pull[gone] = 0
    return pull / pull.sum()


def _contact(
    people: People, market: Market, when: tuple[int, int, int], subject: Subject, dice: np.ndarray
) -> Contact:
    client, day, second = when
    entry = BRANCHES[int(people.branch[client])]
    manager = int(people.manager[client])
    own = subject.desk == MANAGER and manager >= 0
    midnight = datetime.combine(market.days[day], datetime.min.time(), SHANGHAI)
    return Contact(
        client_no=f"C{client + 1:06d}",
        branch=entry.code,
        agent=f"M{entry.code}{chr(65 + manager)}" if own else "",
        desk=subject.desk if own or subject.desk != MANAGER else BRANCH_DESK,
        channel=subject.channel,
        direction=subject.direction,
        category=subject.category,
        started_at=midnight + timedelta(seconds=second),
        minutes=_between(subject.minutes, dice[0]),
        messages=_between(subject.messages, dice[1]),
        summary=subject.summaries[int(dice[2] * len(subject.summaries))],
        outcome=_outcome(subject, dice[3]),
        satisfaction=_satisfaction(dice[4]),
    )


def _between(bounds: tuple[int, int], die: float) -> int:
    return bounds[0] + int(die * (bounds[1] - bounds[0] + 1))


def _outcome(subject: Subject, die: float) -> str:
    if subject.direction == "out" and die < 0.08:
        return "not_reached"
    if subject.channel == "sms" or subject.category == "offer":
        return "informed"
    return "follow_up" if die > 0.86 else "resolved"


def _satisfaction(die: float) -> int | None:
    """One contact in three is rated, mostly well."""
    return None if die > 0.34 else 5 if die > 0.12 else 4 if die > 0.03 else 2
