"""Writing down who sits where: seats, versions, and notices to exactly those whose agenda changed."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from django.db.models import Q

from ..docking.models import State as Stage
from ..notices.actions import notify
from ..notices.kinds import NoticeKind
from . import notices
from .links import agenda_page
from .models import Conference, Meeting, Participant, Seat
from .seating import Room

BATCH = 400
FIELDS = ("slot", "table", "interpreter", "version", "state", "placed_at", "fixed", "reason")
#: As many who wait are told of what came free; the others find it in their agenda.
TOLD = 20

State = Meeting.State
Thing = TypeVar("Thing")
Place = tuple[int | None, int | None, int | None]


def place_of(meeting: Meeting) -> Place:
    """What a participant's agenda says of a meeting."""
    return meeting.slot_id, meeting.table_id, meeting.interpreter_id


def _batches(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    for at in range(0, len(things), BATCH):
        yield things[at : at + BATCH]


class Changes:
    """The changes of places of one verb. Use :func:`changing`."""

    def __init__(self, conference: Conference) -> None:
        self.conference = conference
        self.room = room = Room.of(conference)
        self._room_before = replace(
            room,
            left=dict(room.left),
            busy=set(room.busy),
            used=set(room.used),
            heard=set(room.heard),
        )
        self._before: dict[int, Place] = {}
        self._now: dict[int, Meeting] = {}
        self.moved: list[Meeting] = []

    def free(self, meeting: Meeting) -> None:
        """Take a meeting from its table."""
        self._note(meeting)
        self.room.leave(meeting)

    def seat(self, meeting: Meeting, number: int, *wanted: int) -> bool:
        """Seat a meeting that has no place now; whether that was possible."""
        self._note(meeting)
        return self.room.seat(meeting, number, *wanted)

    def _note(self, meeting: Meeting) -> None:
        self._before.setdefault(meeting.pk, place_of(meeting))
        self._now[meeting.pk] = meeting

    def opens(self, meeting: Meeting) -> bool:
        """Whether a meeting without a place fits in a slot now in which it did not before."""
        now = self.room.free(meeting)
        return bool(now) and not set(now).issubset(self._room_before.free(meeting))

    def write(self) -> None:
        """Store the meetings that were freed or seated, and what the caller set of their state.

        All that move are taken from their tables first, so that two may change theirs.
        """
        moved = [one for one in self._now.values() if place_of(one) != self._before[one.pk]]
        for some in _batches(moved):
            keys = [one.pk for one in some]
            Seat.objects.filter(meeting__in=keys).delete()
            Meeting.objects.filter(pk__in=keys).update(slot=None, table=None, interpreter=None)
        for one in moved:
            one.version += 1
        for meeting in self._now.values():  # ten times as fast as bulk_update for 2,000
            meeting.save(update_fields=FIELDS)
        Seat.objects.bulk_create(
            (
                Seat(slot_id=one.slot_id, participant_id=part, meeting=one)
                for one in moved
                if one.slot_id is not None
                for part in one.parts
            ),
            batch_size=BATCH,
        )
        self.moved = moved


@contextmanager
def changing(conference: Conference, kind: NoticeKind = notices.CHANGED) -> Iterator[Changes]:
    """Change places; at the end they are stored and those whose agenda changed are told.

    Part of a verb that holds the conference. Where seats came free, those who wait for one of these
    are told too.
    """
    changes = Changes(conference)
    yield changes
    changes.write()
    tell({part for one in changes.moved for part in one.parts}, conference, kind)
    if any(one.slot_id is None for one in changes.moved):
        tell_waiting(changes)


def tell(participants: Iterable[int], conference: Conference, kind: NoticeKind) -> None:
    """Tell participants something about their agenda."""
    for some in _batches(sorted(participants)):
        parties = Participant.objects.filter(pk__in=some).values("party")
        params = {"title": conference.title, "venue": conference.venue}
        notify(Q(party__in=parties), kind, conference, agenda_page(conference.ref), params)


def tell_waiting(changes: Changes) -> None:
    """Once there is a timetable: tell those who wait that a slot came free for them."""
    conference = changes.conference
    if conference.state not in (Conference.State.PLANNED, Conference.State.RUNNING):
        return
    waiting = Meeting.objects.filter(
        conference=conference, state=State.ACCEPTED, introduction__state=Stage.ACCEPTED
    ).select_related("introduction", "a", "b")
    fitting = filter(changes.opens, waiting.order_by("-must", "-value", "id"))
    for one in islice(fitting, TOLD):
        params = {"title": conference.title, "ref": one.introduction.ref}
        both = Q(party__in=(one.a.party_id, one.b.party_id))
        notify(both, notices.FREED, one, agenda_page(conference.ref), params)
