"""What may be done about meetings: asked for, accepted, booked, moved, cancelled, insisted on."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from corridor.engine.text import mask_contacts

from ..core.actor import SYSTEM, Actor, Role
from ..core.errors import Forbidden, Invalid, NotNow
from ..core.verbs import act
from ..docking import actions as docking
from ..docking import arranging
from ..docking.models import OPEN, Introduction, Match
from ..docking.models import State as Stage
from ..listings.models import Anonymity, Listing
from ..notices.actions import notify
from . import notices, seating, timetable
from .frame import check_runs, check_state, doing, held
from .lifecycle import LIVE, MEETING
from .models import Conference, Meeting, Participant, Slot
from .moment import now
from .timetable import changing

S, State = Conference.State, Meeting.State
#: Two meetings are always worth more than one; the rest of a value is how well the two match.
BASE, BEST = 10, 9
HIGHEST = 1000


def request(
    actor: Actor,
    conference: Conference,
    target: Listing,
    *,
    own: Listing | None = None,
    cooperation: str,
    question: str,
    agreed: bool,
    slot: Slot | None = None,
) -> Meeting:
    """Ask a participant for a meeting about a listing it comes for; that is an introduction, or the
    one the two have already.

    Raises what :func:`docking.actions.ask` raises; ``NotNow`` unless requests are open and both take
    part, where the two have a meeting already, or where the asker has used up its requests;
    ``Forbidden`` where the conference's rule does not let it ask this one.
    """
    if actor.role is not Role.MEMBER:
        raise Forbidden(_("只有参会主体的成员可以约谈。"))
    if target.party_id == actor.party:
        raise Invalid(_("不能与自己洽谈。"))
    with doing(actor, "meeting.request", Meeting(), conference) as it:
        here = it.thing.conference
        check_state(here, S.OPEN)
        if here.requests_close is not None and here.requests_close <= now():
            raise NotNow(_("约谈已截止。"))
        a, b = _coming(here, actor.party, own), _coming(here, target.party_id, target)
        _check_new(here, a, b)
        _check_asks(here, a)
        _check_rule(here, a, target, own)
        said: dict[str, Any] = {"cooperation": cooperation, "question": question, "agreed": agreed}
        talk = _talk(it.actor, target, own) or docking.ask(
            it.actor, target, own=own, occasion=_occasion(here), **said
        )
        _made(it.thing, talk, a, b)
        it.thing.wish = _of(here, slot)
        it.thing.save()
        if talk.state == Stage.ASKED and _at_once(here, target):
            arranging.agree_beforehand(talk)
            it.thing.refresh_from_db()
            it.thing.conference = here
        if here.self_booked and slot is not None:
            _check_free(it.thing, slot)
            if it.thing.state == State.ACCEPTED:
                _place(it.thing, slot)
        return it.thing


def _check_asks(conference: Conference, a: Participant) -> None:
    """What was taken back or declined was asked all the same: nobody asks the whole hall. What the
    two talked about already, or the organiser insists on, nobody asked for here.
    """
    here = Meeting.objects.filter(conference=conference, a=a, introduction__occasion=conference.ref)
    if here.filter(introduction__asked_by__isnull=False).count() >= conference.asks:
        raise NotNow(
            _("每家最多发起 %(n)s 个约谈，您已用完。请等待答复。") % {"n": conference.asks}
        )


def _occasion(conference: Conference) -> docking.Occasion:
    until = now() + timedelta(hours=conference.hours_to_answer)
    return docking.Occasion(conference.ref, until, notices.ASKED)


def _coming(conference: Conference, party: int | None, listing: Listing | None) -> Participant:
    """The participant of a party, that comes for this listing."""
    found = Participant.objects.registered().filter(conference=conference, party=party)
    if listing is not None:
        found = found.filter(listings=listing)
    one: Participant | None = found.first()
    if one is None:
        raise NotNow(_("双方都报名参会、并带着所选信息，才能约谈。"))
    return one


def _check_new(conference: Conference, a: Participant, b: Participant) -> None:
    if a.pk == b.pk:
        raise Invalid(_("不能与自己洽谈。"))
    same = Meeting.objects.filter(conference=conference, pair=_pair(a, b))
    if same.exclude(state=State.CANCELLED).exists():
        raise NotNow(_("双方在这次大会上已有洽谈或约谈。"))


def _pair(a: Participant, b: Participant) -> str:
    return f"{min(a.pk, b.pk)}-{max(a.pk, b.pk)}"


def _check_rule(
    conference: Conference, a: Participant, target: Listing, own: Listing | None
) -> None:
    if conference.rule == Conference.Rule.ANYONE:
        return
    mine = [own] if own is not None else list(a.listings.all())
    if conference.rule == Conference.Rule.OTHER_SIDE:
        fit = any(one.kind == target.kind and one.side != target.side for one in mine)
        if not fit:
            raise Forbidden(_("本次大会只能约同类信息的另一方。"))
        return
    other = "offer" if target.side == "need" else "need"
    if not Match.objects.filter(**{target.side: target, f"{other}__in": mine}).exists():
        raise Forbidden(_("本次大会只能约平台为您匹配到的信息。"))


def _talk(actor: Actor, target: Listing, own: Listing | None) -> Introduction | None:
    """The introduction that the asker has with the other about this listing already, locked."""
    about = Q(target=target, from_party=actor.party) | Q(target__in=[own] if own else [])
    about |= Q(need=target) | Q(offer=target)
    both = (actor.party, target.party_id)
    found: Any = Introduction.objects.filter(
        about, from_party__in=both, to_party__in=both, state__in=OPEN
    )
    one: Introduction | None = found.select_for_update(of=("self",)).first()
    if one is not None and one.state == Stage.ASKED and one.to_party_id == actor.party:
        raise NotNow(_("对方已就此向您发起对接意向（%(ref)s），请直接答复。") % {"ref": one.ref})
    return one


def _made(meeting: Meeting, talk: Introduction, a: Participant, b: Participant) -> None:
    """Fill in a new meeting. ``a`` is whoever asked in the introduction."""
    if talk.from_party_id != a.party_id:
        a, b = b, a
    meeting.introduction, meeting.a, meeting.b, meeting.pair = talk, a, b, _pair(a, b)
    meeting.language = seating.language_between(a, b)
    meeting.value = value_of(talk)
    meeting.state = State.ACCEPTED if talk.state == Stage.ACCEPTED else State.WANTED


def value_of(talk: Introduction) -> int:
    """What a meeting is worth: by the score of the match it stands on."""
    score = (
        Match.objects.filter(need=talk.need_id, offer=talk.offer_id)
        .values_list("score", flat=True)
        .first()
    )
    return BASE + round(BEST * min(1.0, max(0.0, score or 0.0)))


def _at_once(conference: Conference, target: Listing) -> bool:
    """Whether it needs no answer. The anonymous always answer: a meeting shows their name."""
    auto = conference.request_mode == Conference.RequestMode.AUTO
    return auto and target.anonymity != Anonymity.ANONYMOUS


def accept(actor: Actor, meeting: Meeting, *, agreed: bool, slot: Slot | None = None) -> Meeting:
    """Agree to meet: accepts the introduction. Where the two choose the time, it books the slot: the
    one given, or else the one asked for, or else the first both have free.

    Raises what :func:`docking.actions.accept` raises, and ``NotNow`` where the slot is taken or the
    conference is over; then nothing was accepted.
    """
    with held(meeting.conference) as here:
        check_state(here, *LIVE)
        docking.accept(actor, meeting.introduction, agreed=agreed)
        fresh: Meeting = Meeting.objects.select_related("introduction", "a", "b").get(pk=meeting.pk)
        fresh.conference = here
        if not here.self_booked or fresh.state != State.ACCEPTED:
            return fresh
        with act(actor, "meeting.book", fresh) as it:
            it.thing.conference = here
            _place(it.thing, slot or it.thing.wish or _first_free(it.thing))
            return it.thing


def _first_free(meeting: Meeting) -> Slot:
    free = seating.Room.of(meeting.conference).free(meeting)
    if not free:
        raise NotNow(_("双方已没有共同的空场次。"))
    return free[0]


def take(actor: Actor, meeting: Meeting, slot: Slot) -> Meeting:
    """Book a free slot for an agreed meeting, by either side: where the two choose the time, and from
    the waiting list once there is a timetable. First come, first served.

    Raises ``NotNow`` where the slot is not free any more.
    """
    with doing(actor, "meeting.take", meeting, meeting.conference) as it:
        here = it.thing.conference
        open_now = (S.PLANNED, S.RUNNING)
        check_state(here, *((S.OPEN, S.CLOSED, *open_now) if here.self_booked else open_now))
        MEETING.allow(it.actor, it.thing, "place")
        _place(it.thing, slot)
        return it.thing


def _place(meeting: Meeting, slot: Slot, *tables: int) -> None:
    """Seat an accepted meeting in a slot. Part of a verb that holds the conference."""
    with changing(meeting.conference) as changes:
        _check_free(meeting, slot, changes.room)
        changes.seat(meeting, slot.number, *tables)
        MEETING.move(SYSTEM, meeting, "place")
        meeting.placed_at = meeting.placed_at or now()


def _check_free(meeting: Meeting, slot: Slot, room: seating.Room | None = None) -> None:
    room = room or seating.Room.of(meeting.conference)
    if slot.pk not in {one.pk for one in room.free(meeting)}:
        raise NotNow(_("这个场次对双方、桌位或翻译已不空，请另选一场。"))


def _of(conference: Conference, slot: Slot | None) -> Slot | None:
    if slot is not None and slot.conference_id != conference.pk:
        raise Invalid(_("请选择本次大会的场次。"))
    return slot


def cancel(actor: Actor, meeting: Meeting, *, reason: str = "") -> Meeting:
    """Not meet after all, by either side or who runs the conference. The introduction goes on."""
    with doing(actor, "meeting.cancel", meeting, meeting.conference, reason=reason) as it:
        one = it.thing
        check_state(one.conference, *LIVE)
        if one.state == State.WANTED:
            raise NotNow(_("对方尚未答复：请撤回或婉拒这条约谈。"))
        MEETING.move(it.actor, one, "cancel")
        one.reason = mask_contacts(reason.strip())[:400]
        with changing(one.conference) as changes:
            changes.free(one)
        if not changes.moved:
            params = {"title": one.conference.title, "ref": one.introduction.ref}
            both = Q(party__in=(one.a.party_id, one.b.party_id))
            notify(both, notices.ENDED, one, one.get_absolute_url(), params, but=it.actor)
        return one


def set_value(actor: Actor, meeting: Meeting, value: int) -> Meeting:
    """Say what a meeting is worth to a timetable, by who runs the conference."""
    if not 1 <= value <= HIGHEST:
        raise Invalid(
            _("请检查价值。"), {"value": _("请填写 1 至 %(n)s 的整数。") % {"n": HIGHEST}}
        )
    with doing(actor, "meeting.value", meeting, meeting.conference) as it:
        check_runs(it.actor, it.thing.conference)
        check_state(it.thing.conference, *LIVE)
        it.thing.value = value
        it.thing.save(update_fields=["value"])
        return it.thing


def must(actor: Actor, meeting: Meeting, *, reason: str) -> Meeting:
    """Say that a timetable without this agreed meeting is none; with "" as reason, take that back."""
    with doing(actor, "meeting.must", meeting, meeting.conference, reason=reason) as it:
        check_runs(it.actor, it.thing.conference)
        check_state(it.thing.conference, *LIVE)
        if it.thing.state not in (State.ACCEPTED, State.PLACED):
            raise NotNow(_("双方同意后才能定为必谈。"))
        it.thing.reason = mask_contacts(reason.strip())[:400]
        it.thing.must = bool(it.thing.reason)
        it.thing.save(update_fields=["must", "reason"])
        return it.thing


def bring_together(
    actor: Actor, conference: Conference, listing: Listing, other: Listing, *, reason: str
) -> Meeting:
    """Insist on a meeting that nobody asked for, by who runs the conference.

    Raises ``NotNow`` unless both take part with these listings, and where one of them is anonymous:
    only its own party may show its name.
    """
    why = mask_contacts(reason.strip())[:400]
    if not why:
        raise Invalid(_("请填写原因。"), {"reason": _("请填写原因，双方会看到。")})
    with doing(actor, "meeting.arrange", Meeting(), conference, reason=why) as it:
        here = it.thing.conference
        check_runs(it.actor, here)
        check_state(here, *LIVE)
        a, b = _coming(here, listing.party_id, listing), _coming(here, other.party_id, other)
        _check_new(here, a, b)
        if Anonymity.ANONYMOUS in (listing.anonymity, other.anonymity):
            raise NotNow(_("匿名信息的洽谈只能由该主体自己约定。"))
        occasion = docking.Occasion(here.ref, now(), notices.ARRANGED)
        talk = arranging.bring_together(listing, other, question=why, occasion=occasion)
        _made(it.thing, talk, a, b)
        it.thing.must, it.thing.reason = True, why
        it.thing.save()
        return it.thing


def fix(actor: Actor, meeting: Meeting, slot: Slot | None) -> Meeting:
    """Insist on the slot of an agreed meeting before the timetable is worked out, or no longer.

    Raises ``NotNow`` for a slot in which one of the two is away or has another fixed meeting.
    """
    with doing(actor, "meeting.fix", meeting, meeting.conference) as it:
        one = it.thing
        check_runs(it.actor, one.conference)
        check_state(one.conference, S.OPEN, S.CLOSED, S.PLANNED)
        if one.state not in (State.ACCEPTED, State.PLACED):
            raise NotNow(_("双方同意后才能固定场次。"))
        one.fixed = _of(one.conference, slot)
        if slot is not None:
            _check_fixed(one, slot)
        one.save(update_fields=["fixed"])
        return one


def _check_fixed(one: Meeting, slot: Slot) -> None:
    for part in (one.a, one.b):
        if slot.number in seating.away(part, one.conference.slots.all()):
            raise NotNow(_("有一方在这个场次不便，不能固定在此。"))
    live = Meeting.objects.filter(conference=one.conference, fixed=slot).exclude(pk=one.pk)
    live = live.filter(state__in=(State.ACCEPTED, State.PLACED))
    if live.filter(Q(a__in=one.parts) | Q(b__in=one.parts)).exists():
        raise NotNow(_("有一方在这个场次已固定了另一场洽谈。"))
    tables = seating.tables_of(one.conference).values()
    if live.count() >= sum(seating.open_in(lost, slot.number) for lost in tables):
        raise NotNow(_("固定在这个场次的洽谈已与洽谈桌一样多。"))


def move(actor: Actor, meeting: Meeting, slot: Slot) -> Meeting:
    """Move one meeting to another slot, by who runs the conference, once there is a timetable.

    Raises ``NotNow`` where the slot is not free for both, a table and an interpreter.
    """
    with doing(actor, "meeting.move", meeting, meeting.conference) as it:
        one = it.thing
        check_runs(it.actor, one.conference)
        check_state(one.conference, S.PLANNED, S.RUNNING)
        MEETING.allow(it.actor, one, "unplace" if one.state == State.PLACED else "place")
        with timetable.changing(one.conference) as changes:
            table = one.table_id
            changes.free(one)
            _check_free(one, slot, changes.room)
            changes.seat(one, slot.number, *([table] if table else []))
            one.state, one.fixed = State.PLACED, None
            one.placed_at = one.placed_at or now()
        return one
