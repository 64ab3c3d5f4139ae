"""Fixtures of more than one test file: a real browser, and a small world that has been matched."""

import os
import shutil
from collections.abc import Iterator
from importlib.resources import as_file
from types import SimpleNamespace

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
#: Nothing but the page under test.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """The system's Chromium. Without one its tests skip, but fail where CI=true."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        reason = f"no browser on the PATH ({', '.join(BROWSERS)}); see scripts/install-chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def matched() -> SimpleNamespace:
    """A small demo world: its corridor, day, results, and an allocation with the results under it."""
    from corridor.demo import corridor_file, world
    from corridor.demo.world import TODAY
    from corridor.engine.matching import Matcher, allocate, results
    from corridor.io import read_corridor

    with as_file(corridor_file()) as file:
        corridor = read_corridor(file)
    made = world(listings=500)
    matcher = Matcher(today=TODAY, distance=corridor.distance_km).fit(made.offers)
    found = list(matcher.match_all(made.needs, 10))
    allocation = allocate(
        [match for _, matches in found for match in matches],
        floors={corridor.codes[0]: 1, corridor.codes[1]: 10_000},
    )
    return SimpleNamespace(
        corridor=corridor,
        today=TODAY,
        results=tuple(results(matcher, found)),
        allocation=allocation,
        allocated=tuple(results(matcher, found, allocation.chosen)),
    )
