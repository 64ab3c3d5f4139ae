"""What who runs a conference has before them: their conferences, its people, its meetings."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..core.actor import Actor
from ..core.errors import Text
from ..listings.models import Listing
from . import queries
from .models import HELD, Conference, Meeting, Participant, Plan, Table
from .moment import now

S, P, State = Conference.State, Participant.State, Meeting.State


def organised(actor: Actor) -> QuerySet[Conference]:
    """The conferences an actor runs, newest first, with ``first`` and ``last`` times, how many are
    ``registered``, and whether a timetable is ``ready`` to be published.
    """
    ready = Plan.objects.filter(conference=OuterRef("pk"), state=Plan.State.READY)
    found: QuerySet[Conference] = Conference.objects.organised(actor).annotate(
        first=Min("slots__start"),
        last=Max("slots__end"),
        registered=Count("participants", filter=Q(participants__state=P.REGISTERED), distinct=True),
        ready=Exists(ready),
    )
    return found.order_by("-id")


@dataclass(frozen=True, slots=True)
class Numbers:
    """How large a conference is, and how far.

    ``people`` and ``meetings`` are numbers by state, 0 for those that nothing is in.
    """

    people: Counter[str]
    meetings: Counter[str]
    slots: int
    first: datetime | None
    last: datetime | None
    tables: int
    interpreters: int

    @property
    def agreed(self) -> int:
        """Meetings that both agreed to, with a place or without."""
        return sum(self.meetings[state] for state in (State.ACCEPTED, *HELD))

    @property
    def held(self) -> int:
        """Meetings that have a place."""
        return sum(self.meetings[state] for state in HELD)

    @property
    def asked(self) -> int:
        """Meetings that were ever asked for."""
        return self.meetings.total()


def numbers(conference: Conference) -> Numbers:
    """The numbers of a conference, of five queries; for who runs it."""

    def by_state(rows: QuerySet[Any]) -> Counter[str]:
        counted = rows.order_by().values_list("state").annotate(n=Count("pk"))
        return Counter(dict(counted))

    times = conference.slots.aggregate(n=Count("pk"), first=Min("start"), last=Max("end"))
    return Numbers(
        by_state(Participant.objects.filter(conference=conference)),
        by_state(Meeting.objects.filter(conference=conference)),
        times["n"],
        times["first"],
        times["last"],
        Table.objects.filter(hall__conference=conference).count(),
        conference.interpreters.count(),
    )


#: The tabs of the list of participants.
PEOPLE: dict[str, Text] = {
    "": gettext_lazy("全部"),
    "invited": gettext_lazy("待确认"),
    "idle": gettext_lazy("没有洽谈"),
    "expected": gettext_lazy("未签到"),
    "absent": gettext_lazy("未到场"),
}


def people(
    actor: Actor, conference: Conference, tab: str = "", q: str = ""
) -> QuerySet[Participant]:
    """Those of one tab, by number. ``q`` is a number, or part of the name of one who registered:
    who has not agreed to be known is not found by name.
    """
    found = queries.participants(actor, conference)
    if tab == "idle":
        found = queries.unhappy(actor, conference)
    elif tab == "invited":
        found = found.filter(state=P.INVITED)
    elif tab == "expected":
        found = found.filter(state=P.REGISTERED, arrived_at=None)
    elif tab == "absent":
        found = found.filter(absent=True)
    if q:
        by_name = Q(party__name__icontains=q, state=P.REGISTERED)
        found = found.filter(Q(number=int(q)) if _is_number(q) else by_name)
    live = Meeting.objects.filter(Q(a=OuterRef("pk")) | Q(b=OuterRef("pk")), state__in=HELD)
    return found.annotate(busy=Exists(live)).order_by("number")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9


#: The tabs of the list of meetings, and the states in each.
MEETINGS: dict[str, tuple[Text, tuple[str, ...]]] = {
    "": (gettext_lazy("全部"), tuple(State)),
    "wanted": (gettext_lazy("待答复"), (State.WANTED,)),
    "waiting": (gettext_lazy("待排期"), (State.ACCEPTED,)),
    "placed": (gettext_lazy("已排期"), (State.PLACED,)),
    "kept": (gettext_lazy("已洽谈"), (State.KEPT,)),
    "missed": (pgettext_lazy("meetings", "未成"), (State.MISSED,)),
    "cancelled": (gettext_lazy("已取消"), (State.CANCELLED,)),
}


def meetings(actor: Actor, conference: Conference, tab: str = "", q: str = "") -> QuerySet[Meeting]:
    """Those of one tab, in the order of time; ``q`` is a reference, or the number of a participant."""
    found = queries.meetings(actor, conference).filter(state__in=MEETINGS[tab][1])
    if q:
        numbered = Q(a__number=int(q)) | Q(b__number=int(q)) if _is_number(q) else Q()
        found = found.filter(numbered or Q(introduction__ref__iexact=q))
    return found.order_by("slot__number", "-must", "-value", "id")


def of_person(actor: Actor, one: Participant) -> QuerySet[Meeting]:
    """The meetings of one participant, those with a place first."""
    found = queries.meetings(actor, one.conference)
    mine = found.filter(Q(a=one) | Q(b=one)).exclude(state=State.CANCELLED)
    return mine.order_by("slot__number", "-value", "id")


def brought(actor: Actor, one: Participant) -> QuerySet[Listing]:
    """The listings that a participant comes for, as far as the actor may see them."""
    found: QuerySet[Listing] = Listing.objects.visible_to(actor).filter(
        pk__in=one.listings.values("pk")
    )
    return found.defer("contact_name", "contact_phone").order_by("id")


def on_tables(actor: Actor, conference: Conference, board: queries.Board) -> list[Meeting]:
    """The meetings of the slot under way and of the next, by slot and table."""
    slots = [slot.pk for slot in (board.slot, board.following) if slot is not None]
    found = queries.meetings(actor, conference).filter(slot__in=slots, state__in=HELD)
    return list(found.order_by("slot__number", "table__hall", "table__number"))


@dataclass(frozen=True, slots=True)
class Missing:
    """Someone with a meeting now or next who has not been seen, and which meeting comes first."""

    participant: Participant
    meeting: Meeting
    begun: bool


def missing(rows: list[Meeting]) -> list[Missing]:
    """Who of these meetings is not there, those first who keep somebody waiting."""
    at, found = now(), dict[int, Missing]()
    for one in rows:
        if one.slot is None or one.state != State.PLACED:
            continue
        for part, present in ((one.a, one.present_a), (one.b, one.present_b)):
            gone = part.arrived_at is None and not present and not part.absent
            if gone and part.pk not in found:
                found[part.pk] = Missing(part, one, one.slot.start <= at)
    return list(found.values())
