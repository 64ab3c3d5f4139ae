"""The demo's parties register for a conference, ask each other for meetings, and answer: in bulk.

What a verb would have left behind is all there: see :mod:`.ledger`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Max, Q
from django.utils import timezone

from corridor.demo.draw import Draw

from ..conference import joining, meetings, seating
from ..conference import notices as told
from ..conference.lifecycle import MEETING, PARTICIPANT
from ..conference.models import Conference, Meeting, Participant
from ..core.actor import SYSTEM
from ..core.refs import new_ref
from ..docking import codes, notices, release
from ..docking.lifecycle import INTRODUCTION
from ..docking.models import Introduction
from ..notices.kinds import NoticeKind
from .cast import Cast
from .dockings import QUESTIONS, REASONS
from .ledger import BATCH, Ledger, batches, differing, whole
from .roster import Guest, Pair


@dataclass
class Talk:
    """A request and what is to become of it: ``accept decline withdraw expire``, or nothing yet."""

    pair: Pair
    asked: datetime
    answer: str = ""
    answered: datetime | None = None
    meeting: Meeting | None = None


class Asking:
    """Registrations, requests and answers of one conference."""

    def __init__(self, cast: Cast, conference: Conference, draw: Draw, halves: int) -> None:
        self._cast, self._draw = cast, draw
        self._ledger = Ledger()
        self._halves = halves
        self.conference = conference
        self.parts: dict[int, Participant] = {}

    def register(self, guests: Sequence[Guest]) -> None:
        """These parties register, with what they bring."""
        number = Participant.objects.filter(conference=self.conference).count()
        made = [self._part(one, number + at) for at, one in enumerate(guests, 1)]
        for one in made:
            PARTICIPANT.move(self._cast.of(one.party_id), one, "register")
        Participant.objects.bulk_create(made, batch_size=BATCH)
        through = Participant.listings.through
        through.objects.bulk_create(
            [
                through(participant=one, listing=listing)
                for one, guest in zip(made, guests, strict=True)
                for listing in guest.listings
            ],
            batch_size=BATCH,
        )
        here, ledger = self.conference, self._ledger
        for one in made:
            actor = self._cast.of(one.party_id)
            ledger.consent(actor, joining.JOINED, str(joining.TEXT), here.party_id, here)
            if one.on_screen:
                ledger.consent(actor, joining.SHOWN, str(joining.SCREEN_TEXT), here.party_id, here)
            ledger.enter(actor, "conference.register", one, whole(one))
            self.parts[one.party_id] = one
        ledger.write()

    def _part(self, guest: Guest, number: int) -> Participant:
        """As if invited, and taken up at once."""
        first = list(range(1, self._halves + 1))
        halves = {"first": first, "second": [self._halves + at for at in first]}
        return Participant(
            conference=self.conference,
            party_id=guest.party,
            number=number,
            language=guest.language,
            away=halves.get(guest.absent, []),
            on_screen=guest.on_screen,
            code=new_ref("P", 20),
            feed=new_ref("F", 32),
        )

    def ask(self, talks: Sequence[Talk]) -> None:
        """These requests are made."""
        made = self._introductions(talks)
        Introduction.objects.bulk_create(made, batch_size=BATCH)
        for talk, one in zip(talks, made, strict=True):
            talk.meeting = self._meeting(talk, one)
        Meeting.objects.bulk_create([one.meeting for one in talks if one.meeting], batch_size=BATCH)
        ledger = self._ledger
        for talk, one in zip(talks, made, strict=True):
            actor = self._cast.of(talk.pair.a)
            assert talk.meeting is not None
            ledger.consent(actor, release.GIVEN, str(release.TEXT), one.to_party_id, one)
            self._tell(one, told.ASKED, [one.to_party_id])
            ledger.enter(actor, "introduction.ask", one, whole(one))
            ledger.enter(actor, "meeting.request", talk.meeting, whole(talk.meeting))
        ledger.write()

    def _introductions(self, talks: Sequence[Talk]) -> list[Introduction]:
        last, made, now = _last_numbers([one.pair for one in talks]), [], timezone.now()
        until = now + timedelta(hours=self.conference.hours_to_answer)
        for pair in (talk.pair for talk in talks):
            sides = {one.side: one for one in (pair.own, pair.target) if one is not None}
            spine = sides.get("need", pair.target)
            number = last[spine.pk] = last.get(spine.pk, 0) + 1
            made.append(
                Introduction(
                    ref=f"{spine.ref}-{number:02d}",
                    number=number,
                    need=sides.get("need"),
                    offer=sides.get("offer"),
                    target=pair.target,
                    from_party_id=pair.a,
                    to_party_id=pair.b,
                    asked_by_id=self._cast.of(pair.a).user,
                    cooperation=self._draw.pick(codes.ways(pair.target.kind)[:3]),
                    question=self._draw.pick(QUESTIONS),
                    occasion=self.conference.ref,
                    created_at=now,
                    expires_at=until,
                )
            )
        return made

    def _meeting(self, talk: Talk, introduction: Introduction) -> Meeting:
        a, b = self.parts[talk.pair.a], self.parts[talk.pair.b]
        score = min(1.0, max(0.0, talk.pair.score))
        return Meeting(
            conference=self.conference,
            introduction=introduction,
            a=a,
            b=b,
            pair=f"{min(a.pk, b.pk)}-{max(a.pk, b.pk)}",
            language=seating.language_between(a, b),
            value=meetings.BASE + round(meetings.BEST * score),
        )

    def _tell(self, one: Introduction, kind: NoticeKind, parties: Sequence[int]) -> None:
        params = {"ref": one.ref, "title": one.target.title}
        for party in parties:
            self._ledger.tell(party, kind, one, one.get_absolute_url(), params)

    def answer(self, talks: Sequence[Talk]) -> None:
        """What was asked is answered, taken back, or not answered in time."""
        now = timezone.now()
        for talk in talks:
            meeting = talk.meeting
            assert meeting is not None
            one, verb = meeting.introduction, talk.answer
            before = {"state": one.state, "reason": one.reason}
            actor = {
                "withdraw": self._cast.of(talk.pair.a),
                "expire": SYSTEM,
            }.get(verb, self._cast.of(talk.pair.b))
            INTRODUCTION.move(actor, one, verb)
            if verb in ("accept", "decline"):
                one.answered_by_id = actor.user
            if verb == "accept":
                one.accepted_at = now
                self._ledger.consent(
                    actor, release.GIVEN, str(release.TEXT), one.from_party_id, one
                )
            else:
                one.ended_at = now
            if verb == "decline":
                one.reason = self._draw.pick(REASONS)
            one.save(update_fields=["state", "answered_by", "accepted_at", "ended_at", "reason"])
            MEETING.move(SYSTEM, meeting, "accept" if verb == "accept" else "cancel")
            self._tell(one, *_told(verb, one))
            self._ledger.enter(
                actor, f"introduction.{verb}", one, differing(one, before), one.reason
            )
        self._store(talks)
        self._ledger.write()

    def _store(self, talks: Sequence[Talk]) -> None:
        for state in (Meeting.State.ACCEPTED, Meeting.State.CANCELLED):
            moved = [one.meeting.pk for one in talks if one.meeting and one.meeting.state == state]
            for keys in batches(moved):
                Meeting.objects.filter(pk__in=keys).update(state=state)


def _told(verb: str, one: Introduction) -> tuple[NoticeKind, tuple[int, ...]]:
    """Which notice goes to whom."""
    both = (one.from_party_id, one.to_party_id)
    kinds = {
        "accept": (notices.ACCEPTED, both[:1]),
        "decline": (notices.DECLINED, both[:1]),
        "withdraw": (notices.WITHDRAWN, both[1:]),
        "expire": (notices.EXPIRED, both),
    }
    return kinds[verb]


def _last_numbers(pairs: Sequence[Pair]) -> dict[int, int]:
    """The last number of an introduction on each spine: the need, or the offer where there is none."""
    listings = {one.pk for pair in pairs for one in (pair.own, pair.target) if one is not None}
    found: dict[int, int] = {}
    for keys in batches(sorted(listings)):
        for spine, of in (("need", Q(need__in=keys)), ("offer", Q(need=None, offer__in=keys))):
            rows = Introduction.objects.filter(of).order_by().values_list(F(spine))
            found |= dict(rows.annotate(last=Max("number")))
    return found
