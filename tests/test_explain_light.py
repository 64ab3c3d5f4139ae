"""What a process that only shows results may load: the sentences, and none of the arrays."""

import json
import subprocess
import sys

import pytest

HEAVY = ("numpy", "numba", "ortools", "polars")


def loaded(code: str) -> set[str]:
    """Which heavy packages a fresh interpreter holds after running the code."""
    asked = f"{code}\nimport json, sys\nprint(json.dumps([m for m in {HEAVY} if m in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(
    "code",
    [
        "import corridor.engine.factors as f; f.all_kinds()",
        "import corridor.engine.text",
        "from corridor.engine.matching import PARTS, Check, Change, Evidence, Match, NearMiss, "
        "Result, change_text, changes, checks, closed, explain, smallest_change, standing",
        "import corridor.io",
    ],
)
def test_saying_and_reading_load_no_arrays(code: str) -> None:
    assert loaded(code) == set()


def test_finding_loads_them_when_it_is_asked_for() -> None:
    assert "numpy" in loaded("from corridor.engine.matching import Matcher")


def test_every_public_name_is_there_and_no_other() -> None:
    from corridor.engine import matching

    for name in matching.__all__:
        assert not isinstance(getattr(matching, name), type(sys)), f"{name} is a module"
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        matching.nonsense  # noqa: B018
