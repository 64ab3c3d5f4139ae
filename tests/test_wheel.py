"""The wheel carries the code, the data and the licence, and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DATA_SUFFIXES = [".csv", ".toml", ".html", ".j2", ".css", ".svg", ".jsonl", ".js", ".mo", ".txt"]
COMPILED = shutil.ignore_patterns("__pycache__", "*.py[co]", "*.nb[ic]")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources with one more file of each kind of data, so that none goes untried."""
    copy = tmp_path_factory.mktemp("tree")
    for name in ["pyproject.toml", "LICENSE", ".gitignore"]:
        shutil.copy(ROOT / name, copy / name)
    if (ROOT / "README.md").exists():
        shutil.copy(ROOT / "README.md", copy)
    shutil.copytree(ROOT / "src" / "corridor", copy / "src" / "corridor", ignore=COMPILED)
    for suffix in DATA_SUFFIXES:
        (copy / "src" / "corridor" / f"probe{suffix}").write_text("probe\n", encoding="utf-8")
    (copy / "tests").mkdir()
    (copy / "tests" / "test_probe.py").write_text("", encoding="utf-8")
    return copy


@pytest.fixture(scope="module")
def wheel(tree: Path) -> list[str]:
    """The names in a wheel built from the copy, without the network."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = (tree / "dist").glob("corridor-*-py3-none-any.whl")
    with zipfile.ZipFile(built) as archive:
        return archive.namelist()


def test_wheel_holds_every_source_and_data_file(tree: Path, wheel: list[str]) -> None:
    sources = tree / "src"
    expected = {p.relative_to(sources).as_posix() for p in sources.rglob("*") if p.is_file()}
    assert {name for name in wheel if name.startswith("corridor/")} == expected


def test_wheel_holds_nothing_but_the_package_and_its_metadata(wheel: list[str]) -> None:
    outside = [n for n in wheel if not n.startswith("corridor/") and ".dist-info/" not in n]
    assert outside == []
    assert not [name for name in wheel if "test" in name.lower().split("/")]


def test_wheel_carries_licence_types_and_command(wheel: list[str]) -> None:
    endings = ["corridor/py.typed", ".dist-info/licenses/LICENSE", ".dist-info/entry_points.txt"]
    for ending in endings:
        assert any(name.endswith(ending) for name in wheel), ending


@pytest.mark.parametrize(
    "pattern",
    [
        "corridor/site/*/templates/*.html",
        "corridor/site/*/static/*.css",
        "corridor/site/*/static/*.js",
        "corridor/site/*/locale/en/LC_MESSAGES/django.mo",
        "corridor/site/*/migrations/0001_*.py",
    ],
)
def test_wheel_carries_what_the_site_serves(wheel: list[str], pattern: str) -> None:
    assert any(fnmatch(name, pattern) for name in wheel)
