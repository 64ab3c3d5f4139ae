"""Who may still be seated when, and where."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F

from .models import Conference, Interpreter, Meeting, Participant, Seat, Slot, Table
from .moment import now


@dataclass
class Room:
    """What is taken and what is free at a conference as it stands.

    Attributes:
        slots: by number.
        tables: table id → the number of the first slot it is lost in, or None; in the order in which
            they are given out, so that in every slot those lost come last.
        voices: language → its interpreters.
        away: participant → the numbers of the slots in which it cannot be booked.
        left: participant → how many meetings more it may have; missing for any.
        busy: (slot number, participant) that has a seat.
        used, heard: (slot number, table or interpreter id) that has a meeting.
    """

    slots: dict[int, Slot]
    tables: dict[int, int | None]
    voices: dict[str, list[Interpreter]]
    away: dict[int, frozenset[int]]
    left: dict[int, int]
    busy: set[tuple[int, int]] = field(default_factory=set)
    used: set[tuple[int, int]] = field(default_factory=set)
    heard: set[tuple[int, int]] = field(default_factory=set)

    @classmethod
    def of(cls, conference: Conference) -> "Room":
        """As the database has it."""
        slots = {slot.number: slot for slot in conference.slots.all()}
        parts = list(Participant.objects.filter(conference=conference).select_related("late_until"))
        voices: dict[str, list[Interpreter]] = defaultdict(list)
        for voice in conference.interpreters.order_by("id"):
            voices[voice.language].append(voice)
        seats = Seat.objects.filter(slot__conference=conference)
        places = ("slot__number", "participant", "meeting__table", "meeting__interpreter")
        taken: list[Any] = list(seats.values_list(*places))
        busy = {(slot, participant) for slot, participant, *_place in taken}
        count = Counter(participant for _slot, participant in busy)
        most: dict[int, int | None] = {one.pk: one.most or conference.most for one in parts}
        return cls(
            slots,
            tables_of(conference),
            dict(voices),
            {one.pk: frozenset(away(one, slots.values())) for one in parts},
            {pk: n - count[pk] for pk, n in most.items() if n},
            busy,
            {(slot, table) for slot, _who, table, _voice in taken},
            {(slot, voice) for slot, _who, _table, voice in taken if voice is not None},
        )

    def free(self, meeting: Meeting) -> list[Slot]:
        """The slots to come in which a meeting could be held, in the order of time."""
        if any(self.left.get(part, 1) < 1 for part in meeting.parts):
            return []
        at = now()
        return [
            slot
            for number, slot in self.slots.items()
            if slot.start > at
            and not any(
                number in self.away[part] or (number, part) in self.busy for part in meeting.parts
            )
            and self.table(number) is not None
            and (not meeting.language or self.voice(number, meeting.language) is not None)
        ]

    def table(self, number: int, *wanted: int) -> int | None:
        """A free table of a slot: the first of those ``wanted``, or else the first of all."""
        for table in (*(table for table in wanted if table in self.tables), *self.tables):
            if open_in(self.tables[table], number) and (number, table) not in self.used:
                return table
        return None

    def voice(self, number: int, language: str) -> int | None:
        """A free interpreter of a language in a slot."""
        for one in self.voices.get(language, ()):
            if number not in one.away and (number, one.pk) not in self.heard:
                return one.pk
        return None

    def seat(self, meeting: Meeting, number: int, *wanted: int) -> bool:
        """Give a meeting its table and interpreter in a slot, one of the tables ``wanted`` if free;
        whether there were any. The meeting is changed and not saved.
        """
        table = self.table(number, *wanted)
        voice = self.voice(number, meeting.language) if meeting.language else None
        if table is None or (meeting.language and voice is None):
            return False
        meeting.slot, meeting.table_id, meeting.interpreter_id = self.slots[number], table, voice
        self.used.add((number, table))
        if voice is not None:
            self.heard.add((number, voice))
        for part in meeting.parts:
            self.busy.add((number, part))
            if part in self.left:
                self.left[part] -= 1
        return True

    def leave(self, meeting: Meeting) -> None:
        """Take a meeting from its table. The meeting is changed and not saved."""
        if meeting.slot is None:
            return
        number = meeting.slot.number
        self.used.discard((number, meeting.table_id or 0))
        self.heard.discard((number, meeting.interpreter_id or 0))
        for part in meeting.parts:
            self.busy.discard((number, part))
            if part in self.left:
                self.left[part] += 1
        meeting.slot = meeting.table = meeting.interpreter = None


def away(one: Participant, slots: Iterable[Slot]) -> set[int]:
    """The numbers of the slots in which a participant is not to be booked."""
    if one.state != Participant.State.REGISTERED:
        return {slot.number for slot in slots}
    found = set(one.away)
    if one.late_until is not None:
        found |= {slot.number for slot in slots if slot.number < one.late_until.number}
    if one.absent:
        at = now()
        found |= {slot.number for slot in slots if slot.end > at}
    return found


def tables_of(conference: Conference) -> dict[int, int | None]:
    """Table id → the number of the first slot it is lost in, or None; the longest there first."""
    found = Table.objects.filter(hall__conference=conference).order_by(
        F("lost_from__number").desc(nulls_first=True), "hall", "number"
    )
    return dict(found.values_list("pk", "lost_from__number"))


def open_in(lost_from: int | None, number: int) -> bool:
    """Whether a table lost from one slot on is there in another."""
    return lost_from is None or number < lost_from


def language_between(a: Participant, b: Participant) -> str:
    """The language to be interpreted: none between two who need the same, else that of who needs
    one; of two, the one who asks has its own and the other is taken to follow.
    """
    return "" if a.language == b.language else a.language or b.language
