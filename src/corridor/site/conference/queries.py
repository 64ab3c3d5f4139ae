"""What may be seen: conferences, who can be asked, agendas, the organiser's board, the hall screen."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from ..core.actor import Actor, Role
from ..core.errors import Forbidden
from ..docking.models import Match, secrets
from ..listings.models import Anonymity, Listing
from . import seating
from .lifecycle import runs
from .models import HELD, Conference, Hall, Interpreter, Meeting, Participant, Plan, Slot, Table
from .moment import now

State = Meeting.State

_PARTIES = ("a__party", "b__party", "introduction__from_party", "introduction__to_party")
_LISTINGS = ("introduction__need", "introduction__offer", "introduction__target")
_CONTACTS = ("contact_name", "contact_phone", "contact_email")
_SECRET = tuple(secret for listing in _LISTINGS for secret in secrets(listing)) + tuple(
    f"{party}__{name}" for party in _PARTIES for name in _CONTACTS
)
#: The most of anything that waits that a page lists.
LISTED = 500


def listed(actor: Actor) -> QuerySet[Conference]:
    """The conferences an actor may know of, newest first."""
    found: QuerySet[Conference] = Conference.objects.visible_to(actor)
    return found


def mine(actor: Actor, conference: Conference) -> Participant | None:
    """The participation of the actor's own party, also where only invited or withdrawn."""
    if actor.role is not Role.MEMBER:
        return None
    found: Participant | None = Participant.objects.filter(
        conference=conference, party=actor.party
    ).first()
    return found


# --- who can be asked ---


@dataclass(frozen=True, slots=True)
class Entry:
    """What a participant is shown of another: listings it comes for, under its name, or one anonymous
    listing under an outline that says no name.

    ``score`` is that of the best match with the reader's own listings; ``meeting`` the one the two
    have about one of these.
    """

    name: str
    city: str
    listings: tuple[Listing, ...]
    anonymous: bool
    score: float | None
    meeting: Meeting | None


def may_browse(actor: Actor, conference: Conference) -> bool:
    """Whether who takes part is the actor's business: those who do, bureaus, who runs it."""
    own = mine(actor, conference)
    registered = own is not None and own.state == Participant.State.REGISTERED
    return registered or actor.role is Role.BUREAU or runs(actor, conference)


def catalogue(actor: Actor, conference: Conference) -> list[Entry]:
    """Who takes part, with the listings that the actor may see, the best matches first.

    Raises ``Forbidden`` for those whose business it is not.
    """
    if not may_browse(actor, conference):
        raise Forbidden(_("只有主办方和参会方可以查看。"))
    coming = Participant.objects.registered().filter(conference=conference)
    shown = Listing.objects.visible_to(actor).published().exclude(party=actor.party)
    links = Participant.listings.through.objects.filter(participant__in=coming)
    found = shown.filter(pk__in=links.values("listing")).select_related("party")
    listings = list(found.defer("contact_name", "contact_phone", *secrets_of_party()))
    groups: dict[tuple[int, int], list[Listing]] = {}
    for one in listings:
        named = one.party_shown_to(actor) == one.party.name
        groups.setdefault((one.party_id, 0 if named else one.pk), []).append(one)
    scores, talks = _scores(actor), _talks(actor, conference)
    made = [_entry(actor, group, scores, talks) for group in groups.values()]
    return sorted(made, key=lambda one: (-(one.score or 0), one.listings[0].ref))


def secrets_of_party() -> tuple[str, ...]:
    """The contacts of a listing's party, not to be loaded."""
    return tuple(f"party__{name}" for name in _CONTACTS)


def _entry(
    actor: Actor, group: list[Listing], scores: dict[int, float], talks: dict[int, Meeting]
) -> Entry:
    return Entry(
        group[0].party_shown_to(actor),
        group[0].city_label,
        tuple(group),
        group[0].party_shown_to(actor) != group[0].party.name,
        max((scores[one.pk] for one in group if one.pk in scores), default=None),
        next((talks[one.pk] for one in group if one.pk in talks), None),
    )


def _scores(actor: Actor) -> dict[int, float]:
    """The best score of each listing with one of the actor's own."""
    best: dict[int, float] = {}
    if actor.role is not Role.MEMBER:
        return best
    for own, other in (("need", "offer"), ("offer", "need")):
        rows = Match.objects.visible_to(actor).filter(**{f"{own}__party": actor.party})
        for pk, score in rows.values_list(other, "score"):
            best[pk] = max(score, best.get(pk, 0.0))
    return best


def _talks(actor: Actor, conference: Conference) -> dict[int, Meeting]:
    """The actor's own meetings by the listings they are about."""
    own = mine(actor, conference)
    if own is None:
        return {}
    found = Meeting.objects.of(own.pk).exclude(state=State.CANCELLED).select_related("introduction")
    return {
        pk: one
        for one in found
        for pk in (one.introduction.need_id, one.introduction.offer_id, one.introduction.target_id)
        if pk is not None
    }


# --- meetings ---


@dataclass(frozen=True, slots=True)
class Row:
    """A meeting as one of the two sees it: with whom, by name or outline."""

    meeting: Meeting
    other: str


def meetings(actor: Actor, conference: Conference) -> QuerySet[Meeting]:
    """The meetings of a conference that an actor may see, with all a page says of them."""
    found: QuerySet[Meeting] = Meeting.objects.visible_to(actor).filter(conference=conference)
    return whole(found)


def whole(found: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """With everything a page says of meetings, but no contacts."""
    places = ("conference", "slot", "wish", "table__hall", "interpreter")
    parties = (f"{listing}__party" for listing in _LISTINGS)
    return found.select_related(*places, *_PARTIES, *parties).defer(*_SECRET)


def agenda(actor: Actor, conference: Conference) -> list[Row]:
    """When the actor's party meets whom, in the order of time."""
    found = _own(actor, conference, *HELD)
    return _rows(actor, found.order_by("slot__number"))


def to_answer(actor: Actor, conference: Conference) -> list[Row]:
    """What the actor's party was asked and has not answered, the most urgent first."""
    asked = _own(actor, conference, State.WANTED).filter(b__party=actor.party)
    return _rows(actor, asked.order_by("introduction__expires_at"))


def asked(actor: Actor, conference: Conference) -> list[Row]:
    """What the actor's party asked and is not answered."""
    return _rows(actor, _own(actor, conference, State.WANTED).filter(a__party=actor.party))


def waiting(actor: Actor, conference: Conference) -> list[Row]:
    """What is agreed and has no place."""
    return _rows(actor, _own(actor, conference, State.ACCEPTED).order_by("-value", "id"))


def _own(actor: Actor, conference: Conference, *states: str) -> QuerySet[Meeting]:
    own = mine(actor, conference)
    found = Meeting.objects.of(own.pk if own else 0).filter(state__in=states)
    return whole(found.filter(conference=conference))


def _rows(actor: Actor, found: Iterable[Meeting]) -> list[Row]:
    return [Row(one, one.other_shown_to(actor)) for one in found]


def free_slots(meeting: Meeting) -> list[Slot]:
    """The slots to come that both have free, with a table and an interpreter."""
    return seating.Room.of(meeting.conference).free(meeting)


def offers(actor: Actor, conference: Conference) -> list[tuple[Row, list[Slot]]]:
    """What waits of the actor's own and has free slots now: each to be taken with one tap."""
    room = seating.Room.of(conference)
    rows = [(row, room.free(row.meeting)) for row in waiting(actor, conference)]
    return [(row, slots) for row, slots in rows if slots]


def choices(actor: Actor, conference: Conference, target: Listing) -> list[Slot]:
    """The slots that the actor's party and that of ``target`` both have free."""
    coming = Participant.objects.registered().filter(conference=conference)
    a, b = (coming.filter(party=party).first() for party in (actor.party, target.party_id))
    if a is None or b is None:
        return []
    language = seating.language_between(a, b)
    return seating.Room.of(conference).free(Meeting(a=a, b=b, language=language))


# --- for who runs it ---


@dataclass(frozen=True, slots=True)
class Board:
    """The conference at this moment. A rate's numerator stands before its denominator; the two of
    each of ``halls`` are its tables.

    ``due`` are the meetings whose slot has ended, ``kept`` those of them that took place.
    """

    slot: Slot | None
    following: Slot | None
    halls: list[tuple[Hall, int, int]]
    interpreters_used: int
    interpreters: int
    arrived: int
    registered: int
    absent: int
    kept: int
    due: int
    missed: int
    waiting: int


def now_and_next(conference: Conference) -> tuple[Slot | None, Slot | None]:
    """The slot under way, if there is one, and the next to begin."""
    at = now()
    slots = list(conference.slots.all())
    current = next((slot for slot in slots if slot.start <= at < slot.end), None)
    return current, next((slot for slot in slots if slot.start > at), None)


def board(actor: Actor, conference: Conference) -> Board:
    """What goes on, for who runs the conference; raises ``Forbidden`` for others."""
    if not runs(actor, conference):
        raise Forbidden(_("只有主办方和参会方可以查看。"))
    slot, following = now_and_next(conference)
    here = Q(slot=slot.pk if slot else 0, state__in=(State.PLACED, State.KEPT))
    due = Q(slot__end__lte=now(), state__in=HELD)
    talks = Meeting.objects.filter(conference=conference).aggregate(
        voices=Count("interpreter", filter=here),
        kept=Count("pk", filter=due & Q(state=State.KEPT)),
        due=Count("pk", filter=due),
        missed=Count("pk", filter=Q(state=State.MISSED)),
        waiting=Count("pk", filter=Q(state=State.ACCEPTED)),
    )
    coming = (
        Participant.objects.registered()
        .filter(conference=conference)
        .aggregate(
            arrived=Count("arrived_at"), all=Count("pk"), absent=Count("pk", filter=Q(absent=True))
        )
    )
    voices = list(Interpreter.objects.filter(conference=conference))
    return Board(
        slot,
        following,
        _halls(conference, slot),
        talks["voices"],
        sum(slot is None or slot.number not in voice.away for voice in voices),
        coming["arrived"],
        coming["all"],
        coming["absent"],
        talks["kept"],
        talks["due"],
        talks["missed"],
        talks["waiting"],
    )


def _halls(conference: Conference, slot: Slot | None) -> list[tuple[Hall, int, int]]:
    """The halls; of each, how many of its tables have a meeting in a slot, and how many there are."""
    number = slot.number if slot else 1
    there = Q(tables__lost_from=None) | Q(tables__lost_from__number__gt=number)
    talks = Meeting.objects.filter(
        slot=slot.pk if slot else 0, state__in=(State.PLACED, State.KEPT)
    )
    used = Count("tables", filter=Q(tables__in=talks.values("table")))
    found = conference.halls.annotate(used=used, there=Count("tables", filter=there))
    return [(hall, vars(hall)["used"], vars(hall)["there"]) for hall in found.order_by("id")]


def participants(actor: Actor, conference: Conference) -> QuerySet[Participant]:
    """The participants an actor may see by name: for the door, the lists of bureaus."""
    found: QuerySet[Participant] = (
        Participant.objects.visible_to(actor)
        .filter(conference=conference)
        .select_related("party", "late_until", "conference")
        .prefetch_related("listings")
        .defer(*secrets_of_party())
    )
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """What publishing a timetable would do to one meeting; ``None`` for no slot."""

    meeting: Meeting
    before: int | None
    after: int | None


def changes(actor: Actor, plan: Plan) -> list[Change]:
    """What publishing would change, for who runs the conference."""
    seen = Meeting.objects.visible_to(actor).filter(conference=plan.conference)
    standing = seen.filter(state__in=(State.ACCEPTED, State.PLACED)).order_by("id")
    both = ("a__party", "b__party")
    unread = (f"{party}__{name}" for party in both for name in _CONTACTS)
    found = []
    for one in standing.select_related("slot", "introduction", *both).defer(*unread):
        before = one.slot.number if one.slot else None
        after = plan.placed.get(one.introduction.ref, [None])[0]
        begun = one.slot is not None and one.slot.start <= now()
        if before != after and not begun:
            found.append(Change(one, before, after))
    return found


# --- the hall ---


@dataclass(frozen=True, slots=True)
class ScreenRow:
    """A table on the hall's screen; ``names`` are empty unless both agreed to be shown there and none
    of their listings is anonymous.
    """

    table: Table
    slot: Slot
    names: tuple[str, ...]


def screen(conference: Conference, hall: Hall | None = None) -> list[ScreenRow]:
    """What anyone in a hall, or in any, may read: the tables of the slot under way and of the next."""
    slots = [slot for slot in now_and_next(conference) if slot is not None]
    found: Any = Meeting.objects.filter(slot__in=slots, state__in=(State.PLACED, State.KEPT))
    if hall is not None:
        found = found.filter(table__hall=hall)
    found = found.select_related("slot", "table__hall", "a__party", "b__party", "introduction")
    found = found.prefetch_related("a__listings", "b__listings")
    rows = found.order_by("slot__number", "table__hall", "table__number")
    return [ScreenRow(one.table, one.slot, _names(one)) for one in rows]


def _names(one: Meeting) -> tuple[str, ...]:
    open_to_all = (Anonymity.PUBLIC, Anonymity.CORRIDOR)
    agreed = all(
        part.on_screen and all(row.anonymity in open_to_all for row in part.listings.all())
        for part in (one.a, one.b)
    )
    return (one.a.party.name, one.b.party.name) if agreed else ()


def table(actor: Actor, conference: Conference) -> QuerySet[Table]:
    """The tables with their codes, for printing; for who runs the conference."""
    found: QuerySet[Table] = Table.objects.visible_to(actor).filter(hall__conference=conference)
    return found.select_related("hall", "lost_from")


def unhappy(actor: Actor, conference: Conference) -> QuerySet[Participant]:
    """Those who take part and have no meeting, nor are waiting for an answer."""
    live = Meeting.objects.filter(conference=conference).exclude(state=State.CANCELLED)
    busy = Q(pk__in=live.values("a")) | Q(pk__in=live.values("b"))
    return participants(actor, conference).filter(state=Participant.State.REGISTERED).exclude(busy)
