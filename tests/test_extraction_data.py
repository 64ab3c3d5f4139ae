"""The labelled sentences are well formed: a wrong label would pass for a fault of the rules."""

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from corridor.engine.factors import Side, Type, all_kinds

DATA = Path(__file__).resolve().parent / "data" / "extraction"
HALVES = ("dev", "held_out")
KEYS = {"id", "kind", "side", "text", "today", "gold", "spans", "phones"}


def rows(half: str) -> list[dict[str, Any]]:
    lines = (DATA / f"{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def ends(value: Any) -> list[Any]:
    """The ends of a range that are not open."""
    assert set(value) == {"lo", "hi"}, value
    found = [end for end in (value["lo"], value["hi"]) if end is not None]
    assert found, "both ends open"
    return found


def check_value(attribute: Any, value: Any) -> None:
    if attribute.type is Type.FLAG:
        assert isinstance(value, bool)
    elif attribute.type is Type.CODES:
        assert value and value == sorted(set(value))
        assert [attribute.code_list().read(code) for code in value] == value
    elif attribute.type is Type.ORDER:
        places = [attribute.code_list().index(code) for code in ends(value)]
        assert places == sorted(places)
    elif attribute.type is Type.DAY:
        days = [date.fromisoformat(day) for day in ends(value)]
        assert days == sorted(days)
    else:
        assert attribute.type is Type.NUMBER, "words are not labelled"
        numbers = ends(value)
        assert numbers == sorted(numbers)
        assert all(attribute.low <= number <= attribute.high for number in numbers)


def faults(row: dict[str, Any]) -> Iterator[str]:
    attributes = all_kinds()[row["kind"]].by_name
    if set(row) != KEYS or not 8 <= len(row["text"]) <= 120:
        yield "shape"
    if set(row["gold"]) != set(row["spans"]):
        yield "a label without a span, or a span without a label"
    for name, value in row["gold"].items():
        if name not in attributes or not attributes[name].stated_by(Side(row["side"])):
            yield f"{name} is not stated by this side"
            continue
        try:
            check_value(attributes[name], value)
        except (AssertionError, ValueError, StopIteration) as error:
            yield f"{name}: {value}: {error!r}"
    for span in (span for spans in row["spans"].values() for span in spans):
        if not span or span not in row["text"]:
            yield f"{span!r} is not in the text"
    digits = "".join(c for c in unicodedata.normalize("NFKC", row["text"]) if c not in " -")
    yield from (f"phone {p}" for p in row["phones"] if not p.isdigit() or p not in digits)


@pytest.mark.parametrize("half", HALVES)
def test_every_sentence_is_labelled_in_the_declared_terms(half: str) -> None:
    found = {row["id"]: list(faults(row)) for row in rows(half)}
    assert not {key: value for key, value in found.items() if value}


@pytest.mark.parametrize("half", HALVES)
def test_each_half_is_large_and_holds_every_kind_and_side(half: str) -> None:
    counts = Counter((row["kind"], row["side"]) for row in rows(half))
    assert counts.total() >= 100
    assert set(counts) == {(kind, side.value) for kind in all_kinds() for side in Side}


def test_no_sentence_stands_in_both_halves() -> None:
    everything = [row for half in HALVES for row in rows(half)]
    assert len({row["id"] for row in everything}) == len(everything)
    assert len({row["text"] for row in everything}) == len(everything)
