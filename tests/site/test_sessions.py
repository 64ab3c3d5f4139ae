"""Sessions: how they end."""

from __future__ import annotations

import time

import pytest
from accounts import PASSWORD, log_in, with_password
from allauth.usersessions.models import UserSession
from browsing import Login
from cast import cast
from django.test import Client

from corridor.site.core import limits
from corridor.site.core.limits import Limit

pytestmark = pytest.mark.django_db


class TestSession:
    """Sessions end by themselves, by oneself, and with the password."""

    def test_idle_and_old_ones_end(self, login: Login, monkeypatch: pytest.MonkeyPatch) -> None:
        people = cast()
        now = time.time()
        client = login(people.alice)

        def after(seconds: float) -> int:
            monkeypatch.setattr(time, "time", lambda: now + seconds)
            return client.get("/desk/").status_code

        assert after(0) == 200
        assert after(7000) == after(14000) == 200
        assert after(14000 + 7201) == 302
        client = login(people.alice)
        assert [after(step * 7000) for step in range(1, 8)] == [200] * 7
        assert after(7000 + 43_201) == 302

    def test_a_clock_that_goes_back_ends_none(self, login: Login, monkeypatch) -> None:
        people = cast()
        client, now = login(people.alice), time.time()
        for seconds in (0, -9000, -9000 + 3600):
            monkeypatch.setattr(time, "time", lambda at=now + seconds: at)
            assert client.get("/desk/").status_code == 200

    def test_not_every_page_writes_the_session(
        self, login: Login, django_assert_num_queries
    ) -> None:
        people = cast()
        client = login(people.alice)
        client.get("/account/me/")
        with django_assert_num_queries(4):  # session, user, memberships, unread notices
            client.get("/account/me/")

    def test_seen_and_ended_one_by_one_or_all_others(self) -> None:
        people = cast()
        with_password(people.user("alice"))
        clients = [Client(REMOTE_ADDR=f"198.51.100.{number}") for number in range(3)]
        for client in clients:
            log_in(client, "alice")
        page = clients[0].get("/account/sessions/").text
        assert page.count("198.51.100.") >= 3 and "当前会话" in page
        second = UserSession.objects.get(ip="198.51.100.1")
        assert clients[0].post(f"/account/sessions/{second.pk}/end/").status_code == 302
        assert clients[1].get("/desk/").status_code == 302
        assert clients[2].get("/desk/").status_code == 200
        clients[0].post("/account/sessions/")
        assert [client.get("/desk/").status_code for client in clients] == [200, 302, 302]

    def test_only_ones_own(self, login: Login) -> None:
        people = cast()
        with_password(people.user("alice"))
        client = Client()
        log_in(client, "alice")
        assert (
            login(people.bob)
            .post(f"/account/sessions/{UserSession.objects.get().pk}/end/")
            .status_code
            == 404
        )
        assert client.get("/desk/").status_code == 200

    def test_a_new_password_ends_the_others(self) -> None:
        people = cast()
        with_password(people.user("alice"))
        here, there = Client(), Client()
        log_in(here, "alice")
        log_in(there, "alice")
        new = "another-Pass-2026"
        sent = {"oldpassword": "wrong", "password1": new, "password2": new}
        assert "现在的密码不对" in here.post("/account/password/", sent).text
        assert here.post("/account/password/", sent | {"oldpassword": PASSWORD}).status_code == 302
        assert here.get("/desk/").status_code == 200
        assert there.get("/desk/").status_code == 302

    def test_the_old_password_is_not_to_be_tried_out(self, login: Login, monkeypatch) -> None:
        monkeypatch.setattr(limits, "LOGIN_BY_ACCOUNT", Limit("a", 2, 900))
        people = cast()
        with_password(people.user("alice"))
        client = login(people.alice)
        sent = {"oldpassword": "wrong", "password1": "x", "password2": "x"}
        answers = [client.post("/account/password/", sent).status_code for _ in range(3)]
        assert answers == [200, 200, 429]

    def test_logging_out(self, login: Login) -> None:
        people = cast()
        client = login(people.alice)
        assert client.get("/account/logout/").status_code == 200
        assert client.post("/account/logout/").status_code == 302
        assert client.get("/desk/").status_code == 302
