"""What comes due by the clock: conferences that close, begin and end, and reminders."""

from datetime import datetime, timedelta

from django.db.models import Exists, Max, Min, OuterRef, Q
from django.utils import timezone

from ..core.actor import SYSTEM
from ..docking.models import OPEN as TALKING
from ..docking.models import State as Stage
from ..notices.actions import notify, to_party
from . import notices, timetable
from .frame import differing, doing, standing
from .lifecycle import CONFERENCE, MEETING
from .models import Conference, Meeting, Participant
from .moment import now, today

S, State = Conference.State, Meeting.State
EXPIRING = timedelta(hours=24)
NUDGE = timedelta(days=3)
#: A conference is over so long after its last slot: outcomes come in until then and after.
LINGER = timedelta(hours=2)


def ring() -> int:
    """Do all that is due; how many things were."""
    at = now()
    live = Conference.objects.exclude(state__in=(S.DRAFT, S.OVER, S.CANCELLED))
    rang = 0
    for one in live.order_by("id"):
        ends = one.slots.aggregate(first=Min("start"), last=Max("end"))
        rang += _move_on(one, at, ends["first"], ends["last"])
        rang += _end_closed(one)
        rang += _expiring(one, at)
        rang += _tomorrow(one, ends["first"])
        rang += _nudge(one, at)
    return rang


def _move_on(one: Conference, at: datetime, first: datetime, last: datetime) -> int:
    """Requests close, the day begins, the day ends."""
    closes = one.requests_close or first
    due = {S.OPEN: ("close", closes), S.RUNNING: ("finish", last + LINGER)}
    if one.plan_id is not None or one.self_booked:
        due |= {S.PLANNED: ("start", first), S.CLOSED: ("start", first)}
    verb, when = due.get(S(one.state), ("", at))
    if not verb or when > at:
        return 0
    with doing(SYSTEM, f"conference.{verb}", one, one) as it:
        if it.thing.state == one.state:
            CONFERENCE.move(it.actor, it.thing, verb)
            it.thing.save()
    return 1


def _end_closed(one: Conference) -> int:
    """Meetings to come whose introduction has ended are cancelled."""
    ended = Meeting.objects.filter(
        conference=one, state__in=(State.ACCEPTED, State.PLACED)
    ).exclude(introduction__state__in=TALKING)
    ended = ended.filter(Q(slot=None) | Q(slot__start__gt=now()))
    if not ended.exists():
        return 0
    with doing(SYSTEM, "conference.ended_talks", one, one) as it:
        with timetable.changing(it.thing) as changes:
            gone = list(ended.held())
            stood = standing(gone)
            for meeting in gone:
                changes.free(meeting)
                MEETING.move(SYSTEM, meeting, "cancel")
        it.diff["meetings"] = differing(stood, gone)
    return len(gone)


def _expiring(one: Conference, at: datetime) -> int:
    """A request that runs out within a day: who was asked is told once."""
    due = Meeting.objects.filter(
        conference=one,
        state=State.WANTED,
        reminded_at=None,
        introduction__state=Stage.ASKED,
        introduction__expires_at__lte=at + EXPIRING,
        created_at__lte=at - timedelta(hours=1),
    )
    done = 0
    for meeting in due.select_related("introduction", "b"):
        if Meeting.objects.filter(pk=meeting.pk, reminded_at=None).update(reminded_at=at):
            params = {"title": one.title, "ref": meeting.introduction.ref}
            url = meeting.get_absolute_url()
            notify(to_party(meeting.b.party_id), notices.EXPIRING, meeting, url, params)
            done += 1
    return done


def _tomorrow(one: Conference, first: datetime) -> int:
    """The day before, whoever has an agenda is told once."""
    if one.state not in (S.CLOSED, S.PLANNED):
        return 0
    if timezone.localdate(first) - today() != timedelta(days=1):
        return 0
    placed = Meeting.objects.filter(Q(a=OuterRef("pk")) | Q(b=OuterRef("pk")), state=State.PLACED)
    mine = Participant.objects.registered().filter(conference=one, reminded_at=None)
    due = list(mine.filter(Exists(placed)).values_list("pk", flat=True))
    Participant.objects.filter(pk__in=due).update(reminded_at=now())
    timetable.tell(due, one, notices.TOMORROW)
    return len(due)


def _nudge(one: Conference, at: datetime) -> int:
    """Every three days while requests are open, whoever has no meeting is told that there are some
    to be had.
    """
    if one.state != S.OPEN:
        return 0
    live = Meeting.objects.filter(Q(a=OuterRef("pk")) | Q(b=OuterRef("pk")))
    live = live.exclude(state=State.CANCELLED)
    without = Participant.objects.registered().filter(
        ~Exists(live), conference=one, created_at__lte=at - NUDGE
    )
    due = without.filter(Q(nudged_at=None) | Q(nudged_at__lte=at - NUDGE))
    keys = list(due.values_list("pk", flat=True))
    Participant.objects.filter(pk__in=keys).update(nudged_at=at)
    timetable.tell(keys, one, notices.NO_MEETINGS)
    return len(keys)
