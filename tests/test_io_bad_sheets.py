"""More that is refused with its place, and that nothing is half loaded."""

import json
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from tests.test_io_bad_input import HEAD, TODAY, book, csv_file, errors, one_error, read, rewrite

from corridor.engine.factors import Range, Side
from corridor.io import BadRows, InputError, load


def test_unknown_code_lists_what_is_allowed(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "标题,可接受场所类型", "厂房,厂防")
    found = one_error(path, 2, "可接受场所类型", "是否指：厂房", "Workshop")
    assert "仓库" in found.allowed.zh


def test_all_errors_of_a_row_are_said_at_once(tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEAD, ",厂房,佳兴,-1,很高")
    assert [e.column for e in errors(path)] == ["编号", "城市", "所需面积(㎡)", "净高(米)"]


def test_mixed_units_in_one_column_are_converted(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "标题,用地面积", "甲,30亩~60亩", "乙,20000~30000", "丙,2公顷~3公顷")
    found = [x.values["land_area"] for x in read(path).listings]
    assert found == [
        Range.between("20000.1", "40000.2"),
        Range.between(20000, 30000),
        Range.between(20000, 30000),
    ]


@pytest.mark.parametrize(
    ("cell", "low"), [("30", "20000.1"), ("≥30", "20000.1"), ("2公顷", "20000")]
)
def test_unit_in_the_header_holds_for_bare_numbers(tmp_path: Path, cell: str, low: str) -> None:
    path = csv_file(tmp_path, "标题,用地面积（亩）", f"甲,{cell}")
    (offer,) = read(path, side="offer").listings
    assert offer.values["land_area"].lo == Range.exactly(low).lo  # type: ignore[union-attr]


def test_numerals_under_a_foreign_unit_are_not_guessed(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "标题,用地面积（亩）", "甲,三十")
    one_error(path, 2, "用地面积（亩）", "看不出单位", "unit is unclear")


def test_duplicate_id_names_both_places(tmp_path: Path) -> None:
    one = csv_file(tmp_path, HEAD, "1,厂房,嘉兴,3000,8", name="a.csv")
    two = csv_file(tmp_path, HEAD, "2,厂房,嘉兴,3000,8", "1,仓库,嘉兴,3000,8", name="b.csv")
    with pytest.raises(BadRows) as caught:
        load([one, two], today=TODAY, kind="space", side="need")
    (found,) = caught.value.errors
    assert (found.file, found.row, found.column) == (str(two), 3, "编号")
    assert f"{one} [a] 第 2 行" in found.label.zh


def test_five_megabytes_in_a_cell(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "标题,说明", "厂房," + "好" * 1_700_000)
    found = one_error(path, 2, "说明", "1,700,000 个字", "at most 20,000")
    assert len(found.found) <= 60


def test_expires_before_published(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "标题,发布日期,截止日期", "厂房,2026-05-01,2026-04-01")
    one_error(path, 2, "截止日期", "早于发布日期", "before it is published")


def test_expired_listings_load(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "标题,截止日期(有效期至)", "厂房,2020-04-01")
    assert read(path).listings[0].expires == date(2020, 4, 1)


def test_attribute_of_the_other_side(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "标题,不接受行业", "厂房,C39")
    one_error(path, 2, "不接受行业", "只有供给方填这一列", "only the offer side")


def test_must_names_conditions_of_this_side(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        "标题,必须项,可商量项",
        "甲,行车、层高,净高",
        "乙,月亮,",
        "丙,亩均税收,",
        "丁,净高,净高",
    )
    assert [(e.row, e.column) for e in errors(path)] == [
        (2, "可商量项"), (3, "必须项"), (4, "必须项"), (5, "可商量项"),
    ]  # fmt: skip
    good = csv_file(tmp_path, "标题,必须项,可商量项", "甲,行车、层高,净高"[:-3] + ",柱距跨度")
    assert read(good).listings[0].must == {"crane", "clear_height"}


def test_more_cells_than_headers(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "标题,净高", "厂房,高,8")
    found = errors(path)
    assert any("单元格比表头多" in e.label.zh for e in found)


# --- workbooks ---


def test_typed_cells(tmp_path: Path) -> None:
    head = ["编号", "标题", "净高", "行车", "最晚入驻日期", "可承接数", "所需面积"]
    path = book(tmp_path, [head, [7, "厂房", 8.0, True, date(2026, 12, 31), 2, 3000.5]])
    (need,) = read(path, kind=None, side=None).listings
    assert (need.id, need.capacity, need.side) == ("7", 2, Side.NEED)
    assert need.values["clear_height"] == Range.between(8, None)
    assert need.values["crane"] == Range.exactly(1)
    assert need.values["available"] == Range.between(None, date(2026, 12, 31).toordinal())


def test_formula_without_a_result(tmp_path: Path) -> None:
    path = book(tmp_path, [["标题", "净高"], ["厂房", "=4+4"], ["仓库", 5]])
    found = one_error(path, 2, "净高", "粘贴为数值", "paste it as a value")
    assert found.found == "=4+4"


def test_formula_with_a_result(tmp_path: Path) -> None:
    from xlsxwriter import Workbook as Writer

    with Writer(tmp_path / "f.xlsx") as made:
        sheet = made.add_worksheet("空间-需求")
        sheet.write_row(0, 0, ["标题", "净高", "楼面承重"])
        sheet.write_row(1, 0, ["厂房"])
        sheet.write_formula(1, 1, "=4+4", None, 8)
        sheet.write_formula(1, 2, '=""', None, "nothing")
    rewrite(tmp_path / "f.xlsx", b"<v>nothing</v>", b"<v></v>")  # as Excel stores an empty text
    (need,) = read(tmp_path / "f.xlsx").listings
    assert need.values == {"clear_height": Range.between(8, None)}


def test_calculation_error(tmp_path: Path) -> None:
    path = book(tmp_path, [["标题", "净高"], ["厂房", "#REF!"]])
    one_error(path, 2, "净高", "计算错误", "calculation error")


def test_merged_rows(tmp_path: Path) -> None:
    made = Workbook()
    sheet = made.active
    for row in (
        ["标题", "主体", "净高"],
        ["一", "甲公司", 8],
        ["二", None, 9],
        [],
        ["三", "乙公司", 7],
    ):
        sheet.append(row)
    sheet.merge_cells("B2:B3")
    made.save(tmp_path / "m.xlsx")
    found = errors(tmp_path / "m.xlsx")
    assert [(e.row, e.column, e.found) for e in found] == [
        (2, "主体", "B2:B3"),
        (3, "主体", "B2:B3"),
    ]
    assert "取消合并" in found[0].label.zh
    assert [x.title for x in read(tmp_path / "m.xlsx", skip_bad=True).listings] == ["三"]


@pytest.mark.parametrize(
    ("ranges", "why"),
    [
        ('<mergeCell ref="A3:B1048576"/>' * 300, "too many merged cells"),
        (f'<mergeCell ref="A3:B{"9" * 5000}"/>', "damaged"),
    ],
)
def test_merged_ranges_of_billions_of_rows(tmp_path: Path, ranges: str, why: str) -> None:
    path = book(tmp_path, [["标题", "净高"], ["厂房", 8]])
    merged = f"</sheetData><mergeCells>{ranges}</mergeCells>".encode()
    rewrite(path, b"</sheetData>", merged)
    with pytest.raises(InputError, match=why):
        read(path)


def test_a_formula_at_a_place_that_is_none(tmp_path: Path) -> None:
    path = book(tmp_path, [["标题", "净高"], ["厂房", 8]])
    rewrite(path, b"</sheetData>", b'<row r="3"><c r="ZZZZZZ3"><f>A1</f></c></row></sheetData>')
    with pytest.raises(InputError, match="damaged"):
        read(path)


def test_blank_rows_of_thousands_of_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(tmp_path, [["标题", "净高"], ["厂房", 8]])
    wide = b"".join(b'<row r="%d"><c r="XFD%d"/></row>' % (row, row) for row in range(3, 10))
    rewrite(path, b"</sheetData>", wide + b"</sheetData>")
    assert len(read(path).listings) == 1
    monkeypatch.setattr("corridor.io.from_xlsx._MAX_CELLS", 100_000)
    with pytest.raises(InputError, match="more than 500 columns"):
        read(path)


# --- encodings ---


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(tmp_path: Path, encoding: str, delimiter: str) -> None:
    lines = [HEAD, '1,"两层, 带院",嘉兴,3000~5000,8', '2,"一行\n又一行",嘉兴,3000~5000,8']
    text = [line.replace(",", delimiter).replace(f"两层{delimiter}", "两层,") for line in lines]
    found = read(csv_file(tmp_path, *text, encoding=encoding)).listings
    assert [x.title for x in found] == ["两层, 带院", "一行\n又一行"]
    assert found[0].values["area"] == Range.between(3000, 5000)


# --- jsonl ---


def jsonl(tmp_path: Path, *objects: object) -> Path:
    lines = [x if isinstance(x, str) else json.dumps(x, ensure_ascii=False) for x in objects]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path / "a.jsonl"


def test_json_values(tmp_path: Path) -> None:
    values = {"area": {"lo": 3000, "hi": None}, "premises": ["workshop", "办公"], "crane": True}
    path = jsonl(tmp_path, {"id": 1, "title": "厂房", "净高": 8, "values": values})
    (need,) = read(path).listings
    assert need.values == {
        "area": Range.between(3000, None), "premises": frozenset({"workshop", "office"}),
        "crane": Range.exactly(1), "clear_height": Range.between(8, None),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "column", "zh", "en"),
    [
        ('{"title": "x"', "", "不是有效的 JSON", "not valid JSON"),
        ("[1, 2]", "", "不是 JSON 对象", "not a JSON object"),
        ('{"title": "x", "title": "y"}', "", "写了两次", "stands twice"),
        ('{"title": "x", "净高": NaN}', "", "无效的值", "NaN"),
        ('{"title": "x", "area": {"lo": 5, "hi": 3}}', "area", "下限大于上限", "above the upper"),
        ('{"title": "x", "area": {"low": 5}}', "area", "不能填这样的对象", "does not fit"),
        ('{"title": "x", "area": [1, 2]}', "area", "不能填多个值", "a list does not fit"),
        ('{"title": ["x"]}', "title", "只能填文字", "only text"),
        ('{"title": "x", "月亮": 1}', "月亮", "不认识", "unknown column"),
        ('{"title": "\\ud800"}', "title", "U+D800", "U+D800"),
        ('{"title": "x", "area": 1e999999999}', "area", "读不懂", "not understood"),
    ],
)  # fmt: skip
def test_bad_json(tmp_path: Path, line: str, column: str, zh: str, en: str) -> None:
    one_error(jsonl(tmp_path, {"title": "好"}, "", line), 3, column, zh, en)


# --- batches ---


def test_a_bad_row_loads_nothing_unless_asked(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        f"{HEAD},备注一",
        "1,厂房,嘉兴,3000,8,x",
        "2,厂房,佳兴,3000,8,",
        "3,厂房,嘉兴,3000,8,",
    )
    assert [(e.row, e.column) for e in errors(path)] == [(1, "备注一"), (3, "城市")]
    found = read(path, skip_bad=True)
    assert [x.id for x in found.listings] == ["1", "3"]
    assert [(s.row, s.column) for s in found.skipped] == [(0, "备注一"), (3, "")]
    assert "第 3 行已跳过" in found.skipped[1].label.zh
    assert [e.column for e in found.errors] == ["备注一", "城市"]


def test_kind_and_side_by_column(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        "要素类别,供需,标题,净高,学历",
        "空间,需求,甲,8,",
        "人才,offer,乙,,硕士",
        "空间,供给,丙,,硕士",
        "月亮,,丁,,",
    )
    found = errors(path, kind=None, side=None)
    assert [(e.row, e.column) for e in found] == [(4, "学历"), (5, "要素类别"), (5, "供需")]
    assert "空间供给没有这一项" in found[0].label.zh
    good = load(path, today=TODAY, skip_bad=True).listings
    assert [(x.kind, x.side.value) for x in good] == [("space", "need"), ("talent", "offer")]


def test_phones_are_masked_and_text_is_read(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path, "标题,说明,联系方式", "求租厂房,净高8米以上，电话13800001234,13800001234"
    )
    found = read(path)
    assert found.listings[0].contact == "138****1234"
    assert "13800001234" not in repr(found)
    assert found.listings[0].values["clear_height"] == Range.between(8, None)
    assert any(x.attribute == "clear_height" and "8米" in x.span for x in found.from_text)
    assert not read(path, read_text=False).from_text


def test_progress(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "标题", *[f"厂房{i}" for i in range(2500)])
    seen: list[tuple[int, int]] = []
    read(path, read_text=False, progress=lambda done, total: seen.append((done, total)))
    assert [done for done, _ in seen] == [1000, 2000, 2500]
    assert all(done <= total <= 2501 for done, total in seen)


def test_a_cell_absurdly_far_down_a_sheet_is_refused_and_does_not_hang(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corridor.io.from_xlsx.MAX_ROWS", 1000)
    book = Workbook()
    book.active.append(["编号", "标题"])
    book.active.cell(row=5000, column=1, value="n1")
    book.save(tmp_path / "far.xlsx")
    with pytest.raises(InputError, match="行"):
        load(tmp_path / "far.xlsx", today=TODAY, kind="space", side="need")
