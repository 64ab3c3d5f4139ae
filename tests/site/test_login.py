"""Logging in with name and password."""

from __future__ import annotations

import pytest
from accounts import log_in, with_password
from cast import cast
from django.test import Client

from corridor.site.core import limits
from corridor.site.core.limits import Limit
from corridor.site.core.models import User

pytestmark = pytest.mark.django_db


class TestLogin:
    """Name and password, then the second factor where the role needs one."""

    def test_right_and_wrong(self, client: Client) -> None:
        people = cast()
        with_password(people.user("alice"))
        wrong = log_in(client, "alice", "not this one")
        assert wrong.status_code == 200 and "登录名或密码不对" in wrong.text
        unknown = log_in(client, "nobody", "not this one")
        assert "登录名或密码不对" in unknown.text
        right = log_in(client, "ALICE")
        assert (right.status_code, right["Location"]) == (302, "/desk/")
        assert "_auth_user_id" in client.session

    def test_to_the_page_that_was_asked_for_and_to_no_other_site(self) -> None:
        people = cast()
        with_password(people.user("alice"))
        asked = Client()
        to_login = asked.get("/members/")
        assert to_login["Location"] == "/account/login/?next=/members/"
        assert 'value="/members/"' in asked.get(to_login["Location"]).text
        assert log_in(asked, "alice", next="/members/")["Location"] == "/members/"
        assert log_in(Client(), "alice", next="https://evil.example/")["Location"] == "/desk/"

    def test_wrong_ones_are_counted_by_account(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "LOGIN_BY_ACCOUNT", Limit("a", 3, 900))
        people = cast()
        with_password(people.user("alice"))
        for number in range(3):
            assert (
                log_in(Client(REMOTE_ADDR=f"198.51.100.{number}"), "Alice", "no").status_code == 200
            )
        answer = log_in(Client(REMOTE_ADDR="198.51.100.9"), "alice")
        assert answer.status_code == 429
        assert "过于频繁" in answer.text and int(answer["Retry-After"]) > 800
        assert "_auth_user_id" not in Client().session

    def test_the_right_one_forgets_the_wrong_ones(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "LOGIN_BY_ACCOUNT", Limit("a", 3, 900))
        people = cast()
        with_password(people.user("alice"))
        for _ in range(3):
            log_in(Client(), "alice", "no")
            log_in(Client(), "alice", "no")
            assert log_in(Client(), "alice").status_code == 302

    def test_and_by_address(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "LOGIN_BY_ADDRESS", Limit("b", 3, 900))
        for number in range(3):
            assert log_in(Client(), f"user{number}", "no").status_code == 200
        assert log_in(Client(), "user9", "no").status_code == 429
        assert log_in(Client(REMOTE_ADDR="198.51.100.9"), "user9", "no").status_code == 200

    def test_who_was_stopped_does_not_get_in(self, client: Client) -> None:
        people = cast()
        user = with_password(people.user("alice"))
        log_in(client, "alice")
        User.objects.filter(pk=user.pk).update(is_active=False)
        assert client.get("/desk/").status_code == 302
        log_in(client, "alice")
        assert client.get("/desk/").status_code == 302

    def test_sign_up_is_closed(self, client: Client) -> None:
        assert client.get("/account/signup/").status_code == 404
