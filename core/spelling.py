"""How names are typed in Latin letters: pinyin in full and by initials, in every common reading.

Some characters are read in several ways (曾: zeng as a surname, ceng elsewhere; 乐: le or yue). The reading
most people would type comes first, the others beside it, so that whichever is typed finds the
name. Rare readings of the dictionaries (王 as yu) are left out: they would only find strangers.
"""

import itertools
import re
from functools import lru_cache

from pypinyin import lazy_pinyin

PINYIN_LENGTH = 400
INITIALS_LENGTH = 100
LONGEST_PERSON = 4  # characters; longer names are companies', read as the dictionary of phrases says
CHINESE_NAME = re.compile(rf"[\u3400-\u9fff]{{1,{LONGEST_PERSON}}}")
MOST_READINGS = 12
# The reading as a surname, where it is not the usual one.
SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "查": "zha", "区": "ou", "盖": "ge", "覃": "qin",
    "朴": "piao", "乐": "yue", "员": "yun", "召": "shao", "折": "she", "种": "chong", "洗": "xian",
    "秘": "bi", "繁": "po", "祭": "zhai", "郗": "xi", "莘": "shen", "宓": "mi", "隗": "wei", "车": "che",
    "长孙": "zhang sun", "尉迟": "yu chi", "万俟": "mo qi", "澹台": "tan tai", "令狐": "ling hu",
}  # fmt: skip
# Characters of names that people read, or type, in more than one way.
SEVERAL = {
    "单": "shan dan", "曾": "zeng ceng", "解": "xie jie", "仇": "qiu chou", "查": "zha cha", "区": "ou qu",
    "盖": "ge gai", "覃": "qin tan", "朴": "piao pu", "乐": "le yue", "员": "yun yuan", "召": "shao zhao",
    "折": "she zhe", "种": "chong zhong", "尉": "wei yu", "缪": "miao mou", "翟": "zhai di", "洗": "xian xi",
    "祭": "zhai ji", "郗": "xi chi", "莘": "shen xin", "宓": "mi fu", "隗": "wei kui", "车": "che ju",
    "行": "xing hang", "长": "chang zhang", "重": "zhong chong", "朝": "chao zhao", "晟": "sheng cheng",
    "盛": "sheng cheng", "茜": "qian xi", "传": "chuan zhuan", "都": "du dou", "柏": "bai bo", "薄": "bo bao",
    "卜": "bu bo", "藏": "cang zang", "称": "cheng chen", "乘": "cheng sheng", "宿": "su xiu",
    "厦": "sha xia", "莞": "guan wan", "露": "lu lou", "贾": "jia gu", "郇": "xun huan", "隽": "jun juan",
    "泊": "bo po", "拓": "tuo ta", "俞": "yu shu", "率": "lv lu shuai", "殷": "yin yan", "炅": "jiong gui",
    "会": "hui kuai", "蔚": "wei yu", "奇": "qi ji", "校": "xiao jiao", "角": "jiao jue", "弹": "tan dan",
    "参": "can shen", "降": "jiang xiang", "调": "diao tiao", "吕": "lv lu", "绿": "lv lu", "旅": "lv lu",
    "律": "lv lu", "女": "nv nu", "侣": "lv lu",
}  # fmt: skip

Keys = tuple[str, str]


@lru_cache(maxsize=50_000)
def search_keys(name: str) -> Keys:
    """Full pinyin and initials, lower case without blanks: 张建国 -> zhangjianguo, zjg."""
    return _keys(_read(name))


@lru_cache(maxsize=50_000)
def other_readings(name: str) -> tuple[Keys, ...]:
    """The other ways to read a person's name, at most MOST_READINGS; none for longer names."""
    if not (CHINESE_NAME.fullmatch(name) and any(character in SEVERAL for character in name)):
        return ()
    choices = [SEVERAL[one].split() if one in SEVERAL else _syllables(one) for one in name]
    ways = {
        _keys(list(way)): None for way in itertools.islice(itertools.product(*choices), MOST_READINGS + 1)
    }
    usual = search_keys(name)[0]
    return tuple(keys for keys in ways if keys[0] != usual)[:MOST_READINGS]


def written(readings: tuple[Keys, ...]) -> str:
    """Readings as one text for a staging table: `pinyin:initials pinyin:initials`."""
    return " ".join(f"{full}:{short}" for full, short in readings)


def _read(name: str) -> list[str]:
    if len(name) <= LONGEST_PERSON:
        for length in (2, 1):
            if surname := SURNAMES.get(name[:length]):
                return surname.split() + _syllables(name[length:])
    return _syllables(name)


def _syllables(text: str) -> list[str]:
    return [part for piece in lazy_pinyin(text) for part in piece.split()]


def _keys(syllables: list[str]) -> Keys:
    pinyin = "".join(syllables).lower()[:PINYIN_LENGTH]
    return pinyin, "".join(part[0] for part in syllables if part).lower()[:INITIALS_LENGTH]
