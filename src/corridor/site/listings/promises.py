"""Promises of tax or fee rebates in a text: what 国务院令第783号 no longer allows to be offered."""

import re

from django.utils.translation import gettext as _

#: Rebates of tax, fees or land price to the one who comes. Refunds that the law itself grants
#: (出口退税, 即征即退 of software) are none.
_REBATE = re.compile(
    r"(?:税收|税费|税款|税金|纳税|增值税|所得税|个税|地方留成|地方贡献|财政贡献|地方财力|财政|财力|规费"
    r"|土地出让金|土地款|地价)[^，,。；;！!\n]{0,10}?(?:返还|奖返|全返|先征后返|先缴后返|先交后返|返税|返给|退给企业)"
    r"|(?:税收|纳税|地方贡献|财政贡献|经济贡献)[^，,。；;！!\n]{0,6}?(?:奖励|奖补)"
    r"|返税|税返|奖税|免税承诺|包税|核定征收(?:优惠|政策)|税收洼地|税收园区|零地价|零土地款"
    r"|(?:两免三减半|三免三减半|五免五减半|十免)(?!.{0,12}(?:企业所得税法|国家规定))"
)
#: What stands right before it turns it round: 不承诺税收返还.
_DENIED = re.compile(r"(?:不|无|没有|禁止|取消|严禁|不得|不再|非)[^，,。；;！!\n]{0,6}$")


def promises(text: str) -> list[str]:
    """The words of a text that promise a rebate, each once, in reading order."""
    found = (
        match[0]
        for match in _REBATE.finditer(text)
        if not _DENIED.search(text[max(0, match.start() - 8) : match.start()])
    )
    return list(dict.fromkeys(found))


def objection() -> str:
    """Why such a promise is sent back, in the language of the page."""
    return _(
        "《公平竞争审查条例》（国务院令第783号）第十条：没有法律、行政法规依据或者未经国务院批准，"
        "不得给予特定经营者税收优惠，或者选择性、差异化的财政奖励、补贴。请删去这类承诺。"
    )
