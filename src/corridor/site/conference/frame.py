"""The frame of this app's verbs: :func:`core.verbs.act`, with the conference held from the start.

All that changes a conference takes turns on its row, so that no two verbs of one can wait for each
other's rows; what this costs is a few milliseconds a verb. Rows are then taken in one order:
introduction, listings, participants, meetings.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from ..core import verbs
from ..core.actor import Actor
from ..core.errors import Forbidden, Invalid, NotNow
from ..core.verbs import Act, act
from .lifecycle import runs
from .models import Conference, Meeting

Thing = TypeVar("Thing", bound=models.Model)


@contextmanager
def held(conference: Conference) -> Iterator[Conference]:
    """The conference as it is now, in a transaction that nobody else changes it during.

    Where the database finds something taken that looked free, that is a ``NotNow``.
    """
    try:
        with transaction.atomic():
            yield verbs.locked(conference)
    except IntegrityError:
        raise NotNow(_("刚刚有人占用了这个时间或桌位，请刷新页面另选。")) from None


@contextmanager
def doing(
    actor: Actor, verb: str, thing: Thing, conference: Conference, *, reason: str = ""
) -> Iterator[Act[Thing]]:
    """Do ``verb`` to a thing of a conference. ``it.thing.conference`` is the one that is held."""
    with held(conference) as now, act(actor, verb, thing, reason=reason) as it:
        if not isinstance(it.thing, Conference):
            it.thing.conference = now  # type: ignore[attr-defined]
        yield it


def standing(meetings: Iterable[Meeting]) -> dict[str, list[Any]]:
    """Where each of some meetings stands, by reference. Needs ``introduction``."""
    return {one.introduction.ref: [one.state, one.slot_id, one.table_id] for one in meetings}


def differing(before: dict[str, list[Any]], meetings: Iterable[Meeting]) -> dict[str, Any]:
    """What became of each, for the audit of a verb of many: where it stood, and where it does."""
    after = standing(meetings)
    return {ref: [was, after[ref]] for ref, was in before.items() if was != after[ref]}


def check_runs(actor: Actor, conference: Conference) -> None:
    """Raise ``Forbidden`` unless the actor runs the conference."""
    if not runs(actor, conference):
        raise Forbidden(_("只有主办方可以进行这一操作。"))


def check_state(conference: Conference, *states: str) -> None:
    """Raise ``NotNow`` unless the conference is in one of these states."""
    if conference.state not in states:
        raise NotNow(
            _("大会当前是“%(state)s”，不能进行这一操作。")
            % {"state": conference.get_state_display()}
        )


def numbers(away: Iterable[int], conference: Conference) -> list[int]:
    """Slot numbers in order, each once. Raises ``Invalid`` for one that there is not."""
    wanted = set(away)
    known = set(conference.slots.values_list("number", flat=True))
    if not known.issuperset(wanted):
        raise Invalid(_("请检查不便的场次。"), {"away": _("请只选择大会已有的场次。")})
    return sorted(wanted)
