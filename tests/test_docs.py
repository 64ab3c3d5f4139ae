"""The documents say what the program does: schemas, commands, links, generated pages."""

import json
import re
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator
from typer.main import get_command
from typer.testing import CliRunner

from corridor.cli import app
from corridor.engine.factors import all_kinds
from corridor.io.describe import write_pages

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
SCHEMAS = DOCS / "schema"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")]
GUIDES = [DOCS / "guide.zh.md", DOCS / "guide.en.md"]
DAY = ("--today", "2026-11-22")


def schema(name: str) -> Draft202012Validator:
    found = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


def faults(name: str, record: Any) -> list[str]:
    """What a schema has against a record, with where it is."""
    return [f"{e.json_path}: {e.message[:200]}" for e in schema(name).iter_errors(record)]


def corridor(*args: str | Path) -> Any:
    """The JSON a command prints, held to be all that it prints on standard output."""
    ran = CliRunner().invoke(app, [*map(str, args), "--json"])
    assert ran.exit_code == 0, ran.output
    return json.loads(ran.stdout)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small demo world, and what ``demo --json`` printed of it."""
    folder = tmp_path_factory.mktemp("world")
    printed = corridor("sample", "--data", folder, "--listings", "300")
    (folder / "printed.json").write_text(json.dumps(printed), encoding="utf-8")
    return folder


# --- JSON ---


@pytest.mark.parametrize("args", [(), ("--reverse",), ("--allocate", "--floor", "松江=2")])
def test_match_json_is_as_its_schema_says(world: Path, args: tuple[str, ...]) -> None:
    records = corridor("match", world / "needs.xlsx", world / "offers.xlsx", *DAY, *args)
    assert faults("match", records) == []
    found = [pair for record in records for pair in record["matches"]]
    own, other = ("offer", "need") if "--reverse" in args else ("need", "offer")
    assert all(own in record for record in records) and all(other in pair for pair in found)
    assert all(("chosen" in pair) == ("--allocate" in args) for pair in found)
    for verified in (True, False):  # both kinds of pair were looked at
        assert any(pair["verified"] is verified for pair in found)
    assert any(record["nothing"] and record["nothing"]["relaxations"] for record in records)
    assert not re.search(r"\d\*{4}|1[3-9]\d{9}", json.dumps(records))


def test_demo_json_is_the_same_shape_and_is_allocated(world: Path) -> None:
    records = json.loads((world / "printed.json").read_text(encoding="utf-8"))
    assert faults("match", records) == []
    assert any(pair["chosen"] for record in records for pair in record["matches"])


def test_pasted_text_adds_the_fields_that_were_read(world: Path) -> None:
    text = "想在嘉兴或松江找3000平单层厂房,层高8米以上,电话13812345678"
    (world / "offers.csv").write_text(
        "编号,要素类别,供需,标题,净高,场所类型,城市\nA,空间,供给,平湖厂房,9,单层厂房,平湖\n",
        encoding="utf-8",
    )
    (record,) = corridor("match", "--text", text, world / "offers.csv", *DAY)
    assert faults("match", [record]) == []
    assert {"area", "clear_height", "place"} <= {field["attribute"] for field in record["fields"]}
    assert record["matches"][0]["offer"] == "A"


def test_nothing_at_all_to_match_with(world: Path) -> None:
    (world / "far.csv").write_text(
        "编号,要素类别,供需,标题,净高,行车,租金\nA,空间,供给,厂房,3,否,9\n", encoding="utf-8"
    )
    text = "找厂房，净高8米以上，带行车，租金1块以内"
    (record,) = corridor("match", "--kind", "space", "--text", text, world / "far.csv", *DAY)
    assert faults("match", [record]) == []
    assert record["matches"] == [] and record["nothing"]["nearest"]["id"] == "A"


def test_evaluate_json_is_as_its_schema_says(tmp_path: Path) -> None:
    for name, rows in (
        ("queries", "id,text\nq1,晶圆抛光\nq2,电池\nq3,无\n"),
        ("documents", "id,text\nd1,晶圆抛光终点检测\nd2,电池管理\n"),
        ("judgements", "query,document,grade\nq1,d1,2\nq2,d2,1\nq3,d1,0\n"),
    ):
        (tmp_path / f"{name}.csv").write_text(rows, encoding="utf-8")
    options = [x for n in ("queries", "documents", "judgements") for x in (f"--{n}", f"{n}.csv")]
    record = corridor("evaluate", *(tmp_path / x if x.endswith(".csv") else x for x in options))
    assert faults("evaluate", record) == []
    assert (record["queries"], record["skipped"]) == (2, 1)


@pytest.mark.parametrize("kind", all_kinds())
def test_template_json_names_the_file_it_wrote(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "t.xlsx"
    record = corridor("template", kind, "-o", path)
    assert faults("template", record) == []
    assert record == {"template": str(path), "kind": kind} and path.stat().st_size > 0


def _spoiled(record: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A good record made wrong, each in one way."""
    pair = record["matches"][0]
    return {
        "a contact": record | {"contact": "138****0000"},
        "no title": {k: v for k, v in record.items() if k != "title"},
        "both sides": record | {"offer": "x"},
        "matches and nothing": record | {"matches": []},
        "a city by name": record | {"city": "嘉兴"},
        "the wrong inner side": record | {"matches": [pair | {"need": "x"}]},
        "a verified pair below one half": record
        | {"matches": [pair | {"verified": True, "score": 0.4}]},
        "a part above one": record | {"matches": [pair | {"parts": pair["parts"] | {"text": 2}}]},
    }


def test_the_match_schema_refuses_what_is_wrong(world: Path) -> None:
    records = json.loads((world / "printed.json").read_text(encoding="utf-8"))
    good = next(record for record in records if record["matches"])
    assert faults("match", [good]) == []
    assert [why for why, bad in _spoiled(good).items() if not faults("match", [bad])] == []


def test_every_object_of_every_schema_is_closed() -> None:
    def objects(node: Any) -> list[dict[str, Any]]:
        below = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        own = [node] if isinstance(node, dict) and "required" in node else []
        return own + [found for child in below for found in objects(child)]

    for path in SCHEMAS.glob("*.schema.json"):
        found = objects(json.loads(path.read_text(encoding="utf-8")))
        assert found and all(o.get("additionalProperties") is False for o in found), path.name


def test_the_examples_of_the_json_page_are_as_the_schemas_say() -> None:
    page = (DOCS / "json.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (\w+)$.*?^```json\n(.*?)^```", page, re.M | re.S))
    assert set(sections) == {"match", "evaluate", "template"}
    wrong = {name: faults(name, json.loads(text)) for name, text in sections.items()}
    assert not any(wrong.values()), wrong


# --- pages ---


def test_factor_pages_are_what_the_declarations_say(tmp_path: Path) -> None:
    write_pages(tmp_path)
    made = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    kept = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / "factors").iterdir()}
    stale = sorted(name for name in made | kept if made.get(name) != kept.get(name))
    assert stale == [], "run: python -m corridor.io.describe docs/factors"


def _slug(heading: str) -> str:
    """The anchor of a heading, as GitHub makes it."""
    text = re.sub(r"[`*]|\[([^]]*)\]\([^)]*\)", r"\1", heading.strip().lower())
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def _links(page: Path) -> list[str]:
    """Where the links and pictures of a page lead, fences and code left aside."""
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.S)
    found = re.findall(r"\]\(([^)\s]+)\)|<img[^>]* src=\"([^\"]+)\"", text)
    return [one or other for one, other in found]


def _resolves(page: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = page.parent / name if name else page
    if re.match(r"[a-z]+:", link):
        return True
    if not anchor or not target.exists():
        return target.exists()
    headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.M)
    return anchor in map(_slug, headings)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_relative_link_resolves(page: Path) -> None:
    assert [link for link in _links(page) if not _resolves(page, unquote(link))] == []


def test_pictures_are_small() -> None:
    heavy = {p.name: p.stat().st_size for p in (DOCS / "images").iterdir()}
    assert heavy and all(size < 250_000 for size in heavy.values()), heavy


# --- commands ---


def _commands(page: Path) -> list[str]:
    """Every ``corridor …`` line of a fence, and every one named in a sentence (then with ``…``)."""
    text = page.read_text(encoding="utf-8")
    fences = "\n".join(re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S))
    prose = re.sub(r"```.*?```", "", text, flags=re.S)
    inline = re.findall(r"`(corridor [a-z][^`|…]*)`", prose)
    return re.findall(r"^corridor .*$", fences, re.M) + [f"{line} …" for line in inline]


def _refusal(line: str) -> str:
    """Why the program would not take a command line; "" when it would.

    A line that ends in ``…`` only names a command: something it needs may be missing.
    """
    program = get_command(app)
    _, *args = shlex.split(line.removesuffix(" …"), comments=True)
    try:
        with program.make_context("corridor", list(args)) as context:
            if args[0].startswith("-"):
                return ""
            name, command, rest = program.resolve_command(context, args)  # type: ignore[attr-defined]
            command.make_context(name, rest, parent=context)
    except Exception as error:
        what = type(error).__name__
        if what == "Exit" or (what == "MissingParameter" and line.endswith("…")):
            return ""  # --help ends with Exit
        return f"{line}: {error!r} {getattr(error, 'message', '')}"
    return ""


@pytest.mark.parametrize(
    "page", [p for p in PAGES if _commands(p)], ids=lambda p: p.relative_to(ROOT).as_posix()
)
def test_every_command_shown_is_one_the_program_takes(page: Path) -> None:
    assert [why for line in _commands(page) if (why := _refusal(line))] == []


@pytest.mark.parametrize(
    "line", ["corridor nosuch", "corridor match --nosuch a b", "corridor sample --listings many"]
)
def test_a_wrong_command_would_be_seen(line: str) -> None:
    assert _refusal(line)


def _options() -> dict[str, set[str]]:
    """Command → its long options, --help left aside."""
    return {
        name: {o for p in command.params for o in p.opts if o.startswith("--") and o != "--help"}
        for name, command in get_command(app).commands.items()  # type: ignore[attr-defined]
    }


@pytest.mark.parametrize("page", GUIDES, ids=lambda p: p.name)
def test_the_guides_show_every_command_and_option_and_no_other(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    shown = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text))
    known = set().union(*_options().values())
    assert known - shown == set()
    assert shown - known - {"--help", "--version"} == set()
    assert all(f"corridor {name}" in text for name in _options())
