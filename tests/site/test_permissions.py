"""Who is answered what: every address of the site × ten actors × each method, in one table.

The table is ``permissions.toml``: a row for each address and method, ten answers. An address
without a row fails, and so does a row without an address. What is sent with a POST is right in all
but who sends it (``errands.py``). ``CORRIDOR_WRITE_PERMISSIONS=1`` writes the table anew; read its
diff as what it is: a change of who may do what.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from alices_world import World
from allauth.usersessions.models import UserSession
from api_errands import operations
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from errands import headers, login, pages, upload

from corridor.site.api.service import document
from corridor.site.core.models import OnceToken, RateBucket

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("permissions.toml")
#: Alice's are the things asked about; Bob is their counterpart, Carol has nothing to do with them.
#: The former one was a manager of Alice's party until now.
ACTORS = (
    "public", "former", "alice", "bob", "carol", "suzhou", "hefei", "office", "judge", "analyst",
)  # fmt: skip
#: What a request may leave behind without having done anything.
TRACES = (Session, UserSession, RateBucket, OnceToken)
#: The root of the API answers nothing; ninja needs it to know where it is.
NOT_ASKED = {"api:api-root"}
#: What keeps nothing but a session or a cookie, looks something up, or is sent a wrong code here.
CHANGE_NOTHING = {
    "text_size", "account_logout", "account_set_password", "account_reauthenticate", "usersessions_list",
    "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp",
    "mfa_download_recovery_codes", "session_end", "acting", "read", "status",
}  # fmt: skip
HEAD = """\
# Who is answered what. Made by: CORRIDOR_WRITE_PERMISSIONS=1 pytest tests/site/test_permissions.py
# Read its diff: each changed answer is a change of who may do what.
# Things are Alice's, in Suzhou; Bob, in Hefei, is her counterpart; Carol is of Suzhou too; the
# former one was a manager of Alice's party until now.
# in = sent to log in · factor = to set up a second factor · again = to show once more that it is
# them · 302 = done, and sent on · 422 = what was sent is right but for who sends it
"""


@dataclass(frozen=True, eq=False)
class Errand:
    """One request, and the row of the table that has its answers."""

    group: str
    row: str
    method: str
    url: str
    sent: dict[str, Any]
    api: bool = False


@dataclass(frozen=True)
class Answer:
    """What was answered, and whether anything was changed by asking."""

    said: str
    changed: bool
    fault: str = ""


def named(of: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """The full names of all addresses; an operation of the API has its own."""
    for found in (of or get_resolver()).url_patterns:
        if isinstance(found, URLResolver):
            inner = f"{space}{found.namespace}:" if found.namespace else space
            yield from named(found, inner)
        else:
            assert isinstance(found, URLPattern)
            assert found.name, f"{found.pattern} has no name"
            yield f"{space}{found.name}"


@lru_cache(maxsize=1)
def operated() -> dict[str, tuple[str, str]]:
    """Method and path of each operation of the API, by its name."""
    paths = json.loads(document())["paths"]
    return {
        said["operationId"]: (method.upper(), path)
        for path, methods in paths.items()
        for method, said in methods.items()
    }


def errands(w: World) -> list[Errand]:
    """Everything to be asked: a page's GET and POST, an operation's own method."""
    found: list[Errand] = []
    for name, asks in pages(w).items():
        group, _, short = name.rpartition(":")
        looked_at = set()
        for one in asks:
            row = f"{short} {one.name}".strip()
            url = reverse(name, args=one.args) + one.query
            if one.args[:1] not in looked_at:  # the verbs of one thing are looked at once
                found.append(Errand(group or "account", row, "GET", url, {}))
            looked_at.add(one.args[:1])
            found.append(Errand(group or "account", row, "POST", url, one.sent))
    given = operations(w)
    for name, (method, path) in operated().items():
        if name in given:
            args = iter(given[name].args)
            url = re.sub(r"{\w+}", lambda _found, args=args: str(next(args)), path)
            found.append(Errand("api/v1", name, method, url, given[name].sent, api=True))
    return found


class Asker:
    """Asks as one actor, each time as if nothing had been asked before."""

    def __init__(self, w: World, name: str) -> None:
        self.page = login(w.actor(name))
        self.program = Client(raise_request_exception=False)
        self.headers = headers(w.actor(name))

    def ask(self, one: Errand, before: str) -> Answer:
        """The answer; whatever it changed is taken back."""
        cookies = {name: morsel.value for name, morsel in self.page.cookies.items()}
        with transaction.atomic():
            said = self._program(one) if one.api else self._page(one)
            said.getvalue()  # a file is closed at its end
            changed = everything() != before
            transaction.set_rollback(True)
        self.page.cookies.clear()
        self.page.cookies.load(cookies)
        fault = repr(said.exc_info) if said.status_code >= 500 else ""
        return Answer(meaning(said), changed, fault)

    def _page(self, one: Errand) -> Any:
        if one.method == "GET":
            return self.page.get(one.url)
        sent = one.sent | {"file": upload()} if "file" in one.sent else one.sent
        return self.page.post(one.url, sent)

    def _program(self, one: Errand) -> Any:
        return self.program.generic(
            one.method,
            one.url,
            json.dumps(one.sent),
            content_type="application/json",
            headers=self.headers,
        )


def meaning(said: Any) -> str:
    """An answer as the table has it."""
    to = said.headers.get("Location", "")
    ways = {
        "account_login": "in",
        "mfa_activate_totp": "factor",
        "account_reauthenticate": "again",
        "mfa_reauthenticate": "again",
    }
    for name, word in ways.items():
        if to.startswith(reverse(name)) and (word != "in" or "next=" in to):
            return word
    return str(said.status_code)


def everything() -> str:
    """All that the database holds, but the traces of having been asked."""
    kept_out = {model._meta.db_table for model in TRACES}
    found = []
    with connection.cursor() as cursor:
        for model in sorted(apps.get_models(), key=lambda one: one._meta.db_table):
            table = model._meta.db_table
            if table not in kept_out:
                cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
                found.append((table, cursor.fetchall()))
    return repr(found)


Answers = dict[Errand, dict[str, Answer]]


@pytest.fixture(scope="module")
def answers(django_db_setup: None, django_db_blocker: Any) -> Answers:
    """Everything asked by everyone, once."""
    quick = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with quick, django_db_blocker.unblock(), transaction.atomic():
        w = World()
        askers = {name: Asker(w, name) for name in ACTORS}
        before = everything()
        found = {
            one: {name: asker.ask(one, before) for name, asker in askers.items()}
            for one in errands(w)
        }
        transaction.set_rollback(True)
    return found


def table_of(answers: Answers) -> dict[str, dict[str, str]]:
    """The answers as the table has them, in groups."""
    found: dict[str, dict[str, str]] = {}
    for one, by_actor in answers.items():
        words = [by_actor[name].said.ljust(7) for name in ACTORS]
        found.setdefault(one.group, {})[f"{one.row} {one.method}"] = "".join(words).rstrip()
    return found


def written(table: dict[str, dict[str, str]]) -> str:
    """The table as its file holds it."""
    parts = [HEAD]
    for group, rows in table.items():
        width = max(map(len, rows)) + 2
        names = "".join(name.ljust(7 if name != "analyst" else 0) for name in ACTORS)
        parts.append(f'\n["{group}"]\n# {"":{width}}  {names}\n')
        parts += [f"{chr(34) + row + chr(34):{width}} = {said!r}\n".replace("'", '"')
                  for row, said in rows.items()]  # fmt: skip
    return "".join(parts)


def test_every_address_is_asked_and_nothing_else_is(answers: Answers) -> None:
    asked = {f"{one.group}:{one.row.split()[0]}" for one in answers if not one.api}
    asked = {name.removeprefix("account:") for name in asked}
    there = set(named()) - NOT_ASKED
    operations_there = {f"api:{name}" for name in operated()}
    missing = (there - operations_there) - asked
    assert not missing, f"teach errands.py what to ask of {sorted(missing)}"
    assert not asked - there, f"errands.py asks of what is not there: {sorted(asked - there)}"
    assert operations_there <= there
    assert sum(one.api for one in answers) == len(operated()), "api_errands.py lacks some"


def test_the_table_is_as_it_was_read(answers: Answers) -> None:
    now = table_of(answers)
    if os.environ.get("CORRIDOR_WRITE_PERMISSIONS"):
        TABLE.write_text(written(now), encoding="utf-8")
    had = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    changed = [
        f"[{group}] {row}: {had.get(group, {}).get(row)} -> {now.get(group, {}).get(row)}"
        for group in had | now
        for row in had.get(group, {}) | now.get(group, {})
        if had.get(group, {}).get(row) != now.get(group, {}).get(row)
    ]
    assert not changed, (
        f"{len(changed)} answers are not those of the table; where they are right, write it anew "
        "(CORRIDOR_WRITE_PERMISSIONS=1) and read the diff:\n" + "\n".join(changed)
    )


def test_nothing_breaks(answers: Answers) -> None:
    broken = [
        f"{one.method} {one.url} as {name}: {found.fault}"
        for one, by_actor in answers.items()
        for name, found in by_actor.items()
        if found.said.startswith("5")
    ]
    assert not broken, "\n".join(broken)


def test_what_is_sent_with_each_verb_is_right(answers: Answers) -> None:
    """Or else who may not do it would be refused for what they sent."""
    useless = [
        f"{one.method} {one.row}"
        for one, by_actor in answers.items()
        if one.method != "GET"
        and by_actor["office"].said != "405"
        and one.row not in CHANGE_NOTHING
        and not any(found.changed for found in by_actor.values())
    ]
    assert not useless, f"nobody changes anything by {useless}"


@pytest.mark.django_db
def test_no_page_takes_a_form_from_another_site() -> None:
    w = World()
    client = login(w.cast.alice)
    client.handler.enforce_csrf_checks = True
    for one in errands(w):
        if one.method == "POST" and not one.api:
            RateBucket.objects.all().delete()
            assert client.post(one.url, one.sent).status_code == 400, one.row


def test_the_demo_is_not_there_unless_asked_for() -> None:
    assert not [name for name in named() if name.startswith("demo:")]


def test_looking_changes_nothing_and_neither_does_being_refused(answers: Answers) -> None:
    wrong = [
        f"{one.method} {one.row} as {name}: {found.said}"
        for one, by_actor in answers.items()
        for name, found in by_actor.items()
        if found.changed and (one.method == "GET" or found.said[0] in "i4fa")
    ]
    assert not wrong, "\n".join(wrong)
