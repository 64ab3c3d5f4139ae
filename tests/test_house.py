"""The house rules: each rule is tried on a case that breaks it, then on the whole tree."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from packaging.markers import Marker

import corridor.engine

ROOT = Path(__file__).resolve().parent.parent
MAX_FILE_LINES = 450
MAX_FUNCTION_LINES = 40
#: What "make demo" may install on Linux.
MAX_PACKAGES = 40

# By the look of the name, so that this file names none itself.
REGISTRY = re.compile(r"https?://[^\s/]*\b(?:pypi|registry|mirrors?|deb|files)\.|\bpypi\.[a-z]{2,}")
MACHINE_PATH = re.compile(r"(?<![\w.:~$}*-])/(?:work|tmp|root|home/\w+|Users/\w+|opt/\w+)/\w")


def source_files() -> list[Path]:
    """Our Python; migrations are Django's."""
    return [path for path in (ROOT / "src").rglob("*.py") if path.parent.name != "migrations"]


def all_python() -> list[Path]:
    """The same with the tests, the benchmarks and the scripts."""
    ours = [path for name in ("tests", "benchmarks") for path in (ROOT / name).rglob("*.py")]
    scripts = [path for path in (ROOT / "scripts").iterdir() if path.is_file()]
    python = [path for path in scripts if "python" in path.read_text("utf-8").partition("\n")[0]]
    return [*source_files(), *ours, *python]


def tracked_files() -> list[Path]:
    """Every file that is or would be committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def functions_too_long(source: str) -> list[str]:
    """Functions of more than MAX_FUNCTION_LINES lines, their docstring not counted."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if ast.get_docstring(node) is not None:
                text = node.body[0]
                length -= (text.end_lineno or text.lineno) - text.lineno + 1
            if length > MAX_FUNCTION_LINES:
                found.append(f"line {node.lineno}: {node.name} has {length} lines")
    return found


def addresses(text: str) -> list[str]:
    """Registry hosts and absolute paths of somebody's machine."""
    return [match.group() for rule in (REGISTRY, MACHINE_PATH) for match in rule.finditer(text)]


def undocumented(name: str, thing: object) -> list[str]:
    """What a public name lacks: a docstring, and annotations on all it takes and returns."""
    if not inspect.isfunction(thing) and not inspect.isclass(thing):
        return []
    faults = []
    # A dataclass without a docstring is given its signature for one.
    if not thing.__doc__ or thing.__doc__.startswith(f"{thing.__name__}("):
        faults.append(f"{name} has no docstring")
    if inspect.isclass(thing):
        members = vars(thing).items()
        methods = [(f"{name}.{key}", value) for key, value in members if not key.startswith("_")]
        callables = [(label, member) for label, value in methods if (member := _function(value))]
    else:
        callables = [(name, thing)]
    for label, function in callables:
        faults += [f"{label}: {what} is not annotated" for what in _unannotated(function)]
    return faults


def _function(member: object) -> Callable[..., object] | None:
    if isinstance(member, property):
        return member.fget
    member = getattr(member, "__func__", member)
    return member if inspect.isfunction(member) else None


def _unannotated(function: Callable[..., object]) -> list[str]:
    signature = inspect.signature(function)
    empty = inspect.Signature.empty
    names = [p.name for p in signature.parameters.values() if p.annotation is empty]
    missing = [name for name in names if name not in ("self", "cls")]
    return missing + (["the return value"] if signature.return_annotation is empty else [])


def engine_modules() -> Iterator[ModuleType]:
    """Every module of the engine."""
    prefix = corridor.engine.__name__ + "."
    yield corridor.engine
    for module in pkgutil.walk_packages(corridor.engine.__path__, prefix):
        yield importlib.import_module(module.name)


def test_no_file_is_too_long() -> None:
    lengths = {
        path.relative_to(ROOT): path.read_text(encoding="utf-8").count("\n")
        for path in all_python()
    }
    assert lengths
    assert {path: n for path, n in lengths.items() if n > MAX_FILE_LINES} == {}


@pytest.mark.parametrize(("lines", "faults"), [(39, 0), (40, 1)])
def test_function_length_counts_code_and_not_the_docstring(lines: int, faults: int) -> None:
    source = 'def f():\n    """One.\n\n    More.\n    """\n' + "    x = 1\n" * lines
    assert len(functions_too_long(source)) == faults


def test_no_function_is_too_long() -> None:
    faults = {
        str(path.relative_to(ROOT)): found
        for path in all_python()
        if (found := functions_too_long(path.read_text(encoding="utf-8")))
    }
    assert faults == {}


def test_missing_docstrings_and_annotations_are_seen() -> None:
    class Bare:
        def method(self, x): ...

        @property
        def size(self): ...

        @classmethod
        def of(cls, y: int) -> Bare:
            """Full."""
            return cls()

    assert undocumented("Bare", Bare) == [
        "Bare has no docstring",
        "Bare.method: x is not annotated",
        "Bare.method: the return value is not annotated",
        "Bare.size: the return value is not annotated",
    ]
    assert undocumented("functions_too_long", functions_too_long) == []


def test_public_engine_is_documented_and_typed() -> None:
    faults = []
    for module in engine_modules():
        for name in getattr(module, "__all__", ()):
            faults += undocumented(f"{module.__name__}.{name}", getattr(module, name))
    assert faults == []


def test_addresses_are_seen() -> None:
    assert addresses("see https://" + "files.example.org/x.whl") != []
    assert addresses("index: " + "pypi." + "example") != []
    assert addresses("open('" + "/home/" + "alice/x')") != []
    assert addresses("cd " + "/work/" + "main") != []
    assert (
        addresses(
            "registry.kinds.items()  https://example.com/work/plan  ./tmp/x  $HOME/tmp/x  /usr/bin/env"
        )
        == []
    )


def test_no_tracked_file_names_a_registry_or_a_machine_path() -> None:
    faults = {}
    for path in tracked_files():
        try:
            found = addresses(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue
        if found:
            faults[str(path.relative_to(ROOT))] = found
    assert faults == {}


@pytest.mark.parametrize("name", ["site", "run", "test", "bench", "build"])
def test_lock_pins_every_package_by_hash_and_names_no_address(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(-i|-f|--(extra-)?index|--find-links)", text, re.MULTILINE)
    entries = re.split(r"\n(?=\S)", text.strip())
    assert entries
    for entry in entries:
        assert re.match(r"[\w.-]+==\S+", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), entry


def pins(name: str) -> set[str]:
    """The lines of a lock that pin a package."""
    text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    return {line.rstrip(" \\") for line in text.splitlines() if re.match(r"\w", line)}


def versions(name: str) -> set[str]:
    """The same without the platforms they are for, which a larger lock may widen."""
    return {pin.split(" ")[0] for pin in pins(name)}


def test_locks_agree_and_leave_torch_out() -> None:
    assert versions("site") <= versions("run") <= versions("test") & versions("bench")
    assert versions("build") <= versions("test")
    assert not any(pin.startswith("torch") for pin in pins("test") | pins("bench"))


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_the_demo_installs_few_packages(python: str) -> None:
    linux = {"sys_platform": "linux", "platform_system": "Linux", "python_version": python,
             "python_full_version": f"{python}.9", "implementation_name": "cpython"}  # fmt: skip
    markers = {pin.split(" ")[0]: pin.partition(" ; ")[2] for pin in pins("site")}
    wanted = [p for p, marker in markers.items() if not marker or Marker(marker).evaluate(linux)]
    assert 30 < len(wanted) <= MAX_PACKAGES, sorted(wanted)


def test_licence_is_apache() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text


def lint_imports(config: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    return subprocess.run(
        [*command, "--config", str(config), "--no-cache", "--no-logo"],
        cwd=cwd,
        env={"PYTHONPATH": str(cwd), "PYTHONUTF8": "1", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_import_directions() -> None:
    done = lint_imports(ROOT / "pyproject.toml", ROOT / "src")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("engine/text", "import polars"),
        ("engine/matching", "import corridor.io"),
        ("engine/matching", "import corridor.site"),
        ("engine/factors", "import corridor.engine.text"),
        ("engine/text", "import corridor.engine.matching"),
        ("io", "import corridor.demo"),
        ("demo", "import corridor.cli"),
        ("report", "import django"),
        ("report", "import corridor.site.core"),
        ("site/core", "import corridor.cli"),
        ("site/core", "import corridor.site.listings"),
        ("site/leads", "import corridor.site.desks"),
        ("site/desks", "import corridor.site.ui"),
        ("site/core/models", "import corridor.site.core.queries"),
        ("site/core/queries", "import corridor.site.core.actions"),
        ("site/listings/actions", "import corridor.site.listings.views"),
    ],
)
def test_a_wrong_import_breaks_a_contract(tmp_path: Path, where: str, line: str) -> None:
    apps = [f"site/{app}" for app in ("core", "listings", "leads", "desks", "ui")]
    layers = [
        f"{app}/{layer}" for app in apps for layer in ("models", "queries", "actions", "views")
    ]
    rooms = ["engine/factors", "engine/text", "engine/matching", "io", "report", "demo", "cli"]
    for room in ["", "engine", "site", *rooms, *apps, *layers]:
        folder = tmp_path / "corridor" / room
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").write_text("", encoding="utf-8")
    (tmp_path / "corridor" / where / "__init__.py").write_text(line + "\n", encoding="utf-8")
    done = lint_imports(ROOT / "pyproject.toml", tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout
