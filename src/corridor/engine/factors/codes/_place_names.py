"""The shorter forms of an official place name: 嘉善县 -> 嘉善, 恩施土家族苗族自治州 -> 恩施."""

import re

_REGIONS = {
    "内蒙古自治区": "内蒙古",
    "广西壮族自治区": "广西",
    "西藏自治区": "西藏",
    "宁夏回族自治区": "宁夏",
    "新疆维吾尔自治区": "新疆",
}
# Peoples as they stand in the names of autonomous prefectures, counties and banners.
_PEOPLES = (
    "土家族|苗族|侗族|布依族|藏族|羌族|彝族|傣族|景颇族|傈僳族|白族|哈尼族|壮族|瑶族|黎族|回族|"
    "满族|朝鲜族|蒙古族|蒙古|哈萨克族|哈萨克|柯尔克孜|塔吉克|锡伯|达斡尔族|鄂温克族|畲族|仫佬族|"
    "毛南族|仡佬族|水族|佤族|拉祜族|布朗族|纳西族|独龙族|怒族|普米族|裕固族|保安族|东乡族|撒拉族|"
    "土族|各族"
)
_AUTONOMOUS = re.compile(rf"(?P<stem>.{{2,}}?)(?:{_PEOPLES})*自治[州县旗]")
_COUNTY = re.compile(r"(?P<stem>.{2,}?)(?:新区|特区|林区|[县区市旗])")
_UPPER = re.compile(r"(?P<stem>.{2,}?)(?:地区|[省市盟])")


def forms(name: str, *, county: bool) -> tuple[str, ...]:
    """The name and, where one of two or more characters remains, its stem.

    A county, district or banner (``county``) loses 县区市旗; a province or prefecture loses
    省市盟地区. Where nothing but a people's name stands before 自治, the people is kept without
    族 (东乡族自治县 -> 东乡). A 矿区 keeps its name: 井陉矿区 is not 井陉.
    """
    if name in _REGIONS:
        return (name, _REGIONS[name])
    if name.endswith("矿区"):
        return (name,)
    pattern = _AUTONOMOUS if "自治" in name else _COUNTY if county else _UPPER
    match = pattern.fullmatch(name)
    return (name, match["stem"].removesuffix("族")) if match else (name,)
