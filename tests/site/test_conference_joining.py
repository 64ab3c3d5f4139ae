"""Taking part: by consent, with listings of one's own; what others learn of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cast import HEFEI, listing
from conferring import Fair, begin, of, published, solved  # noqa: F401 - a fixture
from django.utils import timezone

from corridor.site.conference import actions, joining, meetings, queries, venue
from corridor.site.conference.models import Conference, Meeting, Participant
from corridor.site.core.actor import PUBLIC
from corridor.site.core.errors import Forbidden, Invalid, NotNow
from corridor.site.core.models import Consent, Party
from corridor.site.listings.models import Listing, State

pytestmark = pytest.mark.django_db
S = Conference.State


def part(fair: Fair, name: str, **given: Any) -> joining.Part:
    return joining.Part([listing(fair.actor(name), **given)])


def test_registering_needs_consent_and_keeps_its_words() -> None:
    fair = begin(())
    with pytest.raises(Invalid):
        joining.register(fair.who.alice, fair.conference, part(fair, "alice"), agreed=False)
    assert not Participant.objects.exists() and not Consent.objects.exists()
    one = fair.join("alice", on_screen=True)
    kept = Consent.objects.filter(thing=f"conference:{fair.conference.ref}").order_by("id")
    assert [row.purpose for row in kept] == ["conference.join", "conference.screen"]
    assert kept[0].text == str(joining.TEXT) and kept[0].party_id == fair.who.alice.party
    assert one.number == 1 and len(one.code) > 20 and len(one.feed) > 30 and one.code != one.feed


def test_who_may_register() -> None:
    fair = begin(())
    for actor in (fair.who.suzhou, fair.who.office, fair.who.judge, PUBLIC):
        with pytest.raises(Forbidden):
            joining.register(actor, fair.conference, part(fair, "alice"), agreed=True)
    for given in (
        {"state": State.DRAFT},
        {"state": State.CLOSED},
        {"party_id": fair.who.bob.party},
    ):
        with pytest.raises(Invalid) as refused:
            joining.register(
                fair.who.alice, fair.conference, part(fair, "alice", **given), agreed=True
            )
        assert set(refused.value.fields) == {"listings"}
    with pytest.raises(Invalid):
        joining.register(fair.who.alice, fair.conference, joining.Part([]), agreed=True)
    for given in ({"language": "xx"}, {"most": 0}, {"away": [99]}):
        with pytest.raises(Invalid) as refused:
            fair.join("alice", **given)
        assert set(refused.value.fields) == set(given)
    assert not Participant.objects.exists()


def test_registering_is_possible_while_it_is_open() -> None:
    fair = begin(())
    for state in set(S) - {S.OPEN}:
        Conference.objects.update(state=state)
        with pytest.raises(NotNow):
            fair.join("alice")
    ago = timezone.now() - timedelta(minutes=1)
    Conference.objects.update(state=S.OPEN, registration_closes=ago)
    with pytest.raises(NotNow):
        fair.join("alice")


def test_a_party_takes_part_once() -> None:
    fair = begin(("alice",))
    with pytest.raises(NotNow):
        fair.join("alice")


def test_anonymous_listings_are_not_mixed_with_others() -> None:
    fair = begin(())
    both = [listing(fair.who.bob, anonymity="anonymous"), listing(fair.who.bob)]
    with pytest.raises(Invalid):
        joining.register(fair.who.bob, fair.conference, joining.Part(both), agreed=True)


def test_an_invitation_binds_nobody_until_it_is_taken_up() -> None:
    fair = begin(("alice",))
    bobs = Party.objects.get(pk=fair.who.bob.party)
    brought = listing(fair.who.bob, side="offer")
    for actor in (fair.who.suzhou, fair.who.carol, fair.who.bob):
        with pytest.raises(Forbidden):
            joining.invite(actor, fair.conference, bobs, [brought])
    one = joining.invite(fair.who.hefei, fair.conference, bobs, [brought])
    fair.brings["bob"] = brought
    assert one.state == "invited" and fair.told("bob") == ["invited"]
    assert not Consent.objects.filter(party=bobs).exists()
    with pytest.raises(NotNow):
        fair.ask("alice", "bob")
    assert [entry.listings for entry in queries.catalogue(fair.who.alice, fair.conference)] == []
    with pytest.raises(NotNow):
        joining.invite(fair.who.office, fair.conference, bobs, [brought])
    again = joining.register(fair.who.bob, fair.conference, joining.Part([brought]), agreed=True)
    assert again.pk == one.pk and again.state == "registered" and again.code == one.code
    assert Consent.objects.filter(party=bobs).count() == 1


def test_what_is_changed_until_it_is_planned(solved: None) -> None:  # noqa: F811
    fair = begin()
    asked = fair.agree("alice", "bob")
    venue.add_interpreter(fair.who.office, fair.conference, name="林", language="en")
    alice, brought = fair.parts["alice"], [fair.brings["alice"]]
    part = joining.Part(brought, "en", [1], 3)
    with pytest.raises(Forbidden):
        joining.change(fair.who.bob, alice, part)
    changed = joining.change(fair.who.alice, alice, part)
    assert (changed.language, changed.away, changed.most) == ("en", [1], 3)
    assert of(asked).language == "en"
    with pytest.raises(NotNow):  # a meeting is about the listing that would go
        other = [listing(fair.who.alice)]
        joining.change(fair.who.alice, alice, joining.Part(other))
    published(fair)
    with pytest.raises(NotNow):
        joining.change(fair.who.alice, alice, part)


def test_withdrawing_ends_the_meetings_and_tells_the_others(solved: None) -> None:  # noqa: F811
    fair = begin(("alice", "bob", "carol"))
    agreed, wanted = fair.agree("alice", "bob"), fair.ask("alice", "carol")
    published(fair)
    for actor in (fair.who.bob, fair.who.suzhou):
        with pytest.raises(Forbidden):
            joining.withdraw(actor, fair.parts["alice"])
    joining.withdraw(fair.who.alice, fair.parts["alice"])
    assert of(agreed).state == of(wanted).state == "cancelled"
    assert of(agreed).slot is None and not agreed.seats.exists()
    assert fair.told("bob") == ["asked", "planned", "changed"]
    assert fair.told("carol") == ["asked"]
    with pytest.raises(NotNow):
        joining.withdraw(fair.who.alice, fair.parts["alice"])


def test_who_withdrew_may_come_back_while_it_is_open() -> None:
    fair = begin()
    joining.withdraw(fair.who.office, fair.parts["alice"], reason="重复报名")
    with pytest.raises(NotNow):
        fair.ask("bob", "alice")
    again = fair.join("alice")
    assert again.pk == Participant.objects.get(party=fair.who.alice.party).pk


# --- what others learn ---


def test_the_catalogue_names_nobody_who_is_anonymous() -> None:
    fair = begin(("alice", "carol"))
    fair.guest("dora", anonymity="anonymous")
    fair.guest("erik", anonymity="corridor")
    hidden = Party.objects.get(pk=fair.guests["dora"].party)
    for name in ("alice", "carol", "erik", "suzhou"):
        seen = queries.catalogue(fair.actor(name), fair.conference)
        own = [entry for entry in seen if entry.anonymous]
        assert len(own) == 1 and own[0].name == hidden.outline, name
        assert hidden.name not in [entry.name for entry in seen]
    for name in ("hefei", "office"):  # her bureau and who runs it
        seen = queries.catalogue(fair.actor(name), fair.conference)
        assert hidden.name in [entry.name for entry in seen]
    for actor in (fair.who.bob, fair.who.judge, fair.who.analyst, PUBLIC):
        with pytest.raises(Forbidden):
            queries.catalogue(actor, fair.conference)


def test_the_catalogue_holds_only_what_may_be_seen() -> None:
    fair = begin(("alice", "bob"))
    fair.guest("dora", anonymity="named")
    shown = {row.ref for entry in queries.catalogue(fair.who.alice, fair.conference)
             for row in entry.listings}  # fmt: skip
    assert shown == {fair.brings["bob"].ref}
    Listing.objects.filter(party=fair.who.bob.party).update(state=State.CLOSED)
    assert queries.catalogue(fair.who.alice, fair.conference) == []


def test_a_meeting_shows_an_anonymous_name_only_once_accepted() -> None:
    fair = begin(("alice",))
    fair.guest("dora", anonymity="anonymous")
    dora = Party.objects.get(pk=fair.guests["dora"].party)
    asked = fair.ask("alice", "dora")
    (row,) = queries.asked(fair.who.alice, fair.conference)
    assert row.other == dora.outline
    meetings.accept(fair.guests["dora"], asked, agreed=True)
    (row,) = queries.waiting(fair.who.alice, fair.conference)
    assert row.other == dora.name


def test_who_sees_which_meetings_and_participants() -> None:
    fair = begin(("alice", "bob", "carol"))
    fair.ask("alice", "bob")
    counts = {"alice": 1, "bob": 1, "carol": 0, "suzhou": 1, "hefei": 1, "office": 1,
              "judge": 0, "analyst": 0}  # fmt: skip
    for name, count in counts.items():
        assert Meeting.objects.visible_to(getattr(fair.who, name)).count() == count, name
    counts |= {"carol": 1, "suzhou": 2, "office": 3}
    for name, count in counts.items():
        assert Participant.objects.visible_to(getattr(fair.who, name)).count() == count, name
    for model in (Meeting, Participant):
        assert not model.objects.visible_to(PUBLIC).exists()


def test_a_bureau_that_runs_one_sees_its_own_and_no_other() -> None:
    fair = begin()
    other = actions.create(
        fair.who.hefei, actions.Setup(title="合肥专场", city=HEFEI, venue="合肥")
    )
    assert set(Conference.objects.visible_to(fair.who.suzhou)) == {fair.conference}
    assert set(Conference.objects.visible_to(PUBLIC)) == {fair.conference}
    assert set(Conference.objects.visible_to(fair.who.hefei)) == {fair.conference, other}
    assert other not in Conference.objects.organised(fair.who.suzhou)


def test_the_screen_names_only_two_who_both_agreed(solved: None) -> None:  # noqa: F811
    fair = begin(())
    fair.join("alice", on_screen=True)
    fair.guest("dora", on_screen=True)
    fair.guest("erik")
    fair.guest("frida", on_screen=True, anonymity="anonymous")
    shown = fair.agree("alice", "dora")
    for name in ("erik", "frida"):
        fair.agree("alice", name)
    published(fair)
    seen = {}
    for number in range(1, 4):
        slot = fair.slot(number)
        start = timezone.now() - timedelta(minutes=1)
        type(slot).objects.filter(pk=slot.pk).update(start=start)
        for row in queries.screen(fair.conference):
            seen[row.slot.number] = row.names
    assert sorted(map(bool, seen.values())) == [False, False, True]
    assert seen[of(shown).slot.number][0].startswith("苏州")
