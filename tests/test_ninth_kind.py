"""A ninth kind is one file: everything else follows from it, untouched.

Run in processes of their own, because what is derived from the kinds is worked out once a process.
"""

import json
import subprocess
import sys
from pathlib import Path

import openpyxl

KIND = '''
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
RUN = """
import sys
from corridor.engine.factors import kinds
kinds.__path__.append(sys.argv.pop(1))
"""
TODAY = ("--today", "2026-11-22")


def python(folder: Path, code: str, *args: str | Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", RUN + code, folder / "kinds", *args],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def corridor(folder: Path, *args: str | Path) -> str:
    return python(folder, "from corridor.cli import main\nmain()", *args)


def fill(path: Path, row: dict[str, object]) -> None:
    """Write one row under a template's own headers."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    header = [str(cell.value or "").split("(")[0].rstrip("*") for cell in next(sheet.iter_rows())]
    for name, value in row.items():
        sheet.cell(row=2, column=header.index(name) + 1, value=value)
    book.save(path)


def test_one_file_gives_templates_import_matching_explanation_text_and_page(tmp_path: Path) -> None:
    (tmp_path / "kinds").mkdir()
    (tmp_path / "kinds" / "heat.py").write_text(KIND, encoding="utf-8")
    for side in ("need", "offer"):
        corridor(tmp_path, "template", "余热", "--side", side, "-o", f"{side}.xlsx")
    need = {"编号": "h1", "标题": "求余汽", "可接受城市": "嘉兴、湖州", "所需蒸汽量": "12"}
    fill(tmp_path / "need.xlsx", need)
    offer = {"编号": "o1", "标题": "热电厂余汽外供", "城市": "嘉兴", "蒸汽量": "10"}
    fill(tmp_path / "offer.xlsx", offer)

    (none,) = json.loads(corridor(tmp_path, "match", "need.xlsx", "offer.xlsx", "--json", *TODAY))
    assert none["kind"] == "heat"
    assert none["matches"] == []
    assert "蒸汽量由 ≥12 吨/小时 放宽到 ≥10 吨/小时" in none["nothing"]["sentence_zh"]

    pasted = "求购余热蒸汽，要8吨/小时以上，最好在嘉兴"
    text = corridor(tmp_path, "match", "offer.xlsx", "--text", pasted, "--json", *TODAY)
    (found,) = json.loads(text)
    assert [match["offer"] for match in found["matches"]] == ["o1"]
    assert {"flow": "≥8 吨/小时", "place": "嘉兴市"}.items() <= {
        field["attribute"]: field["value_zh"] for field in found["fields"]
    }.items()

    page = python(
        tmp_path,
        "from corridor.engine.factors import kind\n"
        "from corridor.io.describe import factor_page\nprint(factor_page(kind('heat')))",
    )
    assert "所需蒸汽量" in page


def test_a_kind_that_declares_no_place_still_shows_the_cities_in_tables(tmp_path: Path) -> None:
    (tmp_path / "kinds").mkdir()
    placeless = KIND.replace("        place(hard=True),\n", "")
    (tmp_path / "kinds" / "heat.py").write_text(placeless, encoding="utf-8")
    row = "id,title,kind,side,city,flow\n{},余热,heat,{},嘉兴,12\n"
    for side in ("need", "offer"):
        (tmp_path / f"{side}.csv").write_text(row.format(side, side), encoding="utf-8")
    corridor(tmp_path, "match", "need.csv", "offer.csv", "-o", "m.csv", "--lang", "en", *TODAY)
    assert (tmp_path / "m.csv").read_text(encoding="utf-8-sig").count("Jiaxing") == 2
