"""Accounts: joining, logging in with a second factor, sessions, and who may act for whom."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from cast import HEFEI, SUZHOU, Cast, cast, party
from django.core.cache import cache
from django.test import Client

from corridor.engine.factors.credit_code import credit_check
from corridor.site.core import actions, limits, memberships, recovery
from corridor.site.core.actor import PUBLIC, Role
from corridor.site.core.errors import Forbidden, Invalid, Missing, NotNow
from corridor.site.core.limits import Limit
from corridor.site.core.models import (
    AuditEntry,
    Consent,
    Invitation,
    Membership,
    MembershipRequest,
    Party,
    User,
)

pytestmark = pytest.mark.django_db
PASSWORD = "zoulang-2026-duijie"
Login = Callable[..., Client]


def code_of(number: int) -> str:
    head = f"91320500MA9{number:06d}"
    return head + credit_check(head)


def form(**given: Any) -> dict[str, Any]:
    return {
        "credit_code": code_of(1),
        "name": "苏州新材料有限公司",
        "kind": "enterprise",
        "city": SUZHOU,
        "industry": "C3973",
        "agreed": "on",
        "person_name": "李梅",
        "phone": "139 1234 5678",
        "email": "li@example.cn",
        "username": "limei",
        "password": PASSWORD,
    } | given


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def code(secret: str) -> str:
    """The six digits of now, as a phone shows them."""
    cache.clear()
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def log_in(client: Client, username: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/account/login/", {"login": username, "password": password} | more)


class TestJoin:
    """A party registers through the public form."""

    def test_a_new_party_and_its_first_manager(self, client: Client) -> None:
        answer = client.post("/join/", form())
        assert answer.status_code == 302 and answer["Location"] == "/desk/"
        made = Party.objects.get()
        assert (made.name, made.industry, made.verified_at) == ("苏州新材料有限公司", "C3973", None)
        assert made.contact_phone.reveal() == "13912345678"
        membership = Membership.objects.get()
        assert (membership.role, membership.manager, membership.city) == ("member", True, SUZHOU)
        user = User.objects.get()
        assert user.check_password(PASSWORD)
        assert (user.phone.reveal(), user.email.reveal()) == ("13912345678", "li@example.cn")
        consent = Consent.objects.get()
        assert (consent.purpose, consent.party, consent.user) == ("join", made, user)
        assert "加密" in consent.text
        assert [entry.verb for entry in AuditEntry.objects.all()] == [
            "membership.begin",
            "party.join",
        ]
        assert client.get("/desk/").status_code == 200

    @pytest.mark.parametrize(
        ("field", "value", "said"),
        [
            ("credit_code", "9132", "应为 18 位，现为 4 位"),
            ("credit_code", code_of(1)[:-1] + "0", "校验位不符"),
            ("credit_code", "I" + code_of(1)[1:], "不会出现在代码中"),
            ("credit_code", "", "这个字段是必填项"),
            ("name", "", "这个字段是必填项"),
            ("kind", "bureau", "选择一个有效的选项"),
            ("city", "110000", "选择一个有效的选项"),
            ("industry", "汽车", "汽车制造业"),
            ("phone", "12345", "请填写手机号"),
            ("email", "li@", "请填写邮箱地址"),
            ("username", "13912345678", "不要用手机号或邮箱"),
            ("username", "li@example.cn", "不要用手机号或邮箱"),
            ("username", "li mei", "登录名"),
            ("password", "short", "密码"),
            ("password", "12345678901", "密码"),
            ("agreed", "", "这个字段是必填项"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(
        self, client: Client, field: str, value: str, said: str
    ) -> None:
        answer = client.post("/join/", form(**{field: value}))
        assert answer.status_code == 422
        assert said in answer.text
        assert re.search(rf'id="id_{field}_error"|href="#id_{field}', answer.text)
        assert not Party.objects.exists() and not User.objects.exists()

    def test_a_code_typed_as_people_type_it(self, client: Client) -> None:
        typed = code_of(1).lower()
        client.post("/join/", form(credit_code=f" {typed[:8]} {typed[8:]}　"))
        assert Party.objects.get().credit_code == code_of(1)

    def test_a_name_that_is_taken_in_any_case(self, client: Client) -> None:
        User.objects.create(username="limei")
        answer = client.post("/join/", form(username="LiMei"))
        assert answer.status_code == 422 and "已被使用" in answer.text
        assert not Party.objects.exists()

    def test_a_party_that_is_there_is_asked(self, client: Client, login: Login) -> None:
        people = cast()
        theirs = Party.objects.get(pk=people.alice.party)
        answer = client.post("/join/", form(credit_code=theirs.credit_code))
        assert answer.status_code == 302
        asked = MembershipRequest.objects.get()
        assert (asked.party, asked.state) == (theirs, "asked")
        assert not asked.user.memberships.exists()
        desk = client.get("/desk/").text
        assert "待批准" in desk and theirs.name in desk
        again = client.post("/join/", form(credit_code=theirs.credit_code))
        assert again.status_code == 302 and MembershipRequest.objects.count() == 1
        login(people.alice).post(f"/requests/{asked.pk}/approve/")
        assert asked.user.memberships.get().role == "member"
        assert "待批准" not in client.get("/desk/").text

    def test_a_second_tap_joins_once(self, client: Client) -> None:
        page = client.get("/join/").text
        token = re.search(r'name="once" value="(\w+)"', page).group(1)
        first = client.post("/join/", form(once=token))
        second = Client().post("/join/", form(once=token))
        assert first["Location"] == second["Location"]
        assert Party.objects.count() == User.objects.count() == 1

    def test_who_has_an_account_joins_a_second_party(self, login: Login) -> None:
        people = cast()
        client = login(people.alice)
        assert "您本人" not in client.get("/join/").text
        client.post("/join/", form())
        assert people.user("alice").memberships.count() == 2
        assert "切换身份" in client.get("/desk/").text

    def test_not_twice_the_same(self, login: Login) -> None:
        people = cast()
        theirs = Party.objects.get(pk=people.alice.party)
        answer = login(people.alice).post("/join/", form(credit_code=theirs.credit_code))
        assert answer.status_code == 422 and "已经是这个主体的成员" in answer.text

    def test_not_too_often(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "JOIN_BY_ADDRESS", Limit("j", 1, 60))
        assert client.post("/join/", form()).status_code == 302
        other = form(credit_code=code_of(2), username="other")
        assert Client().post("/join/", other).status_code == 429
        assert Party.objects.count() == 1

    def test_the_form_shows_no_secret_again(self, client: Client) -> None:
        answer = client.post("/join/", form(city=""))
        assert PASSWORD not in answer.text


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


class TestMembers:
    """Who acts for a party is decided by its managers, and by the office."""

    def join(self, people: Cast, party_id: int, username: str = "new") -> MembershipRequest:
        theirs = Party.objects.get(pk=party_id)
        who = actions.Person(username, username.title(), PASSWORD)
        details = actions.Details("同一单位", "enterprise", theirs.city)
        joined = actions.join(theirs.credit_code, details, who, agreed="同意")
        assert joined.asked
        return MembershipRequest.objects.get(user=joined.user)

    def test_invited_by_a_link_that_works_once(self, login: Login) -> None:
        people = cast()
        client = login(people.alice)
        answer = client.post("/members/", {"note": "李工", "role": "member"})
        page = client.get(answer["Location"]).text
        link = re.search(r"http://127\.0\.0\.1:8000(/join/[\w-]+/)", page).group(1)
        assert link not in client.get("/members/").text
        assert link.split("/")[2] not in Invitation.objects.get().digest
        guest = Client()
        assert "苏州澄源精密有限公司" in guest.get(link).text
        person = {key: form()[key] for key in ("person_name", "phone", "username", "password")}
        assert guest.post(link, person)["Location"] == "/desk/"
        made = User.objects.get(username="limei").memberships.get()
        assert (made.party_id, made.role, made.manager) == (people.alice.party, "member", False)
        assert guest.get("/desk/").status_code == 200
        assert Client().get(link).status_code == 409
        assert Client().get("/join/guessed/").status_code == 404

    def test_accepted_with_the_account_one_has(self, login: Login) -> None:
        people = cast()
        own = Party.objects.get(pk=people.alice.party)
        _, link = memberships.invite(people.alice, own, Role.MEMBER, note="鲍勃", manager=True)
        client = login(people.bob)
        assert "当前账号" in client.get(f"/join/{link}/").text
        client.post(f"/join/{link}/")
        assert people.user("bob").memberships.count() == 2
        assert "苏州澄源精密有限公司" in client.get("/desk/").text

    def test_withdrawn_or_too_old(self, login: Login, monkeypatch) -> None:
        people = cast()
        own = Party.objects.get(pk=people.alice.party)
        made, link = memberships.invite(people.alice, own, Role.MEMBER, note="甲", manager=False)
        login(people.alice).post(f"/invitations/{made.pk}/withdraw/")
        assert Client().get(f"/join/{link}/").status_code == 409
        made, link = memberships.invite(people.alice, own, Role.MEMBER, note="乙", manager=False)
        Invitation.objects.filter(pk=made.pk).update(expires_at=made.created_at)
        assert Client().get(f"/join/{link}/").status_code == 409

    def test_nobody_gives_a_role_they_have_not_to_give(self) -> None:
        people = cast()
        alices, office = (Party.objects.get(pk=one.party) for one in (people.alice, people.office))
        for who, where, role in (
            (people.alice, alices, Role.OFFICE),
            (people.alice, alices, Role.BUREAU),
            (people.alice, office, Role.OFFICE),
            (people.carol, alices, Role.MEMBER),
            (people.suzhou, office, Role.OFFICE),
            (people.judge, office, Role.JUDGE),
            (people.office, alices, Role.BUREAU),
            (PUBLIC, alices, Role.MEMBER),
        ):
            with pytest.raises(Forbidden):
                memberships.invite(who, where, role, note="x", manager=True)
        for role in (Role.OFFICE, Role.JUDGE, Role.ANALYST):
            memberships.invite(people.office, office, role, note="x", manager=False)

    def test_admitted_by_manager_bureau_or_office(self) -> None:
        people = cast()
        for number, who in enumerate((people.alice, people.suzhou, people.office)):
            request = self.join(people, people.alice.party, f"new{number}")
            membership = memberships.approve(who, request)
            assert (membership.role, membership.manager) == (Role.MEMBER, False)
            with pytest.raises(NotNow):
                memberships.approve(who, request)

    def test_and_by_nobody_else(self) -> None:
        people = cast()
        request = self.join(people, people.alice.party)
        for who in (people.bob, people.carol, people.hefei, people.judge):
            with pytest.raises(Forbidden):
                memberships.approve(who, request)
        into_bureau = self.join(people, people.hefei.party, "spy")
        for who in (people.hefei, people.suzhou):
            with pytest.raises(Forbidden):
                memberships.approve(who, into_bureau)
        assert memberships.approve(people.office, into_bureau).role == Role.BUREAU

    def test_declined_with_a_reason_they_see(self, login: Login) -> None:
        people = cast()
        request = self.join(people, people.alice.party)
        with pytest.raises(Invalid):
            memberships.decline(people.alice, request, reason=" ")
        client = login(people.alice)
        client.post(f"/requests/{request.pk}/decline/", {"reason": "不是本单位员工"})
        guest = Client()
        guest.force_login(request.user)
        assert "不是本单位员工" in guest.get("/desk/").text

    def test_ended_at_once(self, login: Login) -> None:
        people = cast()
        own = Party.objects.get(pk=people.alice.party)
        user = User.objects.create(username="dan", name="Dan")
        dan = actions.begin(people.alice, user, own, Role.MEMBER, manager=False)
        client = Client()
        client.force_login(user)
        assert own.name in client.get("/desk/").text
        login(people.alice).post(f"/members/{dan.pk}/end/", {"reason": "离职"})
        assert own.name not in client.get("/desk/").text
        assert AuditEntry.objects.order_by("-id")[0].reason == "离职"

    def test_a_party_keeps_a_manager(self) -> None:
        people = cast()
        alice = Membership.objects.get(pk=people.alice.membership)
        for act in (
            lambda: memberships.end(people.alice, alice),
            lambda: memberships.appoint(people.alice, alice, manager=False),
        ):
            with pytest.raises(NotNow, match="另一位管理员"):
                act()
        user = User.objects.create(username="dan", name="Dan")
        own = Party.objects.get(pk=people.alice.party)
        dan = actions.begin(people.alice, user, own, Role.MEMBER, manager=False)
        memberships.appoint(people.alice, dan, manager=True)
        memberships.end(people.alice, alice)
        with pytest.raises(NotNow):
            memberships.end(Membership.objects.get(pk=dan.pk).actor(), alice)

    def test_one_may_go_oneself(self, login: Login) -> None:
        people = cast()
        answer = login(people.carol).post(f"/members/{people.carol.membership}/end/")
        assert answer["Location"] == "/desk/"
        assert not people.user("carol").memberships.filter(ended_at=None).exists()

    def test_members_are_seen_by_their_own(self, login: Login) -> None:
        people = cast()
        own = f"/parties/{people.alice.party}/members/"
        seen = {
            name: login(getattr(people, name)).get(own).status_code
            for name in ("alice", "bob", "carol", "suzhou", "office", "judge")
        }
        assert seen == {
            "alice": 200, "bob": 404, "carol": 404, "suzhou": 404, "office": 200, "judge": 404,
        }  # fmt: skip
        for verb in ("end", "appoint", "relieve"):
            page = f"/members/{people.alice.membership}/{verb}/"
            assert login(people.bob).post(page).status_code == 404
            assert Client().post(page).status_code == 302

    def test_acting_only_in_ones_own(self, login: Login) -> None:
        people = cast()
        client = login(people.alice)
        assert client.post("/acting/", {"membership": people.bob.membership}).status_code == 404
        assert client.post("/acting/", {"membership": "x"}).status_code == 404
        assert client.post("/acting/", {"membership": people.alice.membership}).status_code == 302


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


class TestParty:
    """What a party says of itself, and that it is who it says."""

    def test_verified_by_the_bureau_of_its_city_or_the_office(self, login: Login) -> None:
        people = cast()
        fresh = party("苏州新企业", "enterprise", SUZHOU, 99)
        Party.objects.filter(pk=fresh.pk).update(verified_at=None)
        for who in (people.alice, people.hefei, people.judge):
            with pytest.raises(Forbidden):
                actions.party_verify(who, fresh)
        client = login(people.suzhou)
        assert client.get("/parties/").text.index("苏州新企业") < client.get(
            "/parties/"
        ).text.index("澄源")
        assert "核验通过" in client.get(f"/parties/{fresh.pk}/").text
        client.post(f"/parties/{fresh.pk}/verify/")
        fresh.refresh_from_db()
        assert fresh.verified_at is not None
        assert login(people.hefei).post(f"/parties/{fresh.pk}/verify/").status_code == 404
        assert client.get("/parties/?q=新企业").text.count('<article class="card">') == 1

    def test_its_manager_changes_it_and_a_new_name_is_looked_at_again(self, login: Login) -> None:
        people = cast()
        own = Party.objects.get(pk=people.alice.party)
        client, page = login(people.alice), f"/parties/{own.pk}/edit/"
        assert own.contact_phone.reveal() in client.get(page).text
        sent = {
            "name": own.name, "kind": own.kind, "city": own.city, "about": "电话 13800001234 欢迎来电",
            "contact_name": "王", "contact_phone": "0512-65556666",
        }  # fmt: skip
        assert client.post(page, sent).status_code == 302
        own.refresh_from_db()
        assert own.verified_at is not None
        assert "13800001234" not in own.about and own.contact_phone.reveal() == "051265556666"
        client.post(page, sent | {"name": "改名公司", "city": HEFEI})
        own.refresh_from_db()
        assert (own.name, own.verified_at) == ("改名公司", None)
        assert Membership.objects.get(pk=people.alice.membership).city == HEFEI
        assert client.post(page, sent | {"kind": "office"}).status_code == 422
        for other in (people.bob, people.carol, people.suzhou, people.office):
            assert login(other).get(page).status_code == 404

    def test_contacts_are_masked_for_everyone_else(self, login: Login) -> None:
        people = cast()
        page = f"/parties/{people.alice.party}/"
        phone = Party.objects.get(pk=people.alice.party).contact_phone
        for who in (people.alice, people.suzhou, people.office):
            text = login(who).get(page).text
            assert phone.masked in text and phone.reveal() not in text
        assert login(people.bob).get(page).status_code == 404

    def test_the_office_enters_a_bureau(self, login: Login) -> None:
        people = cast()
        sent = {
            "credit_code": code_of(7),
            "name": "湖州市投资促进局",
            "kind": "bureau",
            "city": "330500",
        }
        assert login(people.suzhou).post("/parties/new/", sent).status_code == 404
        assert login(people.alice).get("/parties/new/").status_code == 404
        client = login(people.office)
        assert client.get("/parties/new/").status_code == 200
        answer = client.post("/parties/new/", sent)
        made = Party.objects.get(name="湖州市投资促进局")
        assert answer["Location"] == f"/parties/{made.pk}/members/"
        assert client.post("/parties/new/", sent).status_code == 422
        with pytest.raises(Forbidden):
            actions.found(people.suzhou, code_of(8), actions.Details("x", "bureau", SUZHOU))

    def test_a_corridor_begins_with_its_office(self) -> None:
        made = actions.found_office(
            name="走廊办", credit_code=code_of(1), city=SUZHOU, username="first", password=PASSWORD
        )
        assert (made.role, made.manager, made.party.kind) == ("office", True, "office")
        assert made.user.check_password(PASSWORD)
        with pytest.raises(Invalid) as refusal:
            actions.found_office(
                name="走廊办", credit_code="123", city="999999", username="x", password=PASSWORD
            )
        assert set(refusal.value.fields) == {"credit_code"}

    def test_an_unseen_party_is_missing(self) -> None:
        people = cast()
        with pytest.raises(Missing):
            Party.objects.one(people.bob, pk=people.alice.party)


class TestMe:
    """Oneself."""

    def test_contact_and_mails(self, login: Login) -> None:
        people = cast()
        client = login(people.alice)
        sent = {"name": "爱丽丝", "phone": "13912345678", "email": "a@example.cn"}
        assert client.post("/account/me/", sent).status_code == 302
        user = people.user("alice")
        assert (user.name, user.email.reveal(), user.mails) == ("爱丽丝", "a@example.cn", False)
        assert "a@example.cn" in client.get("/account/me/").text
        assert client.post("/account/me/", sent | {"email": "no"}).status_code == 422
        entry = AuditEntry.objects.get(verb="user.update")
        assert "13912345678" not in str(entry.diff)

    def test_the_language_switch_is_remembered_for_mails(self, login: Login) -> None:
        people = cast()
        client = login(people.alice)
        answer = client.post("/language/", {"language": "en", "next": "/account/me/"})
        assert answer["Location"] == "/account/me/"
        assert people.user("alice").language == "en"
        client.post("/language/", {"language": "xx", "next": "/"})
        assert people.user("alice").language == "en"
        assert Client().post("/language/", {"language": "en"}).status_code == 302


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
