"""CPU time and weight of a page, asked for through the WSGI door: of our site or of another.

Imports nothing but the standard library, for it runs in the environment of the other site too.
"""

import gzip
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlsplit

Application = Callable[..., Iterable[bytes]]
REQUESTS = 30


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


def cost(
    application: Application,
    addresses: Sequence[str],
    before: Callable[[], object] = lambda: None,
    **asked: str,
) -> tuple[float, float]:
    """Mean and 95th percentile of CPU ms a request, after each address was asked for once.

    ``before`` is done before each request and not measured.
    """
    for address in addresses:
        answer = ask(application, address, **asked)
        assert answer.status == 200, (address, answer.status, answer.headers)
    taken = []
    for turn in range(max(REQUESTS, len(addresses))):
        before()
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
