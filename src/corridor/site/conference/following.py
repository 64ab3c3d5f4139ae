"""What becomes of a meeting when something becomes of its introduction, by whichever door."""

from typing import Any

from django.db.models import Q, QuerySet

from ..core.actor import SYSTEM
from ..core.verbs import act, acted
from ..docking.models import Introduction
from ..docking.models import State as Stage
from . import timetable
from .lifecycle import LIVE, MEETING
from .models import Meeting
from .moment import now

State = Meeting.State

#: The verb of an introduction → the move of a meeting that waited for it.
_ANSWERS = {
    "introduction.accept": "accept",
    "introduction.arrange": "accept",
    "introduction.decline": "cancel",
    "introduction.withdraw": "cancel",
    "introduction.expire": "cancel",
}


def connect() -> None:
    """Begin to follow."""
    acted.connect(_follow, sender=Introduction, dispatch_uid="conference.following")


def _follow(verb: str, thing: Introduction, **_more: Any) -> None:
    """Part of the introduction's verb; of the conference's rows it takes the meetings' alone."""
    if verb not in (*_ANSWERS, "introduction.outcome"):
        return
    mine = Meeting.objects.filter(introduction=thing).held()
    list(mine)  # all are held before one is on record: who writes the audit waits for no row then
    if verb in _ANSWERS and thing.state != Stage.ASKED:
        _move(mine.filter(state=State.WANTED), _ANSWERS[verb])
    if verb == "introduction.outcome":
        told = (State.PLACED, State.MISSED)
        _move(mine.filter(state__in=told, slot__start__lte=now()), "keep")
        if thing.state == Stage.CLOSED:
            _end(mine)


def _move(found: QuerySet[Meeting], verb: str) -> None:
    for one in found:
        with act(SYSTEM, f"meeting.{verb}", one) as it:
            MEETING.move(it.actor, it.thing, verb)
            it.thing.save(update_fields=["state"])


def _end(mine: QuerySet[Meeting]) -> None:
    """Of an introduction that has ended, what is to come is cancelled, and its seats come free. The
    conference need not be held for that: nobody takes a seat that is still given away.
    """
    live = mine.filter(state__in=(State.ACCEPTED, State.PLACED), conference__state__in=LIVE)
    to_come = live.filter(Q(slot=None) | Q(slot__start__gt=now()))
    for one in to_come:
        here = one.conference
        with act(SYSTEM, "meeting.cancel", one) as it, timetable.changing(here) as changes:
            changes.free(it.thing)
            MEETING.move(it.actor, it.thing, "cancel")
