"""Telephone numbers leave no trace, and what was understood rather than written is noted."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from corridor.engine.factors import Label, Listing, Range, Side
from corridor.io import BadRows, InputError, Loaded, RowNote, load, read_columns, save

TODAY = date(2026, 11, 22)
PHONE, MASKED = "13800001234", "138****1234"


def csv_file(tmp_path: Path, *lines: str, name: str = "a.csv") -> Path:
    path = tmp_path / name
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def read(path: Path, **options: object) -> Loaded:
    return load(path, today=TODAY, **{"kind": "space", "side": "need", **options})  # type: ignore[arg-type]


# --- telephone numbers ---


def test_no_field_keeps_a_phone(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        "标题,说明,主体,备注,联系方式",
        f"厂房 {PHONE},问{PHONE},张三{PHONE},找李四{PHONE},4001234567",
    )
    found = read(path)
    (need,) = found.listings
    assert PHONE not in repr(found)
    assert need.party == f"张三{MASKED}"
    assert need.values["remarks"] == f"找李四{MASKED}"
    assert need.contact == "400***4567"


def test_an_id_that_is_a_phone_is_refused(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "编号,标题", f"{PHONE},厂房")
    with pytest.raises(BadRows) as caught:
        read(path)
    (error,) = caught.value.errors
    assert (error.column, error.found) == ("编号", MASKED)
    assert "编号里有联系方式" in error.label.zh
    assert "telephone" in error.label.en


def test_a_uuid_that_happens_to_hold_eleven_digits_is_an_id(tmp_path: Path) -> None:
    path = tmp_path / "n.csv"
    text = "id,title,要素类别,供需\n94ee6a37-6a61-41e5-aaf2-13955554733c,求技术,技术,需求\n"
    path.write_text(text, encoding="utf-8")
    (one,) = load(path, today=TODAY).listings
    assert one.id == "94ee6a37-6a61-41e5-aaf2-13955554733c"


def test_ids_made_of_a_file_or_sheet_name_hold_no_phone(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "标题", "厂房", name=f"张三{PHONE}.csv")
    assert [x.id for x in read(path).listings] == [f"张三{MASKED}-2"]
    book = Workbook()
    book.active.title = f"空间需求{PHONE}"
    book.active.append(["标题"])
    book.active.append(["厂房"])
    book.save(tmp_path / "b.xlsx")
    assert [x.id for x in read(tmp_path / "b.xlsx").listings] == [f"空间需求{MASKED}-2"]


@pytest.mark.parametrize("column", ["所需面积(㎡)", "城市", "发布日期", "可承接数", "必须项"])
def test_a_phone_in_a_wrong_column_is_not_echoed(tmp_path: Path, column: str) -> None:
    path = csv_file(tmp_path, f"标题,{column}", f"厂房,{PHONE}")
    with pytest.raises(BadRows) as caught:
        read(path)
    assert PHONE not in str(caught.value)
    assert MASKED in str(caught.value)


@pytest.mark.parametrize("ext", ["csv", "jsonl", "parquet"])
def test_a_phone_for_a_header_is_masked_and_can_be_left_out(tmp_path: Path, ext: str) -> None:
    if ext == "parquet":
        import polars as pl

        path = tmp_path / "a.parquet"
        pl.DataFrame({"标题": ["厂房"], PHONE: ["1"]}).write_parquet(path)
    elif ext == "jsonl":
        path = csv_file(tmp_path, f'{{"标题": "厂房", "{PHONE}": "1"}}', name="a.jsonl")
    else:
        path = csv_file(tmp_path, f"标题,{PHONE}", "厂房,1")
    with pytest.raises(BadRows) as caught:
        read(path)
    assert PHONE not in str(caught.value)
    found = read(path, skip_bad=True)
    assert len(found.listings) == 1
    assert [s.column for s in found.skipped] == [MASKED]


def test_a_long_unknown_header_can_be_left_out(tmp_path: Path) -> None:
    path = csv_file(tmp_path, f"标题,{'好' * 80}", "厂房,1")
    assert len(read(path, skip_bad=True).listings) == 1


def test_plain_tables_name_no_phone(tmp_path: Path) -> None:
    path = csv_file(tmp_path, f"a,{PHONE}", "1,2")
    with pytest.raises(InputError) as caught:
        [*read_columns(path, ["b"])]
    assert PHONE not in str(caught.value)


@pytest.mark.parametrize("code", ["4001100000", "0203110010", "8471301000999", "4001 10 00 00"])
def test_customs_codes_survive(tmp_path: Path, code: str) -> None:
    path = csv_file(tmp_path, "标题,HS 编码", f"橡胶,{code}")
    (need,) = read(path, kind="product").listings
    assert need.values["hs_code"] == code


# --- notes ---


def test_a_converted_currency_is_noted(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "标题,融资金额", "甲,100万美元", "乙,500", "丙,100万美元")
    found = read(path, kind="capital")
    assert found.listings[0].values["amount"] == Range.exactly(710)
    assert [(n.row, n.column) for n in found.notes] == [(2, "融资金额"), (4, "融资金额")]
    note = found.notes[0]
    assert isinstance(note, RowNote)
    assert (note.file, note.sheet) == (str(path), "a")
    assert "按参考汇率 7.1 折算" in note.message.zh
    assert "第 2 行" in note.label.zh and "row 2" in note.label.en


def test_a_currency_in_the_header_is_noted(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "标题,融资金额（万美元）", "甲,100")
    found = read(path, kind="capital")
    assert found.listings[0].values["amount"] == Range.exactly(710)
    assert "7.1" in found.notes[0].message.zh


def test_a_widened_figure_is_noted(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "标题,所需面积", "甲,3000左右", "乙,3000", "丙,3000~5000")
    found = read(path)
    assert [(n.row, n.message) for n in found.notes] == [
        (2, Label("“左右”按 2400~3600 ㎡ 计", '"about" is taken as 2400~3600 m²'))
    ]


def test_both_ends_of_an_object_are_noted(tmp_path: Path) -> None:
    line = '{"标题": "甲", "values": {"amount": {"lo": "100万美元", "hi": "200万欧元"}}}'
    found = read(csv_file(tmp_path, line, name="a.jsonl"), kind="capital")
    assert ["7.1" in n.message.zh for n in found.notes] == [True, False]
    assert "7.8" in found.notes[1].message.zh


def test_a_currency_in_the_text_is_noted(tmp_path: Path) -> None:
    found = read(csv_file(tmp_path, "标题", "融资100万美元"), kind="capital")
    assert [(n.row, n.column) for n in found.notes] == [(2, "")]


def test_a_row_that_is_refused_leaves_no_note(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "标题,融资金额,年利率", "甲,100万美元,很高")
    assert read(path, kind="capital", skip_bad=True).notes == ()


# --- what a column means by side ---


def test_at_once_is_from_today_on_in_an_offer(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "标题,可交付日期", "甲,即日起", "乙,现房")
    today = Range.between(TODAY.toordinal(), None)
    assert [x.values["available"] for x in read(path, side="offer").listings] == [today, today]
    need = csv_file(tmp_path, "标题,最晚入驻日期", "甲,即日起", name="n.csv")
    limit = Range.between(None, date(2026, 12, 22).toordinal())
    assert read(need).listings[0].values["available"] == limit


def test_a_lone_quantity_on_offer_is_the_most(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "标题,quantity", "甲,8000", "乙,8000~8000", "丙,500~8000")
    found = [x.values["quantity"] for x in read(path, kind="product", side="offer").listings]
    assert found == [Range.between(None, 8000), Range.exactly(8000), Range.between(500, 8000)]


@pytest.mark.parametrize("words", ["无", "n/a", "-"])
@pytest.mark.parametrize("ext", ["csv", "xlsx", "jsonl", "parquet"])
def test_words_that_say_nothing_are_still_words(tmp_path: Path, ext: str, words: str) -> None:
    listing = Listing("N1", Side.NEED, "space", "厂房", values={"remarks": words})
    save(tmp_path / f"a.{ext}", [listing])
    assert load(tmp_path / f"a.{ext}", today=TODAY).listings == (listing,)


def test_a_listing_published_in_the_future_loads(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "标题,发布日期,截止日期", "厂房,2026-12-01,2027-01-31")
    (need,) = read(path).listings
    assert need.published == date(2026, 12, 1)
