"""What becomes of a meeting when something becomes of its introduction, by whichever door."""

from typing import Any

from ..core.actor import SYSTEM
from ..core.verbs import acted
from ..docking.models import Introduction
from ..docking.models import State as Stage
from .lifecycle import MEETING
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
