"""The second factor: nothing works for staff before they have one."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from accounts import PASSWORD, code, log_in, with_password
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from browsing import Login
from cast import SUZHOU, cast
from django.test import Client

from corridor.site.core import limits
from corridor.site.core.actor import Role
from corridor.site.core.limits import Limit
from corridor.site.core.models import Membership, Party

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_digits")]


class TestSecondFactor:
    """Nothing works for staff before they have one, and everything after."""

    STAFF = ("suzhou", "office", "judge", "analyst")

    @pytest.mark.parametrize("name", STAFF)
    def test_first_of_all_it_is_set_up(self, client: Client, name: str) -> None:
        people = cast()
        with_password(people.user(name))
        log_in(client, name)
        for page in ("/desk/", "/", "/members/", "/notices/"):
            assert client.get(page)["Location"] == "/account/factor/totp/"
            assert client.head(page).status_code == 302
        assert client.post("/acting/", {"membership": "1"})["Location"] == "/account/factor/totp/"
        part = client.get("/desk/", headers={"HX-Request": "true"})
        assert (part.status_code, part["HX-Redirect"]) == (200, "/account/factor/totp/")

    def test_from_the_first_login_to_the_second(self, client: Client) -> None:
        people = cast()
        with_password(people.user("office"))
        log_in(client, "office")
        page = client.get("/account/factor/totp/")
        assert "<svg" in page.text and "data:" not in page.text
        secret = client.session["mfa.totp.secret"]
        assert secret in page.text
        wrong = client.post("/account/factor/totp/", {"code": "000000"})
        assert "动态口令不对" in wrong.text
        right = client.post("/account/factor/totp/", {"code": code(secret)})
        assert right["Location"] == "/account/factor/codes/"
        codes = client.get("/account/factor/codes/")
        assert "下载" in codes.text
        assert client.get("/account/factor/codes/file/").status_code == 200
        assert client.get("/desk/").status_code == 200
        stored = Authenticator.objects.get(type="totp").data["secret"]
        assert secret not in stored
        again = Client()
        assert log_in(again, "office")["Location"] == "/account/factor/login/"
        assert again.get("/desk/").status_code == 302
        assert "_auth_user_id" not in again.session
        assert again.get("/account/factor/login/").status_code == 200
        assert again.post("/account/factor/login/", {"code": code(secret)})["Location"] == "/desk/"
        assert again.get("/desk/").status_code == 200

    def test_what_matters_asks_for_the_password_again(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        people = cast()
        with_password(people.user("alice"))
        log_in(client, "alice")
        assert client.get("/account/factor/totp/").status_code == 200
        later = time.time() + 301
        monkeypatch.setattr(time, "time", lambda: later)
        asked = client.get("/account/factor/totp/")["Location"]
        assert asked.startswith("/account/again/?next=")
        assert client.get(asked).status_code == 200
        sent = {"password": "wrong", "next": "/account/factor/totp/"}
        assert "密码不对" in client.post("/account/again/", sent).text
        done = client.post("/account/again/", sent | {"password": PASSWORD})
        assert done["Location"] == "/account/factor/totp/"
        assert client.get("/account/factor/totp/").status_code == 200

    def test_a_code_is_used_once(self) -> None:
        people = cast()
        user = with_password(people.user("office"))
        secret = totp.generate_totp_secret()
        totp.TOTP.activate(user, secret)
        digits = code(secret)
        answers = []
        for client in (Client(), Client()):
            log_in(client, "office")
            answers.append(client.post("/account/factor/login/", {"code": digits}).status_code)
        assert answers == [302, 200]

    def test_a_recovery_code_instead(self, login: Login) -> None:
        people = cast()
        user = with_password(people.user("office"))
        client = login(people.office)
        client.post("/account/again/", {"password": PASSWORD, "next": "/desk/"})
        assert client.post("/account/factor/codes/new/").status_code == 302
        codes = re.findall(r"<li>(\w+)</li>", client.get("/account/factor/codes/").text)
        assert len(codes) == 10
        other = Client()
        for answer in (302, 200):
            log_in(other, user.username)
            assert other.post("/account/factor/login/", {"code": codes[0]}).status_code == answer
            other = Client()

    def test_six_digits_are_not_to_be_tried_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "CODES_BY_ACCOUNT", Limit("c", 3, 900))
        people = cast()
        user = with_password(people.user("office"))
        secret = totp.generate_totp_secret()
        totp.TOTP.activate(user, secret)
        for number in range(3):
            client = Client(REMOTE_ADDR=f"198.51.100.{number}")
            log_in(client, "office")
            assert client.post("/account/factor/login/", {"code": "000000"}).status_code == 200
        client = Client(REMOTE_ADDR="198.51.100.9")
        log_in(client, "office")
        assert client.post("/account/factor/login/", {"code": code(secret)}).status_code == 429

    def test_members_may_have_one(self, login: Login) -> None:
        people = cast()
        with_password(people.user("alice"))
        client = login(people.alice)
        assert "启用动态口令" in client.get("/account/factor/").text
        client.post("/account/again/", {"password": PASSWORD, "next": "/account/factor/totp/"})
        client.get("/account/factor/totp/")
        client.post("/account/factor/totp/", {"code": code(client.session["mfa.totp.secret"])})
        assert "已启用" in client.get("/account/factor/").text
        assert client.get("/account/factor/totp/off/").status_code == 200
        client.post("/account/factor/totp/off/")
        assert not Authenticator.objects.exists()

    def test_staff_cannot_do_without(self, login: Login) -> None:
        people = cast()
        with_password(people.user("office"))
        client = login(people.office)
        client.post("/account/again/", {"password": PASSWORD, "next": "/desk/"})
        answer = client.post("/account/factor/totp/off/")
        assert answer.status_code == 200 and "不能停用" in answer.text
        assert Authenticator.objects.count() == 1

    def test_not_even_by_acting_as_a_member(self, client: Client) -> None:
        people = cast()
        user = with_password(people.user("alice"))
        office = Party.objects.get(pk=people.office.party)
        second = Membership.objects.create(user=user, party=office, role=Role.OFFICE, city=SUZHOU)
        log_in(client, "alice")
        assert client.get("/desk/").status_code == 200
        client.post("/acting/", {"membership": second.pk})
        assert client.get("/desk/")["Location"] == "/account/factor/totp/"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [390, 1280])
def test_an_officers_first_login_in_a_browser(new_page: Any, width: int) -> None:
    """From the login page to the desk, by keyboard, with the QR code in sight."""
    people = cast()
    with_password(people.user("office"))
    page = new_page(width=width)
    page.goto("/desk/")
    page.get_by_label("登录名").fill("office")
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/factor/totp/")
    drawing = page.locator("svg.qr").bounding_box()
    assert drawing["width"] == pytest.approx(drawing["height"], abs=1) and drawing["width"] >= 120
    page.get_by_role("textbox", name="动态口令").fill(code(page.locator("#totp-key").inner_text()))
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/factor/codes/")
    assert page.locator(".codes li").count() == 10
    page.get_by_role("link", name="去工作台").click()
    page.wait_for_url("**/desk/")
    page.locator("details.menu > summary").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/")
    assert page.get_by_role("link", name="登录").first.is_visible()
