"""The conferences of the demo: what was written in bulk breaks no rule that the verbs keep."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import F, Q
from django.utils import timezone

from corridor.demo import World
from corridor.demo.draw import Draw
from corridor.engine import meetings as engine
from corridor.site.conference import joining, meetings, planning, queries, reporting, solver
from corridor.site.conference.models import (
    HELD,
    Conference,
    Meeting,
    Participant,
    Plan,
    Seat,
    Slot,
)
from corridor.site.conference.picture import picture
from corridor.site.core.doctor import findings
from corridor.site.core.models import AuditEntry, Consent
from corridor.site.demo import conferences, dockings, furnish, noon, program, roster, story
from corridor.site.demo.asking import Asking, Talk
from corridor.site.demo.cast import Cast, join
from corridor.site.docking import refresh
from corridor.site.docking.models import Introduction, Match, Outcome
from corridor.site.docking.models import State as Stage
from corridor.site.listings.models import Listing
from corridor.site.notices.models import Notice

pytestmark = pytest.mark.django_db
S, State = Conference.State, Meeting.State
SIZE = conferences.Size(parties=70, requests=210, coming=10)
KINDS = ("technology", "space", "instrument")
#: Roughly how many listings of all kinds there have to be for so many parties.
LISTINGS = 1600


@dataclass
class Made:
    """A small demo world, and who acts in it."""

    cast: Cast
    hosts: list[int]
    now: datetime
    conference: Conference


def world() -> Cast:
    """Parties and listings of some kinds, matched, and nothing that happened."""
    whole = furnish.peopled(7, LISTINGS, timezone.localdate(), 100)
    some = World(
        whole.parties,
        tuple(one for one in whole.needs if one.kind in KINDS),
        tuple(one for one in whole.offers if one.kind in KINDS),
    )
    parties, bodies = furnish._parties(some.parties, lambda _n: None)
    furnish._listings(some, parties, lambda _n: None)
    for kind in KINDS:
        refresh.refresh(kind)
    for body in bodies.values():
        join(body, "office" if body.kind == "office" else "bureau")  # type: ignore[arg-type]
    return Cast(bodies)


def furnished(seed: int) -> Made:
    """The small world with its conferences."""
    cast, now, draw = world(), timezone.now(), Draw(seed, 9, 1)
    best = Match.objects.filter(verified=True).order_by(*dockings.BEST)
    firm, lab = best[0].need.party, best[0].offer.party
    pairs = dockings.chosen(firm, lab, 8)
    under_way = conferences.UnderWay(cast, draw, now, SIZE, [firm.pk, lab.pk])
    found = story.drawn(under_way, draw, pairs, SIZE, [firm.pk, lab.pk])
    cast.gather(found.guests)
    events = [
        *dockings.events(cast, pairs, Draw(7, 9, 0), now),
        *under_way.events(found),
        *conferences.coming(cast, draw, now, SIZE, found, [firm.pk, lab.pk]),
    ]
    story.play(events, now, lambda _n: None)
    return Made(cast, [firm.pk, lab.pk], now, Conference.objects.get(pk=under_way.conference.pk))


def rows(made: Made) -> list[Meeting]:
    found = Meeting.objects.filter(conference=made.conference).order_by("id")
    return list(
        found.select_related("introduction", "slot", "a", "b", "table__lost_from", "interpreter")
    )


@pytest.mark.parametrize("seed", [7, 8])
def test_the_furnished_conference_breaks_no_rule(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solver, "SECONDS", 4.0)  # that of so few is proven, which takes its time
    made = furnished(seed)
    one, here = made.conference, rows(made)
    assert one.state == S.RUNNING
    assert one.participants.filter(state=Participant.State.REGISTERED).count() == SIZE.parties
    assert AuditEntry.objects.filter(verb="meeting.request").count() >= SIZE.requests
    states = Counter(meeting.state for meeting in here)
    assert set(states) == set(State), states
    _half_over(made, states)
    for meeting in here:
        _lawful(meeting)
    _seated(made, here)
    _on_record(made, here)
    assert not [finding.what.zh for finding in findings() if not finding.well]


def _half_over(made: Made, states: Counter[Any]) -> None:
    one, office = made.conference, made.cast.office()
    board = queries.board(office, one)
    assert board.slot is not None
    assert board.slot.number == program.ROUNDS + 1
    assert board.following is not None
    assert board.due > board.kept > board.due * 0.8
    assert sum(used for _hall, used, _there in board.halls) > 0
    assert len(board.halls) == 2
    assert board.missed == states[State.MISSED]
    assert board.waiting == states[State.ACCEPTED]
    assert 0 < board.absent < board.registered
    steps = reporting.report(office, one).total
    counts = [step.count for step in steps]
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] > 0
    plans = Counter(one.plans.values_list("again", "state"))
    assert plans[True, Plan.State.PUBLISHED] == 1
    assert plans[False, Plan.State.DROPPED] == 1
    for host in made.hosts:
        agenda = queries.agenda(made.cast.of(host), one)
        numbers = [row.meeting.slot.number for row in agenda if row.meeting.slot]
        assert min(numbers) <= program.ROUNDS < max(numbers)


def _lawful(one: Meeting) -> None:
    """What a meeting says agrees with what its introduction says, and with who the two are."""
    talk = one.introduction
    agreed = (Stage.ACCEPTED, Stage.CLOSED)
    if one.state == State.WANTED:
        assert talk.state == Stage.ASKED
        assert talk.expires_at > timezone.now()
    elif one.state != State.CANCELLED:
        assert talk.state in agreed
    assert (talk.accepted_at is not None) == (talk.state in agreed)
    assert (talk.from_party_id, talk.to_party_id) == (one.a.party_id, one.b.party_id)
    assert one.value == meetings.value_of(talk)
    brought = {pk for part in (one.a, one.b) for pk in part.listings.values_list("pk", flat=True)}
    assert {talk.need_id, talk.offer_id, talk.target_id} - {None} <= brought
    assert (one.slot_id is not None) == (one.state in HELD)
    assert (one.state == State.KEPT) <= (one.placed_at is not None)


def _seated(made: Made, here: list[Meeting]) -> None:
    """Nobody sits twice, where they are away, at a lost table or without an interpreter."""
    seen = picture(made.conference)
    assert not engine.faults(seen.conference)
    standing = planning.measured(seen.conference, seen.standing)
    assert not engine.broken(seen.conference, standing)
    seats = Counter(Seat.objects.values_list("slot__number", "participant__number"))
    assert max(seats.values()) == 1
    placed = [one for one in here if one.slot is not None]
    assert Seat.objects.count() == 2 * len(placed)
    for one in placed:
        assert one.slot is not None
        assert one.table is not None
        assert not {one.slot.number} & {*one.a.away, *one.b.away}
        lost = one.table.lost_from
        assert lost is None or one.slot.number < lost.number
        spoken = one.interpreter.language if one.interpreter else ""
        assert spoken == one.language
    for kept in Outcome.objects.filter(introduction__occasion=made.conference.ref):
        meeting = Meeting.objects.get(introduction=kept.introduction)
        assert meeting.state == State.KEPT


def _on_record(made: Made, here: list[Meeting]) -> None:
    """Each verb has its entry in the order of time, each consent its row."""
    times = list(AuditEntry.objects.order_by("id").values_list("at", flat=True))
    assert times == sorted(times)
    verbs = Counter(AuditEntry.objects.values_list("verb", flat=True))
    registered = verbs["conference.register"]
    assert registered == Participant.objects.filter(state="registered").count()
    assert verbs["meeting.request"] + verbs["meeting.arrange"] == len(here)
    joined = Consent.objects.filter(purpose=joining.JOINED)
    assert joined.count() == registered
    shown = Consent.objects.filter(purpose=joining.SHOWN).count()
    assert shown == Participant.objects.filter(on_screen=True).count()
    arrived = made.conference.participants.exclude(arrived_at=None)
    assert verbs["conference.check_in"] == arrived.count()
    missed = Q(state=State.MISSED) & ~Q(a__absent=True) & ~Q(b__absent=True)
    assert verbs["meeting.miss"] == Meeting.objects.filter(missed).count()
    for talk in Introduction.objects.filter(state=Stage.ACCEPTED, occasion=made.conference.ref):
        gave = set(
            Consent.objects.filter(thing=f"introduction:{talk.ref}").values_list("party", flat=True)
        )
        must = AuditEntry.objects.filter(
            verb="introduction.arrange", thing=f"introduction:{talk.ref}"
        )
        assert gave == {talk.from_party_id, talk.to_party_id} or must.exists()


def test_in_bulk_the_same_is_left_behind_as_by_the_verbs() -> None:
    made, left = _Both(world()), []
    for bulk in (False, True):
        before = AuditEntry.objects.count()
        made.do(bulk)
        left.append(made.traces(before))
    entries, consents, notices, _meeting = left[0]
    assert (len(entries), len(consents), len(notices)) == (5, 6, 2)
    assert left[0] == left[1]


class _Both:
    """The same two parties register, ask and answer at two conferences: by verbs, and in bulk."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        found = Match.objects.filter(verified=True).exclude(need__party=F("offer__party"))
        self.match = found.order_by(*dockings.BEST)[0]
        self.firm, self.lab = self.match.need.party, self.match.offer.party
        cast.gather([self.firm.pk, self.lab.pk])
        self.conference: Conference

    def do(self, bulk: bool) -> None:
        under_way = conferences.UnderWay(
            self.cast, Draw(1, 1), timezone.now() + timedelta(days=9), SIZE, []
        )
        under_way._open()
        self.conference = under_way.conference
        (self._in_bulk if bulk else self._by_verbs)()

    def _by_verbs(self) -> None:
        need, offer = self.match.need, self.match.offer
        for party, listing in ((self.firm, need), (self.lab, offer)):
            part = joining.Part([listing], on_screen=True)
            joining.register(self.cast.of(party.pk), self.conference, part, agreed=True)
        asked = meetings.request(
            self.cast.of(self.firm.pk), self.conference, offer, own=need,
            cooperation=dockings.codes.ways(offer.kind)[0],
            question=dockings.QUESTIONS[0], agreed=True,
        )  # fmt: skip
        meetings.accept(self.cast.of(self.lab.pk), asked, agreed=True)
        Introduction.objects.update(state=Stage.CLOSED)  # out of the way of the next

    def _in_bulk(self) -> None:
        need, offer = self.match.need, self.match.offer
        asking = Asking(self.cast, self.conference, _First(), program.ROUNDS)
        asking.register(
            [
                roster.Guest(party.pk, timezone.now(), [listing], on_screen=True)
                for party, listing in ((self.firm, need), (self.lab, offer))
            ]
        )
        pair = roster.Pair(self.firm.pk, self.lab.pk, need, offer, self.match.score)
        talk = Talk(pair, timezone.now(), "accept")
        asking.ask([talk])
        asking.answer([talk])

    def traces(self, before: int) -> list[Any]:
        """What was left, without what numbers it."""
        entries = AuditEntry.objects.filter(id__gt=before).order_by("id")
        verbs = (
            "conference.register",
            "introduction.ask",
            "meeting.request",
            "introduction.accept",
        )
        fields = ("user", "party", "role", "verb", "city", "reason")
        said = [
            (*(getattr(one, name) for name in fields), sorted(_plain(one.diff).items()))
            for one in entries.filter(verb__in=verbs)
        ]
        meeting = Meeting.objects.select_related("introduction").get(conference=self.conference)
        things = {
            meeting.introduction.ref: "talk", self.conference.ref: "conference",
        }  # fmt: skip
        consents = [
            (one.purpose, one.text, one.user_id, one.party_id, one.to_party_id, one.channel)
            for one in Consent.objects.order_by("id")
            if one.thing.split(":")[1] in things
        ]
        told = [
            (one.user_id, one.party_id, one.kind, sorted(one.params), one.url.split("/")[1])
            for one in Notice.objects.order_by("id")
            if one.thing.split(":")[1] in things
        ]
        skip = {"id", "conference_id", "introduction_id", "a_id", "b_id", "pair", "created_at"}
        kept = {k: v for k, v in vars(meeting).items() if k not in skip and not k.startswith("_")}
        return [said, consents, told, kept]


class _First(Draw):
    """Always the first."""

    def __init__(self) -> None:
        super().__init__(0)

    def pick(self, items: Any) -> Any:
        return items[0]


def _plain(diff: dict[str, Any]) -> dict[str, Any]:
    """Without times."""
    return {name: value for name, value in diff.items() if not name.endswith("_at")}


def test_the_day_stays_half_over_until_it_is_another_day() -> None:
    cast = world()
    at = timezone.localtime().replace(hour=10, minute=2)
    under_way = conferences.UnderWay(cast, Draw(1, 1), at + timedelta(days=2), SIZE, [])
    under_way._open()
    one = under_way.conference
    Conference.objects.filter(pk=one.pk).update(state=S.RUNNING)
    middle = under_way.program.noon

    def at_time(later: timedelta) -> tuple[int, bool]:
        with story.at_time() as clock:
            clock.now = middle + later
            put_off = noon.hold()
            slot, _next = queries.now_and_next(one)
            return put_off, slot is not None and slot.number == program.ROUNDS + 1

    assert at_time(timedelta(minutes=19)) == (0, True)
    assert at_time(timedelta(minutes=20)) == (20, True)
    assert at_time(timedelta(hours=5, minutes=7)) == (280, True)
    assert at_time(timedelta(days=1))[0] == 0
    lengths = {slot.end - slot.start for slot in Slot.objects.filter(conference=one)}
    assert lengths == {timedelta(minutes=program.MINUTES)}


def test_a_world_that_is_too_small_is_refused() -> None:
    cast = world()
    known = timezone.now() - timedelta(days=10)
    few = Listing.objects.values("party").distinct().count()
    with pytest.raises(ValueError, match="parties have a listing"):
        roster.draw_roster(Draw(1, 1), known, [], [], parties=few + 1, requests=1)
    with pytest.raises(ValueError, match="requests can be made"):
        roster.draw_roster(Draw(1, 1), known, [], [], parties=20, requests=20_000)
    assert cast
