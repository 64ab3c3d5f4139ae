"""Reading free text: laws, refusals, odd input and speed."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.test_text_reading import TODAY

from corridor.engine.factors import (
    Attribute,
    FactorKind,
    Label,
    Range,
    Relation,
    Side,
    Type,
    all_kinds,
    kind,
    value_text,
)
from corridor.engine.factors.attribute import flag, number
from corridor.engine.text import (
    ReadError,
    contacts,
    find_contacts,
    mask_contacts,
    normalise,
    read,
    read_value,
)


def test_a_ninth_kind_is_read_untouched():
    boats = FactorKind(
        "boat",
        Label("船", "Boat"),
        Label("船", "Boats"),
        (
            number("berths", "铺位", "Berths", "item", Relation.AT_LEAST, cues="铺位"),
            number("length", "船长", "Length", "m", Relation.AT_LEAST, cues="船长 米"),
            flag("sail", "风帆", "Sail", cues="风帆"),
        ),
        cues=("游船",),
    )
    reading = read("找一条游船，20米以上，铺位不少于8个，不要风帆", boats, Side.NEED, today=TODAY)
    assert reading.values() == {
        "berths": Range.between(8, None),
        "length": Range.between(20, None),
        "sail": Range.exactly(0),
    }


# --- telephone numbers ---

PHONES = [
    ("13800000000", "138****0000"),
    ("138 1234 0000", "138 **** 0000"),
    ("138-1234-0000", "138-****-0000"),
    ("+86 13812340000", "+86 138****0000"),
    ("１３８１２３４００００", "１３８****００００"),
    ("0573-82341234", "0573-****1234"),
    ("(0573)82341234", "(0573)****1234"),
    ("021-5432 1234", "021-**** 1234"),
    ("400-123-4567", "400-***-4567"),
    ("电话：82341234", "电话：****1234"),
    ("热线 4001234567", "热线 400***4567"),
    ("Tel.4001234567", "Tel.400***4567"),
    ("4008-123-456", "400*-**3-456"),
    ("+86 573 8234 1234", "+86 573 **** 1234"),
    ("+86-21-54321234", "+86-21-****1234"),
]


@pytest.mark.parametrize(("raw", "masked"), PHONES, ids=[p[0] for p in PHONES])
def test_phones_are_masked(raw, masked):
    assert mask_contacts(f"联系{raw}，谢谢") == f"联系{masked}，谢谢"
    assert len(find_contacts(f"联系{raw}，谢谢")) == 1
    assert raw not in read(f"厂房3000平，联系{raw}", today=TODAY).text


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-31",
        "3000-5000平",
        "1500-3000",
        "容积率0.35123456",
        "20261231",
        "4001100000",
        "HS 4001100000",
        "8001234567",
        "0203110010",
        "8471301000999",
        "4001 10 00 00",
        "4001.10.00.00",
        "500-30000000元",
        "电话联系采购HS编码8473300000",
        "容积率0.13800001234",
    ],
)
def test_other_figures_are_no_phones(text):
    assert mask_contacts(text) == text


def test_a_text_with_few_digits_costs_no_search(monkeypatch):
    def searched(_):
        raise AssertionError("the costly search was made")

    monkeypatch.setattr(contacts, "fold", searched)
    assert mask_contacts("厂房3000平，租金1块5以内") == "厂房3000平，租金1块5以内"
    with pytest.raises(AssertionError, match="costly"):
        mask_contacts("13800001234")


def test_a_contact_needs_no_word_before_its_number():
    for raw in ("4001234567", "82341234", "573-82341234", "QQ 812345678", "13800001234"):
        assert raw not in mask_contacts(raw, contact=True)
    assert mask_contacts("张工 4001234567", contact=True) == "张工 400***4567"
    assert mask_contacts("张工 138****1234", contact=True) == "张工 138****1234"


# --- laws ---

PIECES = st.sampled_from(
    [
        "厂房",
        "3000平",
        "租金",
        "1块5",
        "年底前",
        "138",
        "1234",
        "0000",
        "，",
        "不要",
        "嘉兴",
        "-",
        " ",
        "化工",
        "8米以上",
        "两三千",
        "１３８",
        "到",
        "500",
        "万",
        "本科",
        "及以上",
        "2月30日",
        "\0",
        "🏭",
        "\n",
        "起",
        "每",
        "个",
        "元",
        "/",
        "㎡",
        "天",
    ]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map("".join))


@given(TEXTS)
def test_normalising_keeps_the_length_and_is_done_once(text):
    assert len(normalise(text)) == len(text)
    assert normalise(normalise(text)) == normalise(text)


@given(TEXTS, st.integers(13_000_000_000, 19_999_999_999))
def test_no_mobile_number_is_left(text, mobile):
    masked = mask_contacts(f"{text}，{mobile}。{text}")
    assert str(mobile) not in masked
    assert not find_contacts(masked)
    assert len(masked) == 2 * len(text) + 13


@given(TEXTS, st.sampled_from(sorted(all_kinds())), st.sampled_from(list(Side)))
def test_spans_lie_in_the_text_and_values_in_their_limits(text, of, side):
    reading = read(text, kind(of), side, today=TODAY)
    assert len(reading.text) == len(text)
    for field in reading.fields:
        assert 0 <= field.start < field.end <= len(text)
        assert field.attribute.stated_by(side)
        if isinstance(field.value, Range) and field.attribute.type is Type.NUMBER:
            ends = [e for e in (field.value.lo, field.value.hi) if e is not None]
            assert all(field.attribute.low <= e <= field.attribute.high for e in ends)
    assert read(text, kind(of), side, today=TODAY) == reading


CUED = [a for k in all_kinds().values() for a in k.attributes if a.type is Type.NUMBER]


@given(st.sampled_from(CUED), st.integers(1, 9), st.sampled_from(["exact", "least", "most"]))
def test_a_span_read_alone_gives_the_same_value(found: Attribute, figure, shape):
    value = {
        "exact": Range.exactly(figure),
        "least": Range.between(figure, None),
        "most": Range.between(None, figure),
    }[shape]
    text = value_text(found, value).zh
    owner = next(k for k in all_kinds().values() if any(a is found for a in k.attributes))
    side = found.asked_by if found.answered_by else Side.NEED
    for field in read(f"{found.label.zh}{text}", owner, side, today=TODAY).fields:
        if field.attribute is found:
            words = f"{found.label.zh}{text}"[field.start : field.end]
            assert read_value(found, words, today=TODAY) == field.value == value


# --- text nobody should send ---

BAD = {
    "long": "厂房3000平，年底前交付，",
    "digits": "1",
    "numerals": "一千",
    "no clause": "面积3000平",
    "refusals": "不要",
    "spaces": " ",
    "months": "2月",
    "commas": "1,",
    "dashes": "1-",
    "nul": "\0",
    "emoji": "🏭",
    "trades": "化工",
}


def cost(work: Callable[[], object]) -> float:
    """The processor's time that it takes, whatever else the machine does."""
    taken = []
    for _ in range(2):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return min(taken)


def grows_with_its_square(work: Callable[[int], object], length: int) -> bool:
    """Whether a text four times as long costs sixteen times as much, and not four times."""
    return cost(lambda: work(length)) > 9 * cost(lambda: work(length // 4))


def test_a_cost_that_grows_with_the_square_is_noticed():
    assert grows_with_its_square(lambda n: [0 for _ in range(n) for _ in range(n)], 2000)
    assert not grows_with_its_square(lambda n: [0 for _ in range(n)], 1_000_000)


@pytest.mark.parametrize("piece", BAD.values(), ids=list(BAD))
def test_a_long_text_costs_as_much_as_its_parts(piece):
    text = (piece * 20_000)[:20_000]
    assert not grows_with_its_square(lambda n: read(text[:n], today=TODAY).values(), len(text))


def test_masking_a_long_text_costs_as_much_as_masking_its_parts():
    text = "厂房13800000000，" * 15_000
    assert "13800000000" not in mask_contacts(text)
    assert not grows_with_its_square(lambda n: mask_contacts(text[:n]), len(text))


def test_five_million_characters_are_refused_before_they_are_read(monkeypatch):
    def looked(*_):
        raise AssertionError("the text was looked at")

    for step in ("find_contacts", "mask_contacts", "fold"):
        monkeypatch.setattr(f"corridor.engine.text.reading.{step}", looked)
    with pytest.raises(ReadError, match="至多"):
        read("厂房13800000000，" * 400_000, today=TODAY)
    with pytest.raises(AssertionError, match="looked at"):
        read("厂房3000平", today=TODAY)


@pytest.mark.parametrize("text", ["", " ", "\0", "🏭👍", "\n\n", "，。；"])
def test_nothing_is_read_from_nothing(text):
    reading = read(text, today=TODAY)
    assert reading.fields == ()
    assert reading.kind is None
