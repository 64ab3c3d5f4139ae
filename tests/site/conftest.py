"""The running site, and real pages of it that notice what a policy report would say."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import as_file
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from browsing import Login, logged_in
from cast import Cast, cast
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.testcases import LiveServerThread
from django.utils import timezone, translation
from introducing import Scene, begin
from job_kinds import Declare
from receiver import Receiver

from corridor.demo import corridor_file
from corridor.site.core import jobs, kept
from corridor.site.core.actor import Actor
from corridor.site.core.middleware import ACTING
from corridor.site.core.models import User
from corridor.site.leads import gate

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NewPage = Callable[..., "Page"]
START = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.fixture(scope="session", autouse=True)
def static_files() -> None:
    """The static files as the site serves them: named by content, compressed."""
    call_command("collectstatic", verbosity=0, interactive=False)


@pytest.fixture(scope="session", autouse=True)
def nine_cities() -> None:
    """The demo's corridor, as an installation has it in its data folder."""
    with as_file(corridor_file()) as file:
        shutil.copyfile(file, settings.CORRIDOR_FILE)


@pytest.fixture(autouse=True)
def first_language() -> None:
    """A page asked for in English leaves its language behind in this thread."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def worked_out_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Worlds are made here without verbs, so nothing may be kept; see test_kept.py."""
    monkeypatch.setattr(kept, "SECONDS", 0)


@pytest.fixture(scope="session", autouse=True)
def append_only_tables_are_emptied() -> None:
    """Between tests that commit, Django empties all tables; the triggers are lifted for that."""
    operations = type(connection.ops)
    empty = operations.execute_sql_flush

    def lifted(self: Any, commands: list[str]) -> None:
        if self.connection.vendor == "postgresql":
            before, after = ["SET LOCAL session_replication_role = replica"], []
        else:
            with self.connection.cursor() as cursor:
                cursor.execute(
                    "SELECT name, sql FROM sqlite_master WHERE name LIKE '%append_only%'"
                )
                triggers = cursor.fetchall()
            before = [f"DROP TRIGGER {name}" for name, _ in triggers]
            after = [sql for _, sql in triggers]
        empty(self, [*before, *commands, *after])

    operations.execute_sql_flush = lifted  # type: ignore[method-assign]


@pytest.fixture
def login() -> Login:
    """A client for an actor: ``login(people.alice).get(...)``."""

    def client_of(actor: Actor) -> Client:
        client = logged_in(User.objects.get(pk=actor.user))
        session = client.session
        session[ACTING] = actor.membership
        session.save()
        return client

    return client_of


@pytest.fixture
def people(db: None) -> Cast:
    """The people of a test that needs no world of its own."""
    return cast()


@pytest.fixture
def alice(people: Cast, login: Login) -> Client:
    """Alice's client."""
    return login(people.alice)


@pytest.fixture
def public() -> Client:
    """The client of a visitor."""
    return Client()


@pytest.fixture
def scene(db: None) -> Scene:
    """Alice has asked Bob for what he offers."""
    return begin()


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Declare:
    """Declares a kind of job for one test, the only one there is."""
    monkeypatch.setattr(jobs, "KINDS", {})

    def declared(
        name: str = "test.job", work: Callable[[jobs.Run], None] = lambda run: None, **how: Any
    ) -> frozenset[str]:
        jobs.job(name, **how)(work)
        return frozenset({name})

    return declared


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A program on this machine, where webhooks may be sent."""
    settings.WEBHOOK_ALLOW = frozenset({"127.0.0.1"})
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Whoever sends the form of a lead has had it open for a minute; ``offset`` moves the clock."""
    clock = SimpleNamespace(offset=0.0)
    real = gate.time.time
    monkeypatch.setattr(gate, "time", SimpleNamespace(time=lambda: real() + clock.offset))
    opened = gate.new_token

    def earlier() -> str:
        clock.offset -= 60
        try:
            return opened()
        finally:
            clock.offset += 60

    monkeypatch.setattr(gate, "new_token", earlier)
    return clock


@pytest.fixture
def same_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The phone shows the same six digits from the beginning of a test to its end."""
    now = time.time()
    monkeypatch.setattr(totp, "time", SimpleNamespace(time=lambda: now))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the clock so many seconds after a fixed time."""

    def at(seconds: float) -> None:
        monkeypatch.setattr(timezone, "now", lambda: START + timedelta(seconds=seconds))

    at(0)
    return at


@pytest.fixture
def site(transactional_db: None) -> Iterator[str]:
    """The address of the site, served from threads of this process; nothing is rolled back."""
    # Not pytest-django's live_server: that one serves static files itself, by their plain names.
    server = LiveServerThread("127.0.0.1", lambda application: application)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


@pytest.fixture
def amiss() -> Iterator[list[str]]:
    """What the pages of a test did wrong; it fails when anything is left in here."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def new_page(browser: Browser, site: str, amiss: list[str]) -> Iterator[NewPage]:
    """Opens pages: ``new_page(user=None, width=1280, lang="zh-CN", javascript=True)``.

    Amiss is what breaks the content security policy, raises an error in a script, or asks another
    host for anything.
    """
    contexts = []

    def opened(
        user: User | None = None,
        *,
        width: int = 1280,
        lang: str = "zh-CN",
        javascript: bool = True,
    ) -> Page:
        context = browser.new_context(
            base_url=site,
            locale=lang,
            viewport={"width": width, "height": 844},
            java_script_enabled=javascript,
        )
        contexts.append(context)
        if user is not None:
            client = logged_in(user)
            context.add_cookies(
                [{"name": c.key, "value": c.value, "url": site} for c in client.cookies.values()]
            )
        page = context.new_page()
        page.on("console", lambda message: amiss.extend(_reported(message.text)))
        page.on("pageerror", lambda error: amiss.append(f"script error: {error}"))
        page.on("request", lambda request: amiss.extend(_foreign(request.url, site)))
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: NewPage) -> Any:
    """A page of a visitor who is not logged in, on a desktop screen, in Chinese."""
    return new_page()


def _reported(text: str) -> list[str]:
    return [text] if "Content Security Policy" in text else []


def _foreign(url: str, site: str) -> list[str]:
    own = url.startswith((f"{site}/", "data:", "blob:", "about:"))
    return [] if own else [f"request to another host: {url}"]
