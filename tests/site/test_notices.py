"""Notices: to whom it concerns, with the next thing to do, on the page and by mail."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from browsing import Login
from cast import SUZHOU, Cast, cast, credit_code, listing
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from corridor.site.core import actions, jobs, memberships
from corridor.site.core.actor import PUBLIC, Role
from corridor.site.core.errors import Missing
from corridor.site.core.models import Membership, MembershipRequest, Party, User
from corridor.site.notices import actions as told
from corridor.site.notices.actions import notify, to_bureau, to_office, to_party
from corridor.site.notices.kinds import KINDS, NoticeKind, kind
from corridor.site.notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def happened() -> NoticeKind:
    """A kind of notice for these tests."""
    KINDS.pop("test.happened", None)
    yield kind("test.happened", "“%(title)s”有新匹配。", "查看匹配")
    del KINDS["test.happened"]


def tell(people: Cast, happened: NoticeKind, to: Q, **params: str) -> int:
    return notify(to, happened, listing(people.alice), "/notices/", {"title": "厂房"} | params)


def send() -> dict[str, int]:
    """What the job of each minute does, and the sender it calls."""
    jobs.enqueue("notices.mail")
    for name in ("notices.mail", "notices.send"):
        run = jobs.claim(kinds=frozenset({name}))
        jobs.perform(run)
        run.job.refresh_from_db()
        assert run.job.state == "done", run.job.message
    return run.job.result


class TestWhom:
    """Who is told."""

    def test_everyone_of_a_party_a_bureau_the_office(self, happened: NoticeKind) -> None:
        people = cast()
        to = to_party(people.alice.party) | to_bureau(SUZHOU) | to_office()
        assert tell(people, happened, to) == 3
        heard = {notice.user.username for notice in Notice.objects.select_related("user")}
        assert heard == {"alice", "suzhou", "office"}

    def test_not_who_did_it_nor_who_has_left(self, happened: NoticeKind) -> None:
        people = cast()
        made = listing(people.alice)
        assert notify(to_party(people.alice.party), happened, made, "/", but=people.alice) == 0
        Membership.objects.filter(pk=people.alice.membership).update(ended_at=timezone.now())
        assert notify(to_party(people.alice.party), happened, made, "/") == 0
        User.objects.filter(pk=people.bob.user).update(is_active=False)
        assert notify(to_party(people.bob.party), happened, made, "/") == 0

    def test_once_however_many_roles_they_have(self, happened: NoticeKind) -> None:
        people = cast()
        office = Party.objects.get(pk=people.office.party)
        user = people.user("office")
        Membership.objects.create(user=user, party=office, role=Role.ANALYST, city=office.city)
        assert tell(people, happened, to_party(office.pk)) == 3  # office, judge, analyst

    def test_nobody_is_told_of_what_did_not_happen(self, happened: NoticeKind) -> None:
        people = cast()
        with pytest.raises(RuntimeError), transaction.atomic():
            tell(people, happened, to_office())
            raise RuntimeError
        assert not Notice.objects.exists()

    def test_a_kind_is_declared_once(self, happened: NoticeKind) -> None:
        with pytest.raises(ValueError, match="two kinds"):
            kind("test.happened", "x", "y")

    def test_seen_by_the_one_alone_and_in_that_role_alone(self, happened: NoticeKind) -> None:
        people = cast()
        tell(people, happened, to_party(people.alice.party))
        notice = Notice.objects.get()
        assert Notice.objects.one(people.alice, pk=notice.pk) == notice
        for other in (people.bob, people.suzhou, people.office, PUBLIC):
            with pytest.raises(Missing):
                told.read(other, notice.pk)


class TestCore:
    """What the core's verbs tell."""

    def heard(self, name: str) -> list[str]:
        return [
            f"{one.kind} {one.text} {one.next_action} {one.url}"
            for one in Notice.objects.filter(user__username=name).order_by("id")
        ]

    def test_the_way_of_someone_who_joins(self) -> None:
        people = cast()
        theirs = Party.objects.get(pk=people.alice.party)
        who = actions.Person("dan", "丹", "zoulang-2026-duijie")
        actions.join(
            theirs.credit_code, actions.Details("x", "enterprise", SUZHOU), who, agreed="同意"
        )
        page = f"/parties/{theirs.pk}/"
        asked = f"core.asked 丹 申请代表“{theirs.name}”。 批准或谢绝 {page}"
        assert self.heard("alice") == self.heard("suzhou") == [asked]
        assert self.heard("carol") == self.heard("hefei") == []
        memberships.approve(people.suzhou, MembershipRequest.objects.get())
        assert self.heard("dan") == [
            f"core.admitted 您现在可以代表“{theirs.name}”。 去工作台 /desk/"
        ]
        assert self.heard("alice")[1:] == [
            f"core.began 丹 现在代表“{theirs.name}”。 查看成员 {page}members/"
        ]

    def test_a_new_party_and_its_verification(self) -> None:
        people = cast()
        joined = actions.join(
            credit_code(1),
            actions.Details("新企业", "enterprise", SUZHOU),
            actions.Person("dan", "丹", "zoulang-2026-duijie"),
            agreed="同意",
        )
        assert [line.split()[0] for line in self.heard("suzhou")] == ["core.joined"]
        actions.party_verify(people.suzhou, joined.party)
        assert [line.split()[0] for line in self.heard("dan")] == ["core.verified"]

    def test_every_kind_has_words_and_a_next_thing_to_do(self) -> None:
        assert {"core.joined", "core.asked"} <= set(KINDS)
        for one in KINDS.values():
            assert str(one.text) and str(one.action), one.name


class TestPage:
    """The list of notices and the bell."""

    def test_unread_first_then_read(self, login: Login, happened: NoticeKind) -> None:
        people = cast()
        to = to_party(people.alice.party)
        for title in ("甲", "乙", "丙"):
            tell(people, happened, to, title=title)
        client = login(people.alice)
        assert '<b>3<span class="sr">' in client.get("/desk/").text
        middle = Notice.objects.get(params__title="乙")
        answer = client.post(f"/notices/{middle.pk}/")
        assert answer["Location"] == "/notices/"
        text = client.get("/notices/").text
        assert text.index("“丙”") < text.index("“甲”") < text.index("“乙”")
        assert '<b>2<span class="sr">' in text
        client.post(f"/notices/{middle.pk}/read/")
        client.post("/notices/read/")
        assert "未读" not in client.get("/notices/").text.split("<main")[1]
        assert not Notice.objects.filter(read_at=None).exists()

    def test_others_are_not_found(self, login: Login, happened: NoticeKind) -> None:
        people = cast()
        tell(people, happened, to_party(people.alice.party))
        notice = Notice.objects.get()
        for page in (f"/notices/{notice.pk}/", f"/notices/{notice.pk}/read/"):
            assert login(people.bob).post(page).status_code == 404
            assert login(people.alice).get(page).status_code == 405
            assert Client().post(page)["Location"].startswith("/account/login/")
        login(people.bob).post("/notices/read/")
        notice.refresh_from_db()
        assert notice.read_at is None

    def test_other_roles_of_the_same_person(self, login: Login, happened: NoticeKind) -> None:
        people = cast()
        bobs = Party.objects.get(pk=people.bob.party)
        other = actions.begin(people.bob, people.user("alice"), bobs, Role.MEMBER, manager=False)
        Notice.objects.all().delete()
        tell(people, happened, to_party(bobs.pk))
        client = login(people.alice)
        page = client.get("/notices/").text
        assert "合肥砺行研究院”还有 1 条未读" in page and "厂房" not in page
        client.post("/acting/", {"membership": other.pk})
        assert "厂房" in client.get("/notices/").text

    @pytest.mark.parametrize("count", [1, 3, 50])
    def test_queries_do_not_grow(self, login: Login, happened: NoticeKind, count: int) -> None:
        people = cast()
        for _ in range(count):
            tell(people, happened, to_party(people.alice.party))
        client = login(people.alice)
        client.get("/notices/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/notices/")
        assert len(queries) == 7

    def test_markup_is_shown_as_it_was_typed(self, login: Login, happened: NoticeKind) -> None:
        people = cast()
        tell(people, happened, to_party(people.alice.party), title="<script>alert(1)</script>")
        text = login(people.alice).get("/notices/").text
        assert "<script>alert" not in text and "&lt;script&gt;alert" in text

    def test_a_notice_of_long_ago_is_still_shown(self, login: Login) -> None:
        people = cast()
        Notice.objects.create(
            user_id=people.alice.user,
            party_id=people.alice.party,
            kind="core.asked",
            thing="x:1",
            url="/",
        )
        assert "… 申请代表“…”" in login(people.alice).get("/notices/").text


class TestMail:
    """The same by mail, for those who want it."""

    @pytest.fixture
    def people(self) -> Cast:
        people = cast()
        user = people.user("alice")
        user.email, user.mails = "alice@example.cn", True
        user.save()
        return people

    def test_one_each_with_the_address_of_the_next_thing(
        self, people: Cast, happened: NoticeKind
    ) -> None:
        tell(people, happened, to_party(people.alice.party), title="甲")
        tell(people, happened, to_party(people.alice.party), title="乙")
        tell(people, happened, to_party(people.bob.party))  # has no address
        assert send() == {"sent": 2, "failed": 0}
        first, _second = mail.outbox
        assert (first.to, first.subject) == (["alice@example.cn"], "“甲”有新匹配。")
        assert "查看匹配: http://127.0.0.1:8000/notices/" in first.body
        assert "http://127.0.0.1:8000/account/me/" in first.body
        assert send() == {"sent": 0, "failed": 0}

    def test_not_where_they_are_turned_off_or_read_or_old(
        self, people: Cast, happened: NoticeKind, login: Login
    ) -> None:
        to = to_party(people.alice.party)
        User.objects.filter(pk=people.alice.user).update(mails=False)
        tell(people, happened, to)
        assert send()["sent"] == 0
        User.objects.filter(pk=people.alice.user).update(mails=True)
        login(people.alice).post("/notices/read/")
        assert send()["sent"] == 0
        tell(people, happened, to)
        Notice.objects.update(created_at=timezone.now() - timedelta(days=2))
        assert send()["sent"] == 0
        tell(people, happened, to)
        Membership.objects.filter(pk=people.alice.membership).update(ended_at=timezone.now())
        assert send()["sent"] == 0

    def test_in_the_language_of_the_reader(self, people: Cast) -> None:
        User.objects.filter(pk=people.alice.user).update(language="en")
        own = Party.objects.get(pk=people.alice.party)
        actions.party_verify(people.suzhou, own)
        send()
        assert mail.outbox[0].subject == f"“{own.name}” has been verified."

    def test_no_line_breaks_and_no_contact_in_the_subject(
        self, people: Cast, happened: NoticeKind
    ) -> None:
        to = to_party(people.alice.party)
        tell(people, happened, to, title="甲\r\nBcc: evil@example.cn 13800001234")
        assert send() == {"sent": 1, "failed": 0}
        subject = mail.outbox[0].subject
        assert "\n" not in subject and "13800001234" not in subject
        assert mail.outbox[0].bcc == []

    def test_what_could_not_be_sent_is_sent_later_and_holds_up_no_other(
        self, people: Cast, happened: NoticeKind, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(self: EmailBackend, messages: list[mail.EmailMessage]) -> int:
            if any("甲" in message.subject for message in messages):
                raise OSError("mailbox full")
            return whole(self, messages)

        whole = EmailBackend.send_messages
        to = to_party(people.alice.party)
        tell(people, happened, to, title="甲")
        tell(people, happened, to, title="乙")
        with monkeypatch.context() as broken:
            broken.setattr(EmailBackend, "send_messages", refuse)
            assert send() == {"sent": 1, "failed": 1}
        assert send() == {"sent": 1, "failed": 0}
        assert [message.subject[1] for message in mail.outbox] == ["乙", "甲"]

    def test_a_server_that_is_away_is_not_asked_for_every_one(
        self, people: Cast, happened: NoticeKind, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(self: EmailBackend, messages: list[mail.EmailMessage]) -> int:
            raise OSError("connection refused")

        for _ in range(9):
            tell(people, happened, to_party(people.alice.party))
        monkeypatch.setattr(EmailBackend, "send_messages", away)
        assert send() == {"sent": 0, "failed": 5}

    def test_each_minute(self) -> None:
        assert jobs.KINDS["notices.mail"].every == timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_two_senders_do_not_send_twice(happened: NoticeKind) -> None:
    people = cast()
    User.objects.filter(pk=people.alice.user).update(mails=True)
    user = people.user("alice")
    user.email = "alice@example.cn"
    user.save()
    for _ in range(10):
        tell(people, happened, to_party(people.alice.party))
    jobs.enqueue("notices.send", "all")

    def work() -> None:
        for _ in range(3):
            jobs.enqueue("notices.send", "all")
            if (run := jobs.claim(kinds=frozenset({"notices.send"}))) is not None:
                jobs.perform(run)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mail.outbox) == 10
