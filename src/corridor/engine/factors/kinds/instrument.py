"""仪器: shared instruments and lab services (PIDINST core, CNAS/CMA, 机时, 创新券)."""

from ..attribute import Relation as R
from ..attribute import called, coded, day, flag, number, words
from ..codelist import code_list
from ..common import place, sector
from ..kind import FactorKind
from ..label import Label

SERVICE = code_list(
    "service",
    "test|检测|Testing|测试 检验 送检 委托检测 送样检测 表征",
    "hire|机时预约|Instrument hours|机时 预约 上机 共享 使用 租用",
    "calibrate|校准|Calibration|计量 计量校准",
    "pilot|中试|Pilot run|中试平台 试制",
    "train|培训|Training",
)
ACCREDITATION = code_list(
    "accreditation",
    "CNAS|CNAS|CNAS|cnas认可",
    "CMA|CMA|CMA|cma资质 计量认证",
    "CAL|CAL|CAL",
    "GLP|GLP|GLP",
    "NADCAP|NADCAP|NADCAP",
)

KIND = FactorKind(
    "instrument",
    Label("仪器", "Instrument"),
    Label("仪器机时、检测与实验服务", "Instrument hours, testing and laboratory services"),
    (
        place(hard=False),
        called(
            coded("service", "服务方式", "Service", SERVICE, R.ONE_OF, hard=True),
            "所需服务|Service wanted",
        ),
        words("instrument", "仪器名称", "Instrument", cues="仪器 设备 仪器名称 设备名称"),
        words("manufacturer", "厂商型号", "Maker and model", cues="厂家 品牌 型号"),
        words("measurand", "检测项目", "Measurand", cues="检测项目 测试项目 项目"),
        number("accuracy", "分辨率", "Resolution", "ratio", R.AT_MOST, cues="分辨率 精度 准确度"),
        words("standard", "方法标准", "Method or standard", cues="标准 方法 依据"),
        coded(
            "accreditation",
            "资质范围",
            "Accreditation",
            ACCREDITATION,
            R.ALL_OF,
            hard=True,
            cues="资质 认可 认证",
        ),
        words("commissioned", "启用日期", "In use since", cues="启用日期 启用"),
        words(
            "effective_hours", "年有效机时", "Effective hours a year", cues="年有效机时 有效机时"
        ),
        number(
            "hours",
            "对外机时",
            "Hours open to others",
            "h",
            R.AT_LEAST,
            high="100000",
            cues="机时 小时 时长 对外机时 可用机时 开放机时",
        ),
        number(
            "samples",
            "样品数",
            "Samples",
            "piece",
            R.AT_LEAST,
            high="1e7",
            cues="样品 样 件 样件 试样 样品数 个样 批样品 处理能力",
        ),
        called(
            number(
                "price_hour",
                "机时单价",
                "Price an hour",
                "CNY/h",
                R.AT_MOST,
                hard=True,
                high="1e5",
                cues="每小时 机时费 小时 单价 收费",
            ),
            "机时单价上限|Price an hour at most",
        ),
        called(
            number(
                "price_sample",
                "样品单价",
                "Price a sample",
                "CNY/sample",
                R.AT_MOST,
                hard=True,
                high="1e6",
                cues="每个样 每样 样品 单样 一个样 单价 收费",
            ),
            "样品单价上限|Price a sample at most",
        ),
        called(
            number(
                "budget",
                "总费用",
                "Total cost",
                "CNY10k",
                R.AT_MOST,
                high="1e5",
                cues="预算 总费用 费用",
            ),
            "预算上限|Budget",
        ),
        flag("voucher", "可用创新券", "Innovation voucher", cues="创新券 科技券 券"),
        number(
            "turnaround",
            "出具周期",
            "Turnaround",
            "d",
            R.AT_MOST,
            hard=True,
            high="730",
            cues="周期 出报告 出结果 报告周期 检测周期 几天 出具",
        ),
        flag(
            "operator",
            "提供操作人员",
            "Operator provided",
            cues="操作员 操作人员 代测 代为操作 专人操作",
        ),
        called(
            day(
                "due",
                "完成日期",
                "Completed by",
                R.AT_MOST,
                cues="完成 出报告 截止 前 排期 可约 预约",
            ),
            "最晚完成日期|Needed by",
            "最早可约日期|Next free day",
        ),
        words("original_value", "设备原值", "Original value", cues="原值 设备原值"),
        words("safety", "安全要求", "Safety", cues="安全 生物安全 辐射"),
        *sector(),
    ),
    cues=(
        "检测",
        "测试",
        "仪器",
        "机时",
        "电镜",
        "实验",
        "检验",
        "质谱",
        "色谱",
        "校准",
        "光谱",
        "送样",
        "CNAS",
        "CMA",
    ),
    weights={"text": 0.45, "soft": 0.25, "industry": 0.08},
)
