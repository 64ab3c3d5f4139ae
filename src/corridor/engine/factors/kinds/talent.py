"""人才: jobs, teams, experts and people."""

from ..attribute import Relation as R
from ..attribute import Side, called, coded, day, flag, number, order, words
from ..codelist import code_list
from ..common import place, sector
from ..kind import FactorKind
from ..label import Label

FORM = code_list(
    "talent_form",
    "post|岗位|Post|职位 招 急招 招聘 诚聘 员工 工程师",
    "team|团队|Team|创业团队 研发团队",
    "expert|专家|Expert|顾问 教授 技术顾问",
    "graduate|应届生|Graduates|毕业生 应届毕业生 实习生",
)
DEGREE = code_list(
    "degree",
    "college|大专|College|专科 大专及以上",
    "bachelor|本科|Bachelor|学士 大学本科",
    "master|硕士|Master|研究生 硕士研究生",
    "doctor|博士|Doctor|博士研究生 博士学位",
    "postdoc|博士后|Postdoc",
)
TITLE = code_list(
    "title",
    "none|无|None",
    "junior|初级|Junior|初级职称 助理工程师",
    "middle|中级|Middle|中级职称 中级工程师",
    "associate|副高|Associate senior|副高级 副教授 高级工程师 高工",
    "senior|正高|Senior|正高级 教授 研究员 正高级工程师",
)
EMPLOYMENT = code_list(
    "employment",
    "full|全职|Full time",
    "part|兼职|Part time|周末工程师",
    "project|项目制|Project|按项目 柔性引进 柔性",
    "enclave|人才飞地|Talent enclave|飞地 异地研发",
)
GRADE = code_list(
    "grade",
    "F|F类|Class F",
    "E|E类|Class E",
    "D|D类|Class D",
    "C|C类|Class C",
    "B|B类|Class B",
    "A|A类|Class A|顶尖人才",
)

KIND = FactorKind(
    "talent",
    Label("人才", "Talent"),
    Label(
        "岗位、团队、专家的需求与人才供给", "Posts, teams and experts sought, and people offering"
    ),
    (
        called(
            place(hard=True, home=False),
            "工作城市|Place of work",
            "愿往城市|Willing to work in",
        ),
        called(
            coded("form", "人才形式", "Form", FORM, R.ONE_OF, hard=True),
            "所需人才形式|Form wanted",
        ),
        called(
            number(
                "count",
                "人数",
                "People",
                "person",
                R.AT_MOST,
                high="1e6",
                cues="人数 人 名 位 招 需要 招聘 名额 缺",
            ),
            "需要人数|People wanted",
            "人数（可分批录用写范围，如 1~50）|People (1~50 when any number may be taken)",
        ),
        order(
            "degree", "学历", "Degree", DEGREE, R.AT_LEAST, hard=True, cues="学历 学位 及以上学历"
        ),
        order("title", "职称", "Title", TITLE, R.AT_LEAST, cues="职称"),
        words("skills", "专业技能", "Skills", cues="技能 专业 擅长 熟悉 精通 岗位 研究方向"),
        number(
            "experience",
            "工作经验",
            "Experience",
            "y",
            R.AT_LEAST,
            hard=True,
            high="60",
            cues="经验 从业 从事 工作经验 从业 年以上 工作年限",
        ),
        called(
            number(
                "salary",
                "年薪",
                "Salary",
                "CNY10k/y",
                R.AT_LEAST,
                hard=True,
                asked_by=Side.OFFER,
                low="1",
                high="999",
                cues="年薪 薪资 薪酬 待遇 月薪 工资 薪水 报酬",
            ),
            "期望年薪不低于|Salary at least",
            "可付年薪|Salary paid",
        ),
        called(
            coded("employment", "用工方式", "Employment", EMPLOYMENT, R.ONE_OF, hard=True),
            "可接受用工方式|Employment accepted",
        ),
        called(
            day("start", "到岗日期", "Start", R.AT_MOST, cues="到岗 入职 上岗 到位 报到"),
            "最晚到岗日期|Start by",
            "最早到岗日期|Can start from",
        ),
        called(
            flag(
                "housing",
                "人才住房",
                "Housing",
                asked_by=Side.OFFER,
                cues="住房 人才公寓 安家费 住房补贴 公寓 宿舍",
            ),
            "需要人才住房|Housing required",
            "提供人才住房|Housing provided",
        ),
        called(
            flag(
                "family",
                "家属安置",
                "Family support",
                asked_by=Side.OFFER,
                cues="子女入学 配偶 家属 落户",
            ),
            "需要家属安置|Family support required",
            "提供家属安置|Family support provided",
        ),
        order("grade", "人才类别", "Talent grade", GRADE, R.AT_LEAST, cues="人才类别 类人才"),
        number(
            "hours",
            "每月可投入",
            "Hours a month",
            "h/mo",
            R.AT_LEAST,
            high="744",
            cues="每月 投入 工时 小时",
        ),
        words("conflicts", "利益冲突", "Conflicts of interest", cues="冲突 竞业"),
        *sector(),
    ),
    cues=(
        "人才",
        "招聘",
        "工程师",
        "博士",
        "硕士",
        "专家",
        "团队",
        "岗位",
        "求职",
        "人员",
        "技工",
        "教授",
        "年薪",
    ),
    weights={"text": 0.45, "soft": 0.25},
)
