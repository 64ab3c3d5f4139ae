"""Recovery: a forgotten password, a lost phone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from accounts import code, log_in, with_password
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from browsing import Login
from cast import Cast, cast
from django.test import Client

from corridor.site.core import actions, recovery
from corridor.site.core.actor import Role
from corridor.site.core.models import AuditEntry, Membership, Party, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_digits")]


class TestRecovery:
    """For those who forgot their password or lost their phone."""

    def colleague(self, people: Cast) -> Membership:
        user = with_password(User.objects.create(username="dan", name="丹"))
        own = Party.objects.get(pk=people.alice.party)
        return actions.begin(people.alice, user, own, Role.MEMBER, manager=False)

    def link(self, client: Client, membership: Membership) -> str:
        page = client.get(client.post(f"/members/{membership.pk}/password/")["Location"]).text
        return re.search(r"127\.0\.0\.1:8000(/account/password/\w+/[\w-]+/)", page).group(1)

    def test_a_link_to_a_new_password_works_once(self, login: Login) -> None:
        people = cast()
        dan = self.colleague(people)
        old = Client()
        log_in(old, "dan")
        link = self.link(login(people.alice), dan)
        guest = Client()
        assert guest.get(link).status_code == 200
        assert "密码太短，至少 10 位" in guest.post(link, {"password": "short"}).text
        new = "another-Pass-2026"
        assert guest.post(link, {"password": new})["Location"] == "/account/login/"
        assert guest.post(link, {"password": new}).status_code == guest.get(link).status_code == 409
        assert log_in(guest, "dan", new).status_code == 302
        assert old.get("/desk/").status_code == 302
        assert AuditEntry.objects.order_by("-id")[0].verb == "user.password"

    def test_it_lapses_after_a_day_and_cannot_be_made_up(self, login: Login, settings: Any) -> None:
        people = cast()
        link = self.link(login(people.alice), self.colleague(people))
        settings.PASSWORD_RESET_TIMEOUT = -1
        assert Client().get(link).status_code == 409
        for made_up in ("MQ/x", "!/x", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk/x"):
            assert Client().get(f"/account/password/{made_up}/").status_code == 409

    def test_not_by_who_decides_on_one_of_their_parties_only(self, login: Login) -> None:
        people = cast()
        own = Party.objects.get(pk=people.alice.party)
        officer = actions.begin(
            people.alice, people.user("suzhou"), own, Role.MEMBER, manager=False
        )
        page = f"/members/{officer.pk}/password/"
        assert login(people.alice).post(page).status_code == 403
        assert login(people.bob).post(page).status_code == 404
        assert login(people.office).post(page).status_code == 302

    def test_a_lost_second_factor_is_done_away_with_by_the_office(self, login: Login) -> None:
        people = cast()
        with_password(people.user("suzhou"))
        officer = login(people.suzhou)
        secret = totp.generate_totp_secret()
        totp.TOTP.activate(people.user("judge"), secret)
        page = f"/members/{people.judge.membership}/factor/"
        assert login(people.suzhou).post(page, {"reason": "x"}).status_code == 404
        assert login(people.office).post(page).status_code == 422
        assert login(people.office).post(page, {"reason": "手机丢失"}).status_code == 302
        assert not Authenticator.objects.filter(user=people.judge.user).exists()
        own = f"/members/{people.office.membership}/factor/"
        assert login(people.office).post(own, {"reason": "x"}).status_code == 403
        assert officer.get("/desk/").status_code == 200

    def test_and_who_had_it_is_logged_out(self) -> None:
        people = cast()
        user = with_password(people.user("suzhou"))
        secret = totp.generate_totp_secret()
        totp.TOTP.activate(user, secret)
        client = Client()
        log_in(client, "suzhou")
        client.post("/account/factor/login/", {"code": code(secret)})
        assert client.get("/desk/").status_code == 200
        recovery.factor_reset(people.office, user, reason="手机丢失")
        assert client.get("/desk/")["Location"].startswith("/account/login/")
        log_in(client, "suzhou")
        assert client.get("/desk/")["Location"] == "/account/factor/totp/"
