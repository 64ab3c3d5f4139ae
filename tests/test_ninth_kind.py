"""A ninth kind is one file: everything else follows from it, untouched."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from corridor.engine.factors import Side, all_kinds, kinds
from corridor.engine.matching import Matcher, explain
from corridor.engine.text import read
from corridor.io import load, write_template
from corridor.io.describe import factor_page

TODAY = date(2026, 11, 22)
HEAT = '''
"""余热: waste heat from one works, wanted by another."""
from corridor.engine.factors.attribute import Relation as R
from corridor.engine.factors.attribute import called, flag, number
from corridor.engine.factors.common import place
from corridor.engine.factors.kind import FactorKind
from corridor.engine.factors.label import Label

KIND = FactorKind(
    "heat", Label("余热", "Waste heat"), Label("余热余汽的供与求", "Waste heat sought and offered"),
    (
        place(hard=True),
        called(number("flow", "蒸汽量", "Steam flow", "t/h", R.AT_LEAST, hard=True, high="500",
                      cues="蒸汽 余汽 汽量"), "所需蒸汽量|Steam wanted"),
        flag("metered", "有计量", "Metered", cues="计量"),
    ),
    cues=("余热", "余汽"),
)
'''


@pytest.fixture
def ninth(tmp_path: Path) -> Iterator[None]:
    (tmp_path / "heat.py").write_text(HEAT, encoding="utf-8")
    kinds.__path__.append(str(tmp_path))
    all_kinds.cache_clear()
    yield
    kinds.__path__.remove(str(tmp_path))
    all_kinds.cache_clear()


def filled(path: Path, side: Side, row: dict[str, object]) -> Path:
    """A template of the kind with one row written under its own headers."""
    write_template(path, "heat", lang="zh", side=side)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    header = [str(cell.value or "").split("(")[0].rstrip("*") for cell in next(sheet.iter_rows())]
    for name, value in row.items():
        sheet.cell(row=2, column=header.index(name) + 1, value=value)
    book.save(path)
    return path


@pytest.mark.usefixtures("ninth")
def test_one_file_gives_template_import_matching_explanation_text_and_page(tmp_path: Path) -> None:
    assert list(all_kinds())[-1] == "heat"
    need_file = filled(
        tmp_path / "need.xlsx",
        Side.NEED,
        {"编号": "h1", "标题": "求余汽", "可接受城市": "嘉兴、湖州", "所需蒸汽量": "12"},
    )
    offer_file = filled(
        tmp_path / "offer.xlsx",
        Side.OFFER,
        {"编号": "o1", "标题": "热电厂余汽外供", "城市": "嘉兴", "蒸汽量": "10"},
    )
    (need,) = load(need_file, today=TODAY).listings
    (offer,) = load(offer_file, today=TODAY).listings
    assert (need.kind, need.side, offer.kind, offer.side) == ("heat", "need", "heat", "offer")

    matcher = Matcher(today=TODAY).fit([offer])
    assert matcher.match(need) == []
    said = explain(matcher, need, offer)
    assert "蒸汽量由 ≥12 吨/小时 放宽到 ≥10 吨/小时" in said.verdict.zh

    reading = read("求购余热蒸汽，要8吨/小时以上，最好在嘉兴", None, None, today=TODAY)
    assert reading.kind == "heat"
    flow = reading.values()["flow"]
    assert (flow.lo, flow.hi) == (8, None)

    assert "所需蒸汽量" in factor_page(all_kinds()["heat"])
