"""What every app stands on: verbs, secrets, and the words said everywhere."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from cast import cast, listing
from django.db import connection
from django.utils import timezone, translation

from corridor.site.core import region, secret
from corridor.site.core.actor import PUBLIC, STAFF, Actor, Role
from corridor.site.core.errors import Forbidden, Invalid, Missing, NotNow
from corridor.site.core.lifecycle import Lifecycle, move
from corridor.site.core.logs import Masked
from corridor.site.core.models import AuditEntry, Membership, Party, User
from corridor.site.core.refs import ALPHABET, new_ref
from corridor.site.core.secret import Secret, blind_index, mask
from corridor.site.core.verbs import act, acted
from corridor.site.core.visibility import Visible


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
