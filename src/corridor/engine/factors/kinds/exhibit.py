"""展品: exhibits of the import expo seeking buyers, agents, ventures or a place to settle."""

from ..attribute import Relation as R
from ..attribute import Side, called, coded, day, flag, number, order, words
from ..codelist import code_list
from ..common import measure, place, sector
from ..kind import FactorKind
from ..label import Label

ZONE = code_list(
    "zone",
    "life|科技生活|Tech life|科技生活展区",
    "auto|汽车|Automobile|汽车展区",
    "equipment|技术装备|Technical equipment|技术装备展区 装备",
    "medical|医疗器械及医药保健|Medical and health|医疗器械 医药保健 医疗 医疗展区",
    "consumer|消费品|Consumer goods|消费品展区",
    "food|食品及农产品|Food and farm products|食品 农产品 食品展区",
    "service|服务贸易|Trade in services|服务贸易展区",
)
DEBUT = code_list(
    "debut",
    "none|非首展|Not a debut",
    "china|中国首展|Debut in China|国内首展 中国首发",
    "asia|亚洲首展|Debut in Asia|亚洲首发",
    "world|全球首展|World debut|全球首发 世界首发 全球首秀",
)
ACCESS = code_list(
    "access",
    "registering|注册中|Registering|正在注册 注册办理中",
    "cleared|已准入|Cleared|准入 已获准入 已注册 可进口",
)
AGENCY = code_list(
    "agency",
    "none|无代理|No agent|尚无代理 没有代理 暂无代理",
    "held|有代理|Has an agent|已有代理 有总代理",
)
BASIS = code_list(
    "amount_basis",
    "once|一次性|One-off|一次性采购",
    "yearly|年化|Yearly|年化金额 按年",
)
SOUGHT = code_list(
    "exhibit_cooperation",
    "buy|采购|Purchase|采购商 进口采购 订购 买",
    "agent|代理|Agency|代理商 经销 分销 总代理 独家代理 做代理",
    "venture|合资|Joint venture|合资合作 合资建厂",
    "settle|落户|Settle|落地 设厂 建厂 设立总部 投资建厂",
)

KIND = FactorKind(
    "exhibit",
    Label("展品", "Exhibit"),
    Label(
        "进博会展品与采购、代理、合资、落户合作",
        "Expo exhibits and purchase, agency, ventures, settling",
    ),
    (
        place(hard=False),
        words("edition", "届次", "Edition", cues="届 届次"),
        words("booth", "展位", "Booth", cues="展位 展位号 展馆 号馆"),
        called(
            coded("zone", "展区", "Zone", ZONE, R.ONE_OF, hard=True, cues="展区"),
            "关注展区|Zones of interest",
        ),
        words("country", "国别", "Country", cues="国别 国家 来自"),
        words("brand", "品牌", "Brand", cues="品牌"),
        words("hs_code", "HS 编码", "HS code", cues="hs hs编码"),
        order("debut", "首展级别", "Debut", DEBUT, R.AT_LEAST, cues="首展 首发"),
        order(
            "access",
            "准入状态",
            "Market access",
            ACCESS,
            R.AT_LEAST,
            hard=True,
            cues="准入 准入状态 注册",
        ),
        called(
            coded("agency", "代理情况", "Agency", AGENCY, R.ONE_OF, cues="代理情况"),
            "可接受代理情况|Agency accepted",
        ),
        called(
            coded("cooperation", "合作方式", "Cooperation", SOUGHT, R.ONE_OF, hard=True),
            "可接受合作方式|Cooperation accepted",
            "寻求合作方式|Cooperation sought",
        ),
        measure(),
        called(
            number(
                "quantity",
                "数量",
                "Quantity",
                "measure",
                R.WITHIN,
                hard=True,
                asked_by=Side.OFFER,
                high="1e10",
                cues="数量 个 只 台 套 件 辆 可供 采购量 起订量 订购 采购",
            ),
            "可供数量（起订量–最大量，按计量单位）"
            "|Quantity supplied (smallest to largest lot, in the measure)",
            "意向数量（按计量单位）|Quantity wanted (in the measure)",
        ),
        called(
            number(
                "unit_price",
                "单价",
                "Unit price",
                "CNY",
                R.AT_MOST,
                high="1e10",
                cues="单价 价格 报价 每件 每台 每套",
            ),
            "单价上限（每计量单位）|Unit price at most (for one of the measure)",
            "单价（每计量单位）|Unit price (for one of the measure)",
        ),
        called(
            number(
                "amount",
                "意向金额",
                "Intended amount",
                "CNY10k",
                R.AT_LEAST,
                asked_by=Side.OFFER,
                high="1e8",
                cues="意向金额 万元 采购额 金额 预算 采购预算 采购金额 意向采购额",
            ),
            "意向金额不低于|Intended amount at least",
            "意向金额|Intended amount",
        ),
        called(
            coded(
                "amount_basis",
                "金额口径",
                "Amount basis",
                BASIS,
                R.ONE_OF,
                asked_by=Side.OFFER,
                cues="金额口径",
            ),
            "可接受金额口径|Amount basis accepted",
        ),
        flag("bonded_sample", "保税样品", "Sample in bond", cues="保税 样品 保税展示"),
        called(
            day(
                "available",
                "可洽谈日期",
                "Meeting day",
                R.OVERLAPS,
                cues="洽谈 会面 见面 约见 档期",
            ),
            "希望洽谈日期|Wished meeting days",
            "可洽谈日期|Meeting days",
        ),
        *sector(),
    ),
    cues=("展品", "进博", "进博会", "展区", "首展", "展商", "参展", "展位", "进口商品", "代理"),
    weights={"text": 0.45, "soft": 0.2},
)
