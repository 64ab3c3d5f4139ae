"""What may be done on the day: arrivals, absences, lost tables, and what came of a talk."""

from contextlib import suppress
from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from ..core.actor import SYSTEM, Actor, Role
from ..core.errors import Forbidden, Invalid, Missing, NotNow, Refused
from ..core.verbs import act
from ..docking import actions as docking
from ..docking.models import Outcome
from . import planning, timetable
from .frame import check_runs, check_state, differing, doing, held, standing
from .lifecycle import MEETING, either, own_or_runs
from .models import HELD, Conference, Meeting, Participant, Slot, Table
from .moment import now, today

S, State = Conference.State, Meeting.State
#: A table's QR counts from so long before its slot begins.
EARLY = timedelta(minutes=15)
#: The two taps → what is reported of the introduction.
RESULTS = {
    "intention": Outcome.Result.INTENTION,
    "again": Outcome.Result.MET,
    "none": Outcome.Result.NONE,
}


def check_in(actor: Actor, conference: Conference, code: str) -> Participant:
    """Let a participant in by the code of its badge; again is no fault. By who runs the conference.

    Raises ``Missing`` for a code that is nobody's here, ``NotNow`` for one that has withdrawn.
    """
    found = Participant.objects.filter(conference=conference, code=code.strip().upper()).first()
    if found is None:
        check_runs(actor, conference)
        raise Missing(_("没有这个参会码，请核对是否为本次大会的。"))
    with doing(actor, "conference.check_in", found, conference) as it:
        check_runs(it.actor, it.thing.conference)
        check_state(it.thing.conference, S.PLANNED, S.RUNNING, S.CLOSED)
        if it.thing.state != Participant.State.REGISTERED:
            raise NotNow(_("该参会方没有报名或已退出。"))
        _let_in(it.thing)
        return it.thing


def _let_in(one: Participant) -> None:
    """It is there, whatever was said of it. Part of a verb of the participant."""
    one.arrived_at, one.absent = one.arrived_at or now(), False
    one.save()


def at_table(actor: Actor, code: str) -> Meeting:
    """Say that the actor's party is at a table, by the table's code; once both are, it is kept.

    Raises ``Missing`` for a code that is no table's, ``NotNow`` where the party has no meeting at it
    now, saying where it has one.
    """
    table = table_of(actor, code)
    with held(table.hall.conference) as here:
        check_state(here, S.PLANNED, S.RUNNING)
        with act(actor, "meeting.present", meeting_now(actor, table)) as it:
            it.thing.conference = here
            if it.thing.state not in HELD or it.thing.table_id != table.pk:
                raise NotNow(_("您现在没有排在这张桌的洽谈。"))
            _come_to_table(it.actor, here)
            mine = "a" if it.thing.a.party_id == it.actor.party else "b"
            setattr(it.thing, f"present_{mine}", True)
            if it.thing.present_a and it.thing.present_b and it.thing.state != State.KEPT:
                MEETING.move(it.actor, it.thing, "keep")
            it.thing.save(update_fields=["state", "present_a", "present_b"])
            return it.thing


def _come_to_table(actor: Actor, conference: Conference) -> None:
    """Whoever sits at a table has arrived, also one that was taken for absent."""
    mine = Participant.objects.filter(conference=conference, party=actor.party)
    one = mine.filter(Q(arrived_at=None) | Q(absent=True)).first()
    if one is not None:
        with act(actor, "conference.check_in", one) as it:
            _let_in(it.thing)


def table_of(actor: Actor, code: str) -> Table:
    """The table whose QR a member of a party has read, with its hall and conference. Raises
    ``Missing`` for a code that is none's.
    """
    found: Table | None = (
        Table.objects.select_related("hall__conference").filter(code=code.strip().upper()).first()
    )
    if found is None or actor.role is not Role.MEMBER:
        raise Missing(_("没有找到，或您无权查看。"))
    return found


def meeting_now(actor: Actor, table: Table) -> Meeting:
    """The meeting that the actor's party has at a table now. Raises ``NotNow`` where it has none
    there, saying where it has one.
    """
    at = now()
    mine = Meeting.objects.visible_to(actor).filter(
        conference=table.hall.conference,
        slot__start__lte=at + EARLY,
        slot__end__gt=at,
        state__in=HELD,
    )
    soon = list(mine.select_related("slot", "table__hall").order_by("slot__number"))
    here = next((one for one in soon if one.table_id == table.pk), None)
    if here is not None:
        return here
    if soon and soon[0].table is not None:
        raise NotNow(_("您现在的洽谈在%(where)s。") % {"where": soon[0].table.where})
    raise NotNow(_("您现在没有排在这张桌的洽谈。"))


def no_show(actor: Actor, participant: Participant) -> Participant:
    """Say that a participant is not there, once a slot it has a meeting in has begun. That meeting is
    missed, those to come go back to the waiting list, and the rest of the day is worked out anew.
    """
    with doing(actor, "conference.no_show", participant, participant.conference) as it:
        one = it.thing
        check_runs(it.actor, one.conference)
        check_state(one.conference, S.RUNNING)
        mine = list(Meeting.objects.of(one.pk).filter(state=State.PLACED).held())
        if not any(begun.slot and begun.slot.start <= now() for begun in mine):
            raise NotNow(_("该参会方还没有开始的洽谈，不能登记未到场。"))
        stood = standing(mine)
        one.absent = True
        one.save()
        with timetable.changing(one.conference) as changes:
            for meeting in mine:
                _take_away(changes, meeting)
        it.diff["meetings"] = differing(stood, mine)
    return _after(actor, participant, len(changes.moved))


def late(actor: Actor, participant: Participant, slot: Slot) -> Participant:
    """Say that a participant comes only by a slot: its meetings before go back to the waiting list.
    By its members, or who runs the conference.
    """
    with doing(actor, "conference.late", participant, participant.conference) as it:
        one = it.thing
        if not own_or_runs(it.actor, one):
            raise Forbidden(_("您的身份不能进行这一操作。"))
        check_state(one.conference, S.PLANNED, S.RUNNING)
        if slot.conference_id != one.conference_id:
            raise Invalid(_("请选择本次大会的场次。"))
        one.late_until = slot
        one.save()
        before = Meeting.objects.of(one.pk).filter(
            state=State.PLACED, slot__number__lt=slot.number, slot__start__gt=now()
        )
        mine = list(before.held())
        stood = standing(mine)
        with timetable.changing(one.conference) as changes:
            for meeting in mine:
                _take_away(changes, meeting)
        it.diff["meetings"] = differing(stood, mine)
    return _after(actor, participant, len(changes.moved))


def lose_table(actor: Actor, table: Table, slot: Slot | None) -> Table:
    """Say that a table cannot be used from a slot on; with none, that it can again. Its meetings go
    to another table of the same slot, of the same hall if one is free, or to the waiting list.
    """
    conference = table.hall.conference
    with held(conference) as here, act(actor, "conference.table_lost", table) as it:
        check_runs(it.actor, conference)
        check_state(here, S.CLOSED, S.PLANNED, S.RUNNING)
        if slot is not None and slot.conference_id != conference.pk:
            raise Invalid(_("请选择本次大会的场次。"))
        it.thing.lost_from = slot
        it.thing.save()
        gone = Meeting.objects.filter(
            table=table,
            state=State.PLACED,
            slot__number__gte=slot.number if slot else 0,
            slot__start__gt=now(),
        )
        near = Table.objects.filter(hall=table.hall).values_list("pk", flat=True)
        theirs = list(gone.held()) if slot else []
        stood = standing(theirs)
        with timetable.changing(here) as changes:
            for meeting in theirs:
                number = meeting.slot.number if meeting.slot else 0
                changes.free(meeting)
                if not changes.seat(meeting, number, *near):
                    MEETING.move(SYSTEM, meeting, "unplace")
        it.diff["meetings"] = differing(stood, theirs)
        lost: Table = it.thing
    if any(one.slot is None for one in theirs) and here.state == S.RUNNING:
        _plan_the_rest(actor, conference)
    return lost


def _take_away(changes: timetable.Changes, meeting: Meeting) -> None:
    """Of a participant that is not there: what has begun is missed, what is to come waits."""
    if meeting.slot is not None and meeting.slot.start > now():
        changes.free(meeting)
        MEETING.move(SYSTEM, meeting, "unplace")
    else:
        MEETING.move(SYSTEM, meeting, "miss")
        meeting.save(update_fields=["state"])


def _after(actor: Actor, participant: Participant, freed: int) -> Participant:
    """Have the rest of the day worked out anew where who runs it is asked to; gives it as it is."""
    fresh = Participant.objects.select_related("conference").get(pk=participant.pk)
    if freed and fresh.conference.state == S.RUNNING and actor.role is not Role.MEMBER:
        _plan_the_rest(actor, fresh.conference)
    return fresh


def _plan_the_rest(actor: Actor, conference: Conference) -> None:
    """What happened is written down already, also where nothing is left that could be planned."""
    with suppress(Refused):
        planning.replan(actor, conference)


def miss(actor: Actor, meeting: Meeting) -> Meeting:
    """Say that a meeting did not take place, once its slot has begun. By who runs the conference."""
    with doing(actor, "meeting.miss", meeting, meeting.conference) as it:
        MEETING.move(it.actor, it.thing, "miss")
        if it.thing.slot is None or it.thing.slot.start > now():
            raise NotNow(_("这场洽谈还没有开始。"))
        it.thing.save(update_fields=["state"])
        return it.thing


def outcome(
    actor: Actor, meeting: Meeting, *, result: str, next_step: str = "", reason: str = ""
) -> Outcome:
    """Say what came of a talk: ``intention``, ``again`` or ``none``, which needs a reason. It is the
    introduction's outcome, and shows that the meeting was kept.

    Raises ``Forbidden`` unless by either side, ``NotNow`` before its slot begins, ``Invalid`` for
    another result or no reason.
    """
    if result not in RESULTS:
        raise Invalid(_("请选择结果。"), {"result": _("请选择：意向、再谈或无。")})
    with held(meeting.conference) as conference:
        fresh = Meeting.objects.select_related("introduction", "slot", "a", "b").get(pk=meeting.pk)
        fresh.conference = conference
        if not either(actor, fresh):
            raise Forbidden(_("只有洽谈双方可以登记结果。"))
        if fresh.slot is None or fresh.slot.start > now():
            raise NotNow(_("洽谈开始后才能登记结果。"))
        told = docking.Report(
            RESULTS[result],
            today(),
            reason=reason if result == "none" else "",
            note=next_step,
        )
        return docking.report(actor, fresh.introduction, told)
