"""What may be done about the timetable: worked out by a job, looked at, published."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from corridor.engine import meetings as engine
from corridor.engine.text import mask_contacts

from ..core import jobs
from ..core.actor import SYSTEM, Actor
from ..core.errors import Invalid, NotNow
from ..core.region import in_language
from ..core.verbs import act
from . import notices
from .frame import check_runs, check_state, doing
from .lifecycle import CONFERENCE, MEETING
from .models import Conference, Meeting, Plan
from .moment import now
from .picture import Picture, picture
from .timetable import Changes, changing

S, State = Conference.State, Meeting.State
#: How many faults a refusal names.
NAMED = 5


def plan(actor: Actor, conference: Conference) -> Plan:
    """Have the timetable worked out by a job, from all agreed meetings; the one that is being worked
    out already, if there is one.

    Raises ``NotNow`` before requests are closed and once the day has begun, ``Invalid`` naming what
    makes it no conference: no tables, a meeting fixed where somebody is away, ….
    """
    return _begin(actor, conference, "conference.plan", (S.CLOSED, S.PLANNED), again=False)


def replan(actor: Actor, conference: Conference, *, reason: str = "") -> Plan:
    """Have the rest of a running day worked out anew, with as few meetings moved as possible."""
    states = (S.PLANNED, S.RUNNING)
    return _begin(actor, conference, "conference.replan", states, again=True, reason=reason)


def _begin(
    actor: Actor,
    conference: Conference,
    kind: str,
    states: tuple[str, ...],
    *,
    again: bool,
    reason: str = "",
) -> Plan:
    made = Plan(conference=conference, again=again, user_id=actor.user)
    made.reason = mask_contacts(reason.strip())[:400]
    with doing(actor, kind, made, conference, reason=made.reason) as it:
        check_runs(it.actor, it.thing.conference)
        check_state(it.thing.conference, *states)
        working = Plan.objects.filter(conference=conference, state=Plan.State.WORKING)
        seen = picture(it.thing.conference)
        one: Plan | None = working.filter(again=again, job__state=jobs.State.QUEUED).first()
        if one is not None:
            one.stood = _settled(seen)
            one.save(update_fields=["stood"])
            it.thing = one
            return one
        _check(seen.conference)
        it.thing.stood = _settled(seen)
        _do_without(it.actor, conference, Plan.State.WORKING, Plan.State.READY)
        it.thing.job = jobs.enqueue(kind, conference.ref, actor=it.actor)
        it.thing.save()
        return made


def _do_without(actor: Actor, conference: Conference, *states: str, but: int = 0) -> None:
    """Drop the conference's timetables in these states. Part of a verb that holds the conference."""
    others = Plan.objects.filter(conference=conference, state__in=states).exclude(pk=but)
    for one in others.order_by("id"):
        with act(actor, "conference.plan_dropped", one) as it:
            it.thing.state = Plan.State.DROPPED
            it.thing.save(update_fields=["state"])


def _settled(seen: Picture) -> dict[str, list[int | None]]:
    """Where each meeting is and where it is fixed, if either, by reference: see ``Plan.stood``."""
    number: dict[int | None, int] = {slot.pk: slot.number for slot in seen.slots}
    found = {
        ref: [number.get(one.slot_id), number.get(one.fixed_id)]
        for ref, one in seen.meetings.items()
    }
    return {ref: place for ref, place in found.items() if any(place)}


def _check(said: engine.Conference) -> None:
    if not said.meetings:
        raise NotNow(_("还没有双方同意的洽谈，无从排期。"))
    wrong = engine.faults(said)
    if wrong:
        text = "".join(in_language(label) for label in wrong[:NAMED])
        raise Invalid(_("这样排不了：%(faults)s") % {"faults": text})


def publish(actor: Actor, one: Plan) -> Plan:
    """Make a timetable the one that holds: all places at once, and notices to exactly those whose
    agenda changed. All others are dropped.

    Raises ``NotNow``, saying what changed meanwhile, where the timetable does not keep every rule of
    the conference as it is now.
    """
    with (
        doing(actor, "conference.publish", one, one.conference) as it,
        act(it.actor, "conference.timetable", it.thing.conference) as whole,
    ):
        found, here = it.thing, whole.thing
        found.conference = here
        first = here.plan_id is None
        CONFERENCE.move(it.actor, here, "republish" if here.state == S.RUNNING else "publish")
        if found.state != Plan.State.READY:
            raise NotNow(
                _("这份日程现在不能发布：%(state)s。") % {"state": found.get_state_display()}
            )
        now_is = picture(here)
        _check_undoes_nothing(now_is, found)
        slots = {ref: number - 1 for ref, (number, _table) in found.placed.items()}
        _check_holds(now_is, slots, found.again)
        with changing(here, notices.PLANNED if first else notices.CHANGED) as changes:
            _seat_all(changes, now_is, found.placed)
        it.diff["moved"] = len(changes.moved)
        others = (Plan.State.WORKING, Plan.State.READY, Plan.State.PUBLISHED)
        _do_without(it.actor, here, *others, but=found.pk)
        found.state, found.published_at = Plan.State.PUBLISHED, now()
        found.save()
        here.plan = found
        here.save()
        return found


def measured(said: engine.Conference, slots: Mapping[str, int]) -> engine.Timetable:
    """A timetable of these slots, saying of itself what is so."""
    held = [one for one in said.meetings if one.id in slots]
    agendas: dict[str, list[int]] = {}
    for one in held:
        for who in (one.a, one.b):
            agendas.setdefault(who, []).append(slots[one.id])
    return engine.Timetable(
        engine.Status.FEASIBLE,
        dict(slots),
        held=sum(one.value for one in held),
        idle=sum(map(engine.idle_periods, agendas.values())),
    )


def _check_undoes_nothing(now_is: Picture, one: Plan) -> None:
    """What was booked, moved or fixed since the timetable was asked for is not put elsewhere."""

    def undone(ref: str, place: list[int | None]) -> bool:
        goes, *_table = one.placed.get(ref, [None])
        return any(
            at not in (None, was, goes)
            for at, was in zip(place, one.stood.get(ref, [None, None]), strict=True)
        )

    count = sum(undone(ref, place) for ref, place in _settled(now_is).items())
    if count:
        raise NotNow(
            _("排期后有 %(n)s 场洽谈已另行约定或调整，请重新排期，以免打乱。") % {"n": count}
        )


def _check_holds(now_is: Picture, slots: Mapping[str, int], again: bool) -> None:
    """Of a day planned again, what must be held and no longer can be does not hold up the rest."""
    said = now_is.conference
    if again:
        meetings = (replace(one, must=one.must and one.id in slots) for one in said.meetings)
        said = replace(said, meetings=tuple(meetings))
    wrong = engine.broken(said, measured(said, slots))
    if wrong:
        text = "".join(in_language(label) for label in wrong[:NAMED])
        raise NotNow(_("排期后情况有变，请重新排期：%(faults)s") % {"faults": text})


def _seat_all(changes: Changes, now_is: Picture, placed: Mapping[str, Any]) -> None:
    """Seat every meeting where the timetable has it. One that keeps its slot keeps its table."""
    stays = {
        ref
        for ref, one in now_is.meetings.items()
        if ref in placed and one.slot is not None and one.slot.number == placed[ref][0]
    }
    for ref, one in now_is.meetings.items():
        if ref not in stays and one.slot_id is not None:
            changes.free(one)
            if ref not in placed:
                MEETING.move(SYSTEM, one, "unplace")
    for ref, (number, table) in sorted(placed.items()):
        if ref in stays:
            continue
        one = now_is.meetings[ref]
        if not changes.seat(one, number, table):
            raise NotNow(_("排期后桌位或翻译有变，请重新排期。"))
        if one.state == State.ACCEPTED:
            MEETING.move(SYSTEM, one, "place")
        one.placed_at = one.placed_at or now()


def drop(actor: Actor, one: Plan) -> Plan:
    """Do without a timetable that is not published; one being worked out is stopped."""
    with doing(actor, "conference.plan_dropped", one, one.conference) as it:
        check_runs(it.actor, it.thing.conference)
        if it.thing.state not in (Plan.State.WORKING, Plan.State.READY):
            raise NotNow(_("这份日程现在不能放弃。"))
        it.thing.state = Plan.State.DROPPED
        it.thing.save()
        return it.thing
