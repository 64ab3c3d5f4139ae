"""A conference as the engine takes it: what is still to come of it, and what is agreed to meet."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from django.db import models
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from corridor.engine import meetings as engine

from ..docking.models import State as Stage
from . import seating
from .models import Conference, Language, Meeting, Participant, Slot
from .moment import now

State = Meeting.State


class Why(models.TextChoices):
    """Why a meeting has no place in a timetable."""

    TIME = "time", _("双方没有共同的空场次")
    FULL = "full", _("一方已满最多场数")
    INTERPRETER = "interpreter", _("共同的空场次没有空闲翻译")
    TABLE = "table", _("共同的空场次没有空桌")
    OUTWEIGHED = "outweighed", _("让位于价值更高的洽谈")


@dataclass(frozen=True, slots=True)
class Picture:
    """What is to be timetabled.

    Slots that have begun have no tables, and what took place in them is left out but for how many
    meetings each participant may still have.

    Attributes:
        conference: as the engine takes it; a meeting's id is its introduction's reference.
        meetings: by reference.
        slots: in the engine's order, from 0.
        standing: reference → index of the slot a meeting has now.
    """

    conference: engine.Conference
    meetings: Mapping[str, Meeting]
    slots: tuple[Slot, ...]
    standing: Mapping[str, int]


def picture(conference: Conference) -> Picture:
    """The conference as it is now."""
    slots = tuple(conference.slots.all())
    at = now()
    begun = [slot.start <= at for slot in slots]
    index = {slot.pk: number for number, slot in enumerate(slots)}
    live = _live(conference, {slot.pk for slot, over in zip(slots, begun, strict=True) if over})
    room = _room_without(conference, live.values())
    names = _names(conference)
    return Picture(
        engine.Conference(
            tuple(
                engine.Slot(one.session, localtime(one.start), localtime(one.end)) for one in slots
            ),
            tuple(
                engine.Participant(
                    name,
                    away=frozenset(number - 1 for number in room.away[pk]),
                    most=max(0, room.left[pk]) if pk in room.left else None,
                )
                for pk, name in names.items()
            ),
            tuple(
                _as_engine(ref, one, names, _fixed(one, conference, index, begun))
                for ref, one in live.items()
            ),
            {engine.HALL: _tables(room, slots, begun)},
            _voices(room, slots, {one.language for one in live.values() if one.language}),
            fairness=None if any(begun) else conference.fairness,
        ),
        live,
        slots,
        {ref: index[one.slot_id] for ref, one in live.items() if one.slot_id is not None},
    )


def displaced(seen: Picture) -> dict[str, int]:
    """What had a place and lost it: reference → a slot it cannot be in, if there is one. Who plans
    again takes it to stand there, and so finds it another place before all that only waits.
    """
    said = seen.conference
    away = {one.id: one.away for one in said.participants}
    over = {at for at, room in enumerate(said.tables[engine.HALL]) if not room}
    found: dict[str, int] = {}
    for one in said.meetings:
        if one.id not in seen.standing and seen.meetings[one.id].placed_at is not None:
            closed = over | away[one.a] | away[one.b]
            found |= {one.id: min(closed)} if closed else {}
    return found


def _live(conference: Conference, begun: Collection[int]) -> dict[str, Meeting]:
    """What is agreed and neither over nor under way, by reference."""
    found = Meeting.objects.filter(
        conference=conference,
        state__in=(State.ACCEPTED, State.PLACED),
        introduction__state=Stage.ACCEPTED,
    ).select_related("introduction", "slot")
    return {one.introduction.ref: one for one in found.order_by("id") if one.slot_id not in begun}


def _room_without(conference: Conference, live: Iterable[Meeting]) -> seating.Room:
    """What is left where these meetings, which may be moved, take nothing."""
    room = seating.Room.of(conference)
    for one in live:
        for part in one.parts if one.slot_id is not None else ():
            if part in room.left:
                room.left[part] += 1
    return room


def _voices(
    room: seating.Room, slots: Iterable[Slot], needed: set[str]
) -> dict[str, tuple[int, ...]]:
    """How many interpreters of a language there are in each slot; none of one nobody speaks."""
    return {
        spoken(language): tuple(
            sum(slot.number not in voice.away for voice in room.voices.get(language, ()))
            for slot in slots
        )
        for language in needed | set(room.voices)
    }


@cache
def spoken(language: str) -> str:
    """A language by its names in both, as labels in either say it."""
    names = []
    for said in ("zh-hans", "en"):
        with override(said):
            names.append(str(Language(language).label))
    return " ".join(names)


def _names(conference: Conference) -> dict[int, str]:
    """What faults call the participants: who runs the conference reads these."""
    parts = Participant.objects.filter(conference=conference).select_related("party")
    return {one.pk: f"{one.number} {one.party.name}" for one in parts.order_by("number")}


def _tables(room: seating.Room, slots: tuple[Slot, ...], begun: list[bool]) -> tuple[int, ...]:
    return tuple(
        0 if over else sum(seating.open_in(lost, slot.number) for lost in room.tables.values())
        for slot, over in zip(slots, begun, strict=True)
    )


def _fixed(
    one: Meeting,
    conference: Conference,
    index: Mapping[int, int],
    begun: list[bool],
) -> int | None:
    """The slot a meeting has to be in. On the day only what stands in it: a wish that has become
    impossible does not hold up the rest.
    """
    fixed = one.slot_id if conference.self_booked and one.slot_id else one.fixed_id
    at = index.get(fixed) if fixed is not None else None
    gone = conference.state == Conference.State.RUNNING and fixed != one.slot_id
    return None if at is None or begun[at] or gone else at


def _as_engine(
    ref: str, one: Meeting, names: Mapping[int, str], fixed: int | None
) -> engine.Meeting:
    return engine.Meeting(
        ref,
        names[one.a_id],
        names[one.b_id],
        one.value,
        must=one.must,
        fixed=fixed,
        language=spoken(one.language) if one.language else None,
    )


def why_not(said: engine.Conference, placed: Mapping[str, int]) -> dict[str, Why]:
    """For each meeting without a place in a timetable, what stands in its way first."""
    most = {one.id: one.most for one in said.participants}
    count: Counter[str] = Counter()
    busy = {(one.id, slot) for one in said.participants for slot in one.away}
    away = frozenset(busy)
    tables = list(said.tables[engine.HALL])
    voices = {language: list(room) for language, room in said.interpreters.items()}
    for one in said.meetings:
        if one.id in placed:
            slot = placed[one.id]
            tables[slot] -= 1
            if one.language:
                voices[one.language][slot] -= 1
            busy |= {(one.a, slot), (one.b, slot)}
            count.update((one.a, one.b))

    def why(one: engine.Meeting) -> Why:
        pair = (one.a, one.b)
        could = [slot for slot, room in enumerate(said.tables[engine.HALL]) if room]
        could = [slot for slot in could if not any((who, slot) in away for who in pair)]
        free = [slot for slot in could if not any((who, slot) in busy for who in pair)]
        heard = [slot for slot in free if not one.language or voices[one.language][slot] > 0]
        if any(count[who] >= limit for who in pair if (limit := most[who]) is not None):
            return Why.FULL
        if not could:
            return Why.TIME
        if free and not heard:
            return Why.INTERPRETER
        full = heard and not any(tables[slot] > 0 for slot in heard)
        return Why.TABLE if full else Why.OUTWEIGHED

    return {one.id: why(one) for one in said.meetings if one.id not in placed}
