"""What every app stands on: verbs, forms sent once, secrets, refusals, the doctor."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cast import cast, listing
from django.contrib.messages.storage.base import BaseStorage
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, connections
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from corridor.site.core import doctor, once, region, secret, uploads
from corridor.site.core.actor import PUBLIC, STAFF, Actor, Role
from corridor.site.core.errors import Forbidden, Invalid, Missing, NotNow
from corridor.site.core.lifecycle import Lifecycle, move
from corridor.site.core.logs import Masked
from corridor.site.core.models import (
    AuditEntry,
    Job,
    Membership,
    OnceToken,
    Party,
    RateBucket,
    User,
)
from corridor.site.core.refs import ALPHABET, new_ref
from corridor.site.core.secret import Secret, blind_index, mask
from corridor.site.core.verbs import act, acted
from corridor.site.core.visibility import Visible

Login = Callable[[Actor], Client]


@pytest.mark.django_db
class TestVerbs:
    """One transaction, a fresh role, a locked and fresh row, an entry in the audit."""

    def test_works_on_the_row_as_it_is_now(self) -> None:
        people = cast()
        stale = Party.objects.get(pk=people.alice.party)
        Party.objects.filter(pk=stale.pk).update(about="新")
        with act(people.alice, "party.update", stale) as it:
            assert (it.thing.about, stale.about) == ("新", "")

    def test_and_as_the_actor_is_now(self) -> None:
        people = cast()
        Membership.objects.filter(pk=people.alice.membership).update(manager=False)
        with act(people.alice, "party.update", Party.objects.get(pk=people.alice.party)) as it:
            assert people.alice.manager and not it.actor.manager

    @pytest.mark.parametrize(
        "lost",
        [
            lambda actor: Membership.objects.filter(pk=actor.membership).update(
                ended_at=timezone.now()
            ),
            lambda actor: Membership.objects.filter(pk=actor.membership).update(role="member"),
            lambda actor: Membership.objects.filter(pk=actor.membership).delete(),
            lambda actor: User.objects.filter(pk=actor.user).update(is_active=False),
        ],
    )
    def test_who_lost_the_role_does_nothing(self, lost: Callable[[Actor], Any]) -> None:
        people = cast()
        thing = Party.objects.get(pk=people.alice.party)
        lost(people.suzhou)
        with pytest.raises(Forbidden), act(people.suzhou, "party.verify", thing):
            raise AssertionError
        assert not AuditEntry.objects.exists()

    def test_what_is_gone_is_missing(self) -> None:
        people = cast()
        thing = listing(people.alice)
        gone = type(thing).objects.get(pk=thing.pk)
        thing.delete()
        with pytest.raises(Missing), act(people.alice, "listing.update", gone):
            raise AssertionError

    def test_is_announced_to_the_apps_above(self) -> None:
        def hear(**said: Any) -> None:
            heard.append((said["verb"], said["actor"].name, said["thing"].pk, said["reason"]))

        heard: list[Any] = []
        people = cast()
        acted.connect(hear)
        try:
            with act(
                people.alice, "party.update", Party.objects.get(pk=people.alice.party), reason="因"
            ):
                pass
        finally:
            acted.disconnect(hear)
        assert heard == [("party.update", "Alice", people.alice.party, "因")]

    def test_the_table_of_moves(self) -> None:
        people = cast()
        cycle = Lifecycle(
            move("publish", ["draft"], "published", lambda actor, _: actor.role is Role.OFFICE),
            move("hide", ["published"], "hidden", lambda actor, _: actor.is_staff, reason=True),
        )
        thing = listing(people.alice, state="draft")
        with pytest.raises(Forbidden):
            cycle.move(people.alice, thing, "publish")
        with pytest.raises(NotNow, match="草稿"):
            cycle.move(people.office, thing, "hide", "原因")
        assert cycle.open_to(people.office, thing) == ["publish"]
        cycle.move(people.office, thing, "publish")
        with pytest.raises(Invalid) as refusal:
            cycle.move(people.office, thing, "hide", "  ")
        assert set(refusal.value.fields) == {"reason"}
        cycle.move(people.office, thing, "hide", "原因")
        assert thing.state == "hidden"


class Told(BaseStorage):
    """Messages kept in a list."""

    def __init__(self, request: Any) -> None:
        super().__init__(request)
        self.said: list[str] = []

    def add(self, level: int, message: str, extra_tags: str = "") -> None:
        self.said.append(str(message))


def form(user: User | None = None, path: str = "/x/", token: str = "t", **typed: str) -> Any:
    """A request that sends a form."""
    request = RequestFactory().post(path, {"once": token, **typed})
    request.user = user or User()
    request.session = SessionStore()
    request._messages = Told(request)
    return request


def send(request: Any, do: Callable[[], str]) -> str:
    with once.claim(request) as sent:
        if not sent.url:
            sent.url = do()
    return sent.url


@pytest.mark.django_db
class TestOnce:
    """A form is sent once."""

    @pytest.fixture
    def do(self) -> Iterator[Callable[[], str]]:
        """Does something each time it is called, and leads to a page of its own."""

        def done() -> str:
            RateBucket.objects.create(key=str(len(done.times)), opened_at=timezone.now())
            done.times.append(1)
            return f"/made/{len(done.times)}/"

        done.times = []
        yield done

    def test_the_second_leads_where_the_first_did(self, do: Any) -> None:
        assert [send(form(title="a"), do) for _ in range(3)] == ["/made/1/"] * 3
        assert RateBucket.objects.count() == 1

    def test_another_token_person_or_form_is_another(self, do: Any) -> None:
        people = cast()
        alice, bob = people.user("alice"), people.user("bob")
        requests = [
            form(), form(token="u"), form(path="/y/"), form(alice), form(bob), form(bob, token="u"),
        ]  # fmt: skip
        assert len({send(request, do) for request in requests}) == 6

    def test_without_a_token_nothing_is_guarded(self, do: Any) -> None:
        assert send(form(token=""), do) != send(form(token=""), do)

    def test_who_changed_the_form_meanwhile_is_told(self, do: Any) -> None:
        send(form(title="a"), do)
        same, changed = form(title="a"), form(title="b")
        assert send(same, do) == send(changed, do) == "/made/1/"
        assert same._messages.said == []
        assert changed._messages.said == ["这份表单已经提交过，后来的修改没有保存。"]

    def test_a_refusal_frees_the_token(self, do: Any) -> None:
        def refuse() -> str:
            do()
            raise Invalid("no")

        with pytest.raises(Invalid):
            send(form(), refuse)
        assert not RateBucket.objects.exists() and not OnceToken.objects.exists()
        assert send(form(), lambda: "") == ""
        assert not OnceToken.objects.exists()
        assert send(form(), do) == "/made/2/"

    def test_what_is_kept_says_nothing(self, do: Any) -> None:
        send(form(phone="13800001234", token="secret-token"), do)
        row = OnceToken.objects.get()
        assert "secret-token" not in row.key and "138" not in row.content[:3] + row.url

    def test_forgotten_after_a_day(self, do: Any) -> None:
        send(form(), do)
        assert once.tidy() == 0
        OnceToken.objects.update(at=timezone.now() - timedelta(hours=25))
        assert once.tidy() == 1
        assert send(form(), do) == "/made/2/"


@pytest.mark.django_db(transaction=True)
def test_of_forms_sent_at_once_one_counts() -> None:
    gate, urls = threading.Barrier(8), []

    def tap(number: int) -> None:
        try:
            gate.wait()
            with once.claim(form(title="a")) as sent:
                if not sent.url:
                    RateBucket.objects.create(key=f"made-{number}", opened_at=timezone.now())
                    sent.url = f"/made/{number}/"
            urls.append(sent.url)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tap, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(urls) == 8 and len(set(urls)) == 1
    assert RateBucket.objects.count() == 1


class TestSecret:
    """Contact data is masked wherever it is printed, and unreadable in the database."""

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("13800001234", "138****1234"),
            ("+86 138 0000 1234", "861****1234"),
            ("0512-65556666", "051****6666"),
            ("65556666", "****66"),
            ("li@example.cn", "l***@example.cn"),
            ("王小明", "王**"),
            ("", ""),
        ],
    )
    def test_masks(self, text: str, shown: str) -> None:
        assert mask(text) == Secret(text).masked == str(Secret(text)) == f"{Secret(text)}" == shown
        assert text == "" or text not in repr(Secret(text))

    @pytest.mark.django_db
    def test_encrypted_at_rest(self) -> None:
        people = cast()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT contact_phone FROM core_party WHERE id = %s", [people.alice.party]
            )
            (stored,) = cursor.fetchone()
        phone = Party.objects.get(pk=people.alice.party).contact_phone
        assert phone.reveal() not in stored and stored.startswith("gAAAA")

    def test_masked_before_it_is_saved_too(self) -> None:
        fresh = Party(contact_phone="13800001234")
        assert str(fresh.contact_phone) == "138****1234"
        fresh.contact_phone = None
        assert not fresh.contact_phone

    def test_another_key_reads_nothing(self, settings: Any) -> None:
        kept = secret.encrypt("13800001234")
        settings.SECRET_KEY = "another"
        with pytest.raises(ValueError, match="not the key"):
            secret.decrypt(kept)

    def test_the_same_number_has_the_same_index(self) -> None:
        written = ("13800001234", "138 0000 1234", "+86-138-0000-1234", "(138)00001234")
        assert len({blind_index(text) for text in written}) == 1
        assert blind_index("A@B.cn ") == blind_index("a@b.cn")
        assert blind_index("13800001234") != blind_index("13800001235")

    def test_logs_hold_none(self) -> None:
        try:
            raise ValueError("call 13800001234")
        except ValueError as error:
            record = logging.LogRecord(
                "x", logging.ERROR, "", 0, "to %s", ("li@example.cn",), (type(error), error, None)
            )
        line = Masked().format(record)
        assert "13800001234" not in line and "li@example.cn" not in line
        assert "ValueError: call 138" in line


class TestWords:
    """References, actors, places."""

    def test_references(self) -> None:
        made = {new_ref("L") for _ in range(500)}
        assert len(made) == 500
        assert all(len(ref) == 9 and set(ref[1:]) <= set(ALPHABET) for ref in made)

    def test_who_is_staff(self) -> None:
        assert frozenset(role for role in Role if Actor(role=role).is_staff) == STAFF
        assert PUBLIC.is_anonymous and not PUBLIC.is_staff

    def test_places_in_both_languages(self) -> None:
        assert region.city_name("320500") == "苏州"
        assert region.city_name("") == ""
        with translation.override("en"):
            assert region.city_name("320500") == "Suzhou"
            assert ("340100", "Hefei") in region.city_choices()

    def test_every_model_says_who_may_see_it(self) -> None:
        with pytest.raises(NotImplementedError, match="Party"):
            Visible(Party).visible_to(PUBLIC)

    @pytest.mark.django_db
    @pytest.mark.parametrize("at", [0, -1, 2**70, "x", "", None, "1; DROP TABLE", "\0"])
    def test_what_cannot_be_is_missing(self, at: object) -> None:
        people = cast()
        with pytest.raises(Missing):
            Party.objects.one(people.office, pk=at)


@pytest.mark.django_db
class TestRefusals:
    """Every refusal is a page that says what was wrong."""

    def test_pages(self, login: Login) -> None:
        client = login(cast().alice)
        assert client.get("/no/such/page/").status_code == 404
        assert "没有找到" in client.get("/files/none/").text
        assert client.get("/acting/").status_code == 405
        assert client.get(f"/parties/{10**30}/").status_code == 404
        for page in ("x", "-1", "99999"):
            assert client.get(f"/parties/?page={page}").status_code == 200
        assert client.get("/parties/?q=%00").status_code == 400
        assert client.post("/account/me/", {"name": "a\0b"}).status_code == 400

    def test_a_page_left_open_too_long(self) -> None:
        client = Client(enforce_csrf_checks=True)
        answer = client.post("/account/login/", {"login": "x", "password": "y"})
        assert answer.status_code == 400 and "页面已过期" in answer.text

    def test_another_host(self) -> None:
        answer = Client().get("/account/login/", headers={"Host": "evil.example"})
        assert answer.status_code == 400 and "evil" not in answer.text

    def test_headers_of_every_page(self) -> None:
        for path in ("/account/login/", "/no/such/page/", "/join/"):
            answer = Client().get(path)
            policy = answer["Content-Security-Policy"]
            assert "default-src 'none'" in policy and "unsafe" not in policy
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert answer["X-Frame-Options"] == "DENY"
            assert answer["Referrer-Policy"] == "same-origin"
            assert "style=" not in answer.text and " onclick" not in answer.text

    def test_two_who_wait_for_each_other(
        self, login: Login, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from django.db import OperationalError

        from corridor.site.core import views

        def stuck(*_: object) -> None:
            raise OperationalError("database is locked")

        people = cast()
        monkeypatch.setattr(views.jobs, "cancel", stuck)
        answer = login(people.alice).post("/jobs/1/cancel/")
        assert answer.status_code == 409 and "再试一次" in answer.text

    def test_back_only_to_this_site(self) -> None:
        client = Client()
        for wanted, leads in (
            ("/join/?a=1", "/join/?a=1"),
            ("https://evil.example/", "/"),
            ("//evil.example/", "/"),
            ("javascript:alert(1)", "/"),
            ("\\\\evil.example", "/"),
            ("", "/"),
        ):
            answer = client.post("/text-size/", {"size": "large", "next": wanted})
            assert answer["Location"] == leads

    def test_the_pages_speak_english_too(self, login: Login) -> None:
        people = cast()
        client = login(people.alice)
        client.post("/language/", {"language": "en", "next": "/"})
        for path in ("/account/me/", "/members/", "/notices/", "/join/", "/account/factor/"):
            main = client.get(path).text.split("<main")[1].split("</main>")[0]
            for name in ("苏州澄源精密有限公司",):
                main = main.replace(name, "")
            assert not [char for char in main if "\u4e00" <= char <= "\u9fff"], path


@pytest.mark.django_db
class TestDoctor:
    """Each thing that may be amiss is found and named."""

    def amiss(self) -> list[str]:
        return [finding.what.en for finding in doctor.findings() if not finding.well]

    def test_a_sound_house(self) -> None:
        people = cast()
        uploads.keep(people.alice, "a.csv", "csv", b"a,b\n")
        with act(people.alice, "party.update", Party.objects.get(pk=people.alice.party)):
            pass
        found = list(doctor.findings())
        assert self.amiss() == []
        assert len(found) == 9
        assert all(finding.what.zh and finding.what.en for finding in found)

    def test_a_schema_that_is_not_current(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'notices'")
        assert len(list(doctor.findings())) == 1
        assert "not current" in self.amiss()[0]

    def test_files_missing_or_changed(self) -> None:
        people = cast()
        for name in ("gone.csv", "changed.csv"):
            kept = uploads.keep(people.alice, name, "csv", b"a,b\n")
            path = uploads.path_of(kept.key)
            path.unlink() if name == "gone.csv" else path.write_bytes(b"x")
        assert self.amiss() == ["2 uploads missing or changed: gone.csv, changed.csv"]

    def test_another_secret_key(self, settings: Any) -> None:
        cast()
        settings.SECRET_KEY = "another"
        assert "not the one" in self.amiss()[0]

    def test_a_secret_key_others_can_read(self, settings: Any) -> None:
        key = Path(settings.DATA) / "secret.key"
        key.chmod(0o644)
        try:
            assert "0600" in self.amiss()[0]
        finally:
            key.chmod(0o600)

    def test_jobs_that_failed(self) -> None:
        now = timezone.now()
        Job.objects.create(kind="x", key="a", not_before=now, state=Job.State.FAILED)
        Job.objects.create(kind="x", key="b", not_before=now - timedelta(hours=1))
        assert self.amiss() == ["jobs: 1 queued, 1 failed, 1 waiting over 10 min (is a worker up?)"]

    def test_a_clock_that_went_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        people = cast()
        with act(people.alice, "party.update", Party.objects.get(pk=people.alice.party)):
            pass
        earlier = timezone.now() - timedelta(hours=3)
        monkeypatch.setattr(timezone, "now", lambda: earlier)
        assert self.amiss() == ["the clock went back: an entry is 3.0 h ahead of it"]

    def test_a_city_table_that_cannot_be_read(self, settings: Any, tmp_path: Path) -> None:
        settings.CORRIDOR_FILE = tmp_path / "none.toml"
        region.corridor.cache_clear()
        try:
            assert self.amiss()[0].startswith("the city table: ")
        finally:
            region.corridor.cache_clear()

    @pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a file is damaged")
    def test_a_damaged_database(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Damaged:
            def __enter__(self) -> Any:
                return self

            def __exit__(self, *_: object) -> None: ...

            def execute(self, statement: str) -> Any:
                self.said = "row 3 missing from index" if "check" in statement else "delete"
                return self

            def fetchone(self) -> tuple[str]:
                return (self.said,)

        monkeypatch.setattr(doctor.connection, "cursor", Damaged)
        finding = doctor._database()
        assert not finding.well and "row 3 missing" in finding.what.en
