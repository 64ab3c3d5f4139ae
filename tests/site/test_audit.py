"""The audit: written with what it reports, never changed, and its chain tells who tried."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator

import psycopg
import pytest
from cast import Cast, cast, listing
from django.conf import settings
from django.db import IntegrityError, InternalError, connection, connections, models, transaction

from corridor.site.core import audit, contacts, doctor, jobs
from corridor.site.core.actor import SYSTEM
from corridor.site.core.errors import Forbidden
from corridor.site.core.models import AuditEntry, Consent, Party, Reveal, User
from corridor.site.core.secret import Secret
from corridor.site.core.verbs import act

Database = Callable[[str], None]


def entries(people: Cast, count: int) -> None:
    """So many, one verb each."""
    own = Party.objects.get(pk=people.alice.party)
    for number in range(count):
        with act(people.alice, "party.update", own, reason=f"第 {number} 次") as it:
            it.thing.about = str(number)
            it.thing.save()


@pytest.fixture
def edit(transactional_db: None) -> Iterator[Database]:
    """Changes the database behind the site's back, triggers lifted, as someone with the file can."""

    def edited(statement: str) -> None:
        if connection.vendor == "sqlite":
            with sqlite3.connect(connection.settings_dict["NAME"]) as file:
                for (trigger,) in found:
                    file.execute(f"DROP TRIGGER IF EXISTS {trigger}")
                file.execute(statement)
            file.close()
        else:
            with psycopg.connect(
                connection.get_connection_params().get("dsn", ""), **where
            ) as there:
                there.execute("SET session_replication_role = replica")
                there.execute(statement)

    where, found = {}, []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE name LIKE '%append_only%'")
            made = cursor.fetchall()
        found = [(name,) for name, _ in made]
        yield edited
        with connection.cursor() as cursor:
            for name, sql in made:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(sql)
    else:
        here = connection.settings_dict
        where = {
            "host": here["HOST"], "port": here["PORT"], "dbname": here["NAME"],
            "user": here["USER"], "password": here["PASSWORD"],
        }  # fmt: skip
        yield edited


@pytest.mark.django_db
class TestWritten:
    """What an entry says, and that it stands or falls with what it reports."""

    def test_who_what_to_which_thing_and_why(self) -> None:
        people = cast()
        entries(people, 1)
        entry = AuditEntry.objects.get()
        assert (entry.id, entry.verb, entry.thing) == (
            1,
            "party.update",
            f"party:{people.alice.party}",
        )
        assert (entry.user, entry.party, entry.role) == (
            people.alice.user,
            people.alice.party,
            "member",
        )
        assert (entry.city, entry.reason, entry.previous) == ("320500", "第 0 次", audit.START)

    def test_only_audited_fields_and_only_what_changed(self) -> None:
        people = cast()
        own = Party.objects.get(pk=people.alice.party)
        with act(people.alice, "party.update", own) as it:
            it.thing.name, it.thing.contact_phone = "新名称", "13900001111"
            it.thing.save()
            it.diff["note"] = "另附"
        assert AuditEntry.objects.get().diff == {"name": [own.name, "新名称"], "note": "另附"}

    def test_what_is_new_starts_from_nothing(self) -> None:
        people = cast()
        made = listing(people.alice, title="求租厂房")
        made.pk = None
        made.ref = "LNEW"
        with act(people.alice, "listing.create", made) as it:
            it.thing.save()
        diff = AuditEntry.objects.get().diff
        assert diff["title"] == [None, "求租厂房"]
        assert "13800001234" not in str(diff)

    def test_nothing_where_nothing_happened(self) -> None:
        people = cast()
        own = Party.objects.get(pk=people.alice.party)
        with pytest.raises(RuntimeError), act(people.alice, "party.update", own) as it:
            it.thing.name = "新名称"
            it.thing.save()
            raise RuntimeError
        own.refresh_from_db()
        assert own.name != "新名称" and not AuditEntry.objects.exists()

    def test_no_contact_data_even_in_a_reason(self) -> None:
        people = cast()
        own = Party.objects.get(pk=people.alice.party)
        with act(people.alice, "party.update", own, reason="来电 13800001234 说明\0"):
            pass
        assert AuditEntry.objects.get().reason == "来电 138****1234 说明"

    def test_outside_of_a_transaction_it_is_refused(self, monkeypatch) -> None:
        monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
        with pytest.raises(RuntimeError, match="transaction"):
            audit.record(SYSTEM, "x", None)

    @pytest.mark.parametrize(
        "value",
        [
            1.0,
            1e22,
            1e-7,
            0.1,
            -0.0,
            float("inf"),
            float("nan"),
            10**30,
            "é\u0000",
            {"b": 1, "a": [1.5]},
        ],
    )
    def test_what_is_read_again_is_what_was_sealed(self, value: object) -> None:
        with transaction.atomic():
            audit.record(SYSTEM, "x", None, diff={"value": value})
        assert list(audit.faults()) == []

    def test_seen_by_who_did_it_and_the_office(self) -> None:
        people = cast()
        entries(people, 2)
        seen = {
            name: AuditEntry.objects.visible_to(getattr(people, name)).count()
            for name in ("alice", "bob", "carol", "suzhou", "office", "judge")
        }
        assert seen == {"alice": 2, "bob": 0, "carol": 0, "suzhou": 0, "office": 2, "judge": 0}

    def test_revealing_a_contact_is_on_record_and_its_owner_sees_it(self) -> None:
        people = cast()
        made = listing(people.alice)
        shown = contacts.reveal(
            people.suzhou,
            made,
            {"phone": Secret("13800001234")},
            people.alice.party,
            "核实 13911112222",
        )
        assert shown == {"phone": "13800001234"}
        row = Reveal.objects.visible_to(people.alice).get()
        assert (row.party_id, row.purpose) == (people.suzhou.party, "核实 139****2222")
        assert not Reveal.objects.visible_to(people.bob).exists()
        assert AuditEntry.objects.get().verb == "contact.reveal"


@pytest.mark.django_db
class TestAppendOnly:
    """The database itself refuses to change what is written once."""

    REFUSED = (IntegrityError, InternalError, Exception)

    def rows(self) -> list[models.Model]:
        people = cast()
        entries(people, 1)
        common = {"user_id": people.alice.user, "party_id": people.alice.party, "thing": "x:1"}
        return [
            AuditEntry.objects.get(),
            Consent.objects.create(purpose="join", text="同意", channel="web", **common),
            Reveal.objects.create(owner_id=people.bob.party, purpose="核实", **common),
        ]

    def test_no_update_and_no_deletion(self) -> None:
        for row in self.rows():
            everything = type(row)._base_manager.all()
            for change in (
                row.save,
                row.delete,
                everything.delete,
                lambda rows=everything: rows.update(thing="y:2"),
            ):
                with pytest.raises(Exception, match="append-only"), transaction.atomic():
                    change()
            assert everything.get().thing == row.thing

    def test_nor_emptying_the_table(self) -> None:
        self.rows()
        for table in doctor.APPEND_ONLY:
            command = "TRUNCATE" if connection.vendor == "postgresql" else "DELETE FROM"
            with (
                pytest.raises(Exception, match="append-only"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(f"{command} {table}")

    def test_a_person_and_a_party_can_still_be_erased(self) -> None:
        audit_entry, consent, reveal = self.rows()
        user, party = consent.user_id, consent.party_id
        User.objects.filter(pk=user).delete()
        Party.objects.filter(pk=party).delete()
        for row, field in ((audit_entry, "user"), (consent, "user_id"), (reveal, "user_id")):
            row.refresh_from_db()
            assert getattr(row, field) == user


class TestTampering:
    """Someone edits the database itself: the doctor names the entry."""

    @pytest.mark.parametrize(
        ("statement", "named"),
        [
            ("UPDATE core_auditentry SET reason = '无' WHERE id = 3", ["3"]),
            ('UPDATE core_auditentry SET "user" = 999 WHERE id = 3', ["3"]),
            ("UPDATE core_auditentry SET diff = '{\"a\": 1}' WHERE id = 3", ["3"]),
            ("UPDATE core_auditentry SET at = '2020-01-01 00:00:00+00:00' WHERE id = 1", ["1"]),
            ("UPDATE core_auditentry SET seal = 'x' WHERE id = 3", ["3", "4"]),
            ("DELETE FROM core_auditentry WHERE id = 3", ["3–3"]),
            ("DELETE FROM core_auditentry WHERE id < 4", ["1–3"]),
            ("DELETE FROM core_auditentry WHERE id > 3", ["5"]),
            (
                'INSERT INTO core_auditentry SELECT 6, at, "user", party, role, verb, thing, city, diff,'
                " reason, request, previous, 'forged' FROM core_auditentry WHERE id = 5",
                ["6"],
            ),
        ],
    )
    def test_the_entry_is_named(self, edit: Database, statement: str, named: list[str]) -> None:
        people = cast()
        entries(people, 5)
        jobs.enqueue("core.tidy")
        jobs.perform(jobs.claim(kinds=frozenset({"core.tidy"})))
        assert doctor._audit().well
        edit(statement)
        finding = doctor._audit()
        assert not finding.well
        assert finding.what.en.endswith(f"at entry {', '.join(named)}")

    def test_sealing_anew_does_not_help(self, edit: Database) -> None:
        people = cast()
        entries(people, 5)
        forged = AuditEntry.objects.get(id=3)
        forged.reason = "无"
        edit(
            f"UPDATE core_auditentry SET reason = '无', seal = '{audit.sealed(forged)}' WHERE id = 3"
        )
        assert list(audit.faults()) == ["4"]

    def test_lifted_triggers_are_found(self, edit: Database) -> None:
        cast()
        assert doctor._triggers().well
        if connection.vendor == "postgresql":
            edit("ALTER TABLE core_consent DISABLE TRIGGER core_consent_append_only")
            assert doctor._triggers().what.en.endswith("gone: core_consent")
            edit("ALTER TABLE core_consent ENABLE TRIGGER core_consent_append_only")
        else:
            edit("SELECT 1")
            assert not doctor._triggers().well


@pytest.mark.django_db(transaction=True)
class TestTogether:
    """Writers at once: one chain."""

    def test_no_forks(self) -> None:
        people = cast()
        actors, errors = [people.alice, people.bob, people.suzhou, people.office] * 2, []

        def write(number: int) -> None:
            try:
                actor = actors[number]
                own = Party.objects.get(pk=actor.party)
                for step in range(8):
                    with act(actor, "party.update", own, reason=f"{number}.{step}") as it:
                        it.thing.about = str(step)
                        it.thing.save()
            except Exception as error:
                errors.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert list(AuditEntry.objects.values_list("id", flat=True)) == list(range(1, 65))
        assert list(audit.faults()) == []

    def test_a_role_lost_in_mid_action(self) -> None:
        """Whoever ends a membership waits for the verb under way, or the verb finds it ended."""
        people = cast()
        own = Party.objects.get(pk=people.alice.party)
        entered, ended = threading.Event(), []

        def end() -> None:
            entered.wait()
            from corridor.site.core.models import Membership

            Membership.objects.filter(pk=people.alice.membership).update(
                ended_at="2026-01-01T00:00Z"
            )
            ended.append(AuditEntry.objects.count())
            connections.close_all()

        thread = threading.Thread(target=end)
        thread.start()
        with act(people.alice, "party.update", own):
            entered.set()
        thread.join()
        assert ended == [1]
        with pytest.raises(Forbidden, match="收回"), act(people.alice, "party.update", own):
            raise AssertionError
        assert AuditEntry.objects.count() == 1


def test_the_key_is_not_in_the_database() -> None:
    assert settings.SECRET_KEY not in str(settings.DATABASES)
