"""Synthetic posts, teams and experts sought, and people on offer."""

from decimal import Decimal

from ..pen import Pen, month_end

_DEGREES = ("college", "bachelor", "master", "doctor", "postdoc")
#: Yearly pay in 10k yuan by degree, without experience.
_PAY = {
    "college": (8, 13),
    "bachelor": (12, 22),
    "master": (18, 32),
    "doctor": (30, 55),
    "postdoc": (32, 60),
}
_WORD = {
    "college": "大专",
    "bachelor": "本科",
    "master": "硕士",
    "doctor": "博士",
    "postdoc": "博士后",
}


_HANDS = (
    "技师",
    "钳工",
    "技术员",
    "工艺员",
    "检验员",
    "飞手",
    "操控员",
    "调试员",
    "专员",
    "试验员",
    "监测员",
    "制版师",
)
_MINDS = ("研究员", "算法", "研发", "分析", "芯片", "IC", "设计工程师", "建模")


def _degree(pen: Pen, post: str) -> str:
    if post.endswith(_HANDS):
        return pen.draw.weighted((("college", 65), ("bachelor", 35)))
    if any(word in post for word in _MINDS):
        return pen.draw.weighted((("bachelor", 35), ("master", 48), ("doctor", 17)))
    return pen.draw.weighted((("college", 14), ("bachelor", 60), ("master", 24), ("doctor", 2)))


def _pay(pen: Pen, degree: str, years: int) -> tuple[Decimal, Decimal]:
    low, high = _PAY[degree]
    base = Decimal(pen.draw.between(low, (low + high) // 2)) + years * low // 14
    return base, base + pen.draw.between(3, high - low)


def need(pen: Pen) -> None:
    """People wanted."""
    form = pen.draw.weighted((("post", 68), ("graduate", 12), ("expert", 12), ("team", 8)))
    pen.choose("place", [pen.city.code, *pen.draw.some(pen.city.near, pen.draw.pick((0, 0, 1)))])
    pen.choose("form", [form])
    {"post": _post, "graduate": _graduates, "expert": _expert, "team": _team}[form](pen)
    if pen.often(35):
        pen.due("start", month_end(pen.today, pen.draw.between(1, 8)), "{}前到岗", "希望{}前到位")
    pen.capacity = pen.draw.between(1, 3)
    pen.sector()


_POST_TITLES = (
    "招聘{j}{m}名",
    "{c}{n}企业诚聘{j}",
    "急招{j}（{d}，{y}年以上经验）",
    "{j}岗位需求{m}人",
    "{n}公司招{j}",
    "{p}项目组招{j}{m}人",
    "诚聘{j}，{c}工作",
    "{d}以上{j}{m}名",
)


_POST_LEADS = (
    "负责{p}的{k}相关工作",
    "因{p}业务扩张，招聘{k}，主要做{t}",
    "岗位为{k}，要求熟悉{p}",
    "{n}企业招{k}，参与{t}项目",
    "工作内容包括{p}开发与量产导入，需{k}背景",
    "技术部缺{k}，做过{t}的优先",
)


def _post(pen: Pen) -> None:
    draw, names = pen.draw, pen.draw.pick(pen.field.posts)
    title = draw.pick(names)
    degree = _degree(pen, title)
    years = draw.pick((1, 2, 3, 3, 5, 5, 8))
    count = draw.pick((1, 1, 2, 2, 3, 5, 8))
    low, high = _pay(pen, degree, years)
    if pen.choosy:
        degree, years, low, high = "doctor", 15, Decimal(12), Decimal(15)
    post = pen.note("skills", title)
    words = {
        "j": post,
        "k": draw.pick(names),
        "c": pen.city.zh,
        "n": pen.field.name,
        "m": count,
        "d": _WORD[degree],
        "y": years,
        "p": draw.pick(draw.pick(pen.field.goods).names),
        "t": draw.pick(draw.pick(pen.field.topics).names),
    }
    pen.title = draw.pick(_POST_TITLES).format(**words)
    pen.lead = draw.pick(_POST_LEADS).format(**words)
    pen.put("count", count, "招{}人", "需{}名")
    if pen.often(85) or pen.choosy:
        pen.grade("degree", degree, "{}及以上学历", "学历{}以上")
    if pen.often(78) or pen.choosy:
        pen.put("experience", years, "{}年以上经验", "{}年以上相关工作经历")
    if pen.often(80) or pen.choosy:
        pen.span("salary", low, high, "年薪{}到{}万", "年薪{}—{}万元", "待遇{}至{}万元/年")
    if pen.often(65):
        pen.choose("employment", ["full"] if draw.chance(80) else ["full", "project"], "{}")
    _care(pen)


def _care(pen: Pen) -> None:
    if pen.often(30):
        pen.yes("housing", "提供人才公寓", "有住房补贴", "可解决住宿")
    if pen.often(15):
        pen.yes("family", "协助子女入学", "可解决家属安置")


def _graduates(pen: Pen) -> None:
    draw, post = pen.draw, pen.draw.pick(pen.draw.pick(pen.field.posts))
    degree = draw.weighted((("college", 30), ("bachelor", 45), ("master", 25)))
    count = draw.nice(5, 60)
    low, high = _pay(pen, degree, 0)
    pen.note("skills", post)
    words = {"j": post, "n": pen.field.name, "c": pen.city.zh, "m": count, "d": _WORD[degree]}
    pen.title = draw.pick(
        (
            "校招{m}名{d}应届生（{n}）",
            "{c}{n}企业招应届毕业生{m}人",
            "管培生与{j}助理{m}名",
        )
    ).format(**words)
    pen.lead = draw.pick(
        ("面向应届毕业生招聘{j}储备人员，师傅带教", "{n}企业校园招聘，培养方向为{j}")
    ).format(**words)
    pen.put("count", count, "计划招{}人")
    pen.grade("degree", degree, "{}及以上")
    if pen.often(80):
        pen.span("salary", low, high, "首年年薪{}到{}万")
    pen.choose("employment", ["full"])
    _care(pen)


def _expert(pen: Pen) -> None:
    draw, topic = pen.draw, pen.draw.pick(pen.field.topics)
    words = {
        "t": draw.pick(topic.names),
        "s": draw.pick(topic.names),
        "n": pen.field.name,
        "p": draw.pick(draw.pick(pen.field.goods).names),
    }
    pen.note("skills", words["t"])
    pen.title = draw.pick(
        (
            "聘{n}技术顾问：{t}",
            "寻{t}方向专家",
            "{n}工艺顾问（{t}）",
            "柔性引进{t}专家",
        )
    ).format(**words)
    pen.lead = draw.pick(
        (
            "希望聘请{s}方面的专家做兼职顾问，指导{n}项目",
            "企业在{s}上缺少带头人，拟柔性引进专家",
            "请一位熟悉{s}的老师定期到厂指导{p}生产",
        )
    ).format(**words)
    pen.put("count", 1)
    if pen.often(75):
        pen.grade("degree", draw.pick(("master", "doctor", "doctor")), "{}以上")
    if pen.often(50):
        pen.grade("title", draw.pick(("associate", "associate", "senior")), "{}及以上职称")
    pen.choose("employment", ["part", "project"], "{}均可")
    hours = draw.pick((8, 16, 16, 24, 40))
    if pen.often(70):
        pen.put("hours", hours, "每月不少于{}小时")
    if pen.often(75):
        low = Decimal(draw.between(8, 25))
        pen.span("salary", low, low + 15, "年度顾问费{}到{}万")


def _team(pen: Pen) -> None:
    draw, topic = pen.draw, pen.draw.pick(pen.field.topics)
    words = {
        "t": draw.pick(topic.names),
        "s": draw.pick(topic.names),
        "n": pen.field.name,
        "c": pen.city.zh,
    }
    pen.note("skills", words["t"])
    pen.title = draw.pick(
        ("引进{t}研发团队", "{c}寻{n}创新团队", "{t}项目团队招引", "共建{t}联合团队")
    ).format(**words)
    pen.lead = draw.pick(
        (
            "拟引进{s}方向研发团队，可提供场地和启动资金",
            "与团队共建{n}研发中心，主攻{s}",
        )
    ).format(**words)
    pen.put("count", draw.between(6, 12), "团队{}人以内")
    pen.grade("degree", draw.pick(("master", "doctor")), "带头人{}")
    pen.choose("employment", draw.some(("full", "project", "enclave"), 2), "合作形式：{}")
    if pen.often(60):
        low = Decimal(draw.between(60, 150))
        pen.span("salary", low, low * 2, "团队年度薪酬包{}到{}万")
    _care(pen)


def offer(pen: Pen) -> None:
    """People, teams and experts on offer."""
    draw = pen.draw
    post = draw.pick(pen.field.posts)
    form = draw.weighted((("post", 60), ("graduate", 13), ("expert", 17), ("team", 10)))
    degree = {
        "graduate": draw.weighted((("college", 30), ("bachelor", 45), ("master", 25))),
        "expert": draw.pick(("master", "doctor", "doctor")),
        "team": draw.pick(("master", "doctor", "doctor", "postdoc")),
    }.get(form) or _degree(pen, post[0])
    years = (
        0 if form == "graduate" else draw.between(1, 14) if form == "post" else draw.between(8, 25)
    )
    _present(pen, form, degree, years, post)
    pen.choose("form", [form])
    places = [pen.city.code, *draw.some(pen.city.near, draw.between(0, 2))]
    if pen.often(85):
        pen.choose("place", places, "可到{}工作", "意向城市{}")
    if form != "post" or pen.often(88):
        pen.grade("degree", degree, {"team": "带头人{}", "expert": "{}"}.get(form, "{}学历"))
    if years and pen.often(80):
        pen.put("experience", years, "带头人从业{}年" if form == "team" else "从业{}年")
    if form == "expert" and pen.often(70):
        pen.grade("title", draw.pick(("associate", "senior")), "{}职称")
    _wish(pen, form, degree, years)
    if pen.often(40):
        pen.due("start", month_end(pen.today, draw.between(0, 6)), "{}可到岗")
    pen.sector()


_PRESENT_TITLESS = (
    "{j}求职",
    "推荐{j}（{d}，{y}年）",
    "{j}，熟悉{p}",
    "{n}行业{j}寻新机会",
    "{c}{j}，做过{t}",
)


_PRESENT_LEADSS = (
    "长期从事{p}相关工作，擅长{s}，求{k}岗位",
    "在{n}企业做过{k}，独立负责过{s}项目",
    "{k}，熟悉{p}的设计、试制到量产全过程",
    "做过{s}，对{p}比较熟，想换平台发展",
)


def _present(pen: Pen, form: str, degree: str, years: int, names: tuple[str, ...]) -> None:
    draw, topic = pen.draw, pen.draw.pick(pen.field.topics)
    words = {
        "j": draw.pick(names),
        "k": draw.pick(names),
        "t": draw.pick(topic.names),
        "s": draw.pick(topic.names),
        "n": pen.field.name,
        "d": _WORD[degree],
        "y": years,
        "p": draw.pick(draw.pick(pen.field.goods).names),
        "c": pen.city.zh,
    }
    titles = {
        "post": _PRESENT_TITLESS,
        "graduate": ("{n}专业应届{d}生推荐", "{d}毕业生：{n}方向", "应届生批量推荐（{j}方向）"),
        "expert": ("{t}专家可任技术顾问", "{n}领域专家，擅长{t}", "{t}方向教授提供指导"),
        "team": ("{t}研发团队寻合作", "{n}创业团队寻落户", "{t}成熟团队整体输出"),
    }
    leads = {
        "post": _PRESENT_LEADSS,
        "graduate": (
            "{n}相关专业毕业生，做过{s}课题，可从{k}做起",
            "学校推荐{n}方向毕业生，有{p}企业实习经历",
        ),
        "expert": (
            "长期研究{s}，为多家{n}企业做过技术指导",
            "在{s}方面有系统研究，可指导{p}工艺改进",
        ),
        "team": (
            "团队主攻{s}，已完成样机，寻求{n}企业合作或落户",
            "核心成员来自{n}行业，围绕{s}有成套方案",
        ),
    }
    pen.note("skills", str(words["j" if form in ("post", "graduate") else "t"]))
    pen.title = draw.pick(titles[form]).format(**words)
    pen.lead = draw.pick(leads[form]).format(**words)


def _wish(pen: Pen, form: str, degree: str, years: int) -> None:
    draw = pen.draw
    low, _ = _pay(pen, degree, min(years, 10))
    if form == "expert":
        low = Decimal(draw.between(6, 25))
        if pen.often(65):
            pen.put("hours", draw.pick((8, 16, 24, 40, 60)), "每月可投入{}小时")
    if form == "graduate":
        pen.span("count", Decimal(1), draw.nice(5, 80), "共{1}人，可分批录用")
    elif form == "team":
        low = Decimal(draw.between(60, 180))
        pen.put("count", draw.between(4, 12), "共{}人")
    else:
        pen.put("count", 1)
    if pen.often(75):
        phrases = {"expert": ("年度顾问费{}万元以上",), "team": ("团队年薪酬包{}万元以上",)}
        pen.put("salary", low, *phrases.get(form, ("期望年薪{}万元以上", "待遇不低于{}万/年")))
    works = {"expert": ("part", "project"), "team": ("project", "full", "enclave")}.get(
        form, ("full",)
    )
    if pen.often(78):
        pen.choose("employment", [draw.pick(works)], "{}")
    if form in ("post", "team") and pen.often(20):
        pen.yes("housing", "需要人才住房")
    if form == "graduate":
        pen.capacity = draw.between(2, 5)
