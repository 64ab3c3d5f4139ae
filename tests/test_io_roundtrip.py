"""What is saved loads back equal, in every format, for every kind, side and attribute."""

import csv
import string
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corridor.engine.factors import (
    Attribute,
    Listing,
    Range,
    Relation,
    Side,
    Type,
    all_kinds,
    kind,
)
from corridor.engine.factors.codes import industry, places
from corridor.engine.text import find_contacts
from corridor.io import load, save

TODAY = date(2026, 11, 22)
FORMATS = ["csv", "xlsx", "jsonl", "parquet"]

# Words that no reader takes for a contact or for "unstated".
LETTERS = st.text(string.ascii_letters + "空间净高'=+-@,;\"\n_<>|", min_size=1, max_size=30)
TEXTS = LETTERS.map(lambda t: f"{t.strip()}甲".strip()).filter(
    lambda t: not find_contacts(t, contact=True)
)


def number_ends(attribute: Attribute) -> st.SearchStrategy[Decimal]:
    if attribute.type is Type.DAY:
        span = st.dates(date(2000, 1, 1), date(2099, 12, 31))
        return span.map(lambda day: Decimal(day.toordinal()))
    places_kept = 0 if attribute.type is not Type.NUMBER else 6
    return st.decimals(attribute.low, attribute.high, places=places_kept, allow_nan=False)


def values_of(attribute: Attribute) -> st.SearchStrategy[object]:
    if attribute.type is Type.WORDS:
        return TEXTS
    if attribute.type is Type.FLAG:
        return st.sampled_from([Range.exactly(0), Range.exactly(1)])
    if attribute.type is Type.CODES:
        listed = attribute.code_list()
        entries = getattr(listed, "entries", None)
        if entries is not None:
            pool = [entry.code for entry in entries]
        else:
            pool = [*(industry.load() if listed.name == "industry" else places.load())]
        return st.frozensets(st.sampled_from(pool), min_size=1, max_size=4)
    ends = number_ends(attribute)
    return st.one_of(
        ends.map(Range.exactly),
        ends.map(lambda x: Range(x, None)),
        ends.map(lambda x: Range(None, x)),
        st.tuples(ends, ends).map(lambda pair: Range(min(pair), max(pair))),
    )


@st.composite
def listings(draw: st.DrawFn) -> Listing:
    shape = draw(st.sampled_from([*all_kinds().values()]))
    side = draw(st.sampled_from([*Side]))
    stated = [a for a in shape.attributes if a.stated_by(side)]
    chosen = draw(st.lists(st.sampled_from(stated), max_size=6, unique_by=lambda a: a.name))
    asked = [a.name for a in shape.related if a.asked_by is side]
    some = st.frozensets(st.sampled_from(asked), max_size=3) if asked else st.just(frozenset())
    must = draw(some)
    flexible = draw(some) - must
    first = draw(st.none() | st.dates(date(2000, 1, 1), date(2099, 1, 1)))
    last = None if first is None else first + timedelta(draw(st.integers(0, 900)))
    return Listing(
        id=draw(TEXTS), side=side, kind=shape.name, title=draw(TEXTS), text=draw(TEXTS),
        party=draw(TEXTS), city=draw(st.sampled_from(["", *places.load()])),
        values={a.name: draw(values_of(a)) for a in chosen}, must=must, flexible=flexible,
        published=first, expires=last, capacity=draw(st.integers(1, 9)), contact=draw(TEXTS),
    )  # fmt: skip


BATCHES = st.lists(listings(), min_size=1, max_size=5, unique_by=lambda x: (x.side, x.id))


def by_id(found: object) -> list[Listing]:
    return sorted(found, key=lambda x: (x.side, x.id))  # type: ignore[call-overload]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("ext", FORMATS)
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(batch=BATCHES)
def test_saved_listings_load_back_equal(
    tmp_path_factory: pytest.TempPathFactory, ext: str, lang: str, batch: list[Listing]
) -> None:
    path = tmp_path_factory.mktemp("round") / f"all.{ext}"
    save(path, batch, lang=lang)
    assert by_id(load(path, today=TODAY).listings) == by_id(batch)


@pytest.mark.parametrize("ext", FORMATS)
def test_every_attribute_of_every_kind_has_its_own_column(tmp_path: Path, ext: str) -> None:
    batch = []
    for shape in all_kinds().values():
        for side in Side:
            values = {}
            for a in shape.attributes:
                if not a.stated_by(side):
                    continue
                if a.type is Type.CODES:
                    entries = getattr(a.code_list(), "entries", None)
                    code = entries[0].code if entries else None
                    values[a.name] = frozenset({code or ("C39" if "indus" in a.name else "330400")})
                elif a.type is Type.WORDS:
                    values[a.name] = f"关于{a.name}"
                else:
                    values[a.name] = Range.exactly(a.low)
            batch.append(Listing(f"{shape.name}-1", side, shape.name, "全", values=values))
    save(tmp_path / f"all.{ext}", batch)
    assert by_id(load(tmp_path / f"all.{ext}", today=TODAY).listings) == by_id(batch)


@pytest.mark.parametrize("ext", FORMATS)
def test_a_lone_number_that_is_asked_for_is_not_read_as_a_limit_again(
    tmp_path: Path, ext: str
) -> None:
    area, height = kind("space").by_name["area"], kind("space").by_name["clear_height"]
    assert (area.relation, height.relation) == (Relation.OVERLAPS, Relation.AT_LEAST)
    stated = {"area": Range.exactly(3000), "clear_height": Range.between(6, 10)}
    need = Listing("N1", Side.NEED, "space", "厂房", values=stated)
    save(tmp_path / f"one.{ext}", [need])
    assert load(tmp_path / f"one.{ext}", today=TODAY).listings == (need,)


@pytest.mark.parametrize(
    "nasty",
    [
        "=cmd|' /C calc'!A0",
        "@SUM(1+1)",
        "+1+1",
        "-2+3",
        "'=already guarded",
        "''",
        "＝1＋1",
        '=HYPERLINK("http://example.com","x")',
        "<script>alert(1)</script>",
        "'; DROP TABLE listings; --",
        "{{7*7}}",
        "_x0041_",
        "https://example.com/a",
    ],
)
@pytest.mark.parametrize("ext", FORMATS)
def test_injection_strings_stay_text(tmp_path: Path, ext: str, nasty: str) -> None:
    path = tmp_path / f"x.{ext}"
    listing = Listing("N1", Side.NEED, "space", nasty, party=nasty, contact=nasty)
    save(path, [listing])
    assert load(path, today=TODAY).listings == (listing,)
    if ext == "csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            cells = [cell for row in csv.reader(stream) for cell in row]
        assert not [c for c in cells if c[:1] in ("=", "+", "-", "@", "＝", "\t", "\r")]
    if ext == "xlsx":
        from openpyxl import load_workbook

        cells = [c for row in load_workbook(path).active.iter_rows() for c in row]
        assert {c.data_type for c in cells} <= {"s", "n"}
        assert not [c for c in cells if c.hyperlink]


@pytest.mark.parametrize("ext", FORMATS)
def test_negative_numbers_stay_numbers(tmp_path: Path, ext: str) -> None:
    path = tmp_path / f"x.{ext}"
    listing = Listing(
        "N1", Side.NEED, "capital", "融资", values={"profit": Range.exactly(Decimal("-120.5"))}
    )
    save(path, [listing])
    assert load(path, today=TODAY).listings == (listing,)
    if ext == "csv":
        assert "'-120.5" not in path.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("ext", FORMATS)
def test_equal_listings_make_equal_files(tmp_path: Path, ext: str) -> None:
    batch = [Listing("N1", Side.NEED, "space", "厂房", values={"area": Range.between(3000, 5000)})]
    for name in ("a", "b"):
        save(tmp_path / f"{name}.{ext}", batch)
    assert (tmp_path / f"a.{ext}").read_bytes() == (tmp_path / f"b.{ext}").read_bytes()
