"""Joining: a party registers through the public form."""

from __future__ import annotations

import re

import pytest
from accounts import PASSWORD, form
from browsing import Login
from cast import SUZHOU, cast, credit_code
from django.test import Client

from corridor.site.core import limits
from corridor.site.core.limits import Limit
from corridor.site.core.models import (
    AuditEntry,
    Consent,
    Membership,
    MembershipRequest,
    Party,
    User,
)

pytestmark = pytest.mark.django_db


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
            ("credit_code", credit_code(1)[:-1] + "0", "校验位不符"),
            ("credit_code", "I" + credit_code(1)[1:], "不会出现在代码中"),
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
        typed = credit_code(1).lower()
        client.post("/join/", form(credit_code=f" {typed[:8]} {typed[8:]}　"))
        assert Party.objects.get().credit_code == credit_code(1)

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
        other = form(credit_code=credit_code(2), username="other")
        assert Client().post("/join/", other).status_code == 429
        assert Party.objects.count() == 1

    def test_the_form_shows_no_secret_again(self, client: Client) -> None:
        answer = client.post("/join/", form(city=""))
        assert PASSWORD not in answer.text
