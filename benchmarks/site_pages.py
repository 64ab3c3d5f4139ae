"""CPU time, queries and weight of the site's pages at 20,000 listings, matched.

    python -m benchmarks site            makes the demo world in a temporary folder, then measures
    python -m benchmarks.site_pages 20000 FOLDER    keeps the world in FOLDER for the next run

A page is asked for through the WSGI door, all middleware included, and its body read to the end.
The peer is pretalx, a Django site of conferences: its pages are measured the same way in the same run.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from corridor.demo import corridor_file

from . import pretalx_pages
from .machine import describe, peak_mb
from .wsgi_cost import REQUESTS, Application, ask, cost, weight

#: CPU ms a request may take, by the first word of a row.
BARS = {"home": 10.0, "list": 30.0, "detail": 10.0, "API list": 8.0}


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
    """CPU, CPU of the first time after a change, and queries as three cells of a row."""
    from django.core.cache import cache

    mean, late = cost(application, addresses, **asked)
    most = max(queries(application, address, **asked) for address in addresses[:3])
    anew, _late = cost(application, addresses, cache.clear, **asked)
    return f"{mean:.1f}, {late:.1f} | {anew:.1f} | {most}"


def beside(ours: dict[str, float]) -> None:
    """Our pages beside the ones of pretalx that do the like job."""
    print("\n| our page | CPU ms | pretalx page | CPU ms | pretalx ÷ ours |\n|---|---|---|---|---|")
    theirs = pretalx_pages.measured()
    for name, page in pretalx_pages.LIKE.items():
        ratio = theirs[page] / ours[name]
        print(f"| {name} | {ours[name]:.1f} | {page} | {theirs[page]:.1f} | {ratio:.1f} |")


def main(listings: int, folder: Path | None = None) -> None:
    """Print the tables."""
    with furnished(listings, folder):
        from corridor.site.wsgi import application

        print(f"{describe()}\n{listings} listings, {REQUESTS} warm requests a row\n")
        print(
            "What is kept is kept until the next change; 'first' is the first request after one, of "
            "home in a\nminute: the market's numbers are worked out once a minute at most."
            "\n\n| page | public: CPU ms, p95 | first | queries | member: CPU ms, p95 | first "
            "| queries | bar ms |\n|---|---|---|---|---|---|---|---|"
        )
        ours: dict[str, float] = {}
        person, program = (
            {"cookie": member_cookie()},
            {"HTTP_AUTHORIZATION": f"Bearer {member_token()}"},
        )
        for name, addresses in pages().items():
            api = name.startswith("API")
            anyone = "— | — | —" if api else cells(application, addresses)
            own = cells(application, addresses, **(program if api else person))
            print(f"| {name} | {anyone} | {own} | {BARS[name.split(',')[0]]:.0f} |", flush=True)
            ours[name] = float((own if api else anyone).split(",")[0])
        for name, address in (("home", "/"), ("list", "/listings/")):
            whole, scripts = weight(application, address)
            print(
                f"\nfirst view of {name}: {whole:.0f} KiB gzipped, of it scripts {scripts:.0f} KiB"
            )
        print(f"peak memory of the web process: {peak_mb():.0f} MB")
    beside(ours)


if __name__ == "__main__":
    given = sys.argv[1:]
    main(int(given[0]) if given else 20_000, Path(given[1]) if given[1:] else None)
