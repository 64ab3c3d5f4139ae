"""The story of the demo's conferences: one that is half over, and one to come.

What hundreds did is written in bulk (:mod:`.asking`, :mod:`.attending`); what one did, above all the
organiser, is done by the verbs that people use.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from corridor.demo.draw import Draw

from ..conference import actions, alarms, day, joining, meetings, planning, venue
from ..conference.models import HELD, Conference, Meeting, Participant, Plan, Slot, Table
from ..core import jobs
from ..docking import codes
from ..docking.models import Introduction
from ..docking.models import State as Stage
from ..listings.models import Anonymity, Listing
from . import warm
from .asking import Asking, Talk
from .attending import Attending
from .cast import Cast, Event
from .program import DAY, HOUR, HOURS_TO_ANSWER, ROUNDS, Program, registered, talks, together
from .roster import Pair, Roster

S, State = Conference.State, Meeting.State
MINUTE = timedelta(minutes=1)
#: A table for so many requests.
REQUESTS_A_TABLE = 22
MUSTS, LINKED, LOST = 8, 12, 3
VOICES = {
    "en": ("周译安", "冯语彤", "丁若宁", "秦知夏"),
    "de": ("韩博文", "姜思远", "陆明哲"),
    "ja": ("唐雨桐", "苏清越", "叶知秋"),
    "ko": ("崔文佳", "许言蹊"),
}


@dataclass(frozen=True, slots=True)
class Size:
    """How large the conference under way is, and the one to come."""

    parties: int = 600
    requests: int = 2000
    coming: int = 48


class UnderWay:
    """The conference that is half over. ``hosts`` are the parties of the logins."""

    def __init__(
        self, cast: Cast, draw: Draw, now: datetime, size: Size, hosts: Collection[int]
    ) -> None:
        self._cast, self._draw, self._size, self._hosts = cast, draw, size, hosts
        self.program = Program.around(now)
        self._asking: Asking
        self._attending: Attending
        self.conference: Conference

    def events(self, roster: Roster) -> Iterator[Event]:
        """All that happened."""
        program = self.program
        yield Event(program.opens, self._open)
        times = registered(self._draw, program, roster.guests, self._hosts)
        for at, parties in together(times):
            guests = [roster.guests[party] for party in parties]
            yield Event(at, lambda guests=guests: self._asking.register(guests))  # type: ignore[misc]
        yield from self._talks(talks(self._draw, program, roster, times, self._hosts))
        yield Event(program.closes - 2 * HOUR, self._link)
        yield Event(program.closes - HOUR, lambda: self._insist(roster.spare))
        yield Event(program.closes + MINUTE, alarms.ring)
        yield Event(program.closes + HOUR, self._fix)
        yield Event(program.closes + 3 * HOUR, self._plan)
        yield Event(program.first - DAY, self._cancel)
        yield Event(program.first - 14 * HOUR, alarms.ring)
        yield from self._day()

    def _open(self) -> None:
        office, program = self._cast.office(), self.program
        said = actions.Setup(
            title="九城要素对接大会（演示）",
            city="310117",
            venue="松江会展中心（虚构）",
            about="主体、供需与洽谈均为程序生成的演示数据。上下半场之间休息一小时，翻译由主办方提供。",
            hours_to_answer=HOURS_TO_ANSWER,
            registration_closes=program.closes - DAY,
            requests_close=program.closes,
        )
        made = actions.create(office, said)
        venue.set_slots(office, made, program.rounds())
        tables = max(2, self._size.requests // REQUESTS_A_TABLE)
        venue.add_hall(office, made, "一号馆", tables - tables * 2 // 5)
        venue.add_hall(office, made, "二号馆", tables * 2 // 5)
        for language, names in VOICES.items():
            for name in names:
                venue.add_interpreter(office, made, name=name, language=language)
        self.conference = actions.open_(office, made)
        self._asking = Asking(self._cast, self.conference, self._draw, ROUNDS)

    def _talks(self, made: list[Talk]) -> Iterator[Event]:
        for at, keys in together({key: one.asked for key, one in enumerate(made)}):
            some = [made[key] for key in keys]
            yield Event(at, lambda some=some: self._asking.ask(some))  # type: ignore[misc]
        for at, keys in together({k: one.answered for k, one in enumerate(made) if one.answered}):
            some = [made[key] for key in keys]
            yield Event(at, lambda some=some: self._asking.answer(some))  # type: ignore[misc]

    def _link(self) -> None:
        """Some who talk already agree to meet here too: their introduction goes on, with its number."""
        parts = self._asking.parts
        talking = Introduction.objects.filter(
            occasion="", state=Stage.ACCEPTED, from_party__in=parts, to_party__in=parts
        )
        done = 0
        for one in talking.select_related("need", "offer", "target").order_by("ref"):
            own = one.offer if one.target_id == one.need_id else one.need
            brought = [parts[party].listings for party in (one.from_party_id, one.to_party_id)]
            wanted = [listing.pk for listing in (one.need, one.offer) if listing is not None]
            if sum(found.filter(pk__in=wanted).count() for found in brought) < 2 or done == LINKED:
                continue
            done += 1
            meetings.request(
                self._cast.of(one.from_party_id), self.conference, one.target, own=own,
                cooperation=codes.ways(one.target.kind)[0], agreed=True,
                question="线上已谈过一轮，借大会当面把条件谈定。",
            )  # fmt: skip

    def _insist(self, spare: list[Pair]) -> None:
        """The organiser brings some together whom nobody asked."""
        office, used = self._cast.office(), set[int]()
        for one in spare:
            both = [self._asking.parts[party] for party in (one.a, one.b)]
            hidden = any(_hidden(listing) for listing in (one.own, one.target))
            if hidden or used & {one.a, one.b} or any(part.away for part in both):
                continue
            if len(used) == 2 * MUSTS:
                return
            used |= {one.a, one.b}
            assert one.own is not None
            why = "九城重点项目，走廊办建议当面洽谈。"
            meetings.bring_together(office, self.conference, one.own, one.target, reason=why)

    def _fix(self) -> None:
        """Those who look on meet somebody now; some of the best are insisted on."""
        office = self._cast.office()
        noon = Slot.objects.get(conference=self.conference, number=ROUNDS + 1)
        found = Meeting.objects.filter(
            conference=self.conference, state=State.ACCEPTED, language=""
        )
        agreed = [
            one
            for one in found.select_related("a", "b", "conference").order_by("-value", "id")
            if not (one.a.away or one.b.away)
        ]
        busy = set[int]()
        for host in self._hosts:
            for one in agreed:
                both = {one.a.party_id, one.b.party_id}
                if host in both and not busy & both:
                    busy |= both
                    meetings.fix(office, one, noon)
        for one in agreed[:MUSTS]:
            meetings.must(office, one, reason="双方已具备签约条件，请优先安排。")

    def _plan(self) -> None:
        """The timetable is worked out by the solver and published."""
        warm.wait()
        planning.plan(self._cast.office(), self.conference)
        self._publish("conference.plan")

    def _publish(self, kind: str) -> None:
        work(kind)
        ready = Plan.objects.get(conference=self.conference, state=Plan.State.READY)
        planning.publish(self._cast.office(), ready)

    def _cancel(self) -> None:
        """Some find that they need not meet after all."""
        placed = Meeting.objects.filter(conference=self.conference, state=State.PLACED, must=False)
        mine = placed.exclude(a__party__in=self._hosts).exclude(b__party__in=self._hosts)
        found = mine.filter(fixed=None).select_related("a", "conference").order_by("value", "id")
        for one in found[:LOST]:
            actor = self._cast.of(one.a.party_id)
            meetings.cancel(actor, one, reason="双方已电话谈妥，桌位让给其他参会方。")

    def _day(self) -> Iterator[Event]:
        program = self.program
        slots = program.rounds()
        yield Event(program.first - 30 * MINUTE, self._doors)
        yield Event(program.first, alarms.ring)
        for number, one in enumerate(slots[:ROUNDS], 1):
            yield Event(one.start - MINUTE, self._at(number, "begin"))
            yield Event(one.end, self._at(number, "end"))
        yield Event(slots[2].end + MINUTE, self._no_shows)
        yield Event(slots[3].start + MINUTE, self._late)
        yield Event(slots[5].start + MINUTE, self._trouble)
        yield Event(program.noon - MINUTE, self._at(ROUNDS + 1, "begin"))
        yield Event(program.noon + MINUTE, self._at(ROUNDS + 1, "under_way"))

    def _at(self, number: int, what: str) -> Callable[[], None]:
        def do() -> None:
            slot = Slot.objects.get(conference=self.conference, number=number)
            getattr(self._attending, what)(slot)

        return do

    def _doors(self) -> None:
        """Most who have a meeting in the first half come before it begins; a few will never."""
        draw, hosts = self._draw, self._hosts
        self._attending = Attending(self._cast, self.conference, draw, hosts)
        found = Meeting.objects.filter(conference=self.conference, state__in=HELD)
        rows = found.filter(slot__number__lte=3, must=False).order_by("slot__number", "id")
        early = [part for pair in rows.values_list("a", "b") for part in pair]
        coming = self._free().exclude(party__in=hosts)
        lost = [one for one in dict.fromkeys(early) if coming.filter(pk=one).exists()]
        self._attending.absent = set(draw.some(lost, LOST))
        parts = Participant.objects.filter(conference=self.conference).order_by("pk")
        self._attending.arrive(one for one in parts if 1 not in one.away and draw.chance(72))

    def _free(self) -> QuerySet[Participant]:
        """Who could stay away without breaking what the organiser insists on."""
        insisted = Meeting.objects.filter(conference=self.conference, must=True)
        must = {part for pair in insisted.values_list("a", "b") for part in pair}
        found: QuerySet[Participant] = Participant.objects.filter(conference=self.conference)
        return found.exclude(pk__in=must)

    def _no_shows(self) -> None:
        """The organiser finds that some did not come, and has the rest of the day planned again."""
        office, gone = (
            self._cast.office(),
            Participant.objects.filter(pk__in=self._attending.absent),
        )
        for one in gone.select_related("conference").order_by("number"):
            begun = Meeting.objects.of(one.pk).filter(state=State.PLACED, slot__number__lte=3)
            if begun.exists():  # of two who should have met, the first is enough
                day.no_show(office, one)
        planning.replan(office, self.conference, reason="数家未到，重排余下场次。")
        self._publish("conference.replan")

    def _late(self) -> None:
        """Somebody calls that they are stuck on the way."""
        coming = self._free().filter(arrived_at=None)
        slot = Slot.objects.get(conference=self.conference, number=7)
        soon = Meeting.objects.filter(
            conference=self.conference, state=State.PLACED, slot__number__in=(5, 6), must=False
        )
        parts = {part for pair in soon.values_list("a", "b") for part in pair}
        found = coming.filter(pk__in=parts - self._attending.absent).exclude(absent=True)
        one = found.select_related("conference").order_by("number").first()
        if one is not None:
            day.late(self._cast.of(one.party_id), one, slot)

    def _trouble(self) -> None:
        """A table breaks down; the rest of the day is planned again once more."""
        office = self._cast.office()
        here = Table.objects.filter(hall__conference=self.conference).order_by("hall", "number")
        table = here.select_related("hall__conference")[1]
        day.lose_table(office, table, Slot.objects.get(conference=self.conference, number=7))
        planning.replan(office, self.conference, reason="一桌停用、一家迟到，重排余下场次。")
        self._publish("conference.replan")


def work(kind: str) -> None:
    """Do the job of a kind that waits, here and now. Raises ``RuntimeError`` where it fails."""
    run = jobs.claim(kinds=frozenset({kind}))
    if run is None:
        raise RuntimeError(f"no {kind} waits")
    jobs.perform(run)
    run.job.refresh_from_db()
    if run.job.state != jobs.State.DONE:
        raise RuntimeError(run.job.message)


def _hidden(listing: Listing | None) -> bool:
    return listing is None or listing.anonymity == Anonymity.ANONYMOUS


def coming(
    cast: Cast, draw: Draw, now: datetime, size: Size, roster: Roster, hosts: Collection[int]
) -> Iterator[Event]:
    """A conference that can still be registered for; the first of the hosts is invited to it."""
    made: list[Asking] = []
    bureau = cast.bureau("340100")
    start = now.replace(minute=0, second=0, microsecond=0) + 16 * DAY
    first, *others = hosts

    def begin() -> None:
        said = actions.Setup(
            title="新材料与高端装备要素对接专场（演示）",
            city="340100",
            venue="合肥滨湖会议中心（虚构）",
            about="主体与供需均为程序生成的演示数据。",
            rule=Conference.Rule.OTHER_SIDE,
            registration_closes=start - 5 * DAY,
            requests_close=start - 3 * DAY,
        )
        one = actions.create(bureau, said)
        venue.set_slots(bureau, one, venue.rounds("上午", start, start + 3 * HOUR, 20, 5))
        venue.add_hall(bureau, one, "", 24)
        venue.add_interpreter(bureau, one, name="林听澜", language="en")
        made.append(Asking(cast, actions.open_(bureau, one), draw, 0))

    def invite() -> None:
        guest = roster.guests[first]
        invited = Participant(party_id=first).party
        joining.invite(bureau, made[0].conference, invited, guest.listings[:2])

    yield Event(now - 6 * DAY, begin)
    parties = [*others, *(party for party in roster.guests if party not in hosts)]
    for at, number in enumerate(range(0, size.coming, 8)):
        some = [roster.guests[party] for party in parties[number : number + 8]]
        yield Event(
            now - (5 * DAY - at * 14 * HOUR),
            lambda some=some: made[0].register(some),  # type: ignore[misc]
        )
    yield Event(now - 30 * HOUR, invite)
