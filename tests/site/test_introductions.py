"""Introductions: asked, answered, talked over; who gets whose contact, and what came of it."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from cast import HEFEI, Cast, cast, listing, member, party
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.site.core import verbs
from corridor.site.core.actor import PUBLIC, SYSTEM, Actor, Role
from corridor.site.core.errors import Forbidden, Invalid, Missing, NotNow, Refused, TooOften
from corridor.site.core.limits import Limit
from corridor.site.core.models import AuditEntry, Consent, Membership, Party, Reveal
from corridor.site.docking import actions, clock, release
from corridor.site.docking.lifecycle import INTRODUCTION
from corridor.site.docking.models import Introduction, Message, Outcome
from corridor.site.docking.models import State as S
from corridor.site.listings.models import Listing, ListingNamed, State
from corridor.site.notices.models import Notice

pytestmark = pytest.mark.django_db

Login = Callable[[Actor], Client]

ALICES, BOBS, TYPED = "13800001111", "13800002222", "13911112222"
#: The numbers of this file and of the cast; pages hold random digits too.
PHONE = re.compile(r"(?:1380000|1391234|1391111)\d{4}")


@dataclass
class Scene:
    """Alice needs what Bob offers; she has asked him where ``one`` is set."""

    who: Cast
    need: Listing
    offer: Listing
    one: Introduction


def begin(who: Cast | None = None, **offered: Any) -> Scene:
    who = who or cast()
    need = listing(who.alice, contact_phone=ALICES)
    given = {"side": "offer", "title": "出租单层厂房", "contact_phone": BOBS} | offered
    offer = listing(who.bob, **given)
    return Scene(who, need, offer, ask(who.alice, offer, need))


def ask(actor: Actor, target: Listing, own: Listing | None = None, **said: Any) -> Introduction:
    given = {"cooperation": "lease", "question": f"能否看场地？电话{TYPED}", "agreed": True} | said
    return actions.ask(actor, target, own=own, **given)


@pytest.fixture
def scene() -> Scene:
    return begin()


def state_of(one: Introduction) -> str:
    return Introduction.objects.get(pk=one.pk).state


def told(actor: Actor) -> list[str]:
    return list(Notice.objects.visible_to(actor).order_by("id").values_list("kind", flat=True))


# --- asking ---


def test_one_id_carries_from_the_need_and_contacts_in_the_question_are_hidden(scene: Scene) -> None:
    one = scene.one
    assert one.ref == f"{scene.need.ref}-01"
    assert (one.need, one.offer, one.target) == (scene.need, scene.offer, scene.offer)
    assert (one.state, one.own) == (S.ASKED, scene.need)
    assert one.expires_at - one.created_at == timedelta(days=14)
    assert TYPED not in one.question
    assert told(scene.who.bob) == ["docking.asked"] and told(scene.who.alice) == []
    notice = Notice.objects.visible_to(scene.who.bob).get()
    assert notice.url == one.get_absolute_url() and notice.next_action and one.ref in notice.text


def test_numbers_go_on_and_without_a_need_the_offer_gives_the_id(scene: Scene) -> None:
    second = listing(scene.who.bob, side="offer")
    assert ask(scene.who.alice, second, scene.need).ref == f"{scene.need.ref}-02"
    assert ask(scene.who.carol, scene.offer).ref == f"{scene.offer.ref}-01"
    assert ask(scene.who.carol, scene.need, listing(scene.who.carol, side="offer")).ref == (
        f"{scene.need.ref}-03"
    )


def test_consent_is_a_row_of_its_own_with_the_words_shown(scene: Scene) -> None:
    row = Consent.objects.get()
    assert (row.purpose, row.party_id, row.to_party_id) == (
        release.GIVEN,
        scene.who.alice.party,
        scene.who.bob.party,
    )
    assert row.text == str(release.TEXT) and row.thing == f"introduction:{scene.one.ref}"


@pytest.mark.parametrize(
    "wrong",
    [{"agreed": False}, {"cooperation": "marriage"}, {"question": "  "}, {"question": "问" * 1001}],
)
def test_what_was_typed_must_be_right(wrong: dict[str, Any]) -> None:
    who = cast()
    offer = listing(who.bob, side="offer")
    with pytest.raises(Invalid) as refused:
        ask(who.alice, offer, **wrong)
    assert refused.value.fields.keys() == wrong.keys()
    assert not Introduction.objects.exists() and not Consent.objects.exists()


def test_who_may_ask_about_what() -> None:
    who = cast()
    need, offer = listing(who.alice), listing(who.bob, side="offer")
    with pytest.raises(Invalid, match="自己"):
        ask(who.alice, need)
    for actor in (who.suzhou, who.office, who.judge, who.analyst, PUBLIC):
        with pytest.raises(Forbidden):
            ask(actor, offer)
    hidden = listing(who.bob, side="offer", anonymity="named")
    with pytest.raises(Missing):
        ask(who.alice, hidden)
    ListingNamed.objects.create(listing=hidden, party_id=who.alice.party)
    assert ask(who.alice, hidden).state == S.ASKED
    with pytest.raises(Missing):
        ask(who.alice, listing(who.bob, state=State.CLOSED))
    with pytest.raises(NotNow, match="截止"):
        ask(who.alice, listing(who.bob, deadline=date.today() - timedelta(days=1)))


def test_the_own_listing_must_fit() -> None:
    who = cast()
    offer = listing(who.bob, side="offer")
    for own in (
        listing(who.carol),
        listing(who.alice, side="offer"),
        listing(who.alice, kind="capital", values={}),
        listing(who.alice, state=State.DRAFT),
        listing(who.alice, anonymity="named"),
    ):
        with pytest.raises(Invalid) as refused:
            ask(who.alice, offer, own)
        assert "own" in refused.value.fields


def test_a_second_one_beside_it_is_refused_whoever_asks(scene: Scene) -> None:
    who = scene.who
    for again in (
        lambda: ask(who.alice, scene.offer, scene.need),
        lambda: ask(who.alice, scene.offer),
        lambda: ask(who.bob, scene.need, scene.offer),
        lambda: ask(who.bob, scene.need),
    ):
        with pytest.raises(NotNow):
            again()
    assert ask(who.carol, scene.offer).pk
    actions.withdraw(who.alice, scene.one)
    assert ask(who.alice, scene.offer, scene.need).ref == f"{scene.need.ref}-02"


def test_the_database_too_refuses_a_second_one(scene: Scene) -> None:
    for changed in ({"need": None}, {"from_party_id": scene.who.carol.party}):
        twin = Introduction.objects.get(pk=scene.one.pk)
        twin.pk, twin.ref = None, "twin"
        for name, value in changed.items():
            setattr(twin, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save()


def test_asking_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "ASKS_BY_PARTY", Limit("introduction-ask", 2, 86400))
    who = cast()
    offers = [listing(who.bob, side="offer") for _ in range(3)]
    for offer in offers[:2]:
        ask(who.alice, offer)
    with pytest.raises(TooOften):
        ask(who.alice, offers[2])
    ask(who.carol, offers[2])


# --- the life cycle ---

PEOPLE = ("alice", "bob", "carol", "suzhou", "hefei", "office", "judge", "analyst")
MAY = {"accept": "bob", "decline": "bob", "withdraw": "alice"}
DO: dict[str, Callable[[Actor, Introduction], object]] = {
    "accept": lambda actor, one: actions.accept(actor, one, agreed=True),
    "decline": lambda actor, one: actions.decline(actor, one, reason="price"),
    "withdraw": actions.withdraw,
}


@pytest.mark.parametrize("verb", DO)
def test_only_the_right_party_answers_and_only_once(scene: Scene, verb: str) -> None:
    for name in PEOPLE:
        if name != MAY[verb]:
            with pytest.raises(Forbidden):
                DO[verb](getattr(scene.who, name), scene.one)
    assert state_of(scene.one) == S.ASKED
    DO[verb](getattr(scene.who, MAY[verb]), scene.one)
    ended = INTRODUCTION.moves[verb].target
    assert state_of(scene.one) == ended
    for again, do in DO.items():
        with pytest.raises(NotNow):
            do(getattr(scene.who, MAY[again]), scene.one)
    assert state_of(scene.one) == ended
    entry = AuditEntry.objects.filter(thing=f"introduction:{scene.one.ref}").latest("id")
    assert entry.verb == f"introduction.{verb}" and entry.diff["state"] == [S.ASKED, ended]


def test_every_event_is_told_with_the_next_thing_to_do(scene: Scene) -> None:
    who = scene.who
    other = ask(who.alice, listing(who.bob, side="offer"))
    actions.decline(who.bob, other, reason="place", note=f"太远，打{TYPED}")
    assert TYPED not in Introduction.objects.get(pk=other.pk).note
    actions.accept(who.bob, scene.one, agreed=True)
    actions.say(who.alice, scene.one, "周三见？")
    actions.remind(who.hefei, scene.one)
    actions.consent(who.bob, scene.one, agree=False)
    actions.consent(who.bob, scene.one, agree=True)
    met = actions.Report("met", date.today())
    actions.report(who.bob, scene.one, met)
    assert told(who.alice) == [
        "docking.declined", "docking.accepted", "docking.reminded", "docking.consent",
        "docking.agreed_again", "docking.outcome",
    ]  # fmt: skip
    assert told(who.bob) == [
        "docking.asked",
        "docking.asked",
        "docking.message",
        "docking.reminded",
    ]
    assert all(n.next_action and str(n.text) for n in Notice.objects.all())


def test_declining_needs_a_reason_of_the_list(scene: Scene) -> None:
    for reason in ("", "because"):
        with pytest.raises(Invalid):
            actions.decline(scene.who.bob, scene.one, reason=reason)
    assert state_of(scene.one) == S.ASKED


def test_it_expires_at_fourteen_days_after_a_reminder(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = scene.one.created_at

    def at(days: float) -> None:
        monkeypatch.setattr(timezone, "now", lambda: begun + timedelta(days=days))

    at(10.9)
    assert (clock.remind_due(), clock.expire_due()) == (0, 0)
    at(11.1)
    assert (clock.remind_due(), clock.remind_due(), clock.expire_due()) == (1, 0, 0)
    assert told(scene.who.bob)[-1] == "docking.expiring"
    assert told(scene.who.hefei) == told(scene.who.suzhou) == ["docking.unanswered"]
    at(14.01)
    with pytest.raises(NotNow):
        actions.accept(scene.who.bob, scene.one, agreed=True)
    assert (clock.expire_due(), clock.expire_due()) == (1, 0)
    assert state_of(scene.one) == S.EXPIRED
    assert told(scene.who.bob)[-1] == told(scene.who.alice)[-1] == "docking.expired"


def test_a_listing_that_left_the_market_cannot_be_agreed_on(scene: Scene) -> None:
    Listing.objects.filter(pk=scene.need.pk).update(state=State.CLOSED)
    with pytest.raises(NotNow, match="求租"):
        actions.accept(scene.who.bob, scene.one, agreed=True)
    assert state_of(scene.one) == S.ASKED


def test_an_offer_carries_no_more_agreements_than_it_can() -> None:
    who = cast()
    offer = listing(who.bob, side="offer", capacity=1)
    first, second = ask(who.alice, offer), ask(who.carol, offer)
    actions.accept(who.bob, first, agreed=True)
    with pytest.raises(NotNow, match="已满"):
        actions.accept(who.bob, second, agreed=True)
    none = actions.Report("none", date.today(), reason="price")
    actions.report(who.bob, first, none)
    actions.accept(who.bob, second, agreed=True)
    agreement = actions.Report("agreement", date.today(), cooperation="lease")
    actions.report(who.carol, second, agreement)
    third = ask(who.alice, offer)
    with pytest.raises(NotNow, match="已满"):
        actions.accept(who.bob, third, agreed=True)


# --- advisers and messages ---


def test_who_sees_an_introduction(scene: Scene) -> None:
    seen = {
        name
        for name in PEOPLE
        if Introduction.objects.visible_to(getattr(scene.who, name)).exists()
    }
    assert seen == {"alice", "bob", "suzhou", "hefei", "office"}
    assert not Introduction.objects.visible_to(PUBLIC).exists()
    assert not Introduction.objects.visible_to(SYSTEM).exists()


def test_advisers_may_talk_and_remind_but_never_answer(scene: Scene) -> None:
    who = scene.who
    for adviser in (who.suzhou, who.hefei, who.office):
        said = actions.say(adviser, scene.one, "已联系双方，建议本周现场看。")
        assert said.role == adviser.role and said.party_id == adviser.party
        with pytest.raises(Forbidden):
            actions.contacts(adviser, scene.one, "协调")
        with pytest.raises(Forbidden):
            actions.consent(adviser, scene.one, agree=True)
        with pytest.raises(Forbidden):
            actions.report(adviser, scene.one, actions.Report("met", date.today()))
    for stranger in (who.carol, who.judge, who.analyst):
        with pytest.raises(Forbidden):
            actions.say(stranger, scene.one, "你好")
    actions.remind(who.hefei, scene.one)
    with pytest.raises(TooOften):
        actions.remind(who.office, scene.one)
    with pytest.raises(Forbidden):
        actions.remind(who.alice, scene.one)


def test_contacts_in_messages_are_hidden_until_both_agree(scene: Scene) -> None:
    who, text = scene.who, f"打我电话{TYPED}"
    early = actions.say(who.alice, scene.one, text)
    actions.accept(who.bob, scene.one, agreed=True)
    late = actions.say(who.alice, scene.one, text)
    assert TYPED not in early.said(released=True)
    assert late.said(released=True) == text and TYPED not in late.said(released=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM docking_message")
        assert not any(TYPED in row[0] for row in cursor.fetchall())
    actions.report(who.bob, scene.one, actions.Report("none", date.today(), reason="time"))
    with pytest.raises(NotNow):
        actions.say(who.alice, scene.one, "再见")


@pytest.mark.parametrize("text", ["", "   ", "长" * 2001])
def test_a_message_says_something(scene: Scene, text: str) -> None:
    with pytest.raises(Invalid):
        actions.say(scene.who.alice, scene.one, text)


# --- contacts ---


def test_each_gets_the_others_contact_on_record(scene: Scene) -> None:
    who = scene.who
    with pytest.raises(NotNow):
        actions.contacts(who.alice, scene.one, "约看")
    actions.accept(who.bob, scene.one, agreed=True)
    assert actions.contacts(who.alice, scene.one, "约看") == {"name": "王小明", "phone": BOBS}
    assert actions.contacts(who.bob, scene.one, "回电")["phone"] == ALICES
    rows = Reveal.objects.order_by("id").values_list("owner", "party", "purpose")
    assert list(rows) == [
        (who.bob.party, who.alice.party, "约看"),
        (who.alice.party, who.bob.party, "回电"),
    ]
    assert AuditEntry.objects.filter(verb="contact.reveal").count() == 2
    with pytest.raises(Invalid):
        actions.contacts(who.alice, scene.one, " ")


def test_without_a_listing_of_its_own_the_askers_party_is_the_contact() -> None:
    who = cast()
    one = ask(who.alice, listing(who.bob, side="offer", contact_phone="", contact_name=""))
    actions.accept(who.bob, one, agreed=True)
    assert actions.contacts(who.bob, one, "回电")["phone"] == "13912340011"
    assert actions.contacts(who.alice, one, "约看")["phone"] == "13912340012"


def test_taking_back_consent_hides_both_contacts(scene: Scene) -> None:
    who = scene.who
    with pytest.raises(NotNow):
        actions.consent(who.alice, scene.one, agree=False)
    actions.accept(who.bob, scene.one, agreed=True)
    actions.consent(who.alice, scene.one, agree=False)
    for actor in (who.alice, who.bob):
        with pytest.raises(NotNow):
            actions.contacts(actor, scene.one, "约看")
    with pytest.raises(NotNow):
        actions.consent(who.alice, scene.one, agree=False)
    actions.consent(who.alice, scene.one, agree=True)
    assert actions.contacts(who.bob, scene.one, "约看")["phone"] == ALICES
    assert Consent.objects.count() == 4


def test_the_name_of_an_anonymous_party_is_shown_once_accepted() -> None:
    scene = begin(anonymity="anonymous")
    who, one = scene.who, Introduction.objects.full().get(pk=scene.one.pk)
    for actor in (who.alice, who.suzhou):
        assert "砺行" not in one.party_shown_to(actor, who.bob.party)
    for actor in (who.bob, who.hefei, who.office):
        assert "砺行" in one.party_shown_to(actor, who.bob.party)
    actions.accept(who.bob, one, agreed=True)
    one = Introduction.objects.full().get(pk=scene.one.pk)
    assert "砺行" in one.party_shown_to(who.alice, who.bob.party)


# --- outcomes ---


def test_reports_that_contradict_each_other_are_both_kept(scene: Scene) -> None:
    who, today = scene.who, date.today()
    met = actions.Report("met", today)
    with pytest.raises(NotNow):
        actions.report(who.alice, scene.one, met)
    actions.accept(who.bob, scene.one, agreed=True)
    actions.report(who.alice, scene.one, met)
    assert state_of(scene.one) == S.ACCEPTED
    agreement = actions.Report("agreement", today, cooperation="lease", amount=Decimal("120.5"))
    actions.report(who.alice, scene.one, agreement)
    assert state_of(scene.one) == S.CLOSED
    actions.report(who.bob, scene.one, actions.Report("none", today, reason="price"))
    assert list(Outcome.objects.values_list("party", "result")) == [
        (who.alice.party, "met"),
        (who.alice.party, "agreement"),
        (who.bob.party, "none"),
    ]
    with pytest.raises(NotNow):
        actions.contacts(who.alice, scene.one, "约看")


TODAY = date.today()


@pytest.mark.parametrize(
    ("report", "field"),
    [
        (actions.Report("great", TODAY), "result"),
        (actions.Report("met", TODAY + timedelta(days=2)), "on"),
        (actions.Report("agreement", TODAY), "cooperation"),
        (actions.Report("agreement", TODAY, cooperation="licence"), "cooperation"),
        (actions.Report("met", TODAY, cooperation="lease"), "cooperation"),
        (actions.Report("met", TODAY, amount=Decimal(3)), "amount"),
        (actions.Report("agreement", TODAY, "lease", Decimal(-1)), "amount"),
        (actions.Report("none", TODAY), "reason"),
        (actions.Report("none", TODAY, reason="fate"), "reason"),
        (actions.Report("met", TODAY, reason="price"), "reason"),
    ],
)
def test_a_report_must_not_contradict_itself(
    scene: Scene, report: actions.Report, field: str
) -> None:
    actions.accept(scene.who.bob, scene.one, agreed=True)
    with pytest.raises(Invalid) as refused:
        actions.report(scene.who.alice, scene.one, report)
    assert field in refused.value.fields
    assert not Outcome.objects.exists()


# --- the law of contacts ---

STAGES: dict[str, Callable[[Scene], object]] = {
    "asked": lambda s: None,
    "declined": lambda s: actions.decline(s.who.bob, s.one, reason="price"),
    "withdrawn": lambda s: actions.withdraw(s.who.alice, s.one),
    "expired": lambda s: (
        Introduction.objects.update(expires_at=timezone.now()),
        clock.expire_due(),
    ),
    "accepted": lambda s: actions.accept(s.who.bob, s.one, agreed=True),
    "taken back": lambda s: (
        actions.accept(s.who.bob, s.one, agreed=True),
        actions.say(s.who.alice, s.one, f"微信同号{TYPED}"),
        actions.consent(s.who.alice, s.one, agree=False),
    ),
    "closed": lambda s: (
        actions.accept(s.who.bob, s.one, agreed=True),
        actions.say(s.who.alice, s.one, f"微信同号{TYPED}"),
        actions.report(s.who.bob, s.one, actions.Report("none", date.today(), reason="time")),
    ),
    "lost": lambda s: (
        actions.accept(s.who.bob, s.one, agreed=True),
        Membership.objects.filter(pk__in=(s.who.alice.membership, s.who.bob.membership)).update(
            ended_at=timezone.now()
        ),
    ),
}


def phones(client: Client, scene: Scene) -> set[str]:
    """Every phone number any page of docking shows, whatever is tried."""
    ref = scene.one.ref
    answers = [
        *(client.get(f"/matches/{one.ref}/") for one in (scene.need, scene.offer)),
        *(client.get(f"/introductions/new/{one.ref}/") for one in (scene.need, scene.offer)),
        client.get("/introductions/"),
        client.get(f"/introductions/{ref}/"),
        client.post(f"/introductions/{ref}/contacts/", {"purpose": "约看"}),
        client.post(f"/introductions/{ref}/give-again/"),
        client.post(f"/introductions/{ref}/contacts/", {"purpose": "约看"}),
    ]
    assert not any(answer.status_code >= 500 for answer in answers)
    return {found for answer in answers for found in PHONE.findall(answer.content.decode())}


@pytest.mark.parametrize("stage", STAGES)
def test_nobody_but_the_two_parties_gets_a_phone_and_only_while_both_agree(
    login: Login, stage: str
) -> None:
    scene = begin()
    actions.say(scene.who.alice, scene.one, f"我的电话{TYPED}")
    clients = {name: login(getattr(scene.who, name)) for name in PEOPLE} | {"public": Client()}
    STAGES[stage](scene)
    may = {"alice": {BOBS}, "bob": {ALICES}} if stage == "accepted" else {}
    # Alice took hers back; she may give it again, Bob may not do it for her.
    order = sorted(clients, key=lambda name: name == "alice")
    for name in order:
        seen = phones(clients[name], scene)
        if stage == "taken back" and name == "alice":
            assert seen == {BOBS, TYPED}
            continue
        assert seen == may.get(name, set()), name


VERBS: dict[str, Callable[[Actor, Introduction], object]] = {
    **DO,
    "take back": lambda actor, one: actions.consent(actor, one, agree=False),
    "give again": lambda actor, one: actions.consent(actor, one, agree=True),
    "met": lambda actor, one: actions.report(actor, one, actions.Report("met", TODAY)),
    "none": lambda actor, one: actions.report(
        actor, one, actions.Report("none", TODAY, reason="time")
    ),
}


def after(state: str, agreed: set[str], name: str, verb: str) -> tuple[str, set[str]]:
    """The rules once more, in a few lines: where a verb leads, if it leads anywhere."""
    if verb in DO and state == S.ASKED and name == MAY[verb]:
        ended = {"accept": S.ACCEPTED, "decline": S.DECLINED, "withdraw": S.WITHDRAWN}[verb]
        return ended, agreed | ({name} if verb == "accept" else set())
    if name in ("alice", "bob") and state == S.ACCEPTED:
        if verb == "none":
            return S.CLOSED, agreed
        if verb == "take back":
            return state, agreed - {name}
        if verb == "give again":
            return state, agreed | {name}
    return state, agreed


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("alice", "bob", "bob", "carol", "hefei", "office")),
            st.sampled_from(("accept", "accept", *VERBS)),
        ),
        max_size=8,
    )
)
def test_whatever_happens_contacts_follow_consent(steps: list[tuple[str, str]]) -> None:
    with transaction.atomic():
        scene = begin()
        state, agreed = str(S.ASKED), {"alice"}
        for name, verb in steps:
            actor = getattr(scene.who, name)
            before = state, agreed
            state, agreed = after(state, agreed, name, verb)
            try:
                VERBS[verb](actor, scene.one)
            except Refused:
                assert (state, agreed) == before
            assert state_of(scene.one) == state
            free = state == S.ACCEPTED and agreed == {"alice", "bob"}
            for reader in ("alice", "bob", "carol", "suzhou", "hefei", "office"):
                try:
                    got = actions.contacts(getattr(scene.who, reader), scene.one, "约看")
                except Refused:
                    got = {}
                assert bool(got) == (free and reader in ("alice", "bob"))
        transaction.set_rollback(True)


def test_pages_of_docking_are_for_those_it_concerns(scene: Scene, login: Login) -> None:
    ref = scene.one.ref
    for name, status in (("carol", 404), ("judge", 404), ("alice", 200), ("suzhou", 200)):
        assert login(getattr(scene.who, name)).get(f"/introductions/{ref}/").status_code == status
    client = login(scene.who.carol)
    for verb in ("accept", "decline", "withdraw", "message", "contacts", "outcome", "remind"):
        assert client.post(f"/introductions/{ref}/{verb}/").status_code == 404
    assert login(scene.who.bob).post(f"/introductions/{ref}/marry/").status_code == 404
    assert Client().get("/introductions/").status_code == 302
    assert Client().get(f"/introductions/{ref}/").status_code == 404


# --- two at once ---

CROWD = 12


def crowd(who: Cast, number: int = CROWD) -> list[Actor]:
    """Colleagues of Bob's: whoever acts alone holds the own membership, and so waits for no other."""
    bobs = Party.objects.get(pk=who.bob.party)
    return [member(bobs, Role.MEMBER, f"bob{at}") for at in range(number)]


def at_once(*does: Callable[[], object], locks: bool = True) -> list[object]:
    """What each gave or raised, all having begun together.

    Without ``locks`` SQLite begins its transactions as Django does by default.
    """
    start = threading.Barrier(len(does))

    def run(do: Callable[[], object]) -> object:
        try:
            if connection.vendor == "sqlite" and not locks:
                connection.ensure_connection()
                connection.transaction_mode = None  # type: ignore[attr-defined]
            start.wait()
            return do()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(does)) as pool:
        return list(pool.map(run, does))


def seekers(who: Cast, offer: Listing) -> list[Introduction]:
    """Twelve who ask for one offer."""
    made = []
    for at in range(CROWD):
        firm = party(f"求租企业{at}", "enterprise", HEFEI, 500 + at)
        made.append(ask(member(firm, Role.MEMBER, f"seeker{at}"), offer))
    return made


@pytest.mark.django_db(transaction=True)
def test_of_twelve_accepted_at_once_the_offer_carries_one() -> None:
    who = cast()
    bobs = crowd(who)
    offer = listing(who.bob, side="offer", capacity=1)
    asked = seekers(who, offer)
    for _round in range(10):
        got = at_once(
            *(
                lambda bob=bob, one=one: actions.accept(bob, one, agreed=True)
                for bob, one in zip(bobs, asked, strict=True)
            )
        )
        assert [type(one) for one in got if isinstance(one, Exception)] == [NotNow] * (CROWD - 1)
        assert actions.taken(offer) == 1
        Introduction.objects.update(state=S.ASKED, accepted_at=None)


@pytest.mark.django_db(transaction=True)
def test_with_the_locks_off_that_test_would_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    who = cast()
    bobs = crowd(who)
    offer = listing(who.bob, side="offer", capacity=1)
    asked = seekers(who, offer)
    counted, all_counted = actions.taken, threading.Barrier(CROWD)

    def taken(of: Listing) -> int:
        found = counted(of)
        all_counted.wait(10)
        return found

    monkeypatch.setattr(actions, "taken", taken)
    monkeypatch.setattr(verbs, "locked", lambda thing: type(thing)._base_manager.get(pk=thing.pk))
    got = at_once(
        *(
            lambda bob=bob, one=one: actions.accept(bob, one, agreed=True)
            for bob, one in zip(bobs, asked, strict=True)
        ),
        locks=False,
    )
    broken = [one for one in got if isinstance(one, Exception) and not isinstance(one, Refused)]
    assert counted(offer) > 1 or broken


@pytest.mark.django_db(transaction=True)
def test_of_two_people_of_one_party_one_answers(login: Login) -> None:
    scene = begin()
    said = {"accept": {"agreed": "on"}, "decline": {"reason": "price"}}
    clients = [login(bob) for bob in crowd(scene.who, 2)]
    posts = [
        lambda client=client, verb=verb: (
            client.post(f"/introductions/{scene.one.ref}/{verb}/", said[verb]).status_code
        )
        for client, verb in zip(clients, said, strict=True)
    ]
    assert sorted(at_once(*posts)) == [302, 409]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_one_is_first() -> None:
    who = cast()
    need, offer = listing(who.alice), listing(who.bob, side="offer")
    for one, other in (
        (lambda: ask(who.alice, offer, need), lambda: ask(who.bob, need, offer)),
        (lambda: ask(who.alice, offer), lambda: ask(who.bob, need, offer)),
        (lambda: ask(who.alice, offer), lambda: ask(who.alice, offer, need)),
    ):
        got = at_once(one, other)
        assert sorted(type(found).__name__ for found in got) == ["Introduction", "NotNow"]
        Introduction.objects.all().delete()


# --- pages ---


def test_the_whole_way_through_the_pages(login: Login) -> None:
    who = cast()
    need = listing(who.alice, contact_phone=ALICES)
    offer = listing(who.bob, side="offer", contact_phone=BOBS)
    alice, bob = login(who.alice), login(who.bob)
    page = alice.get(f"/introductions/new/{offer.ref}/?own={need.ref}")
    assert page.status_code == 200 and need.ref in page.content.decode()
    said = {"own": need.ref, "cooperation": "lease", "question": "能否看场地？"}
    refused = alice.post(f"/introductions/new/{offer.ref}/", said)
    assert refused.status_code == 422 and "勾选" in refused.content.decode()
    sent = alice.post(f"/introductions/new/{offer.ref}/", said | {"agreed": "on"})
    at = f"/introductions/{need.ref}-01/"
    assert (sent.status_code, sent.url) == (302, at)
    assert bob.get("/introductions/").content.decode().count(f"{need.ref}-01") >= 1
    assert bob.post(f"{at}accept/").status_code == 422
    assert bob.post(f"{at}accept/", {"agreed": "on"}).status_code == 302
    assert bob.post(f"{at}accept/", {"agreed": "on"}).status_code == 409
    shown = alice.post(f"{at}contacts/", {"purpose": "约看"})
    assert BOBS in shown.content.decode() and "no-store" in shown["Cache-Control"]
    assert BOBS not in alice.get(at).content.decode()
    assert alice.post(f"{at}message/", {"text": "<script>alert(1)</script>"}).status_code == 302
    assert "<script>alert" not in bob.get(at).content.decode()
    assert bob.get(f"{at}accept/").url == at
    outcome = {"result": "agreement", "on": TODAY.isoformat(), "cooperation": "lease"}
    assert alice.post(f"{at}outcome/", outcome | {"reason": "price"}).status_code == 422
    assert alice.post(f"{at}outcome/", outcome | {"amount": "88.5"}).status_code == 302
    assert "88.5" in bob.get(at).content.decode()
    assert Introduction.objects.get().state == S.CLOSED


def test_a_form_sent_twice_acts_once(scene: Scene, login: Login) -> None:
    client, at = login(scene.who.alice), f"/introductions/{scene.one.ref}/message/"
    for _ in range(2):
        assert client.post(at, {"text": "周三见？", "once": "a" * 32}).status_code == 302
    assert Message.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 3, 25])
def test_the_list_takes_as_many_queries_whatever_its_length(
    rows: int, login: Login, django_assert_num_queries: Any
) -> None:
    who = cast()
    for _ in range(rows):
        ask(who.alice, listing(who.bob, side="offer"))
    client = login(who.bob)
    client.get("/introductions/")
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/introductions/")


@pytest.mark.parametrize("rows", [1, 3, 25])
def test_an_introduction_takes_as_many_queries_whatever_was_said(
    scene: Scene, rows: int, login: Login, django_assert_num_queries: Any
) -> None:
    actions.accept(scene.who.bob, scene.one, agreed=True)
    for _ in range(rows):
        actions.say(scene.who.alice, scene.one, "好")
        actions.say(scene.who.hefei, scene.one, "好")
        actions.report(scene.who.bob, scene.one, actions.Report("met", TODAY))
    client = login(scene.who.bob)
    client.get(scene.one.get_absolute_url())
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(scene.one.get_absolute_url())


LIST_QUERIES, PAGE_QUERIES = 6, 11
