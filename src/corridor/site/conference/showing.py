"""What pages show to whoever looks and to those who take part: when, who, and what comes next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor.engine.matching import Explanation

from ..core.actor import Actor, Role
from ..core.errors import Missing
from ..core.region import in_language
from ..core.visibility import Visible
from ..docking import cards
from ..docking.models import Match, Outcome
from ..listings.models import Listing
from . import queries, seating
from .lifecycle import LIVE
from .models import HELD, Conference, Meeting, Participant, Slot, Table
from .moment import now, today
from .queries import Row

S, State = Conference.State, Meeting.State
#: Still to come or under way.
PAST = (S.OVER, S.CANCELLED)
#: Once there is a timetable, what waits may be seated by either side.
SEATING = (S.PLANNED, S.RUNNING)


# --- conferences ---


def dated(actor: Actor) -> Visible[Conference]:
    """The conferences that the actor may know of, with when the first round begins and the last ends:
    ``first`` and ``last``, ``None`` while there are none; and how many take part: ``coming``.
    """
    slots = Slot.objects.filter(conference=OuterRef("pk")).order_by().values("conference")
    parts = Participant.objects.registered().filter(conference=OuterRef("pk"))
    counted = parts.order_by().values("conference").annotate(n=Count("pk"))
    found: Visible[Conference] = Conference.objects.visible_to(actor).annotate(
        first=Subquery(slots.annotate(at=Min("start")).values("at")),
        last=Subquery(slots.annotate(at=Max("end")).values("at")),
        coming=Subquery(counted.values("n")),
    )
    return found


def listed(actor: Actor, *, past: bool) -> Visible[Conference]:
    """Those that are over, the last first; or all others the actor may know of, the next first."""
    found = dated(actor)
    if past:
        return found.filter(state__in=PAST).order_by(F("first").desc(nulls_last=True), "-id")
    return found.exclude(state__in=PAST).order_by(F("first").asc(nulls_last=True), "id")


def following(actor: Actor) -> Conference | None:
    """The conference under way, or else the next one."""
    ahead = Q(state__in=LIVE) & Q(("last__gt", now()))
    return dated(actor).filter(ahead).order_by(F("first").asc(), "id").first()


def countdown(one: Conference) -> str:
    """How long it is until a :func:`dated` conference begins, in words; "" where it has no time yet."""
    first, last = vars(one)["first"], vars(one)["last"]
    if first is None or last is None:
        return ""
    at, left = now(), first - now()
    if at >= last:
        return _("已结束")
    if left <= timedelta(0):
        return _("正在进行")
    days = (timezone.localdate(first) - today()).days
    if days > 0:
        return ngettext("还有 %(n)d 天", "还有 %(n)d 天", days) % {"n": days}
    hours = int(left / timedelta(hours=1))
    return (
        ngettext("还有 %(n)d 小时", "还有 %(n)d 小时", hours) % {"n": hours}
        if hours
        else _("马上开始")
    )


@dataclass(frozen=True, slots=True)
class Session:
    """A part of a day: how many rounds of talks it has, and how long each takes."""

    name: str
    start: datetime
    end: datetime
    rounds: int
    minutes: int


def sessions(slots: Iterable[Slot]) -> list[Session]:
    """The parts of the days in the order of time."""
    found: dict[tuple[Any, str], list[Slot]] = {}
    for slot in slots:
        found.setdefault((timezone.localdate(slot.start), slot.session), []).append(slot)
    return [
        Session(
            some[0].session,
            some[0].start,
            some[-1].end,
            len(some),
            round((some[0].end - some[0].start) / timedelta(minutes=1)),
        )
        for some in found.values()
    ]


def numbers(conference: Conference) -> dict[str, int]:
    """What anyone may know of who comes: counts alone. Three queries."""
    coming: Any = Participant.objects.registered().filter(conference=conference).order_by()
    meetings: Any = Meeting.objects.filter(conference=conference).order_by()
    counted: dict[str, int] = (
        coming.aggregate(
            parties=Count("pk", distinct=True),
            needs=Count("listings", filter=Q(listings__side="need")),
            offers=Count("listings", filter=Q(listings__side="offer")),
        )
        | meetings.aggregate(
            agreed=Count("pk", filter=Q(state__in=(State.ACCEPTED, *HELD))),
            kept=Count("pk", filter=Q(state=State.KEPT)),
        )
        | {"tables": Table.objects.filter(hall__conference=conference).count()}
    )
    return counted


# --- one who takes part ---


def own_part(actor: Actor, ref: str) -> Participant:
    """The participation of the actor's own party in a conference, with that; one query.

    Raises ``Missing`` unless it is registered.
    """
    if actor.role is Role.MEMBER:
        own = Participant.objects.registered().filter(party=actor.party)
        found = own.select_related("conference", "late_until").filter(conference__ref=ref).first()
        if found is not None and found.conference.state != S.DRAFT:
            return found
    raise Missing(_("没有找到，或您无权查看。"))


@dataclass(frozen=True, slots=True)
class Own:
    """The meetings of one who takes part, by what is to be done about them.

    ``offers`` are the slots that each that waits may be seated in now, with one tap.
    """

    to_answer: list[Row]
    asked: list[Row]
    waiting: list[tuple[Row, list[Slot]]]
    agenda: list[Row]


#: As many free slots of one meeting are offered at once; its page has them all.
OFFERED = 3


def own(actor: Actor, part: Participant) -> Own:
    """All of them but the cancelled. One query, and those of the room where something waits that
    may be seated now.
    """
    found = queries.whole(Meeting.objects.of(part.pk).exclude(state=State.CANCELLED))
    told = Outcome.objects.filter(introduction=OuterRef("introduction"), party=part.party_id)
    rows = [
        Row(one, one.other_shown_to(actor))
        for one in found.annotate(told=Exists(told)).order_by("slot__number", "-value", "id")
    ]
    waiting = [row for row in rows if row.meeting.state == State.ACCEPTED]
    room = seating.Room.of(part.conference) if waiting and may_seat(part.conference) else None
    wanted = [row for row in rows if row.meeting.state == State.WANTED]
    return Own(
        sorted(
            (row for row in wanted if row.meeting.b_id == part.pk),
            key=lambda row: row.meeting.introduction.expires_at,
        ),
        [row for row in wanted if row.meeting.a_id == part.pk],
        [(row, room.free(row.meeting)[:OFFERED] if room else []) for row in waiting],
        [row for row in rows if row.meeting.state in HELD],
    )


#: So many days after a talk one is still asked what came of it.
ASKED_FOR = timedelta(days=14)


def to_do(actor: Actor) -> Visible[Meeting]:
    """The meetings of the actor's party that are today, and those it has not told the result of; of
    every conference, in the order of time.
    """
    told = Outcome.objects.filter(introduction=OuterRef("introduction"), party=actor.party)
    held: Visible[Meeting] = Meeting.objects.visible_to(actor).filter(
        state__in=(State.PLACED, State.KEPT),
        conference__state__in=(*SEATING, S.OVER),
        slot__start__gt=now() - ASKED_FOR,
        slot__start__date__lte=today(),
    )
    return held.filter(~Exists(told)).order_by("slot__start")


def may_seat(conference: Conference) -> bool:
    """Whether either side may seat an agreed meeting now."""
    early = conference.self_booked and conference.state in (S.OPEN, S.CLOSED)
    return early or conference.state in SEATING


def may_ask(conference: Conference) -> bool:
    """Whether meetings can be asked for now."""
    closes = conference.requests_close
    return conference.state == S.OPEN and (closes is None or closes > now())


def may_register(conference: Conference) -> bool:
    """Whether one can register now."""
    closes = conference.registration_closes
    return conference.state == S.OPEN and (closes is None or closes > now())


# --- why they fit ---


@dataclass(frozen=True, slots=True)
class Fit:
    """Why a listing fits one of the actor's own."""

    own: Listing
    score: float
    reasons: list[str]


def fits(actor: Actor, others: Sequence[Listing]) -> dict[int, Fit]:
    """Of each of these listings its best match with the actor's own, by its key. One query."""
    if actor.role is not Role.MEMBER or not others:
        return {}
    keys = [one.pk for one in others]
    own = Q(need__party=actor.party, offer__in=keys) | Q(offer__party=actor.party, need__in=keys)
    rows = Match.objects.visible_to(actor).filter(own).select_related("need", "offer")
    contacts = ("contact_name", "contact_phone")
    hidden = (f"{side}__{name}" for side in ("need", "offer") for name in contacts)
    found: dict[int, Fit] = {}
    for match in rows.defer(*hidden).order_by("-score", "id"):
        mine, other = match.need, match.offer
        if mine.party_id != actor.party:
            mine, other = other, mine
        if other.pk not in found and (said := cards.explained(match)).passed:
            found[other.pk] = _fit(mine, match, said)
    return found


# --- asking ---


def brought(actor: Actor, part: Participant, ref: str) -> Listing:
    """A listing that another brings to the conference of ``part``, and who (``bringer``, and the
    ``language`` they need). Raises ``Missing`` where the actor may not see it, or nobody does.
    """
    links = Participant.listings.through.objects.filter(
        listing=OuterRef("pk"),
        participant__conference=part.conference,
        participant__state=Participant.State.REGISTERED,
    )
    shown = Listing.objects.published().exclude(party=part.party_id)
    marked = shown.select_related("party").annotate(
        bringer=Subquery(links.values("participant")[:1]),
        language=Subquery(links.values("participant__language")[:1]),
    )
    hidden = ("contact_name", "contact_phone", *queries.secrets_of_party())
    found: Listing = marked.filter(bringer__isnull=False).defer(*hidden).one(actor, ref=ref)
    return found


def shared_slots(part: Participant, target: Listing) -> list[Slot]:
    """The slots to come that both have free; ``target`` is of :func:`brought`."""
    said = vars(target)
    other = Participant(pk=said["bringer"], language=said["language"])
    language = seating.language_between(part, other)
    return seating.Room.of(part.conference).free(Meeting(a=part, b=other, language=language))


def own_choices(part: Participant, target: Listing) -> list[Listing]:
    """What the participant brings that may be named when asking about ``target``, best match first."""
    side = "offer" if target.side == "need" else "need"
    match = Match.objects.filter(**{target.side: target, side: OuterRef("pk")})
    found: Any = part.listings.published().filter(kind=target.kind, side=side)
    marked = found.annotate(
        score=Subquery(match.values("score")[:1]), evidence=Subquery(match.values("evidence")[:1])
    )
    ordered = marked.order_by(F("score").desc(nulls_last=True), "id")
    return list(ordered.defer("contact_name", "contact_phone"))


def fit_of(own: Sequence[Listing], target: Listing) -> Fit | None:
    """Why ``target`` fits the first of :func:`own_choices`; ``None`` where the two are no match."""
    if not own or vars(own[0])["score"] is None:
        return None
    said = vars(own[0])
    pair = {own[0].side: own[0], target.side: target}
    match = Match(score=said["score"], evidence=said["evidence"], **pair)
    found = cards.explained(match)
    return _fit(own[0], match, found) if found.passed else None


def _fit(own: Listing, match: Match, said: Explanation) -> Fit:
    return Fit(own, match.score, [in_language(reason) for reason in said.reasons])
