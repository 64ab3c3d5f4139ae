"""The documentation page of a factor kind, derived from its declaration.

``python -m corridor.io.describe docs/factors`` writes the page of every kind and their index; a
test holds the pages in ``docs/`` to the declarations.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from corridor.engine.factors import (
    SIDE_LABELS,
    Attribute,
    CodeList,
    FactorKind,
    Label,
    Side,
    all_kinds,
)

from .template import what_may_stand

_RELATION = {
    "at_least": Label("不低于", "at least"),
    "at_most": Label("不高于", "at most"),
    "within": Label("落在范围内", "within"),
    "overlaps": Label("范围有重合", "overlaps"),
    "near": Label("接近", "near"),
    "one_of": Label("其中之一", "one of"),
    "all_of": Label("全部具备", "all of"),
    "none_of": Label("均不属于", "none of"),
}
_HEAD = (
    "| 字段 attribute | 需求怎么说 need | 供给怎么说 offer | 关系 relation | 硬/软 hard? "
    "| 填什么 what may stand | 未写明 unstated |",
    "|---|---|---|---|---|---|---|",
)
_HARD = Label("待核实：排在后面并标注", "unverified: ranked below and labelled")
_SOFT = Label("按一半计", "counts one half")


def factor_page(kind: FactorKind) -> str:
    """A Markdown page on one kind: what each side states, how they meet, the code lists."""
    lines = [
        f"# {kind.label.zh} {kind.label.en} (`{kind.name}`)",
        "",
        f"{kind.about.zh}。{kind.about.en}.",
        "",
        f"模板 template: `corridor template {kind.name} --lang zh`",
        "",
        "由声明生成，勿手改。Made from the declaration in "
        f"`src/corridor/engine/factors/kinds/{kind.name}.py`; do not edit.",
        "",
        *_HEAD,
        *(_row(attribute) for attribute in kind.attributes),
        "",
        "## 得分各部分的权重 Weights of the parts of the score",
        "",
        "| " + " | ".join(kind.part_weights) + " |",
        "|" + "---|" * len(kind.part_weights),
        "| " + " | ".join(f"{weight:.2f}" for weight in kind.part_weights.values()) + " |",
        *_code_lists(kind),
    ]
    return "\n".join(lines) + "\n"


def _row(attribute: Attribute) -> str:
    sides = [_said(attribute, side) for side in (Side.NEED, Side.OFFER)]
    if attribute.relation is None:
        relation, hard, unstated = "只参与文字检索 searched only", "–", "–"
    else:
        asker = SIDE_LABELS[attribute.asked_by]
        how = _RELATION[attribute.relation]
        relation = f"{asker.zh}要求：{how.zh} {asker.en.lower()} asks: {how.en}"
        hard = "硬 hard" if attribute.hard else "软 soft"
        meaning = _HARD if attribute.hard else _SOFT
        unstated = f"要求未写=不限；应答未写={meaning.zh} ask: no limit; answer: {meaning.en}"
    allowed = what_may_stand(attribute)
    cells = (
        f"`{attribute.name}`",
        *sides,
        relation,
        hard,
        f"{allowed.zh}<br>{allowed.en}",
        unstated,
    )
    return "| " + " | ".join(cell.replace("|", "／") for cell in cells) + " |"


def _said(attribute: Attribute, side: Side) -> str:
    if not attribute.stated_by(side):
        return f"见 see `{attribute.answered_by}`"
    label = attribute.side_label(side)
    return f"{label.zh}<br>{label.en}"


def _code_lists(kind: FactorKind) -> Iterator[str]:
    lists = {a.codes.name: a.codes for a in kind.attributes if isinstance(a.codes, CodeList)}
    for listed in lists.values():
        yield from (
            "",
            f"## 代码表 {listed.name}",
            "",
            "| 代码 code | 中文 | English | 也可写作 also |",
            "|---|---|---|---|",
        )
        for entry in listed.entries:
            yield f"| `{entry.code}` | {entry.zh} | {entry.en} | {'、'.join(entry.words)} |"


def index_page() -> str:
    """The list of all kinds."""
    rows = [
        f"| [{kind.label.zh} {kind.label.en}]({kind.name}.md) | {kind.about.zh} | {kind.about.en} |"
        for kind in all_kinds().values()
    ]
    return (
        "\n".join(
            ("# 要素类别 Factor kinds", "", "| 类别 kind | 说明 | about |", "|---|---|---|", *rows)
        )
        + "\n"
    )


def write_pages(folder: Path) -> None:
    """Write every page into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "README.md").write_text(index_page(), encoding="utf-8")
    for kind in all_kinds().values():
        (folder / f"{kind.name}.md").write_text(factor_page(kind), encoding="utf-8")


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
