"""Templates, plain tables, corridor files, and files that are whole or not there."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from openpyxl import load_workbook

from corridor.engine.factors import Listing, Range, Side, Type, all_kinds
from corridor.engine.factors.corridor import Corridor
from corridor.io import InputError, load, read_corridor, save, save_table, write_template

TODAY = date(2026, 11, 22)
KINDS = [*all_kinds()]


# --- templates ---


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("ext", ["xlsx", "csv"])
def test_template_read_back_says_it_has_no_rows(
    tmp_path: Path, name: str, lang: str, ext: str
) -> None:
    path = tmp_path / f"t.{ext}"
    write_template(path, name, lang=lang)
    with pytest.raises(InputError) as caught:
        load(path, today=TODAY)
    assert "没有数据行" in caught.value.label.zh


def cell_for(attribute: object) -> str:
    match attribute.type:  # type: ignore[attr-defined]
        case Type.FLAG:
            return "是"
        case Type.DAY:
            return "2026-12-31"
        case Type.WORDS:
            return "若干"
        case Type.NUMBER:
            return "1"
        case _:
            entries = getattr(attribute.codes, "entries", None)  # type: ignore[attr-defined]
            if entries:
                return str(entries[-1].zh)
            return "C3973" if attribute.codes.name == "industry" else "嘉兴"  # type: ignore[attr-defined]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", KINDS)
def test_template_filled_in_loads_with_every_attribute(
    tmp_path: Path, name: str, lang: str
) -> None:
    path = tmp_path / "t.xlsx"
    write_template(path, name, lang=lang)
    book = load_workbook(path)
    shape = all_kinds()[name]
    wanted = {}
    for sheet, side in zip(book.worksheets, Side, strict=False):
        stated = [a for a in shape.attributes if a.stated_by(side)]
        before = ["E1", "厂房", "", "某公司", "嘉兴"]
        row = [*before, *(cell_for(a) for a in stated), "", "", "2026-01-01", "2026-12-31", "2", ""]
        assert len(row) == sheet.max_column
        for at, cell in enumerate(row, 1):
            sheet.cell(2, at, cell or None)
        wanted[side] = {a.name for a in stated}
    book.save(path)
    found = load(path, today=TODAY).listings
    assert [x.side for x in found] == [*Side]
    assert {x.side: set(x.values) for x in found} == wanted
    assert {(x.title, x.city, x.capacity) for x in found} == {("厂房", "330400", 2)}


def test_template_helps(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", "space", side="need")
    book = load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == ["空间-需求", "说明"]
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "A2"
    heads = {cell.value: cell for cell in sheet[1]}
    assert "标题*" in heads
    assert "硬性条件" in heads["净高不低于(米)"].comment.text
    choices = {
        str(v.sqref).split(":")[0].rstrip("2"): v.formula1
        for v in sheet.data_validations.dataValidation
    }
    assert choices[heads["需要行车"].column_letter] == '"是,否"'
    assert "厂房" in choices[heads["可接受场所类型"].column_letter]


# --- plain tables ---

ROWS = [
    ["N1", "=1+1", Decimal("0.75"), 3, True, date(2026, 1, 2), None],
    ["N2", "好", Decimal("0.5"), -4, False, None, "x"],
]
COLUMNS = ["id", "reason", "score", "rank", "mutual", "day", "note"]


def test_tables_of_plain_rows(tmp_path: Path) -> None:
    for ext in ("csv", "xlsx", "jsonl", "parquet"):
        save_table(tmp_path / f"m.{ext}", COLUMNS, iter(ROWS))
    text = (tmp_path / "m.csv").read_text(encoding="utf-8-sig").splitlines()
    assert text == [
        "id,reason,score,rank,mutual,day,note",
        "N1,'=1+1,0.75,3,是,2026-01-02,",
        "N2,好,0.5,-4,否,,x",
    ]
    sheet = load_workbook(tmp_path / "m.xlsx").active
    assert [c.value for c in sheet[2]][:4] == ["N1", "=1+1", 0.75, 3]
    assert sheet["B2"].data_type == "s"
    first = json.loads((tmp_path / "m.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert first == dict(
        zip(COLUMNS, ["N1", "=1+1", 0.75, 3, True, "2026-01-02", None], strict=True)
    )
    assert pl.read_parquet(tmp_path / "m.parquet").row(0) == (
        "N1", "=1+1", 0.75, 3, True, date(2026, 1, 2), None,
    )  # fmt: skip


@pytest.mark.parametrize("ext", ["csv", "xlsx", "jsonl", "parquet"])
def test_a_run_that_fails_leaves_the_old_file(tmp_path: Path, ext: str) -> None:
    path = tmp_path / f"m.{ext}"
    path.write_text("old", encoding="utf-8")

    def rows() -> object:
        yield ["1"]
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        save_table(path, ["id"], rows())  # type: ignore[arg-type]
    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_writing_where_one_cannot(tmp_path: Path) -> None:
    for path, words in (
        (tmp_path / "none" / "m.csv", "找不到文件"),
        (tmp_path / "m.docx", "不能写"),
        (tmp_path / "m.xls", "另存为"),
    ):
        with pytest.raises(InputError) as caught:
            save_table(path, ["id"], [])
        assert words in caught.value.label.zh


@pytest.mark.parametrize("ext", ["csv", "xlsx", "jsonl", "parquet"])
def test_a_value_no_column_can_hold_is_refused(tmp_path: Path, ext: str) -> None:
    bad = Listing("N1", Side.NEED, "space", "厂房", values={"area": Range.exactly("-5")})
    with pytest.raises(InputError) as caught:
        save(tmp_path / f"m.{ext}", [bad])
    assert "N1 的“建筑面积”" in caught.value.label.zh
    assert not [*tmp_path.iterdir()]


# --- corridor.toml ---

GOOD = """
name_zh = "两城走廊"
name_en = "Two-city corridor"
[[city]]
code = "330400"
zh = "嘉兴"
en = "Jiaxing"
lat = 30.7522
lon = 120.7500
[[city]]
code = "330100"
zh = "杭州"
en = "Hangzhou"
lat = 30.2741
lon = 120.1551
"""


def toml(tmp_path: Path, text: str) -> Path:
    (tmp_path / "corridor.toml").write_text(text, encoding="utf-8")
    return tmp_path / "corridor.toml"


def test_corridor_distances(tmp_path: Path) -> None:
    found = read_corridor(toml(tmp_path, GOOD))
    assert isinstance(found, Corridor)
    assert found.codes == ("330400", "330100")
    assert found.distance_km("330421", "330106") == pytest.approx(78.0, abs=1.5)
    assert found.distance_km("330421", "330400") == 0.0
    assert found.distance_km("330400", "310117") is None
    assert found.distance_km("330400", "999999") is None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('name_zh = "两城走廊"', "", "缺少 name_zh"),
        ('"330100"', '"330400"', "写了两次"),
        ('"330100"', '"339900"', "是否指 浙江省杭州市"),
        ('"330100"', '"330106"', "不是 GB/T 2260 的城市代码"),
        ("lat = 30.2741", "lat = 130.2", "-90 到 90"),
        ("lon = 120.1551", "", "的 lon 要是"),
        ("lon = 120.1551", "long = 120.1551", "不认识的键 long"),
        ("[[city]]", "[[town]]", "不认识的键 town"),
        ("= 30.2741", "= = 1", "不是有效的 TOML"),
    ],
)
def test_bad_corridor(tmp_path: Path, old: str, new: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_corridor(toml(tmp_path, GOOD.replace(old, new)))
    assert words in caught.value.label.zh
    assert caught.value.label.en


def test_missing_corridor(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_corridor(tmp_path / "corridor.toml")
