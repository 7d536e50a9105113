"""Names of people, facilities and streets that nobody bears on purpose: all from a `random.Random`.

The spread is that of a Chinese roster: common surnames often, rare ones now and then,
two- and three-character names, compound surnames, names with a middle dot, and a few
characters that old fonts cannot draw.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

SURNAMES = {  # weight: roughly how many of a thousand
    "李": 72, "王": 70, "张": 66, "杨": 54, "刘": 44, "陈": 40, "赵": 28, "周": 26, "黄": 24, "罗": 20,
    "吴": 18, "徐": 17, "马": 17, "孙": 16, "朱": 15, "何": 15, "高": 14, "郭": 13, "林": 13, "段": 12,
    "普": 10, "和": 10, "木": 4, "刀": 8, "岩": 5, "沐": 3, "白": 9, "尹": 8, "董": 8, "许": 8,
    "邓": 8, "谢": 8, "唐": 8, "冯": 7, "曹": 7, "彭": 7, "曾": 7, "田": 7, "袁": 6, "蒋": 6,
    "蔡": 6, "余": 6, "杜": 6, "叶": 6, "程": 6, "苏": 6, "魏": 6, "吕": 5, "丁": 5, "任": 5,
    "沈": 5, "姚": 5, "卢": 5, "姜": 4, "崔": 4, "钟": 4, "谭": 4, "陆": 4, "汪": 4, "范": 4,
    "石": 4, "廖": 4, "贾": 3, "韦": 3, "夏": 3, "方": 3, "熊": 3, "邹": 3, "孟": 3, "秦": 3,
    "阎": 2, "万": 2, "雷": 2, "汤": 2, "尚": 1, "仇": 1, "查": 1, "单": 1, "解": 1, "区": 1,
}  # fmt: skip
COMPOUND_SURNAMES = ("欧阳", "上官", "司马", "诸葛", "皇甫", "尉迟", "令狐", "东方", "慕容", "司徒")
WOMEN = "芳娜敏静丽娟艳秀玲桂兰英梅霞燕红萍蓉琳洁莉雪颖倩瑶琪婷妍欣怡悦彤蕾薇岚茜菲雯珊玥筠芸蕊菁宁晴露"
MEN = "伟强磊军勇杰涛明超刚平辉健峰亮波斌鹏飞浩宇轩博俊凯龙旭东林志远航晨阳毅恒诚哲睿昊翔彬松海山川岳岩"
EITHER = "文华春晓雨思嘉子若云青清安乐和一可心言书锦亦沐予知之然星辰月禾泽佳永玉金家国世德光成庆永宝"
RARE = ("䶮", "㛃", "𬱖", "犇", "翀", "堃", "祎", "昇", "喆", "彧", "璟", "晔")
DOTTED_WOMEN = ("阿依努尔", "古丽娜尔", "热依拉", "帕提古丽", "阿娜尔汗", "迪丽努尔")
DOTTED_MEN = ("买尔旦", "艾力", "努尔麦麦提", "阿卜杜热合曼", "玉素甫", "艾尼瓦尔")
DOTTED_SECOND = ("买买提", "吐尔逊", "阿布都拉", "依明", "卡德尔", "肉孜", "艾合买提", "阿卜杜克热木")
LOCAL_WOMEN = ("玉罕", "玉香", "玉波", "依香", "阿妹", "阿娜", "娜朵", "格桑", "卓玛")
LOCAL_MEN = ("岩温", "岩罕", "岩应", "扎体", "扎克", "阿普", "尼者", "扎西")
LOCAL_LAST = ("叫", "香", "坎", "囡", "龙", "宰", "约", "保")

FACILITY_WORDS = (
    "春芽", "小禾", "朵朵", "星月", "云朵", "青苗", "暖阳", "蒲公英", "小木马", "向日葵", "蓝鲸", "山茶",
    "茉莉", "石榴籽", "小松鼠", "萤火虫", "麦田", "彩虹桥", "小雨点", "苗苗", "启明", "安安", "悠悠", "乐陶",
    "百灵", "布谷", "小鹿", "白鹭", "格桑花", "杜鹃", "半夏", "摇篮", "小橘灯", "拾光", "知了", "晨露",
)  # fmt: skip
FACILITY_ENDINGS = {
    "托育园": 10,
    "托育中心": 8,
    "婴幼儿照护中心": 4,
    "托育服务中心": 4,
    "托育点": 2,
    "社区托育园": 4,
}
STREETS = (
    "春晖", "翠湖", "文林", "青年", "人民", "团结", "建设", "新华", "环城", "学府", "滨河", "龙泉",
    "金碧", "云岭", "迎春", "福星", "桂花", "梨园", "石桥", "水井",
)  # fmt: skip
STREET_ENDINGS = ("路", "街", "东路", "西路", "南路", "北路", "巷")
BUILDINGS = ("", "", "社区服务中心一层", "一层", "一至二层", "妇幼保健院内", "小区配套用房", "商业中心二层")

NATIONALITIES = (
    "彝族", "白族", "哈尼族", "壮族", "傣族", "苗族", "傈僳族", "回族", "拉祜族", "佤族",
    "纳西族", "瑶族", "藏族", "景颇族", "布朗族", "普米族", "怒族", "阿昌族", "独龙族", "基诺族",
    "蒙古族", "满族", "布依族", "水族", "畲族", "土家族", "侗族", "朝鲜族", "锡伯族", "仡佬族",
    "羌族",
)  # fmt: skip
DIVISION_ENDINGS = re.compile(r"(特区|林区|地区|新区|区|县|市|州|盟|旗)$")


def person_name(chance: Random, *, is_woman: bool | None = None) -> str:
    """One name: mostly a common surname and one or two characters.

    Of a thousand about 25 have a dot, 15 are of local kinds, 15 a compound surname, 10 a rare character.
    """
    woman = chance.random() < 0.85 if is_woman is None else is_woman  # who works with infants
    kind = chance.random()
    if kind < 0.025:
        return f"{chance.choice(DOTTED_WOMEN if woman else DOTTED_MEN)}·{chance.choice(DOTTED_SECOND)}"
    if kind < 0.04:
        first = chance.choice(LOCAL_WOMEN if woman else LOCAL_MEN)
        return first + (chance.choice(LOCAL_LAST) if first[0] in "岩玉" and chance.random() < 0.6 else "")
    if kind < 0.055:
        surname = chance.choice(COMPOUND_SURNAMES)
    else:
        surname = chance.choices(tuple(SURNAMES), tuple(SURNAMES.values()))[0]
    return surname + _given(chance, woman)


def _given(chance: Random, woman: bool) -> str:
    own = WOMEN if woman else MEN
    if chance.random() < 0.01:
        rare = chance.choice(RARE)
        return rare if chance.random() < 0.5 else rare + chance.choice(own)
    if chance.random() < 0.18:
        return chance.choice(own)
    first, second = chance.choice(EITHER if chance.random() < 0.6 else own), chance.choice(own)
    return first + second


def short_place(division: str) -> str:
    """What people say for a division: 石林 for 石林彝族自治县, 五华 for 五华区, 昆明 for 昆明市."""
    short = re.sub(r"自治(州|县|区|旗)$", "", division)
    if short != division:
        while ending := next((name for name in NATIONALITIES if short.endswith(name)), ""):
            short = short.removesuffix(ending)
    else:
        short = DIVISION_ENDINGS.sub("", division)
    return short if len(short) >= 2 else division


def facility_names(chance: Random, places: Sequence[str]) -> list[str]:
    """A name for each place (a division's name; repeats welcome), no two alike.

    Raises ValueError when a place has more facilities than there are names.
    """
    taken: set[str] = set()
    names: list[str] = []
    most = len(FACILITY_WORDS) * len(FACILITY_ENDINGS)
    for place in places:
        for _ in range(most * 20):
            ending = chance.choices(tuple(FACILITY_ENDINGS), tuple(FACILITY_ENDINGS.values()))[0]
            name = f"{short_place(place)}{chance.choice(FACILITY_WORDS)}{ending}"
            if name not in taken:
                break
        else:
            raise ValueError(f"{place}: more than {most} facilities")
        taken.add(name)
        names.append(name)
    return names


def address(chance: Random, place: str) -> str:
    """A street, a number and perhaps a floor in the place; no such house is meant."""
    street = chance.choice(STREETS) + chance.choice(STREET_ENDINGS)
    return f"{place}{street}{chance.randint(1, 388)}号{chance.choice(BUILDINGS)}"
