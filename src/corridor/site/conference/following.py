"""What becomes of a meeting when something becomes of its introduction, by whichever door."""

from typing import Any

from django.db.models import Q, QuerySet

from ..core.actor import SYSTEM
from ..core.verbs import acted
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
    mine = Meeting.objects.filter(introduction=thing).held()
    if verb in _ANSWERS and thing.state != Stage.ASKED:
        for one in mine.filter(state=State.WANTED):
            MEETING.move(SYSTEM, one, _ANSWERS[verb])
            one.save(update_fields=["state"])
    if verb == "introduction.outcome":
        begun = mine.filter(state__in=(State.PLACED, State.MISSED), slot__start__lte=now())
        for one in begun:
            MEETING.move(SYSTEM, one, "keep")
            one.save(update_fields=["state"])
        if thing.state == Stage.CLOSED:
            _end(mine)


def _end(mine: QuerySet[Meeting]) -> None:
    """Of an introduction that has ended, what is to come is cancelled, and its seats come free. The
    conference need not be held for that: nobody takes a seat that is still given away.
    """
    live = mine.filter(state__in=(State.ACCEPTED, State.PLACED), conference__state__in=LIVE)
    to_come = live.filter(Q(slot=None) | Q(slot__start__gt=now()))
    for one in to_come.select_related("conference"):
        with timetable.changing(one.conference) as changes:
            changes.free(one)
            MEETING.move(SYSTEM, one, "cancel")
