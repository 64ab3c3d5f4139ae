"""Every bad input is refused with what was wrong, where, and what would be right."""

import io
import os
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from corridor.engine.factors import Range
from corridor.io import BadRows, InputError, Loaded, RowError, load

TODAY = date(2026, 11, 22)
HEAD = "编号,标题,城市,所需面积(㎡),净高(米)"


def read(path: Path, **options: object) -> Loaded:
    return load(path, today=TODAY, **{"kind": "space", "side": "need", **options})  # type: ignore[arg-type]


def csv_file(tmp_path: Path, *lines: str, encoding: str = "utf-8", name: str = "needs.csv") -> Path:
    path = tmp_path / name
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def book(tmp_path: Path, rows: list[list[object]], title: str = "空间-需求") -> Path:
    made = Workbook()
    sheet = made.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    made.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def refused(path: Path, zh: str, en: str, **options: object) -> InputError:
    with pytest.raises(InputError) as caught:
        read(path, **options)
    assert zh in caught.value.label.zh
    assert en in caught.value.label.en
    assert str(path) in str(caught.value)
    return caught.value


def errors(path: Path, **options: object) -> tuple[RowError, ...]:
    with pytest.raises(BadRows) as caught:
        read(path, **options)
    return caught.value.errors


def one_error(path: Path, row: int, column: str, zh: str, en: str, **options: object) -> RowError:
    found = errors(path, **options)
    assert len(found) == 1, found
    assert (found[0].row, found[0].column) == (row, column)
    assert zh in found[0].label.zh
    assert en in found[0].label.en
    assert f"{path}" in found[0].label.zh
    return found[0]


# --- files that cannot be read at all ---


def test_empty_file(tmp_path: Path) -> None:
    refused(csv_file(tmp_path, ""), "0 字节", "0 bytes")


@pytest.mark.parametrize("lines", [[HEAD], ["", "  ", ""], [HEAD, ",,,,"]])
def test_no_rows(tmp_path: Path, lines: list[str]) -> None:
    refused(csv_file(tmp_path, *lines, ""), "没有数据行", "no rows")


def test_missing_file_suggests_the_near_name(tmp_path: Path) -> None:
    csv_file(tmp_path, HEAD)
    refused(tmp_path / "need.csv", "是不是 needs.csv", "did you mean needs.csv")


def test_directory(tmp_path: Path) -> None:
    refused(tmp_path, "文件夹", "folder")


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = csv_file(tmp_path, HEAD, "1,厂房,嘉兴,3000,8")
    path.chmod(0)
    if os.access(path, os.R_OK):  # root reads everything

        def denied(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", denied)
    refused(path, "没有读取或写入的权限", "no permission")


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_binary_junk(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(bytes(range(256)) * 40)
    refused(tmp_path / name, "二进制", "binary")


@pytest.mark.parametrize("name", ["a.xlsx", "a.parquet"])
def test_not_what_the_suffix_says(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\xff\xd8\xff\xe0 a picture")
    refused(tmp_path / name, "后缀是", "suffix")


def test_workbook_named_csv(tmp_path: Path) -> None:
    path = book(tmp_path, [["标题"], ["厂房"]]).rename(tmp_path / "a.csv")
    refused(path, "内容却是xlsx", "xlsx")


def test_truncated_workbook(tmp_path: Path) -> None:
    path = book(tmp_path, [["标题", "净高"], *[[f"厂房{i}", i % 9] for i in range(500)]])
    path.write_bytes(path.read_bytes()[:3000])
    refused(path, "损坏", "damaged")


def test_truncated_parquet(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1" + b"\x00" * 50)
    refused(tmp_path / "a.parquet", "损坏", "damaged")


def test_password(tmp_path: Path) -> None:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
    (tmp_path / "a.xlsx").write_bytes(head + "EncryptedPackage".encode("utf-16-le"))
    refused(tmp_path / "a.xlsx", "取消密码后再交", "protected by a password")


def test_old_excel_under_a_new_name(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)
    refused(tmp_path / "a.xlsx", "旧版 .xls 文件，或", "an old .xls file or")


def test_old_excel(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    refused(tmp_path / "a.xls", "另存为 .xlsx", "save it as .xlsx")


def test_plain_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("readme.txt", "hello")
    refused(tmp_path / "a.xlsx", "zip 压缩包", "zip archive")


def test_zip_bomb(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as stream:
            for _ in range(80):
                stream.write(b" " * (1 << 20))
    refused(tmp_path / "a.xlsx", "压缩炸弹", "zip bomb")


def rewrite(path: Path, old: bytes, new: bytes) -> None:
    inside = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w") as archive:
        for name in inside.namelist():
            archive.writestr(name, inside.read(name).replace(old, new))


def test_absurd_dimension_is_not_believed(tmp_path: Path) -> None:
    path = book(tmp_path, [["标题", "净高"], ["厂房", 8]])
    rewrite(path, b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    assert len(read(path).listings) == 1
    rewrite(path, b'ref="A1:XFD1048576"', b'ref="A1"')
    assert len(read(path).listings) == 1


def test_too_many_columns(tmp_path: Path) -> None:
    refused(book(tmp_path, [["标题"] * 501, ["厂房"]]), "超过 500 列", "more than 500 columns")
    refused(csv_file(tmp_path, ",".join(["标题"] * 501)), "超过 500 列", "more than 500 columns")


def test_unclosed_quote_does_not_swallow_the_file(tmp_path: Path) -> None:
    refused(
        csv_file(tmp_path, "标题,净高", '"厂房,8', "仓库,9"), "引号不成对", "quotes do not pair"
    )


def test_damaged_utf8_is_not_read_as_gbk(tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEAD, "1,需要一处标准厂房,嘉兴,3000,8")
    path.write_bytes(path.read_bytes() + b"\xe4\xb8\n")
    refused(path, "第 2 行出现坏字节", "bad bytes for UTF-8 at line 2")


# --- sheets and headers ---


def test_wrong_sheet(tmp_path: Path) -> None:
    path = book(tmp_path, [["标题"], ["厂房"]], title="汇总")
    one_error(path, 0, "", "看不出这张表的要素类别", "factor kind", kind=None, side=None)


def test_sheet_that_contradicts_the_option(tmp_path: Path) -> None:
    path = book(tmp_path, [["标题"], ["厂房"]], title="人才-需求")
    one_error(path, 0, "", "工作表名是“人才”，却要作为“空间”读", "named for")


def test_header_in_english(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path, "ID,Title,City,Area wanted (m²),clear_height", "1,Hall,嘉兴,3000~5000,8"
    )
    (need,) = read(path).listings
    assert (need.id, need.city) == ("1", "330400")
    assert need.values == {
        "area": Range.between(3000, 5000),
        "clear_height": Range.between(8, None),
    }


def test_header_full_width_and_marked(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "编 号,标题*,净高（米）,所需面积（㎡）", "1,厂房,8,≥3000")
    assert read(path).listings[0].values["area"] == Range.between(3000, None)


def test_unknown_header_suggests_near_ones_once(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "标题,楼面承种", "厂房,2", "仓库,3")
    one_error(path, 1, "楼面承种", "楼面承重", "Floor load")


@pytest.mark.parametrize(
    "head", ["标题,净高,净高", "标题,净高(米),clear_height", "标题,净高,名称", "标题,净高, 标 题"]
)
def test_header_doubled(tmp_path: Path, head: str) -> None:
    path = csv_file(tmp_path, head, "厂房,8,9")
    one_error(path, 1, head.split(",")[2].strip(), "同一项", "repeats column")


def test_header_with_two_meanings(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "标题,行吊", "厂房,5")
    one_error(path, 1, "行吊", "行车 或 行车吨位", "Overhead crane or Crane capacity")


def test_title_lines_above_the_header(tmp_path: Path) -> None:
    path = book(
        tmp_path, [["2026 年空间需求汇总表"], [], ["标题", "净高"], [], ["厂房", 8], [None]]
    )
    assert [x.id for x in read(path).listings] == ["空间-需求-5"]


# --- single cells ---

CELLS = [
    ("1,厂房,嘉兴,-3000,8", "所需面积(㎡)", "-3000", "0~5000000", "0~5000000"),
    ("1,厂房,嘉兴,5000~3000,8", "所需面积(㎡)", "5000~3000", "下限高于上限", "lower end is above"),
    ("1,厂房,佳兴,3000,8", "城市", "佳兴", "是否指：嘉兴市", "Did you mean: 嘉兴市"),
    ("1,厂房,嘉兴,3000元,8", "所需面积(㎡)", "3000元", "不能换算", "does not convert"),
    ("1,厂房,嘉兴、杭州,3000,8", "城市", "嘉兴、杭州", "只能填一个城市", "only one city"),
    (",厂房,嘉兴,3000,8", "编号", "", "编号是空的", "id is empty"),
    ("1,,嘉兴,3000,8", "标题", "", "没有标题", "no title"),
    ("1,厂\x0b房,嘉兴,3000,8", "标题", "厂?房", "U+000B", "U+000B"),
    ("1,厂房,嘉兴,好大,8", "所需面积(㎡)", "好大", "数字或范围", "a number or a range"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "column", "found", "zh", "en"), CELLS)
def test_bad_cell(tmp_path: Path, line: str, column: str, found: str, zh: str, en: str) -> None:
    path = csv_file(tmp_path, HEAD, "0,好的,嘉兴,3000,8", line)
    assert one_error(path, 3, column, zh, en, near=("330400", "330100")).found == found


def test_impossible_day(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "标题,最晚入驻日期,发布日期", "厂房,2026年2月30日,2026-02-30")
    found = errors(path)
    assert [e.column for e in found] == ["最晚入驻日期", "发布日期"]
    assert all("日历上没有这一天" in e.label.zh and "no such day" in e.label.en for e in found)
