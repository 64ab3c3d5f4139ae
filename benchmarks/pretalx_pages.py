"""The peer of the site's pages: pretalx with the test event it ships, on SQLite.

It is installed from its package into an environment of its own, once, beside ours; nothing of it
is imported here. Its event is small (some forty talks), so the comparison favours it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

PACKAGES = ("pretalx==2025.2.2", "faker", "freezegun")
ENVIRONMENT = Path(".venv-pretalx").resolve()
#: Our page and the page of pretalx that does the like job.
LIKE = {
    "home": "event home",
    "list": "schedule",
    "detail": "talk",
    "API list": "API talks",
}


def measured() -> dict[str, float]:
    """CPU ms a request of pretalx's pages."""
    python = ENVIRONMENT / "bin" / "python"
    if not (ENVIRONMENT / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True)
    (ENVIRONMENT / "pretalx.cfg").write_text(
        f"[filesystem]\ndata = {ENVIRONMENT / 'data'}\n[site]\ndebug = False\nurl = http://127.0.0.1\n",
        encoding="utf-8",
    )
    environ = {
        **os.environ,
        "PRETALX_CONFIG_FILE": str(ENVIRONMENT / "pretalx.cfg"),
        "DJANGO_SETTINGS_MODULE": "pretalx.settings",
        "DJANGO_SUPERUSER_EMAIL": "root@example.org",
        "DJANGO_SUPERUSER_PASSWORD": "root-root-root",
    }
    if not (ENVIRONMENT / "ready").exists():
        (ENVIRONMENT / "data").mkdir(exist_ok=True)
        quiet = {
            "check": True,
            "env": environ,
            "stdout": subprocess.DEVNULL,
            "stderr": subprocess.DEVNULL,
        }
        for said in (
            ("migrate",),
            ("rebuild",),
            ("createsuperuser", "--noinput"),
            ("create_test_event", "--seed", "7"),
        ):
            subprocess.run([python, "-m", "pretalx", *said], **quiet)  # type: ignore[call-overload]
        (ENVIRONMENT / "ready").touch()
    done = subprocess.run(
        [python, __file__], check=True, env=environ, capture_output=True, text=True
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _inside() -> None:
    """In pretalx's own environment: measure its pages and print them as JSON."""
    sys.path.insert(0, str(Path(__file__).parent))
    import django

    django.setup()  # its models cannot be imported before
    from django_scopes import scopes_disabled
    from pretalx.event.models import Event
    from pretalx.wsgi import application
    from wsgi_cost import cost

    with scopes_disabled():
        event = Event.objects.get(slug="democon")
        event.is_public = True
        event.save()
        codes = event.current_schedule.talks.filter(is_visible=True)
        talks = sorted({slot.submission.code for slot in codes if slot.submission})[:30]
    pages = {
        "event home": ["/democon/"],
        "schedule": ["/democon/talk/"],
        "talk": [f"/democon/talk/{code}/" for code in talks],
        "API talks": ["/api/events/democon/submissions/"],
    }
    print(json.dumps({name: cost(application, addresses)[0] for name, addresses in pages.items()}))


if __name__ == "__main__":
    _inside()
