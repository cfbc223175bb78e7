"""What the demo's desks say and check: (code, wording), in Chinese and English.

A step stands as (Chinese, English, must not be missed).
"""

from collections.abc import Iterable

from knowledge.actions.scripts import Step, Wording

BEST = ("V5", "V4")


def _steps(*told: tuple[str, str, bool]) -> list[Step]:
    return [Step(zh=zh, en=en, required=required) for zh, en, required in told]


def _said(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


IDENTITY = ("核对姓名与证件号码后四位", "Check the name and the last four of the ID number", True)
NO_PROMISE = ("未承诺收益，未代客操作", "Nothing promised, no trading on the client's behalf", True)

OPENING = Wording(
    title_zh="来电开场与身份核实",
    title_en="Opening a call and checking who speaks",
    channels=("phone",),
    body_zh=_said(
        "您好，这里是客户服务中心，我是客户服务专员，请问怎么称呼您？",
        "为保护您的账户安全，本次通话会录音。请您报一下姓名和证件号码的后四位，我先为您核实身份。",
        "核实好了，谢谢您。请问今天有什么可以帮您？",
    ),
    body_en=_said(
        "Good day, this is the service centre. May I ask your name?",
        "For the safety of your account this call is recorded. Please give me your name and the last four "
        "characters of your ID number, so that I can check who I am speaking with.",
        "Thank you, that is done. How can I help you today?",
    ),
    steps=_steps(
        ("告知通话录音", "Said that the call is recorded", True),
        IDENTITY,
        ("未核实前不提供账户信息", "No account details before the check", True),
        ("结束前询问是否还有其他问题", "Asked whether there is anything else", False),
    ),
)

MARGIN = Wording(
    title_zh="融资融券业务咨询",
    title_en="Questions on margin trading",
    category="enquiry.trading",
    body_zh=_said(
        "融资融券是向公司借入资金或证券进行交易，可能放大收益，也可能放大亏损，合约最长六个月，到期前可申请展期。",
        "开通需要从事证券交易满半年，且最近二十个交易日日均证券类资产不低于五十万元，并通过适当性评估。",
        "维持担保比例低于平仓线时，如果未按时追加担保物，公司有权强制平仓。请您根据自身风险承受能力决定。",
    ),
    body_en=_said(
        "Margin trading means trading with money or securities borrowed from us. It can raise gains and "
        "losses alike. A contract runs six months at most; an extension can be asked for before it ends.",
        "It takes half a year of trading, an average of at least CNY 500 000 in securities assets over the "
        "last twenty trading days, and a passed suitability check.",
        "When the maintenance ratio falls below the closing line and nothing is added in time, we may close "
        "positions. Please decide by the risk you can bear.",
    ),
    steps=_steps(
        ("核对风险测评等级及有效期", "Checked the risk level and that it has not expired", True),
        ("说明利率、平仓线与强制平仓", "Explained rate, closing line and forced closing", True),
        NO_PROMISE,
        ("需要时约定由营业部跟进", "Agreed on a follow-up by the branch where needed", False),
    ),
)

COMPLAINT = Wording(
    title_zh="投诉首次回应",
    title_en="First answer to a complaint",
    category="complaint",
    body_zh=_said(
        "非常抱歉给您带来不好的体验。我先完整记录您的情况，请您放心，这件事由我负责跟到底。",
        "我复述一下：（复述时间、业务、诉求）。请问有没有遗漏？您希望我们怎样解决？",
        "我们会在一个工作日内受理并告知您，三个工作日内由专人与您联系。您也可以拨打投资者服务热线12386。",
    ),
    body_en=_said(
        "I am very sorry about this. Let me write it all down first; I will stay with the matter to its end.",
        "Let me repeat: (when, which business, what is asked for). Is anything missing? What would you like "
        "us to do?",
        "We confirm within one working day, and somebody in charge contacts you within three. You may also "
        "call the investors' hotline 12386.",
    ),
    steps=_steps(
        ("先致歉，不打断、不辩解", "Apologised first, neither interrupted nor argued", False),
        ("记录时间、业务、涉及人员与诉求", "Noted when, which business, who and what is asked for", True),
        ("复述并由客户确认", "Repeated it and had it confirmed", True),
        ("告知受理与联系时限", "Said by when we confirm and contact", True),
        ("未评价同事，未承诺赔偿", "No word on colleagues, no compensation promised", True),
    ),
)

ACCOUNT = Wording(
    title_zh="开户咨询",
    title_en="Questions on opening an account",
    category="request.opening",
    body_zh=_said(
        "开户可以在手机上办理，全程约十分钟，需要本人身份证、一张银行卡和稳定的网络；也可以预约到营业部办理。",
        "开户过程中需要您完成风险测评和视频见证，请本人如实作答，他人不能代办。",
        "开户后三十天内会有同事电话回访，核对开户意愿，请您留意接听。",
    ),
    body_en=_said(
        "An account can be opened on the phone in about ten minutes, with your ID card, a bank card and a "
        "steady connection; or at a branch by appointment.",
        "You fill in a risk assessment and are seen by video. Please answer yourself and truthfully; nobody "
        "can do it for you.",
        "Within thirty days a colleague calls back to check that you wanted it. Please take that call.",
    ),
    steps=_steps(
        ("确认本人办理、年满十八周岁", "Made sure it is the person, of age eighteen", True),
        ("说明所需证件与时间", "Said what is needed and how long it takes", False),
        ("提示风险测评须如实填写", "Said that the assessment must be truthful", True),
        ("征得同意后登记为潜在客户", "With consent, entered as a prospect", False),
    ),
)

REVIEW = Wording(
    title_zh="资产检视",
    title_en="Portfolio review",
    category="care.review",
    body_zh=_said(
        "您好，想用几分钟和您一起看看目前的资产情况，方便吗？",
        "您最近的资金安排或风险偏好有变化吗？如果有，我们先更新风险测评，再看产品是否匹配。",
    ),
    body_en=_said(
        "Good day, may I take a few minutes to go through your assets with you?",
        "Has anything changed in your plans or in the risk you want to take? If so, we renew the risk "
        "assessment first and then see what fits.",
    ),
    steps=_steps(
        IDENTITY,
        ("核对风险测评等级及有效期", "Checked the risk level and that it has not expired", True),
        NO_PROMISE,
    ),
)

REVIEW_BEST = Wording(
    title_zh="钻石、白金客户资产检视",
    title_en="Portfolio review of diamond and platinum clients",
    category="care.review",
    tiers=BEST,
    body_zh=_said(
        "（姓名）您好，我是您的专属服务经理，上次约定的资产检视我已经准备好，大约需要十五分钟，现在方便吗？",
        "先回顾：过去一个季度的配置、盈亏来源和现金比例。再看变化：您的资金用途、流动性需要和风险偏好有没有调整？",
        "我会把今天谈到的要点整理成书面材料发给您。需要投研专家参与的话，我来安排时间。",
    ),
    body_en=_said(
        "Good day (name), this is your own service manager. The review we agreed on is ready and takes about "
        "fifteen minutes. Is this a good moment?",
        "First back: the last quarter's allocation, where gains and losses came from, and the share of "
        "cash. Then what changed: what the money is for, what must be at hand, the risk you want to take.",
        "I will send you the points in writing. If you would like one of our researchers to join, I will "
        "find a time.",
    ),
    steps=_steps(
        ("通话前看过持仓、盈亏与上次记录", "Read holdings, results and the last entry before", True),
        IDENTITY,
        ("询问资金用途与流动性需要", "Asked what the money is for and when it is needed", False),
        ("核对风险测评等级及有效期", "Checked the risk level and that it has not expired", True),
        NO_PROMISE,
        ("约定下次检视日期", "Agreed on the date of the next review", False),
    ),
)

APP_FAULT = Wording(
    title_zh="应用故障与登录问题",
    title_en="Faults of the app and trouble with signing in",
    category="enquiry.account",
    channels=("phone", "chat", "wechat", "weibo"),
    body_zh=_said(
        "很抱歉影响您使用。请告诉我手机型号、应用版本和出现的提示，最好附上截图（请遮住账号）。",
        "如果急需交易，您可以使用网页端，或在核实身份后通过电话委托下单。",
        "我已登记故障，处理进展会按您选择的方式通知您。请不要向任何人提供密码和验证码。",
    ),
    body_en=_said(
        "I am sorry for the trouble. Please tell me the phone, the app's version and what it says, best "
        "with a picture (cover your account number).",
        "If you must trade now, use the web site, or place the order by phone after a check of identity.",
        "The fault is noted and you will hear how it goes on. Please give passwords and codes to nobody.",
    ),
    steps=_steps(
        ("记录型号、版本、提示与时间", "Noted phone, version, message and time", True),
        ("告知其他交易方式", "Named other ways to trade", True),
        ("提醒勿泄露密码与验证码", "Warned not to give away passwords and codes", True),
        ("多人同时反映时报值班组长", "Told the lead on duty when several report it", False),
    ),
)

SCRIPTS: Iterable[tuple[str, Wording]] = (
    ("call-opening", OPENING),
    ("margin-trading", MARGIN),
    ("complaint-first", COMPLAINT),
    ("account-opening", ACCOUNT),
    ("portfolio-review", REVIEW),
    ("portfolio-review-best", REVIEW_BEST),
    ("app-fault", APP_FAULT),
)
