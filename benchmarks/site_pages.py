"""CPU time, queries and weight of the site's pages at 20,000 listings, matched.

    python -m benchmarks site            makes the demo world in a temporary folder, then measures
    python -m benchmarks.site_pages 20000 FOLDER    keeps the world in FOLDER for the next run

A page is asked for through the WSGI door, all middleware included, and its body read to the end.
``cost`` takes any WSGI application, so that another site can be put beside this one.
"""

import gzip
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, urlsplit

from corridor.demo import corridor_file

from .machine import describe, peak_mb

Application = Callable[..., Iterable[bytes]]
REQUESTS = 30
#: CPU ms a request may take, by the first word of a row.
BARS = {"home": 10.0, "list": 30.0, "detail": 10.0, "API list": 8.0}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(application: Application, address: str, cookie: str = "", **headers: str) -> Answer:
    """One GET, answered in this process."""
    parts, said = urlsplit(address), {}

    def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
        said["status"], said["headers"] = status, headers

    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": parts.path,
        "QUERY_STRING": quote(parts.query, safe="=&%"),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_ACCEPT_LANGUAGE": "zh-CN",
        "HTTP_ACCEPT_ENCODING": "gzip",
        "HTTP_COOKIE": cookie,
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **headers,
    }
    found = application(environ, start)
    try:
        body = b"".join(found)
    finally:
        getattr(found, "close", lambda: None)()
    status = int(str(said["status"]).split()[0])
    return Answer(status, {k.lower(): v for k, v in said["headers"]}, body)


def cost(application: Application, addresses: Sequence[str], **asked: str) -> tuple[float, float]:
    """Mean and 95th percentile of CPU ms a request, after each address was asked for once."""
    for address in addresses:
        answer = ask(application, address, **asked)
        assert answer.status == 200, (address, answer.status, answer.headers)
    taken = []
    for turn in range(max(REQUESTS, len(addresses))):
        started = time.process_time()
        ask(application, addresses[turn % len(addresses)], **asked)
        taken.append((time.process_time() - started) * 1000)
    return statistics.mean(taken), sorted(taken)[int(len(taken) * 0.95)]


def weight(application: Application, address: str) -> tuple[float, float]:
    """KiB over the wire of a first view, gzipped: all of it, and the scripts alone."""
    page = ask(application, address)
    text = gzip.decompress(page.body) if "content-encoding" in page.headers else page.body
    whole, scripts = len(gzip.compress(text)), 0
    for asset in set(re.findall(r'(?:src|href)="(/static/[^"#]+)', text.decode())):
        size = len(ask(application, asset).body)
        whole += size
        scripts += size if asset.endswith(".js") else 0
    return whole / 1024, scripts / 1024


# --- our site ---


@contextmanager
def furnished(listings: int, folder: Path | None) -> Iterator[None]:
    """The demo world in a folder, made where it is not there yet, and Django set up on it."""
    with TemporaryDirectory(prefix="corridor-bench-") as temporary:
        data = folder or Path(temporary)
        os.environ["CORRIDOR_DATA"] = str(data)
        os.environ["DJANGO_SETTINGS_MODULE"] = "corridor.site.settings"
        if not (data / "corridor.sqlite3").exists():
            data.mkdir(parents=True, exist_ok=True)
            (data / "corridor.toml").write_bytes(corridor_file().read_bytes())
            made = [sys.executable, "-m", "corridor.site.demo", str(listings), "7"]
            subprocess.run(made, check=True)
        import django
        from django.core.management import call_command

        django.setup()
        call_command("collectstatic", interactive=False, verbosity=0)
        yield


def pages() -> dict[str, list[str]]:
    """The addresses of each page that is measured; of details as many as there are requests."""
    from corridor.site.api.service import ROOT
    from corridor.site.listings.models import Listing

    public = Listing.objects.filter(state="published", anonymity="public").order_by("id")
    return {
        "home": ["/"],
        "list": ["/listings/"],
        "list, words": ["/listings/?q=厂房", "/listings/?q=激光", "/listings/?q=检测&side=offer"],
        "list, kind": ["/listings/?kind=space", "/listings/?kind=technology&side=need"],
        "list, words and conditions": [
            "/listings/?q=行车&kind=space&side=offer&space.premises=single&space.area.lo=3000",
            "/listings/?q=合作&kind=technology&industry=C39&within=90",
        ],
        "detail": [f"/listings/{ref}/" for ref in public.values_list("ref", flat=True)[:REQUESTS]],
        "API list": [f"{ROOT}listings", f"{ROOT}listings?kind=space&side=offer"],
    }


def member_cookie() -> str:
    """The cookie of someone of an enterprise."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from corridor.site.core.models import User

    user = User.objects.get(username="suzhou-firm")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def member_token() -> str:
    """The text of a token of that same person."""
    from corridor.site.api import tokens
    from corridor.site.core.models import Membership

    member = Membership.objects.select_related("user", "party").get(user__username="suzhou-firm")
    return tokens.create(member.actor(), "benchmark")[1]


def queries(application: Application, address: str, **asked: str) -> int:
    """How many queries a warm request makes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        ask(application, address, **asked)
    return len(captured)


def cells(application: Application, addresses: Sequence[str], **asked: str) -> str:
    """CPU and queries as two cells of a row."""
    mean, late = cost(application, addresses, **asked)
    most = max(queries(application, address, **asked) for address in addresses[:3])
    return f"{mean:.1f}, {late:.1f} | {most}"


def main(listings: int, folder: Path | None = None) -> None:
    """Print the tables."""
    with furnished(listings, folder):
        from corridor.site.wsgi import application

        print(f"{describe()}\n{listings} listings, {REQUESTS} warm requests a row\n")
        print("| page | public: CPU ms, p95 | queries | member: CPU ms, p95 | queries | bar ms |")
        print("|---|---|---|---|---|---|")
        member = {"cookie": member_cookie(), "HTTP_AUTHORIZATION": f"Bearer {member_token()}"}
        for name, addresses in pages().items():
            anyone = "— | —" if name.startswith("API") else cells(application, addresses)
            own = cells(application, addresses, **member)
            print(f"| {name} | {anyone} | {own} | {BARS[name.split(',')[0]]:.0f} |", flush=True)
        for name, address in (("home", "/"), ("list", "/listings/")):
            whole, scripts = weight(application, address)
            print(
                f"\nfirst view of {name}: {whole:.0f} KiB gzipped, of it scripts {scripts:.0f} KiB"
            )
        print(f"peak memory of the web process: {peak_mb():.0f} MB")


if __name__ == "__main__":
    given = sys.argv[1:]
    main(int(given[0]) if given else 20_000, Path(given[1]) if given[1:] else None)
