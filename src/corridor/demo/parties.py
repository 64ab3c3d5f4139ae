"""Invented parties of the synthetic world. No name stands for a real company or person.

Party ``k`` depends only on (seed, k). Parties come in blocks of twenty, each with every role, so
that the smallest world has them all.
"""

from dataclasses import dataclass
from functools import lru_cache

from corridor.engine.factors.credit_code import BASE31, credit_check

from .draw import Draw
from .words import Field, cities, fields

#: The role of party k is ``ROLES[k % 20]``.
ROLES = (
    "enterprise",
    "park",
    "institute",
    "fund",
    "bureau",
    "lab",
    "trader",
    "staffing",
    *("enterprise",) * 10,
    "park",
    "institute",
)
SLOTS = {role: [k for k, r in enumerate(ROLES) if r == role] for role in dict.fromkeys(ROLES)}

_FIRST = "砚澍岫屿琛湉栩珩霁峤钰沅泓禾昉瑭铄晏璟暄澜翊筠衡溯橡榆澄麓舸荟芃沣淞蔚棠岚珞彧阡"
_SECOND = "川泽岭舟屹桥澜朔原禾野诺序垚拓恒辰维朗序砺洲策越柏谷渡泉台序瀚域磐苑图序钧庭畴樾"
#: Fragments of well-known names that no invented name may hold.
AVOID = (
    "华为",
    "吉利",
    "奇瑞",
    "讯飞",
    "京东",
    "蔚来",
    "阿里",
    "海康",
    "大华",
    "比亚迪",
    "宁德",
    "国轩",
    "阳光",
    "长鑫",
    "中芯",
    "美的",
    "格力",
    "海尔",
    "江淮",
    "零跑",
    "小鹏",
    "理想",
    "正泰",
    "天能",
    "超威",
    "隆基",
    "晶科",
    "通威",
    "恒瑞",
    "药明",
    "信达",
    "百济",
    "迈瑞",
    "联影",
    "腾讯",
    "百度",
    "字节",
    "网易",
    "商汤",
    "旷视",
    "华虹",
    "华润",
    "汇川",
    "埃斯顿",
    "新松",
    "福耀",
    "海螺",
    "恒力",
    "盛虹",
    "亨通",
    "桐昆",
    "荣盛",
    "万向",
    "众泰",
    "浪潮",
    "联想",
    "用友",
    "金蝶",
    "小米",
    "苹果",
    "特斯拉",
    "西门子",
    "博世",
    "三星",
    "松下",
    "中科",
    "清华",
    "复旦",
    "同济",
)
_CATEGORY = {"institute": "12", "bureau": "12"}
_TAIL = {
    "park": ("产业园运营有限公司", "科创园管理有限公司", "智造园发展有限公司"),
    "fund": ("创业投资管理有限公司", "股权投资管理有限公司", "科技融资服务有限公司"),
    "bureau": ("产业发展服务中心", "企业服务中心", "科技创新服务中心"),
    "lab": ("检测技术有限公司", "计量测试有限公司", "检验认证技术有限公司"),
    "trader": ("国际贸易有限公司", "供应链管理有限公司", "会展服务有限公司"),
    "staffing": ("人力资源有限公司", "人才服务有限公司", "工程师协作服务有限公司"),
}


@dataclass(frozen=True, slots=True)
class Party:
    """A synthetic party.

    Attributes:
        id: "P" and seven digits.
        name: invented.
        credit_code: 18 characters with correct check characters; the organisation part begins
            with "YY", so that it looks unassigned.
        kind: enterprise, park, institute, fund, bureau, lab, trader or staffing.
        city: GB/T 2260 code.
        industries: GB/T 4754 codes, the main one first.
    """

    id: str
    name: str
    credit_code: str
    kind: str
    city: str
    industries: tuple[str, ...]


def check_organisation(code: str) -> str:
    """The check character of the eight characters of an organisation code (GB 11714)."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(c, 36) * w for c, w in zip(code, weights, strict=True))
    left = 11 - total % 11
    return {10: "X", 11: "0"}.get(left, str(left))


def credit_code(role: str, city: str, index: int) -> str:
    """The credit code of synthetic party ``index``."""
    digits = ""
    for _ in range(6):
        index, digit = divmod(index, 31)
        digits = BASE31[digit] + digits
    organisation = "YY" + digits
    head = _CATEGORY.get(role, "91") + city + organisation + check_organisation(organisation)
    return head + credit_check(head)


def _stem(draw: Draw) -> str:
    while True:
        stem = draw.pick(_FIRST) + draw.pick(_SECOND)
        if stem[0] != stem[1] and stem not in AVOID:
            return stem


def _name(draw: Draw, role: str, city: str, field: Field) -> str:
    stem = _stem(draw)
    if role == "enterprise":
        tail = draw.pick(("有限公司", "科技有限公司", "股份有限公司", "集团有限公司"))
        word = draw.pick(field.stems)
        tail = tail if not word.endswith("科技") else "有限公司"
        body = stem + word + tail
        return city + body if draw.chance(70) else body
    if role == "institute":
        form = draw.pick(("{c}{s}{f}研究院", "{c}{s}工业技术研究院", "{s}理工学院{f}实验室"))
        return form.format(c=city, s=stem, f=field.name)
    return city + stem + draw.pick(_TAIL[role])


@lru_cache(maxsize=1 << 15)
def party(seed: int, index: int) -> Party:
    """Synthetic party ``index`` of the world of that seed."""
    draw = Draw(seed, 1, index)
    role = ROLES[index % len(ROLES)]
    city = cities()[draw.weighted([(code, c.weight) for code, c in cities().items()])]
    count = 1 if role == "enterprise" and draw.chance(70) else draw.between(2, 4)
    main = draw.some(city.industries, count)
    if draw.chance(35):
        main.append(draw.pick(list(fields())))
        if draw.chance(60):
            main.reverse()
    codes = tuple(dict.fromkeys(main))
    name = _name(draw, role, city.zh, fields()[codes[0]])
    return Party(f"P{index:07d}", name, credit_code(role, city.code, index), role, city.code, codes)
