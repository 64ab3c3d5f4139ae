"""Without the optional packages: what needs them says what to install, and the rest still works."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from corridor.demo import TODAY, world
from corridor.engine.matching import Matcher, NoSolver, Pool, allocate
from corridor.io import InputError, load, save

WORLD = world(listings=120)


def corridor_without(package: str, *args: str | Path) -> subprocess.CompletedProcess[str]:
    """The command line where ``package`` cannot be imported."""
    code = f"import sys; sys.modules['{package}'] = None; from corridor.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, args)], capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("extras")
    save(folder / "needs.csv", WORLD.needs)
    save(folder / "offers.csv", WORLD.offers)
    return folder / "needs.csv", folder / "offers.csv"


def test_matching_goes_on_without_the_solver_and_says_what_was_left_out(
    files: tuple[Path, Path],
) -> None:
    args = ("match", *files, "--json", "--today", "2026-11-22")
    plain = corridor_without("polars", *args)
    done = corridor_without("ortools", *args, "--allocate")
    assert done.returncode == plain.returncode == 0, done.stderr
    assert json.loads(done.stdout) == json.loads(plain.stdout)
    assert "统筹分配" in done.stderr
    assert "corridor[solvers]" in done.stderr
    assert plain.stderr == ""


def test_allocating_without_the_solver_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ortools.graph.python", None)
    matcher, pool = Matcher(today=TODAY).fit(WORLD.offers), Pool()
    list(matcher.match_all(WORLD.needs, 5, pool))
    with pytest.raises(NoSolver, match="ortools") as missing:
        allocate(pool)
    assert all("corridor[solvers]" in text for text in missing.value.label)


@pytest.mark.parametrize("suffix", [".parquet", ".pq"])
def test_parquet_without_polars_names_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, suffix: str
) -> None:
    file = tmp_path / f"needs{suffix}"
    save(file, WORLD.needs)
    monkeypatch.setitem(sys.modules, "polars", None)
    for attempt in (lambda: save(file, WORLD.needs), lambda: load(file, today=TODAY)):
        with pytest.raises(InputError) as wrong:
            attempt()
        assert all("corridor[parquet]" in text for text in wrong.value.label)
