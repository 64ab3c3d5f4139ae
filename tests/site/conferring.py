"""A conference of the cast: set up by the office, with slots tomorrow, and who takes part in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from cast import HEFEI, SUZHOU, Cast, cast, listing, member, party
from django.utils import timezone

from corridor.engine import meetings as engine
from corridor.site.conference import actions, joining, meetings, planning, solver, venue
from corridor.site.conference.models import Conference, Meeting, Participant, Plan, Slot
from corridor.site.core import jobs as queue
from corridor.site.core.actor import Actor, Role
from corridor.site.listings.models import Listing
from corridor.site.notices.models import Notice

MINUTES = 20


@dataclass
class Fair:
    """The cast at a conference. By name: who acts, what each brings, how each takes part."""

    who: Cast
    conference: Conference
    brings: dict[str, Listing] = field(default_factory=dict)
    parts: dict[str, Participant] = field(default_factory=dict)
    guests: dict[str, Actor] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        return self.guests.get(name) or getattr(self.who, name)

    def slot(self, number: int) -> Slot:
        return Slot.objects.get(conference=self.conference, number=number)

    def join(self, name: str, **given: Any) -> Participant:
        """Somebody registers with one listing; needs for Alice's side, offers for all others."""
        actor = self.actor(name)
        side = given.pop("side", "need" if name == "alice" else "offer")
        anonymity = given.pop("anonymity", "public")
        brought = listing(actor, side=side, title=f"{name} 的信息", anonymity=anonymity)
        part = joining.Part([brought], **given)
        self.brings[name] = brought
        self.parts[name] = joining.register(actor, self.conference, part, agreed=True)
        return self.parts[name]

    def guest(self, name: str, city: str = HEFEI, **given: Any) -> Participant:
        """Another party, with one person, that registers too."""
        number = 600 + len(self.guests)
        firm = party(f"{name} 有限公司", "enterprise", city, number)
        self.guests[name] = member(firm, Role.MEMBER, name)
        return self.join(name, **given)

    def ask(self, name: str, other: str, **given: Any) -> Meeting:
        """One asks another; with its own listing where the two are a need and an offer."""
        own, target = self.brings[name], self.brings[other]
        said = {"cooperation": "lease", "question": "能否看场地？", "agreed": True}
        if own.side != target.side:
            said["own"] = own
        return meetings.request(self.actor(name), self.conference, target, **said | given)

    def agree(self, name: str, other: str, **given: Any) -> Meeting:
        """They agree to meet."""
        asked = self.ask(name, other)
        return meetings.accept(self.actor(other), asked, agreed=True, **given)

    def fresh(self) -> Conference:
        self.conference = Conference.objects.get(pk=self.conference.pk)
        return self.conference

    def told(self, name: str) -> list[str]:
        """The conference's notices of somebody, in order."""
        mine = Notice.objects.visible_to(self.actor(name)).order_by("id")
        kinds = mine.filter(kind__startswith="conference.").values_list("kind", flat=True)
        return [kind.removeprefix("conference.") for kind in kinds]


def setup(**given: Any) -> actions.Setup:
    said = {"title": "要素对接大会", "city": SUZHOU, "venue": "会展中心二层"}
    return actions.Setup(**said | given)


def tomorrow(number: int, start: datetime | None = None) -> list[venue.Round]:
    """So many rounds from this time tomorrow on."""
    begin = start or timezone.now() + timedelta(days=1)
    end = begin + timedelta(minutes=number * MINUTES)
    return venue.rounds("上午", begin, end, MINUTES, 0)


def begin(
    names: Sequence[str] = ("alice", "bob"), *, slots: int = 4, tables: int = 2, **given: Any
) -> Fair:
    """An open conference with these people in it."""
    who = cast()
    made = actions.create(who.office, setup(**given))
    venue.set_slots(who.office, made, tomorrow(slots))
    venue.add_hall(who.office, made, "A 厅", tables)
    fair = Fair(who, actions.open_(who.office, made))
    for name in names:
        if hasattr(who, name):
            fair.join(name)
        else:
            fair.guest(name)
    return fair


def greedy(conference: engine.Conference, *_more: Any) -> engine.Timetable:
    """Each meeting in the first slot that is free, the most valuable first: no solver of ours."""
    tables = list(conference.tables[engine.HALL])
    voices = {name: list(room) for name, room in conference.interpreters.items()}
    away = {one.id: set(one.away) for one in conference.participants}
    most = {
        one.id: len(tables) if one.most is None else one.most for one in conference.participants
    }
    placed: dict[str, int] = {}
    numbers: dict[str, int] = {}
    ordered = sorted(conference.meetings, key=lambda one: (not one.must, -one.value, one.id))
    for one in sorted(ordered, key=lambda one: one.fixed is None):
        for at in range(len(tables)) if one.fixed is None else [one.fixed]:
            heard = one.language is None or voices[one.language][at] > 0
            fit = not any(at in away[who] or most[who] < 1 for who in (one.a, one.b))
            if tables[at] > 0 and heard and fit:
                numbers[one.id] = conference.tables[engine.HALL][at] - tables[at] + 1
                placed[one.id] = at
                tables[at] -= 1
                if one.language is not None:
                    voices[one.language][at] -= 1
                for who in (one.a, one.b):
                    away[who].add(at)
                    most[who] -= 1
                break
    held = planning.measured(conference, placed)
    bound = sum(one.value for one in conference.meetings)
    return engine.Timetable(
        engine.Status.FEASIBLE, placed, numbers, held=held.held, held_bound=bound, idle=held.idle
    )


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Timetables by :func:`greedy`, at once."""
    monkeypatch.setattr(solver, "schedule", greedy, raising=False)
    monkeypatch.setattr(solver, "replan", greedy, raising=False)


def work(kind: str = "conference.plan") -> None:
    """Do the jobs of a kind that wait, here."""
    while run := queue.claim(kinds=frozenset({kind})):
        queue.perform(run)
        run.job.refresh_from_db()
        assert run.job.state == queue.State.DONE, run.job.message


def planned(fair: Fair) -> Plan:
    """Requests are closed and the timetable is worked out; not published."""
    if fair.fresh().state == Conference.State.OPEN:
        actions.close(fair.who.office, fair.conference)
    made = planning.plan(fair.who.office, fair.conference)
    work()
    return Plan.objects.get(pk=made.pk)


def published(fair: Fair) -> Plan:
    """The timetable is published."""
    return planning.publish(fair.who.office, planned(fair))


def of(meeting: Meeting) -> Meeting:
    """A meeting as the database has it."""
    return Meeting.objects.select_related("slot", "conference", "introduction").get(pk=meeting.pk)
