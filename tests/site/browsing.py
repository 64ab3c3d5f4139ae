"""A browser without JavaScript: what it would send from a page."""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import is_mfa_enabled
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from corridor.site.core.actor import STAFF, Actor
from corridor.site.core.models import User

#: A client for an actor: the fixture ``login``.
Login = Callable[[Actor], Client]


def logged_in(user: User) -> Client:
    """A client of someone logged in, who has the second factor where their roles need one."""
    staff = user.memberships.filter(ended_at=None, role__in=STAFF).exists()
    if staff and not is_mfa_enabled(user):
        totp.TOTP.activate(user, totp.generate_totp_secret())
    client = Client()
    client.force_login(user)
    return client


class Fields(HTMLParser):
    """What would be sent from the forms of a page, as it stands: ``data``."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.data: dict[str, Any] = {}
        self._select = self._area = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        name, value = at.get("name", ""), at.get("value", "")
        if tag == "input" and name:
            ticking = at.get("type") in ("checkbox", "radio")
            if ticking and "checked" in at:
                self.data.setdefault(name, []).append(value)
            elif not ticking and at.get("type") != "file":
                self.data[name] = value
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            # Without a choice made the first option is what a browser sends.
            self.data.setdefault(self._select, value)
            if "selected" in at:
                self.data[self._select] = value
        elif tag == "textarea":
            self._area, self.data[name] = name, ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # The first line end of a textarea is not part of it.
            self.data[self._area] = self.data[self._area].removeprefix("\n")
            self._area = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.data[self._area] += data


def sent(client: Client, url: str, **changed: Any) -> Any:
    """The answer to the page's own form, some of it changed; ``None`` leaves a field out."""
    page = client.get(url)
    assert page.status_code == 200, page.status_code
    data = Fields(page.content.decode()).data | changed
    return client.post(url, {name: value for name, value in data.items() if value is not None})


def content_of(answer: Any) -> bytes:
    """The bytes of a file that was sent, the file closed as the server does."""
    assert answer.status_code == 200
    content = b"".join(answer)
    for close in answer._resource_closers:  # its close() would end the database too
        close()
    return content


def queries(client: Client, url: str) -> int:
    """How many queries a page takes, once everything that is kept between requests is there."""
    client.get(url)
    with CaptureQueriesContext(connection) as taken:
        assert client.get(url).status_code == 200
    return len(taken)
