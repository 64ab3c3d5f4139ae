"""The docking set is well formed: a wrong row would pass for a fault of the search."""

import hashlib
import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from corridor.engine.factors import all_kinds
from corridor.engine.text import find_contacts, normalise

DATA = Path(__file__).resolve().parent.parent / "benchmarks" / "docking"
HALVES = ("dev", "test")
CITIES = {"松江", "嘉兴", "杭州", "金华", "苏州", "湖州", "宣城", "芜湖", "合肥"}
#: As the card explains them.
WHYS = {
    *("paraphrase", "plain", "abbreviation", "dialect", "slip", "unit", "number", "negation"),
    *("city", "part", "adjacent", "form", "time", "credential", "stage", "unstated"),
}
COUNTS = r"(\d+) (?:条需求|needs)\D+(\d+) (?:条供给|offers)\D+(\d+) (?:对|graded)"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="benchmarks are not packed")


def rows(name: str) -> list[dict[str, Any]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def by_id(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    found = {row["id"]: row for row in rows}
    assert len(found) == len(rows), "an id stands twice"
    return found


def all_needs() -> dict[str, dict[str, Any]]:
    return by_id([row for half in HALVES for row in rows(f"{half}/needs.jsonl")])


def words_of(offer: dict[str, Any]) -> str:
    return f"{offer['title']}\n{offer['text']}"


def runs(text: str, length: int = 12) -> set[str]:
    return {text[at : at + length] for at in range(len(text) - length + 1)}


def kappa(pairs: list[tuple[int, int]], grades: int = 4) -> float:
    """Cohen's kappa with quadratic weights."""
    first, second = (Counter(side) for side in zip(*pairs, strict=True))
    seen = sum((a - b) ** 2 for a, b in pairs)
    by_chance = sum(
        (a - b) ** 2 * first[a] * second[b] for a in range(grades) for b in range(grades)
    )
    return 1 - seen * len(pairs) / by_chance


def test_there_are_enough_of_every_kind_and_from_every_city() -> None:
    needs, offers = all_needs().values(), by_id(rows("offers.jsonl")).values()
    for listings, each in ((needs, 35), (offers, 75)):
        counts = Counter(row["kind"] for row in listings)
        assert set(counts) == set(all_kinds())
        assert min(counts.values()) >= each
        assert {row["city"] for row in listings} == CITIES
    assert len(needs) >= 300
    assert len(offers) >= 600


def test_every_row_has_its_fields_and_its_own_words() -> None:
    needs, offers = all_needs().values(), rows("offers.jsonl")
    assert {tuple(row) for row in needs} == {("id", "kind", "city", "text", "hard")}
    assert {tuple(row) for row in offers} == {("id", "kind", "city", "title", "text")}
    assert all(value.strip() == value != "" for row in (*needs, *offers) for value in row.values())
    assert [row["id"] for row in needs if not 8 <= len(row["text"]) <= 200] == []
    assert len({row["text"] for row in needs}) == len(needs)
    assert len({words_of(row) for row in offers}) == len(offers)


@pytest.mark.parametrize("half", HALVES)
def test_grades_are_of_this_half_and_of_one_kind(half: str) -> None:
    needs, offers = by_id(rows(f"{half}/needs.jsonl")), by_id(rows("offers.jsonl"))
    grades = rows(f"{half}/grades.jsonl")
    assert len({(row["need"], row["offer"]) for row in grades}) == len(grades)
    for row in grades:
        assert tuple(row) == ("need", "offer", "grade", "why")
        assert needs[row["need"]]["kind"] == offers[row["offer"]]["kind"]
        assert row["grade"] in (1, 2, 3)
        assert row["why"] in WHYS


@pytest.mark.parametrize("half", HALVES)
def test_every_need_has_something_worth_asking_and_a_trap(half: str) -> None:
    grades = defaultdict(list)
    for row in rows(f"{half}/grades.jsonl"):
        grades[row["need"]].append(row["grade"])
    needs = by_id(rows(f"{half}/needs.jsonl"))
    assert set(grades) == set(needs)
    assert [need for need, given in grades.items() if max(given) < 2 or 1 not in given] == []
    assert sum(grade >= 2 for given in grades.values() for grade in given) >= 2 * len(needs)


def test_the_halves_follow_the_rule_of_the_card() -> None:
    kinds = defaultdict(list)
    for need in all_needs().values():
        kinds[need["kind"]].append(need["id"])
    expected = set()
    for ids in kinds.values():
        ids.sort(key=lambda need: hashlib.sha256(need.encode()).hexdigest())
        expected.update(ids[: (len(ids) + 1) // 2])
    assert {row["id"] for row in rows("dev/needs.jsonl")} == expected


def test_nobody_can_be_reached_through_the_set() -> None:
    listings = (*all_needs().values(), *rows("offers.jsonl"))
    found = {
        row["id"]: [text for text in row.values() if list(find_contacts(normalise(text)))]
        for row in listings
    }
    assert {key: texts for key, texts in found.items() if texts} == {}


def test_no_need_is_a_copy_of_its_best_offers() -> None:
    needs, offers = all_needs(), by_id(rows("offers.jsonl"))
    grades = [row for half in HALVES for row in rows(f"{half}/grades.jsonl")]
    copies = {
        (row["need"], row["offer"]): shared
        for row in grades
        if row["grade"] == 3
        and (shared := runs(needs[row["need"]]["text"]) & runs(words_of(offers[row["offer"]])))
    }
    assert copies == {}


def test_the_card_tells_the_counts_and_the_first_agreement() -> None:
    card = (DATA / "README.md").read_text(encoding="utf-8")
    needs, offers, second = all_needs(), by_id(rows("offers.jsonl")), rows("second_pass.jsonl")
    assert len(second) == 200
    assert {row["need"] for row in second} <= set(needs)
    assert {row["offer"] for row in second} <= set(offers)
    agreed = kappa([(row["first"], row["second"]) for row in second])
    assert re.findall(r"κ = (\d\.\d+)", card) == [f"{agreed:.3f}"] * 2
    grades = [row["grade"] for half in HALVES for row in rows(f"{half}/grades.jsonl")]
    counted = (len(needs), len(offers), len(grades))
    assert [tuple(map(int, found)) for found in re.findall(COUNTS, card)] == [counted] * 2
