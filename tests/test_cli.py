"""The command line as people use it: files in, files out, exit codes, nothing half done."""

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from corridor.demo import world
from corridor.io import save

SMALL = world(listings=400)
DAY = ("--today", "2026-11-22")


def corridor(
    *args: str | Path, env: dict[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "corridor.cli", *map(str, args)],
        capture_output=True, text=True, check=False, env={**os.environ, **(env or {})},
    )  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("market")
    save(folder / "needs.xlsx", SMALL.needs)
    save(folder / "offers.jsonl", SMALL.offers)
    return folder / "needs.xlsx", folder / "offers.jsonl"


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def pairs(printed: str) -> set[tuple[str, str]]:
    return {(r["need"], m["offer"]) for r in json.loads(printed) for m in r["matches"]}


def test_every_output_format_holds_the_same_pairs(files, tmp_path: Path) -> None:
    names = ["m.xlsx", "m.csv", "m.jsonl", "m.parquet", "m.html"]
    outputs = [arg for name in names for arg in ("-o", tmp_path / name)]
    done = corridor("match", *files, *outputs, "--json", "--lang", "en", *DAY)
    assert done.returncode == 0, done.stderr
    expected = pairs(done.stdout)
    assert len(expected) > 100
    rows = table(tmp_path / "m.csv")
    assert {(r["need"], r["offer"]) for r in rows if r["offer"]} == expected
    frame = pl.read_parquet(tmp_path / "m.parquet").drop_nulls("offer")
    assert set(frame.select("need", "offer").iter_rows()) == expected
    lines = [json.loads(x) for x in (tmp_path / "m.jsonl").read_text("utf-8").splitlines()]
    assert {(r["need"], r["offer"]) for r in lines if r["offer"]} == expected
    sheet = openpyxl.load_workbook(tmp_path / "m.xlsx").worksheets[0]
    header = [cell.value for cell in sheet[1]]
    at = header.index("need"), header.index("offer")
    cells = {(row[at[0]], row[at[1]]) for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert {pair for pair in cells if pair[1]} == expected
    assert "<html" in (tmp_path / "m.html").read_text("utf-8")


def test_same_answer_byte_for_byte_whatever_the_hash_seed_and_row_order(files, tmp_path) -> None:
    needs, offers = files
    turned = tmp_path / "turned.jsonl"
    lines = offers.read_text("utf-8").splitlines()
    turned.write_text("\n".join(lines[::-1]), encoding="utf-8")
    runs = [
        corridor("match", needs, path, "--json", "--allocate", *DAY, env={"PYTHONHASHSEED": seed})
        for path, seed in ((offers, "0"), (offers, "1"), (turned, "2"))
    ]
    assert runs[0].returncode == 0
    assert runs[0].stdout == runs[1].stdout == runs[2].stdout


def test_reverse_finds_the_same_pairs_from_the_other_side(files) -> None:
    forth = corridor("match", *files, "--json", "--top", 1000, *DAY)
    back = corridor("match", *files, "--json", "--top", 1000, "--reverse", *DAY)
    seen = {(m["need"], r["offer"]) for r in json.loads(back.stdout) for m in r["matches"]}
    assert seen == pairs(forth.stdout)


def test_allocation_keeps_capacities_and_raises_a_floor(files) -> None:
    done = corridor("match", *files, "--json", "--top", 1000, "--floor", "宣城=3", *DAY)
    chosen = [(r, m) for r in json.loads(done.stdout) for m in r["matches"] if m["chosen"]]
    room = {o.id: o.capacity for o in SMALL.offers} | {n.id: n.capacity for n in SMALL.needs}
    load: dict[str, int] = {}
    for record, match in chosen:
        for one in (record["need"], match["offer"]):
            load[one] = load.get(one, 0) + 1
    assert all(n <= room[i] for i, n in load.items())
    assert sum(record["city"] == "341800" for record, _ in chosen) >= 3


def test_a_pasted_need_is_read_with_its_places_in_the_text() -> None:
    text = "想在嘉兴或松江找3000平单层厂房,层高8米以上,带行车,租金1块以内,年底前搬"
    done = corridor("match", "--text", text, "--json", *DAY)
    (record,) = json.loads(done.stdout)
    read = {f["attribute"]: f for f in record["fields"]}
    assert read["clear_height"]["value_zh"] == "≥8 米"
    assert read["rent"]["value_zh"] == "≤1 元/㎡/天"
    assert read["available"]["value_zh"] == "≤2026-12-31"
    for field in record["fields"]:
        assert text[field["start"] : field["end"]] == field["span"]
    assert record["matches"]
    for match in record["matches"]:
        assert all(check["state"] != "broken" for check in match["hard"])


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ((), 2, "Usage"),
        (("match",), 2, "两个文件"),
        (("match", "a.csv"), 2, "两个文件"),
        (("match", "a.csv", "b.csv", "-o", "c.doc"), 2, ".xlsx"),
        (("match", "a.csv", "b.csv", "-o", "nowhere/c.csv"), 2, "nowhere"),
        (("match", "a.csv", "b.csv"), 1, "a.csv"),
        (("match", "--text", "找厂房", "--kind", "moon"), 2, "moon"),
        (("match", "--text", "找厂房", "--today", "2026-02-30"), 2, "2026-02-30"),
        (("match", "--text", "嗯嗯"), 2, "--kind"),
        (("match", "--text", "找厂房", "--floor", "月球=1"), 2, "月球"),
        (("match", "--text", "找厂房", "--floor", "嘉兴=²"), 2, "嘉兴"),
        (("match", "--text", "找厂房", "-o", "x.xlsx"), 2, "-o"),
        (("match", "--text", "找厂房", "--allocate"), 2, "--allocate"),
        (("template", "space", "-o", "x.pdf"), 2, ".xlsx"),
        (("template", "moon"), 2, "moon"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_the_right_exit_code(
    args, code, said, tmp_path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = corridor(*args)
    assert done.returncode == code
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_bad_rows_load_nothing_unless_asked_to_skip_and_then_are_listed(files, tmp_path) -> None:
    needs = tmp_path / "needs.csv"
    needs.write_text(
        "编号,标题,要素类别,所需面积\nn1,求厂房,空间,3000\nn2,求厂房,空间,-5\n", "utf-8"
    )
    out = tmp_path / "m.csv"
    out.write_text("old", "utf-8")
    refused = corridor("match", needs, files[1], "-o", out, *DAY)
    assert refused.returncode == 1
    assert "第 3 行" in refused.stderr
    assert "row 3" in refused.stderr
    assert out.read_text("utf-8") == "old"
    taken = corridor("match", needs, files[1], "-o", out, "--skip-bad", *DAY)
    assert taken.returncode == 0
    assert "第 3 行" in taken.stderr
    assert {r["需求编号"] for r in table(out)} == {"n1"}


def test_a_killed_run_leaves_the_old_file_whole(files, tmp_path) -> None:
    out = tmp_path / "m.xlsx"
    out.write_bytes(b"old")
    script = (
        "import sys, time\nfrom corridor.io import replacing\nfrom pathlib import Path\n"
        "with replacing(Path(sys.argv[1])) as part:\n"
        " part.write_bytes(b'half'); print('writing', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, out], stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == b"writing\n"
        run.send_signal(signal.SIGKILL)
    assert out.read_bytes() == b"old"


def test_an_input_is_never_written_over_nor_a_filled_template(files, tmp_path) -> None:
    needs = tmp_path / "needs.xlsx"
    needs.write_bytes(files[0].read_bytes())
    done = corridor("match", needs, files[1], "-o", tmp_path / "." / "needs.xlsx", *DAY)
    assert (done.returncode, needs.read_bytes()) == (2, files[0].read_bytes())
    assert corridor("template", "space", "-o", needs).returncode == 2
    assert needs.read_bytes() == files[0].read_bytes()


def test_every_pair_the_allocation_chose_is_listed_even_below_the_top(files) -> None:
    wide = corridor("match", *files, "--json", "--top", 1000, "--allocate", *DAY)
    narrow = corridor("match", *files, "--json", "--top", 1, "--allocate", *DAY)

    def chosen(done) -> set[tuple[str, str]]:
        return {
            (r["need"], m["offer"])
            for r in json.loads(done.stdout)
            for m in r["matches"]
            if m["chosen"]
        }

    assert chosen(narrow) == chosen(wide) != set()


def test_a_terminal_is_not_driven_by_what_a_file_says(files, tmp_path) -> None:
    bad = tmp_path / "n.csv"
    bad.write_text("编号,标题,\x1b[31m坏列\nn1,求厂房,1\n", "utf-8")
    done = corridor("match", bad, files[1], "--kind", "space", *DAY)
    assert done.returncode == 1
    assert "\x1b" not in done.stdout + done.stderr


def test_a_terminal_that_cannot_show_a_sign_still_gets_the_result(files) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "corridor.cli", "match", *files, *DAY],
        capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "gbk"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "有匹配" in done.stdout.decode("gbk")


@pytest.mark.parametrize("flag", ["--json", "--lang"])
def test_a_reader_that_goes_away_is_no_error(files, flag) -> None:
    shown = "--json" if flag == "--json" else "--lang en"
    command = f"{sys.executable} -m corridor.cli match {files[0]} {files[1]} {shown} | head -c 10"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""


def test_evaluate_prints_the_three_measures(tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_text("id,text\n1,锂电池涂布\n2,行车厂房\n", "utf-8")
    (tmp_path / "d.csv").write_text("id,text\na,锂电池极片涂布机\nb,厂房带行车\nc,无关\n", "utf-8")
    (tmp_path / "j.csv").write_text("query,document,grade\n1,a,2\n1,b,0\n2,b,1\n", "utf-8")
    tables = [arg for name in ("queries", "documents", "judgements")
              for arg in (f"--{name}", tmp_path / f"{name[0]}.csv")]  # fmt: skip
    done = corridor("evaluate", *tables, "--json")
    found = json.loads(done.stdout)
    assert (found["ndcg@10"], found["recall@10"], found["mrr"]) == (1.0, 1.0, 1.0)
    assert "nDCG@10    1.0000" in corridor("evaluate", *tables).stdout
    (tmp_path / "j.csv").write_text("query,document,grade\n1,z,2\n", "utf-8")
    wrong = corridor("evaluate", *tables)
    assert wrong.returncode == 1
    assert "'z'" in wrong.stderr


def test_a_template_is_offered_in_both_languages(tmp_path: Path) -> None:
    for lang, heading in (("zh", "净高不低于(米)"), ("en", "Clear height at least (m)")):
        path = tmp_path / f"t-{lang}.xlsx"
        assert corridor("template", "space", "--lang", lang, "-o", path).returncode == 0
        header = [cell.value for cell in openpyxl.load_workbook(path).worksheets[0][1]]
        assert heading in header


def test_the_demo_leaves_a_report_and_its_input(tmp_path: Path) -> None:
    done = corridor("sample", "--data", tmp_path / "d", "--listings", 400)
    assert done.returncode == 0, done.stderr
    assert {p.name for p in (tmp_path / "d").iterdir()} == {
        "needs.xlsx", "offers.xlsx", "matches.xlsx", "matches.html",
    }  # fmt: skip
    assert "合成" in done.stdout
    again = corridor("match", tmp_path / "d/needs.xlsx", tmp_path / "d/offers.xlsx", "--json", *DAY)
    expected = corridor("sample", "--data", tmp_path / "e", "--listings", 400, "--json")
    assert pairs(again.stdout) == pairs(expected.stdout)
