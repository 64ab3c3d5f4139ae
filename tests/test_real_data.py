"""The main job on real needs and results; skipped where the shared data is not beside the checkout."""

import csv
import json
from pathlib import Path

import pytest
from tests.test_cli import DAY, corridor

DATA = Path(__file__).parents[2] / "shared" / "data" / "matching"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data is not here")


def test_every_real_need_is_matched_with_real_results_and_nothing_is_lost() -> None:
    with (DATA / "needs.csv").open(encoding="utf-8-sig", newline="") as file:
        needs = list(csv.DictReader(file))
    files = DATA / "needs.csv", DATA / "results.jsonl"
    done = corridor("match", *files, "--kind", "technology", "--json", "--top", 3, *DAY)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [r["need"] for r in found] == [n["id"] for n in needs]
    assert all(len(r["matches"]) == 3 for r in found)
    by_id = {r["need"]: r for r in found}
    red_mud = next(n["id"] for n in needs if n["title"] == "赤泥处理需求")
    assert "赤泥" in by_id[red_mud]["matches"][0]["title"]


def test_titles_find_their_own_bodies_as_well_as_documented(tmp_path: Path) -> None:
    with (DATA / "needs.csv").open(encoding="utf-8-sig", newline="") as file:
        needs = [n for n in csv.DictReader(file) if len(n["text"]) > 40]
    tables = {
        "queries": [("id", "text"), *((n["id"], n["title"]) for n in needs)],
        "documents": [
            ("id", "text"), *((n["id"], n["text"].replace(n["title"], "")) for n in needs)
        ],
        "judgements": [("query", "document", "grade"), *((n["id"], n["id"], 1) for n in needs)],
    }  # fmt: skip
    args: list[str | Path] = []
    for name, rows in tables.items():
        path = tmp_path / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        args += [f"--{name}", path]
    found = json.loads(corridor("evaluate", *args, "--json").stdout)
    assert found["queries"] == len(needs)
    assert found["ndcg@10"] > 0.85
