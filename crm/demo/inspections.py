"""What the demo's inspectors look at: the items of the scoring form, advice, and a reason to appeal."""

from decimal import Decimal

from knowledge.actions.plans import Item


def _item(
    section: tuple[str, str],
    words: tuple[str, str],
    weight: int,
    *,
    fatal: bool = False,
    may_skip: bool = False,
) -> Item:
    return Item(
        section_zh=section[0], section_en=section[1], zh=words[0], en=words[1], weight=Decimal(weight),
        fatal=fatal, may_skip=may_skip,
    )  # fmt: skip


OPENING, ANSWER, RULES, CLOSING = (
    ("开场", "Opening"), ("解答", "Answer"), ("合规", "Rules"), ("结束", "Closing"),
)  # fmt: skip
ITEMS = (
    _item(OPENING, ("问候并报明身份", "Greeted and said who speaks"), 5),
    _item(OPENING, ("核实客户身份", "Checked who the client is"), 15, fatal=True),
    _item(ANSWER, ("准确理解客户问题", "Understood the question"), 15),
    _item(ANSWER, ("解答内容准确完整", "Answered correctly and fully"), 25),
    _item(ANSWER, ("语言清楚、有耐心", "Spoke clearly and with patience"), 10),
    _item(RULES, ("未承诺收益、未代客操作", "No promises, no trading for the client"), 10, fatal=True),
    _item(RULES, ("提示风险与适当性", "Spoke of risk and suitability"), 10, may_skip=True),
    _item(CLOSING, ("确认问题已解决或约定跟进", "Made sure it is solved or will be followed up"), 5),
    _item(CLOSING, ("记录完整、分类正确", "Logged fully and under the right category"), 5),
)
ADVICE = (
    "先复述客户的问题再解答，能减少来回确认。",
    "涉及产品时请主动说明风险等级与适当性要求。",
    "结束前询问是否还有其他问题，并确认跟进时间。",
    "摘要请写明客户诉求、处理结果和后续安排三点。",
    "",
)
APPEAL = "该项在通话开头已经完成，录音中可以听到，申请复核。"
