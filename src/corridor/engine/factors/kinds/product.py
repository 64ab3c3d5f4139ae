"""产品: procurement and supply (trading-group practice: item, quantity, price, tiers, delivery)."""

from ..attribute import Relation as R
from ..attribute import Side, called, coded, day, flag, number, words
from ..codelist import code_list
from ..common import CERTIFICATES, PLACES, measure, place, sector
from ..kind import FactorKind
from ..label import Label

INCOTERM = code_list(
    "incoterm",
    "EXW|EXW|EXW|工厂交货",
    "FCA|FCA|FCA",
    "FOB|FOB|FOB|离岸价",
    "CFR|CFR|CFR",
    "CIF|CIF|CIF|到岸价",
    "CPT|CPT|CPT",
    "CIP|CIP|CIP",
    "DAP|DAP|DAP|目的地交货 送货上门",
    "DDP|DDP|DDP|完税后交货",
)
PAYMENT = code_list(
    "payment",
    "advance|预付款|Advance|款到发货 预付",
    "cod|货到付款|On delivery|现结 现款",
    "net30|月结30天|Net 30|月结 月结30",
    "net60|月结60天|Net 60|月结60",
    "net90|月结90天|Net 90|月结90",
    "lc|信用证|Letter of credit|l/c lc",
    "note|承兑汇票|Acceptance|承兑 汇票",
)
ORIGIN = code_list(
    "origin", "domestic|国产|Domestic|国内 国产化", "imported|进口|Imported|原装进口 国外"
)

KIND = FactorKind(
    "product",
    Label("产品", "Product"),
    Label("采购需求与产品供应", "Procurement needs and products supplied"),
    (
        place(hard=False),
        words("item", "品名", "Item", cues="品名 产品名称 采购品 物料"),
        words("hs_code", "HS 编码", "HS code", cues="hs hs编码 海关编码"),
        words("spec", "规格型号", "Specification", cues="规格 型号 规格型号 参数"),
        measure(),
        called(
            number(
                "quantity",
                "数量",
                "Quantity",
                "measure",
                R.WITHIN,
                hard=True,
                high="1e11",
                asked_by=Side.OFFER,
                cues="数量 个 只 台 套 件 片 支 颗 pcs 辆 双 可供 采购量 需求量 起订量 "
                "最小起订量 订购 采购 月供 年需求 供货量 产能 月产能",
            ),
            "可供数量（起订量–最大量，按计量单位）"
            "|Quantity supplied (smallest to largest lot, in the measure)",
            "采购数量（按计量单位）|Quantity wanted (in the measure)",
        ),
        called(
            number(
                "unit_price",
                "单价",
                "Unit price",
                "CNY",
                R.AT_MOST,
                hard=True,
                high="1e10",
                cues="单价 单套 单只 单台 单件 单个 每套 每只 每颗 每片 价格 目标价 报价 "
                "出厂价 每件 每台 每个 元一个",
            ),
            "单价上限（每计量单位）|Unit price at most (for one of the measure)",
            "单价（每计量单位）|Unit price (for one of the measure)",
        ),
        called(
            number(
                "total_price",
                "总金额",
                "Total amount",
                "CNY10k",
                R.AT_MOST,
                high="1e7",
                cues="预算 万元 总价 总金额 采购预算 采购金额",
            ),
            "采购预算|Budget",
        ),
        called(
            day(
                "due",
                "交货日期",
                "Delivery date",
                R.AT_MOST,
                hard=True,
                cues="交货 交付 到货 供货 送达 交期",
            ),
            "最晚交货日期|Delivered by",
            "最早交货日期|Deliverable from",
        ),
        number(
            "lead_time",
            "交货周期",
            "Lead time",
            "d",
            R.AT_MOST,
            hard=True,
            high="1000",
            cues="交期 交货 发货 到货 交货期 供货周期 交货周期 货期 交付周期",
        ),
        coded(
            "delivery_place",
            "交货地",
            "Delivery place",
            PLACES,
            R.ONE_OF,
            asked_by=Side.OFFER,
            cues="交货地 送货地 送到 交货地点",
        ),
        coded("incoterm", "贸易术语", "Incoterm", INCOTERM, R.ONE_OF, cues="贸易术语"),
        coded(
            "certificate",
            "资质认证",
            "Certificates",
            CERTIFICATES,
            R.ALL_OF,
            hard=True,
            cues="认证 资质 证书 许可",
        ),
        coded("payment", "付款方式", "Payment", PAYMENT, R.ONE_OF, cues="付款 付款方式 结算 账期"),
        flag(
            "pooled", "参加联合采购", "Joins joint procurement", cues="联合采购 集采 拼单 集中采购"
        ),
        called(
            flag(
                "split",
                "分批供货",
                "Split supply",
                asked_by=Side.OFFER,
                cues="拆分 分两批 分三批 分四批 分几批 分批 分批供货 可拆分",
            ),
            "须分批供货|Supplied only in lots",
            "接受分批供货|Split supply accepted",
        ),
        words("period", "采购周期", "Procurement period", cues="采购周期 供货期间"),
        words("price_tiers", "阶梯价", "Price tiers", cues="阶梯价 量价"),
        called(
            coded("origin", "产地", "Origin", ORIGIN, R.ONE_OF, hard=True, cues="产地 国产 进口"),
            "可接受产地|Origins accepted",
        ),
        words("origin_country", "原产国", "Country of origin", cues="原产国"),
        called(
            flag(
                "substitute",
                "替代品",
                "Substitute",
                asked_by=Side.OFFER,
                cues="替代 替代品 平替 国产替代",
            ),
            "所供为替代品|A substitute is supplied",
            "接受替代品|Substitutes accepted",
        ),
        flag("sample", "可提供样品", "Samples available", cues="样品 打样 送样 试样"),
        number(
            "warranty", "质保期", "Warranty", "mo", R.AT_LEAST, high="600", cues="质保 保修 质保期"
        ),
        *sector(),
    ),
    cues=("采购", "求购", "供应", "供货", "货源", "订购", "批发", "起订", "现货", "买"),
    weights={"text": 0.5, "soft": 0.2},
)
