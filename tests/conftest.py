"""The site's surroundings in tests, a real browser, and a small world that has been matched."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.resources import as_file
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import django
import pytest

import postgres

#: CORRIDOR_TEST_DATABASE: sqlite (default) or postgresql, for every test that uses the database.
DATABASE = os.environ.get("CORRIDOR_TEST_DATABASE", "sqlite")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
#: What is asked of the tests themselves; a table to be written anew, a number of worlds.
ASKED = ("CORRIDOR_TEST_", "CORRIDOR_WRITE_")
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


_until_the_end = ExitStack()


def _surroundings() -> None:
    """What the first process makes for all, its workers inherit: a folder, and a PostgreSQL."""
    if DATABASE not in ("sqlite", "postgresql"):
        raise pytest.UsageError(f"CORRIDOR_TEST_DATABASE is sqlite or postgresql, not {DATABASE!r}")
    # A developer's own settings, and so their database, are none of the tests' business.
    for name in [name for name in os.environ if name.startswith("CORRIDOR_")]:
        if not name.startswith(ASKED):
            del os.environ[name]
    os.environ["CORRIDOR_TEST_DATABASE"] = DATABASE
    folder = _until_the_end.enter_context(TemporaryDirectory(prefix="corridor-tests-"))
    os.environ["CORRIDOR_TEST_FOLDER"] = folder
    if DATABASE == "postgresql":
        os.environ["CORRIDOR_DATABASE_URL"] = _until_the_end.enter_context(postgres.server())


def _set_up_site() -> None:
    """Settings read from these surroundings, a database for each worker."""
    if "DJANGO_SETTINGS_MODULE" in os.environ:
        raise pytest.UsageError(
            "unset DJANGO_SETTINGS_MODULE: it has Django set up before the tests"
        )
    if not WORKER:
        _surroundings()
    os.environ["CORRIDOR_DATA"] = str(Path(os.environ["CORRIDOR_TEST_FOLDER"], f"data{WORKER}"))
    if DATABASE == "postgresql":
        os.environ["CORRIDOR_DATABASE_URL"] += WORKER
    os.environ["DJANGO_SETTINGS_MODULE"] = "corridor.site.settings"
    django.setup()
    # A worker that inherited it would be set up before it comes here.
    del os.environ["DJANGO_SETTINGS_MODULE"]


# Now and not in a hook, so that the files of the tests may import models at their top.
_set_up_site()


def pytest_unconfigure() -> None:
    """Stop and remove what this process made."""
    _until_the_end.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever uses a browser can be left out: ``-m "not browser"``."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """The test database takes the real one's place, so that child processes find it too.

    On SQLite it is therefore a file, with the options of production, and threads race as they do
    there.
    """
    from django.db import connection

    connection.settings_dict["TEST"]["NAME"] = str(connection.settings_dict["NAME"])


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

    # Playwright's event loop runs in this thread, where Django would then refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
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
