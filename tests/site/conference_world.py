"""Conferences of Suzhou's bureau, one in each state, for whoever asks about them.

Alice is number 1 in each, Bob number 2, Carol number 3.
"""

from __future__ import annotations

from datetime import timedelta

from cast import Cast, listing
from conferring import MINUTES, Fair, setup, tomorrow
from django.utils import timezone

from corridor.site.conference import actions, joining, venue
from corridor.site.conference.models import (
    Conference,
    Interpreter,
    Meeting,
    Plan,
    Seat,
    Slot,
    Table,
)

S = Conference.State
NAMES = ("alice", "bob", "carol")


class Conferences:
    """By state: a draft, one open, being timetabled (closed), timetabled (planned), running, over.

    Attributes:
        agreed: of the one that is being timetabled, what Alice and Bob agreed to.
        ready: its timetable, that waits to be published.
        now: of the one under way, the meeting of Alice and Bob in the slot under way.
        later: that of Carol and Bob in the next.
        asked: of the open one, what Bob has asked Alice for.
        waiting: of the one that is timetabled, what Alice and Bob agreed to and has no place.
        fresh: another that is open, with nobody in it but Carol, who is invited.
    """

    def __init__(self, who: Cast) -> None:
        self.who = who
        self.draft = Fair(who, self._prepared("筹备中的大会"))
        self.hall = self.draft.conference.halls.get()
        self.interpreter = Interpreter.objects.get(conference=self.draft.conference)
        self.open = self._opened("报名中的大会")
        self.asked = self.open.ask("bob", "alice")
        self.closed = self._opened("排期中的大会")
        self.agreed = self.closed.agree("alice", "bob")
        self._to(self.closed, S.CLOSED)
        table = Table.objects.filter(hall__conference=self.closed.conference).first()
        assert table is not None
        self.ready = Plan.objects.create(
            conference=self.closed.conference,
            state=Plan.State.READY,
            status=Plan.Status.OPTIMAL,
            placed={self.agreed.introduction.ref: [1, table.pk]},
            held=self.agreed.value,
            held_bound=self.agreed.value,
            series=[[0.1, 0, 20, 0], [0.4, self.agreed.value, self.agreed.value, 0]],
        )
        self._run()
        self.planned = self._opened("排好的大会")
        self.waiting = self.planned.agree("alice", "bob")
        self._to(self.planned, S.PLANNED, plan=self._published(self.planned))
        self.fresh = Fair(who, actions.open_(who.suzhou, self._prepared("还没人报名的大会")))
        invited = listing(who.carol, title="求租冷库一间")
        joining.invite(who.suzhou, self.fresh.conference, invited.party, [invited])
        self.over = self._opened("办过的大会")
        self._to(self.over, S.OVER)

    def _prepared(self, title: str) -> Conference:
        bureau = self.who.suzhou
        made = actions.create(bureau, setup(title=title))
        venue.set_slots(bureau, made, tomorrow(4))
        venue.add_hall(bureau, made, "A 厅", 2)
        venue.add_interpreter(bureau, made, name="陈译", language="en")
        return made

    def _opened(self, title: str) -> Fair:
        fair = Fair(self.who, actions.open_(self.who.suzhou, self._prepared(title)))
        for name in NAMES:
            fair.join(name)
        return fair

    def _to(self, fair: Fair, state: str, **more: object) -> None:
        Conference.objects.filter(pk=fair.conference.pk).update(state=state, **more)
        fair.fresh()

    def _run(self) -> None:
        """The second slot is under way."""
        self.running = self._opened("进行中的大会")
        self.now, self.later = (
            self.running.agree("alice", "bob"),
            self.running.agree("carol", "bob"),
        )
        begin = timezone.now() - timedelta(minutes=MINUTES * 1.5)
        for slot in Slot.objects.filter(conference=self.running.conference):
            start = begin + timedelta(minutes=MINUTES * (slot.number - 1))
            end = start + timedelta(minutes=MINUTES)
            Slot.objects.filter(pk=slot.pk).update(start=start, end=end)
        self.table = Table.objects.filter(hall__conference=self.running.conference)[0]
        for number, meeting in ((2, self.now), (3, self.later)):
            Meeting.objects.filter(pk=meeting.pk).update(
                state=Meeting.State.PLACED,
                slot=self.running.slot(number),
                table=self.table,
                placed_at=timezone.now(),
            )
            Seat.objects.bulk_create(
                Seat(slot=self.running.slot(number), participant_id=part, meeting=meeting)
                for part in meeting.parts
            )
        self._to(self.running, S.RUNNING, plan=self._published(self.running))

    def _published(self, fair: Fair) -> Plan:
        return Plan.objects.create(conference=fair.conference, state=Plan.State.PUBLISHED)
