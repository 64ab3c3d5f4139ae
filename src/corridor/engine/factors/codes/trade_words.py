"""Words for a trade to look for in free text: the standard's names, their stems, and everyday ones.

``industry_words.csv`` holds what people write (锂电池, 汽配, 芯片), each with the finest code that
covers all it may mean; where it and a name of the standard disagree, it wins.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from . import industry
from ._table import fold, rows

_ENDINGS = ("制造业", "加工业", "制造", "加工", "制品业", "业")
_TOO_COMMON_TEXT = """
服务 管理 设备 材料 产品 技术 生产 开发 研发 设计 检测 测试 教育 卫生 体育 居民 住宿 租赁
保险 培训 咨询 专业 广告 会议 工程 农业 林业 渔业 仓储 装卸 运输 批发 零售 金融 商务 公共
社会 文化 其他 专用 通用 国家 组织 建筑 旅游 艺术 中介 货运 客运 物业 装修 信托 信息 电力
热力 仓库 房屋 贸易 科研 出版 新闻 互联网 家政 中草药 机构 基金 典当 担保 办公 银行 证券
期货 投资 人力资源 工业 制造 制造业 采矿业 能源 电池 环保 园区 金属 广播 电视 木材 球类 玉米
小麦 娱乐 机场 工会 妇联 单板 木片 笔的 酒的 餐饮 通用仪器 衡器 采矿 知识产权 工程监理 水利
污水 环境 质检 标准 计量 认证 市政 绿化 铁路 公路 航空 邮政 快递 医院 学校 超市
"""
_TOO_COMMON = frozenset(_TOO_COMMON_TEXT.split())


@cache
def trade_words() -> Mapping[str, str]:
    """Every word -> its code. Raises :class:`~.industry.UnknownIndustry` for a bad row.

    A name of the standard counts with its ending 制造, 加工 or 业 and, from two characters on,
    without it; a stem that several names share goes to the coarsest, ties to the lower code.
    Words too common to mean a trade are left out.
    """
    found: dict[str, str] = {}
    names = sorted(industry.words().items(), key=lambda item: (len(item[1]), item[1]))
    for name, code in names:
        ending = next((e for e in _ENDINGS if name.endswith(e) and len(name) > len(e) + 1), "")
        for word in (name, name.removesuffix(ending)):
            if word not in _TOO_COMMON and len(word) > 1:
                found.setdefault(word, code)
    for row in rows("industry_words.csv"):
        industry.name_zh(row["code"])
        found[fold(row["word"]).lower()] = row["code"]
    return MappingProxyType(found)
