"""Words of the made-up brokerage: branches, managers, surnames, companies, streets, securities, products.

Everything here is invented or generic; none of the people exist. The texts are Chinese because they are data
of a Chinese brokerage, not interface texts.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Branch:
    """A branch as the feeds tell it; ``managers`` are the names of M<code>A, M<code>B … in order."""

    code: str
    name: str
    region: str
    city: str
    opened_on: str
    managers: tuple[str, ...]


REGIONS = (("R1", "华东分公司"), ("R2", "华南分公司"), ("R3", "华北西部分公司"))

BRANCHES = (
    Branch(
        "1001",
        "上海南京西路营业部",
        "R1",
        "上海",
        "1996-03-01",
        ("周敏", "徐建国", "沈佳怡", "陆伟", "顾晓燕"),
    ),
    Branch("1002", "上海陆家嘴营业部", "R1", "上海", "2001-06-18", ("钱志强", "吴静", "孙浩", "郑丽华")),
    Branch("1003", "杭州延安路营业部", "R1", "杭州", "1998-09-10", ("楼晓峰", "俞婷", "金海波")),
    Branch("1004", "南京中山北路营业部", "R1", "南京", "1999-04-26", ("丁磊", "蒋雪梅", "曹阳")),
    Branch(
        "1005",
        "深圳深南大道营业部",
        "R2",
        "深圳",
        "1997-11-08",
        ("林志豪", "陈嘉欣", "黄俊杰", "罗文静", "邓超"),
    ),
    Branch("1006", "广州天河路营业部", "R2", "广州", "2000-05-15", ("梁伟明", "何婉仪", "谭健", "冯秀珍")),
    Branch("1007", "厦门湖滨南路营业部", "R2", "厦门", "2005-08-22", ("苏丽娜", "许文彬", "叶青")),
    Branch("1008", "长沙芙蓉中路营业部", "R2", "长沙", "2003-03-12", ("彭涛", "唐颖", "易军")),
    Branch(
        "1009", "北京金融大街营业部", "R3", "北京", "1996-10-14", ("王建军", "李雪", "张鹏", "刘洋", "赵欣")
    ),
    Branch("1010", "天津南京路营业部", "R3", "天津", "2002-07-01", ("杨帆", "韩梅", "马超")),
    Branch("1011", "成都人民南路营业部", "R3", "成都", "1999-12-20", ("谢斌", "邹雨桐", "曾强", "江燕")),
    Branch("1012", "成都春熙路营业部", "R3", "成都", "2008-04-18", ("廖凯", "白洁", "石磊")),
)

MERGED, SUCCESSOR = "1012", "1011"
"""The branch that closes half-way through the demo, and the one that takes its clients over."""


def manager_numbers(branch: Branch) -> list[str]:
    """The manager numbers of a branch: M1001A, M1001B …"""
    return [f"M{branch.code}{chr(65 + place)}" for place in range(len(branch.managers))]


MANAGERS: dict[str, str] = {
    number: name
    for branch in BRANCHES
    for number, name in zip(manager_numbers(branch), branch.managers, strict=True)
}
"""Manager number -> Chinese name, for whoever gives the managers a sign-in."""

SURNAMES = (
    *"王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余"
    "杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙",
    "欧阳",
    "上官",
    "司马",
    "诸葛",
)

GIVEN_MALE = tuple("伟强磊军洋勇杰涛明超刚平辉鹏飞波斌宇浩凯健俊帆亮博文昊轩哲瑞毅峰松林")
GIVEN_FEMALE = tuple("芳娜敏静丽艳娟霞秀燕玲桂丹萍红玉兰雪梅琳慧莹婷倩颖洁佳欣怡雯璐瑶梦悦")
GIVEN_SECOND = tuple("国建志海晓小春文嘉子思雨华永清新云德家立宏光庆金东玉美爱淑红桂佳一") + ("",) * 9

COMPANY_TRADES = (
    "科技",
    "贸易",
    "实业",
    "投资",
    "医药",
    "机械",
    "电子",
    "置业",
    "物流",
    "食品",
    "能源",
    "建材",
    "信息技术",
    "新材料",
)
COMPANY_WORDS = (
    "恒信",
    "华泽",
    "鼎盛",
    "瑞丰",
    "天成",
    "中祥",
    "远航",
    "同济",
    "金桥",
    "宏图",
    "东方海",
    "蓝天",
    "汇通",
    "正源",
    "永泰",
    "新锐",
    "嘉禾",
    "启明",
    "万象",
    "联创",
    "博雅",
    "海纳",
    "晨光",
    "龙腾",
    "佳业",
    "德润",
)
COMPANY_FORMS = ("有限公司", "有限公司", "有限公司", "股份有限公司", "集团有限公司")
PRODUCT_WORDS = (
    "稳健增长",
    "量化精选",
    "价值优选",
    "红利增强",
    "多策略",
    "灵活配置",
    "成长先锋",
    "固收增强",
    "指数增强",
    "丰年",
)
PRODUCT_FORMS = ("私募证券投资基金", "集合资产管理计划", "单一资产管理计划", "养老金组合", "信托计划")

STREETS: dict[str, tuple[str, ...]] = {
    "上海": ("静安区愚园路", "浦东新区世纪大道", "徐汇区衡山路", "黄浦区河南中路", "长宁区延安西路"),
    "杭州": ("西湖区文三路", "上城区庆春路", "拱墅区莫干山路"),
    "南京": ("鼓楼区中央路", "玄武区珠江路", "建邺区江东中路"),
    "深圳": ("福田区红荔路", "南山区科苑路", "罗湖区人民南路"),
    "广州": ("天河区体育西路", "越秀区东风中路", "海珠区江南大道"),
    "厦门": ("思明区厦禾路", "湖里区仙岳路"),
    "长沙": ("芙蓉区五一大道", "岳麓区麓山南路"),
    "北京": ("西城区阜成门外大街", "朝阳区建国路", "海淀区中关村大街"),
    "天津": ("和平区营口道", "河西区友谊路"),
    "成都": ("武侯区科华北路", "锦江区红星路", "青羊区蜀都大道"),
}

ID_AREAS: dict[str, tuple[str, ...]] = {
    "上海": ("310101", "310104", "310106"),
    "杭州": ("330122", "330127"),
    "南京": ("310106", "330122"),
    "深圳": ("430121", "430122", "350121"),
    "广州": ("430221", "430321", "350121"),
    "厦门": ("350121", "330127"),
    "长沙": ("430121", "430122"),
    "北京": ("110101", "110102", "110105", "110108"),
    "天津": ("120101", "120103", "120104"),
    "成都": ("510121", "510122", "510321"),
}
"""Division codes (GB/T 2260) with which the IDs of a city's clients begin: where the ID was first given out.

Only codes that have stood unchanged for all years of birth, so that every check of them is satisfied.
"""

ID_AREA_CODES = tuple(sorted({code for codes in ID_AREAS.values() for code in codes}))

MOBILE_PREFIXES = (
    "130",
    "131",
    "132",
    "135",
    "136",
    "137",
    "138",
    "139",
    "150",
    "151",
    "152",
    "158",
    "159",
    "176",
    "177",
    "180",
    "181",
    "186",
    "187",
    "188",
    "189",
    "199",
)

PRODUCTS = (
    ("FE0001", "沪深核心成长股票基金", "equity_fund", "R4"),
    ("FE0002", "红利价值股票基金", "equity_fund", "R3"),
    ("FE0003", "科技创新股票基金", "equity_fund", "R5"),
    ("FB0001", "稳健纯债基金", "bond_fund", "R2"),
    ("FB0002", "双利增强债券基金", "bond_fund", "R3"),
    ("FM0001", "天天利货币基金", "money_fund", "R1"),
    ("FM0002", "现金宝货币基金", "money_fund", "R1"),
    ("PF0001", "量化中性私募基金一号", "private_fund", "R4"),
    ("PF0002", "多策略私募基金二号", "private_fund", "R5"),
    ("SN0001", "中证五百区间收益凭证", "structured_note", "R2"),
    ("SN0002", "雪球结构收益凭证", "structured_note", "R5"),
    ("AM0001", "睿享固收集合计划", "asset_management", "R2"),
    ("AM0002", "睿选混合集合计划", "asset_management", "R3"),
    ("AD0001", "优选基金投顾组合", "advisory", "R3"),
    ("AD0002", "安心养老投顾组合", "advisory", "R2"),
)
"""code, name, family and risk level; the last one is launched half-way through the demo."""

SECURITIES = (
    tuple(
        ("SH", f"600{n:03d}")
        for n in (1, 16, 28, 30, 36, 50, 104, 276, 309, 406, 519, 585, 690, 745, 887, 900)
    )
    + tuple(("SH", f"688{n:03d}") for n in (8, 12, 36, 111, 256, 981))
    + tuple(("SZ", f"000{n:03d}") for n in (1, 2, 63, 100, 333, 538, 568, 651, 725, 858, 895))
    + tuple(("SZ", f"300{n:03d}") for n in (14, 15, 59, 122, 124, 274, 308, 408, 750))
    + tuple(("BJ", f"43{n:04d}") for n in (17, 46, 90, 139))
    + tuple(("HK", f"{n:05d}") for n in (5, 388, 700, 941, 1299, 3690))
)
"""market and code of what is traded; only the form of the codes matters."""
