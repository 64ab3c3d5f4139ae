"""政策: benefits and who may have them. The policy asks; the enterprise answers with its facts."""

from ..attribute import Relation as R
from ..attribute import Side, called, coded, day, number, words
from ..codelist import code_list
from ..common import industry_limit, place, qualification, sector
from ..kind import FactorKind
from ..label import Label

LEVEL = code_list(
    "level",
    "nation|国家级|National|国家",
    "province|省级|Provincial|省 市级（直辖市）",
    "city|市级|City|市 地市级",
    "district|区县级|District|区级 县级",
)
BENEFIT = code_list(
    "benefit",
    "money|资金|Funds|补贴 补助 奖励 资助 奖补 贴息 专项资金 补助资金 扶持资金",
    "land|用地|Land|用地保障 厂房补贴",
    "talent|人才|Talent|人才补贴 人才政策 安家补贴",
    "finance|融资|Finance|贷款贴息 融资支持 风险补偿",
    "scene|场景|Application scenes|应用场景 首台套 示范应用",
    "approval|审批|Approval|审批服务 绿色通道 容缺受理",
)
DELIVERY = code_list(
    "delivery",
    "auto|免申即享|Without application",
    "fast|快申快享|Fast application",
    "apply|申报兑现|Application|需申报 项目申报",
)
REVIEW = code_list(
    "review",
    "passed|公平竞争审查已通过|Passed|已通过公平竞争审查 通过审查",
    "pending|审查中|Pending",
    "exempt|无需审查|Not needed|不需审查",
)

KIND = FactorKind(
    "policy",
    Label("政策", "Policy"),
    Label("企业想要的扶持与各级惠企政策", "Support sought and the policies that give it"),
    (
        called(
            place(hard=True, asked_by=Side.OFFER),
            "适用地区|Region covered",
            "所在城市|City",
        ),
        called(
            coded("benefit", "扶持类型", "Benefit", BENEFIT, R.ONE_OF, hard=True),
            "想要的扶持|Benefits wanted",
        ),
        coded("level", "政策层级", "Level", LEVEL, R.ONE_OF, cues="级别 层级"),
        words("document_no", "文号", "Document number", cues="文号"),
        words("issuer", "发文机关", "Issuer", cues="发文机关 发布单位 主管部门"),
        called(
            day(
                "window",
                "申报截止",
                "Application window",
                R.OVERLAPS,
                hard=True,
                cues="申报 截止 申报期 受理 窗口 申报截止 申请",
            ),
            "希望申报时间|Wishes to apply within",
            "申报起止|Application window",
        ),
        called(
            number(
                "amount",
                "扶持金额",
                "Amount",
                "CNY10k",
                R.AT_LEAST,
                high="1e7",
                cues="补贴 补助 奖励 最高 金额 资助 扶持 额度 资金 万元",
            ),
            "期望金额不低于|Amount hoped for",
            "最高金额|Amount at most",
        ),
        coded("delivery", "兑现方式", "Delivery", DELIVERY, R.ONE_OF, cues="兑现方式"),
        number(
            "working_days",
            "兑现工作日",
            "Working days to payment",
            "wd",
            R.AT_MOST,
            high="1000",
            cues="兑现 兑付 工作日 拨付 到账",
        ),
        industry_limit(
            "for_industry",
            "适用行业",
            "Industries covered",
            R.ONE_OF,
            cues="适用行业 支持行业 面向行业",
        ),
        qualification(),
        called(
            number(
                "revenue",
                "上年营业收入",
                "Revenue last year",
                "CNY10k",
                R.WITHIN,
                hard=True,
                asked_by=Side.OFFER,
                high="1e9",
                cues="营收 营业收入 年营收 销售额 产值 年收入 收入",
            ),
            "营业收入要求|Revenue required",
            "上年营业收入|Revenue last year",
        ),
        called(
            number(
                "rd",
                "研发投入占比",
                "R&D share of revenue",
                "%",
                R.AT_LEAST,
                hard=True,
                asked_by=Side.OFFER,
                high="1000",
                cues="研发投入 研发占比 研发费用 研发强度",
            ),
            "研发占比要求|R&D share required",
            "研发投入占比|R&D share",
        ),
        called(
            number(
                "tax_per_mu",
                "亩均税收",
                "Tax per mu",
                "CNY10k/mu",
                R.AT_LEAST,
                hard=True,
                asked_by=Side.OFFER,
                high="1e5",
                cues="亩均税收 亩均",
            ),
            "亩均税收要求|Tax per mu required",
            "亩均税收|Tax per mu",
        ),
        called(
            number(
                "years",
                "成立年限",
                "Years since founding",
                "y",
                R.WITHIN,
                hard=True,
                asked_by=Side.OFFER,
                high="300",
                cues="成立 注册 年限 成立年限",
            ),
            "成立年限要求|Years since founding required",
            "成立年限|Years since founding",
        ),
        called(
            number(
                "headcount",
                "员工人数",
                "Headcount",
                "person",
                R.WITHIN,
                hard=True,
                asked_by=Side.OFFER,
                high="1e6",
                cues="员工 人数 职工 团队",
            ),
            "员工人数要求|Headcount required",
            "员工人数|Headcount",
        ),
        called(
            number(
                "investment",
                "投资额",
                "Investment",
                "CNY10k",
                R.AT_LEAST,
                hard=True,
                asked_by=Side.OFFER,
                high="1e8",
                cues="投资 投资额 固投 设备投入 技改 总投资",
            ),
            "投资额要求|Investment required",
            "拟投资额|Planned investment",
        ),
        words("in_force", "有效期", "In force", cues="有效期 有效期至 施行"),
        words("office", "咨询窗口", "Enquiry office", cues="咨询窗口 咨询单位"),
        words("materials", "申报材料", "Materials", cues="材料 申报材料"),
        words("formula", "金额算法", "How the amount is worked out", cues="算法 标准"),
        coded("review", "公平竞争审查", "Fair competition review", REVIEW, R.ONE_OF),
        *sector(),
    ),
    cues=(
        "政策",
        "补贴",
        "申报",
        "补助",
        "奖励",
        "扶持",
        "专项资金",
        "惠企",
        "认定",
        "贴息",
        "首台套",
        "技改",
    ),
    weights={"text": 0.3, "soft": 0.25, "industry": 0.15, "distance": 0.05},
    closes_by="window",
)
