"""技术: research results and technology needs (十堰 2022 列表, 沪科规〔2025〕2号, 揭榜挂帅)."""

from ..attribute import Relation as R
from ..attribute import Side, called, coded, day, flag, number, order, words
from ..codelist import code_list
from ..common import TECH_STAGE, place, sector
from ..kind import FactorKind
from ..label import Label

IP_TYPE = code_list(
    "ip_type",
    "patent|专利权|Patent|专利 专利申请中 授权专利 拥有专利 已申请专利 发明专利 实用新型 实用新型专利",
    "software|软件著作权|Software copyright|软著",
    "layout|集成电路布图设计|IC layout design|布图设计",
    "plant|植物新品种|Plant variety",
    "drug|生物医药新品种|New drug variety|新药",
    "secret|技术秘密|Know-how|专有技术 技术诀窍",
)
IP_STATUS = code_list(
    "ip_status",
    "none|无|None|未申请 没有专利",
    "pending|申请中|Pending|已受理 实审 专利申请中 已申请专利",
    "granted|已授权|Granted|授权 已获授权 授权专利 拥有专利",
)
COOPERATION = code_list(
    "tech_cooperation",
    "transfer|转让|Transfer|技术转让 专利转让 买断",
    "licence|许可|Licence|技术许可 专利许可 授权使用",
    "exclusive|独占许可|Exclusive licence|独家许可",
    "sole|排他许可|Sole licence",
    "ordinary|普通许可|Ordinary licence|非独占许可",
    "equity|作价入股|Equity for technology|作价投资 技术入股 入股",
    "develop|合作开发|Joint development|开发 委托开发 技术开发 联合研发 联合攻关 联合开发",
    "service|技术服务|Technical service|服务",
    "consult|技术咨询|Consulting|咨询 指导",
    "self|自行转化|Own conversion",
    implies=dict.fromkeys(("exclusive", "sole", "ordinary"), ("licence",)),
)
OWNERSHIP = code_list(
    "ip_owner",
    "need|需方所有|Need side|归需方 归我方 归企业 归甲方",
    "offer|供方所有|Offer side|归供方 归研发方 归乙方",
    "shared|双方共有|Shared|共有 共同所有 共享",
)

KIND = FactorKind(
    "technology",
    Label("技术", "Technology"),
    Label("技术难题、技术需求与科技成果", "Technology problems and needs, and research results"),
    (
        place(hard=False),
        order(
            "stage",
            "成熟度阶段",
            "Stage",
            TECH_STAGE,
            R.AT_LEAST,
            hard=True,
            cues="阶段 成熟度 成熟阶段",
        ),
        number(
            "trl",
            "技术成熟度等级",
            "TRL",
            "ratio",
            R.AT_LEAST,
            hard=True,
            low="1",
            high="9",
            cues="trl 技术成熟度 成熟度等级 技术就绪度",
        ),
        coded("ip_type", "知识产权类型", "IP type", IP_TYPE, R.ONE_OF),
        order(
            "ip_status",
            "知识产权状态",
            "IP status",
            IP_STATUS,
            R.AT_LEAST,
            cues="专利状态 知识产权状态",
        ),
        words("patent_no", "专利号", "Patent number", cues="专利号 公开号"),
        number(
            "owner_share",
            "权属比例",
            "Share owned",
            "%",
            R.AT_LEAST,
            high="100",
            cues="权属 占比 份额",
        ),
        called(
            coded("cooperation", "合作方式", "Cooperation", COOPERATION, R.ONE_OF, hard=True),
            "可接受合作方式|Cooperation accepted",
        ),
        called(
            number(
                "price",
                "价格",
                "Price",
                "CNY10k",
                R.AT_MOST,
                hard=True,
                high="1e7",
                cues="预算 万元 价格 报价 转让费 许可费 经费 投入 悬赏 榜额 费用 金额 价",
            ),
            "预算上限|Budget",
            "价格|Price",
        ),
        called(
            day(
                "due",
                "完成日期",
                "Delivery date",
                R.AT_MOST,
                cues="完成 交付 攻克 解决 截止 期限 拿出 交货",
            ),
            "最晚完成日期|Needed by",
            "可交付日期|Deliverable from",
        ),
        number(
            "months",
            "研发周期",
            "Development time",
            "mo",
            R.AT_MOST,
            hard=True,
            high="120",
            cues="周期 研发周期 时限 期限 完成 开发周期 攻关期 工期",
        ),
        coded(
            "ip_owner",
            "成果归属",
            "Ownership of results",
            OWNERSHIP,
            R.ONE_OF,
            cues="归属 知识产权归属 产权归属",
        ),
        flag("confidential", "签保密协议", "Confidentiality agreement", cues="保密 保密协议 nda"),
        flag("open_call", "接受揭榜", "Open call accepted", cues="揭榜 揭榜挂帅 张榜 发榜"),
        called(
            number(
                "solver_share",
                "支付比例",
                "Share paid to the solver",
                "%",
                R.AT_LEAST,
                asked_by=Side.OFFER,
                high="100",
                cues="支付比例 首付 预付",
            ),
            "支付比例不低于|Share paid at least",
            "支付揭榜方比例|Share paid to the solver",
        ),
        words("metrics", "指标", "Metrics", cues="指标 性能指标 考核指标 目标"),
        words(
            "advantage", "优势", "Advantage over the best alternative", cues="优势 先进性 创新点"
        ),
        *sector(),
        words("keywords", "关键词", "Keywords", cues="关键词"),
    ),
    cues=(
        "技术",
        "难题",
        "攻关",
        "研发",
        "工艺",
        "专利",
        "成果",
        "科技成果",
        "算法",
        "配方",
        "揭榜",
    ),
    weights={"text": 0.6, "soft": 0.15, "distance": 0.03, "industry": 0.12},
)
